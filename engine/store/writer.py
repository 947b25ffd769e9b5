"""Collects the rows of one transaction and writes them in few statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from engine.store.prepared import Prepared

Row = Mapping[str, Any]


@dataclass(slots=True)
class _Group:
    """Rows that one statement writes."""

    table: sa.Table
    statement: Prepared
    rows: list[dict[str, Any]]


class Writer:
    """Insert, update and delete, in the order asked for; neighbours on one table share a statement.

    Nothing reaches the database before `flush`. Operations on one table, or on two of which one
    refers to the other, never overtake each other.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._groups: list[_Group] = []

    def insert(self, table: sa.Table, **values: Any) -> None:
        self._add(table, _insertion(table, tuple(values)), values)

    def update(self, table: sa.Table, key: Row, **values: Any) -> None:
        """Set `values` on the row whose columns equal `key`."""
        self._add(table, _change(table, tuple(key), tuple(values)), {**_marked(key), **values})

    def delete(self, table: sa.Table, **key: Any) -> None:
        self._add(table, _removal(table, tuple(key)), _marked(key))

    def update_now(self, table: sa.Table, key: Row, **values: Any) -> bool:
        """As `update`, but at once; tells whether there was such a row."""
        self.flush()
        statement = _change(table, tuple(key), tuple(values))
        return statement.run(self._connection, {**_marked(key), **values}) == 1

    def flush(self) -> None:
        groups, self._groups = self._groups, []
        for group in groups:
            group.statement.run(self._connection, *group.rows)

    def _add(self, table: sa.Table, statement: Prepared, values: dict[str, Any]) -> None:
        for group in reversed(self._groups):
            if group.statement is statement:
                group.rows.append(values)
                return
            if group.table is table or group.table in _related(table):
                break
        self._groups.append(_Group(table, statement, [values]))


def _marked(key: Row) -> dict[str, Any]:
    return {f"key_{name}": value for name, value in key.items()}


@cache
def _related(table: sa.Table) -> frozenset[sa.Table]:
    """The tables this one refers to, and those that refer to it."""
    parents = {key.column.table for key in table.foreign_keys}
    every = table.metadata.tables.values()
    children = {each for each in every if any(key.references(table) for key in each.foreign_keys)}
    return frozenset(parents | children)


# Building a statement costs more than running it, and there are only as many as kinds of changes.


@cache
def _insertion(table: sa.Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(sa.insert(table).inline().values(_given(names)))


@cache
def _change(table: sa.Table, key: tuple[str, ...], names: tuple[str, ...]) -> Prepared:
    return Prepared(sa.update(table).where(_at(table, key)).values(_given(names)))


@cache
def _removal(table: sa.Table, key: tuple[str, ...]) -> Prepared:
    return Prepared(sa.delete(table).where(_at(table, key)))


def _given(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: sa.bindparam(name) for name in names}


def _at(table: sa.Table, key: tuple[str, ...]) -> "sa.ColumnElement[bool]":
    return sa.and_(*(table.c[name] == sa.bindparam(f"key_{name}") for name in key))
