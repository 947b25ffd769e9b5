"""Opening a database so that one transaction means the same on SQLite and PostgreSQL."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from engine.errors import InvalidInputError
from engine.store.prepared import send

_SQLITE_PRAGMAS: Final[Mapping[str, str]] = {
    "journal_mode": "WAL",
    "foreign_keys": "ON",
    "busy_timeout": "30000",
    "cache_size": "-65536",
}
_ALONE: Final = {"journal_mode": "MEMORY", "locking_mode": "EXCLUSIVE"}
"""Where one connection has the file to itself, it needs no log to share and no locks."""

_MOST_STATEMENTS: Final = 512
"""More than there are kinds of: one that is not kept is compiled anew each time it is sent."""


def open_database(
    url: str, *, pool_size: int = 16, durable: bool = True, alone: bool = False
) -> sa.Engine:
    """Connect to `sqlite:///path` or `postgresql://…`; raises InvalidInputError otherwise.

    Only a database that is thrown away afterwards may be opened with `durable=False`: SQLite then
    does not wait for the disk. `alone` is for one that only one connection uses at a time.
    """
    name = make_url(url).get_backend_name()
    if name == "sqlite":
        # FULL: an acknowledged act survives loss of power
        pragmas = {**_SQLITE_PRAGMAS, "synchronous": "FULL" if durable else "OFF"}
        if alone:
            return _open_sqlite(url, {**pragmas, **_ALONE}, poolclass=sa.StaticPool)
        return _open_sqlite(url, pragmas, pool_size=pool_size, max_overflow=pool_size)
    if name == "postgresql":
        return _open_postgresql(url, pool_size)
    raise InvalidInputError(
        f"The database URL names '{name}'. Use sqlite:///path/to/file or postgresql://user@host/db.",
        url_scheme=name,
    )


def _open_postgresql(url: str, pool_size: int) -> sa.Engine:
    database = sa.create_engine(
        url, pool_size=pool_size, max_overflow=pool_size, hide_parameters=True
    )

    @sa.event.listens_for(database, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # Compiling a question to machine code takes longer than any question here takes to answer.
        connection.execute("SET jit = off")
        connection.commit()

    return database


def _open_sqlite(url: str, pragmas: Mapping[str, str], **pool: Any) -> sa.Engine:
    arguments = {"cached_statements": _MOST_STATEMENTS}
    # An error tells the statement, never its values: they may be anything that somebody typed.
    database = sa.create_engine(url, connect_args=arguments, hide_parameters=True, **pool)

    @sa.event.listens_for(database, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver opens no transactions of its own
        for pragma, value in pragmas.items():
            connection.execute(f"PRAGMA {pragma}={value}")

    @sa.event.listens_for(database, "begin")
    def _begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        send(connection, "BEGIN" if options.get("reading") else "BEGIN IMMEDIATE")

    return database
