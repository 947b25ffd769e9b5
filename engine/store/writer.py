"""Collects the rows of one transaction and writes them in few statements."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

Row = Mapping[str, Any]


class Writer:
    """Insert, update and delete, in the order asked for; neighbours on one table share a statement.

    Nothing reaches the database before `flush`. A table's operations never overtake each other.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._groups: list[tuple[tuple[Any, ...], sa.Executable, list[dict[str, Any]]]] = []

    def insert(self, table: sa.Table, **values: Any) -> None:
        self._add(("insert", table.name), table, lambda: sa.insert(table), values)

    def update(self, table: sa.Table, key: Row, **values: Any) -> None:
        """Set `values` on the row whose columns equal `key`."""
        marked = {f"key_{name}": value for name, value in key.items()}
        self._add(
            ("update", table.name, *sorted(marked), *sorted(values)),
            table,
            lambda: (
                sa.update(table)
                .where(*(table.c[name] == sa.bindparam(f"key_{name}") for name in key))
                .values({name: sa.bindparam(name) for name in values})
            ),
            {**marked, **values},
        )

    def delete(self, table: sa.Table, **key: Any) -> None:
        marked = {f"key_{name}": value for name, value in key.items()}
        self._add(
            ("delete", table.name, *sorted(marked)),
            table,
            lambda: sa.delete(table).where(
                *(table.c[name] == sa.bindparam(f"key_{name}") for name in key)
            ),
            marked,
        )

    def flush(self) -> None:
        groups, self._groups = self._groups, []
        for _, statement, rows in groups:
            self._connection.execute(statement, rows)

    def _add(
        self, signature: tuple[Any, ...], table: sa.Table, build: Any, values: dict[str, Any]
    ) -> None:
        for known, _, rows in reversed(self._groups):
            if known == signature:
                rows.append(values)
                return
            if known[1] == table.name:
                break
        self._groups.append((signature, build(), [values]))
