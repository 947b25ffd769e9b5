"""Statements whose form never changes: compiled once, then handed to the driver as they are.

An act sends a handful of statements, always the same. Handing them over through SQLAlchemy costs
several times what the database needs to run them; here nothing is left of that but what its types
do to a value. What is compiled, for which database, and which errors come back is SQLAlchemy's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

Values = Mapping[str, Any]
_Convert = Callable[[Any], Any]
_NOTHING: Final[Values] = {}


class Prepared:
    """A statement with named parameters (`sa.bindparam`). Lists cannot be parameters.

    Every method raises `sa.exc.DBAPIError` and its kinds, as SQLAlchemy does.
    """

    def __init__(self, statement: sa.Executable) -> None:
        self._statement = statement
        self._forms: dict[str, _Form] = {}

    def all(self, connection: sa.Connection, values: Values = _NOTHING) -> list[tuple[Any, ...]]:
        """Every row of the answer."""
        form = self._form(connection)
        rows = form.send(connection, form.arguments(values)).fetchall()
        return form.read(rows)

    def first(self, connection: sa.Connection, values: Values = _NOTHING) -> tuple[Any, ...] | None:
        """The first row of the answer, None where it is empty."""
        rows = self.all(connection, values)
        return rows[0] if rows else None

    def column(self, connection: sa.Connection, values: Values = _NOTHING) -> list[Any]:
        """The first column of the answer."""
        return [row[0] for row in self.all(connection, values)]

    def run(self, connection: sa.Connection, *rows: Values) -> int:
        """Carry it out for each of the rows; how many rows of the table that changed."""
        form = self._form(connection)
        arguments = [form.arguments(row) for row in rows]
        cursor = form.send(connection, *arguments)
        return int(cursor.rowcount)

    def _form(self, connection: sa.Connection) -> "_Form":
        dialect = connection.dialect
        found = self._forms.get(dialect.name)
        if found is None:
            found = self._forms[dialect.name] = _Form.of(self._statement, dialect)
        return found


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement as one kind of database takes it.

    `binds` are the parameters in the order of their places, each with what its type does to a
    value; `fixed` the values that stand in the statement itself; `results` the places of columns
    that come back in another form than their type has.
    """

    text: str
    binds: tuple[tuple[str, _Convert | None], ...]
    fixed: Values
    results: tuple[tuple[int, _Convert], ...]
    by_place: bool

    @classmethod
    def of(cls, statement: sa.Executable, dialect: sa.Dialect) -> "_Form":
        compiled: Any = statement.compile(  # type: ignore[attr-defined]
            dialect=dialect
        )
        unnamed = [column.name for column in compiled.insert_prefetch]
        if unnamed:  # what SQLAlchemy would fill in for each row, nobody does here
            raise TypeError(f"{compiled.string} leaves out {', '.join(unnamed)}: give a value.")
        names = compiled.positiontup if compiled.positional else tuple(compiled.binds)
        converts = {name: _binder(compiled.binds[name].type, dialect) for name in set(names)}
        columns = getattr(statement, "selected_columns", ())
        readers = [_reader(column.type, dialect) for column in columns]
        return cls(
            text=compiled.string,
            binds=tuple((name, converts[name]) for name in names),
            fixed={
                name: bind.effective_value
                for name, bind in compiled.binds.items()
                if not bind.required
            },
            results=tuple((n, reader) for n, reader in enumerate(readers) if reader is not None),
            by_place=compiled.positional,
        )

    def arguments(self, values: Values) -> Any:
        """The values as the driver takes them."""
        given = {**self.fixed, **values} if self.fixed else values
        if self.by_place:
            return tuple(
                [given[name] if to is None else to(given[name]) for name, to in self.binds]
            )
        return {name: given[name] if to is None else to(given[name]) for name, to in self.binds}

    def send(self, connection: sa.Connection, *arguments: Any) -> Any:
        """The driver's cursor, once the statement has run for each of the arguments."""
        if not connection.in_transaction():
            connection.begin()
        return send(connection, self.text, *arguments)

    def read(self, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The rows with each value in the form of its column's type."""
        if not self.results:
            return list(rows)
        return [self._read(row) for row in rows]

    def _read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, convert in self.results:
            values[place] = convert(values[place])
        return tuple(values)


def send(connection: sa.Connection, text: str, *arguments: Any) -> Any:
    """Hand a statement to the driver; its cursor. Raises `sa.exc.DBAPIError`."""
    cursor: Any = connection.connection.cursor()
    many = len(arguments) > 1
    # Those who watch all of its connections: asking for those of this one costs as much as sending.
    watching = connection.engine.dispatch.before_cursor_execute
    if watching:
        given = list(arguments) if many else next(iter(arguments), ())
        watching(connection, cursor, text, given, None, many)
    dialect = connection.dialect
    driver = dialect.loaded_dbapi
    try:
        if many:
            cursor.executemany(text, arguments)
        else:
            cursor.execute(text, *arguments)
    except driver.Error as error:
        raise sa.exc.DBAPIError.instance(
            text, None, error, driver.Error, hide_parameters=True, dialect=dialect
        ) from error
    return cursor


def _binder(kind: "sa.types.TypeEngine[Any]", dialect: sa.Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: "sa.types.TypeEngine[Any]", dialect: sa.Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
