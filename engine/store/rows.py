"""Reading rows into the frozen records of `engine.model.records`."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from engine.store.prepared import Prepared

Record = TypeVar("Record")


def columns(table: sa.Table, record: type[Record]) -> list["sa.Column[Any]"]:
    """The table's columns that the record has fields for, in the order of the fields."""
    return [table.c[name] for name in record.__slots__]  # type: ignore[attr-defined]


class Selection(Generic[Record]):
    """A question for records, built once: building it costs more than asking it.

    What differs from one time to the next is a `sa.bindparam` in `where`, given by its name.
    """

    def __init__(
        self,
        table: sa.Table,
        record: type[Record],
        *where: "sa.ColumnElement[bool]",
        order: Sequence["sa.ColumnElement[Any]"] = (),
    ) -> None:
        self._record = record
        self._query = Prepared(sa.select(*columns(table, record)).where(*where).order_by(*order))

    def all(self, connection: sa.Connection, **values: Any) -> list[Record]:
        """Every matching row as a record."""
        return [self._record(*row) for row in self._query.all(connection, values)]

    def one(self, connection: sa.Connection, **values: Any) -> Record | None:
        """The one matching row as a record, or None."""
        row = self._query.first(connection, values)
        return None if row is None else self._record(*row)
