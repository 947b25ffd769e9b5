"""Reading rows into the frozen records of `engine.model.records`."""

from collections.abc import Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

Record = TypeVar("Record")


def columns(table: sa.Table, record: type[Record]) -> list["sa.Column[Any]"]:
    """The table's columns that the record has fields for, in the order of the fields."""
    return [table.c[name] for name in record.__slots__]  # type: ignore[attr-defined]


def fetch_all(
    connection: sa.Connection,
    table: sa.Table,
    record: type[Record],
    *where: "sa.ColumnElement[bool]",
    order: Sequence["sa.ColumnElement[Any]"] = (),
) -> list[Record]:
    """Every matching row as a record."""
    query = sa.select(*columns(table, record)).where(*where).order_by(*order)
    return [record(*row) for row in connection.execute(query)]


def fetch_one(
    connection: sa.Connection,
    table: sa.Table,
    record: type[Record],
    *where: "sa.ColumnElement[bool]",
) -> Record | None:
    """The one matching row as a record, or None."""
    row = connection.execute(sa.select(*columns(table, record)).where(*where)).one_or_none()
    return None if row is None else record(*row)
