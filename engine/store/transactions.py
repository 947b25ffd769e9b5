"""From an act to a commit: what the two databases need so that each act is whole and lasting.

PostgreSQL gives every act a transaction of its own and lets those that commit at one moment wait
for the disk together. SQLite lets one writer in at a time, and each commit waits for the disk
alone: there, acts that come while another is under way share its transaction.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Event, Lock
from typing import Any, Final, Protocol

import sqlalchemy as sa

from engine.store.prepared import send

MOST_TOGETHER: Final = 32
"""Acts that wait for one commit; the first of them waits for all."""


class Transactions(Protocol):
    def act(self) -> AbstractContextManager[sa.Connection]:
        """A connection for one act, whose changes last when the block has ended well, and are
        gone when it has not."""
        ...

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """A connection for queries that sees one consistent state."""
        ...


def transactions_of(database: sa.Engine) -> Transactions:
    """As the kind of database wants it."""
    if isinstance(database.pool, sa.StaticPool):
        return Alone(database)
    return Shared(database) if database.dialect.name == "sqlite" else Single(database)


class Alone:
    """One connection for everything: it is taken up once and not for each. SQLAlchemy refuses what
    would begin before another has ended."""

    def __init__(self, database: sa.Engine) -> None:
        self._connection = database.connect()

    @contextmanager
    def act(self) -> Iterator[sa.Connection]:
        with self._connection.begin():
            yield self._connection

    def reading(self) -> AbstractContextManager[sa.Connection]:
        return self.act()


class _Readers:
    """A connection for each who reads."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database
        self._for_reading = database.execution_options(reading=True)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        with self._for_reading.connect() as connection:
            yield connection


class Single(_Readers):
    """A transaction for each act."""

    @contextmanager
    def act(self) -> Iterator[sa.Connection]:
        with self._database.begin() as connection:
            yield connection


class _Group:
    """Acts in one transaction. `over` is set once it is known how it ended."""

    def __init__(self, database: sa.Engine) -> None:
        self.connection = database.connect()
        self.connection.begin()
        self.acts = 0
        self.over = Event()
        self.error: BaseException | None = None

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What is done in the block is taken back when it fails."""
        send(self.connection, "SAVEPOINT act")
        try:
            yield
        except BaseException:
            send(self.connection, "ROLLBACK TO act")
            raise
        finally:
            send(self.connection, "RELEASE act")

    def is_lost(self) -> bool:
        """Whether the database has undone everything by itself, as on a disk that is full."""
        driver: Any = self.connection.connection.dbapi_connection
        return not driver.in_transaction

    def commit(self) -> None:
        try:
            self.connection.commit()
        except Exception as error:  # noqa: BLE001 - each of the acts raises it
            self.error = error
            self.connection.invalidate()  # nobody knows what is left open on it
        self._end()

    def abandon(self, error: BaseException) -> None:
        """Undo everything; acts that thought they were done raise `error`."""
        self.error = error
        self._end()

    def _end(self) -> None:
        self.connection.close()
        self.over.set()


class Shared(_Readers):
    """Acts take turns, and the one after which nobody waits for a turn commits for all.

    Each but the first stands in a savepoint, so that one that fails takes back its own doing alone.
    Nobody is told anything before the commit, not even that an act was refused: the ground for
    that may be what an act before it did.
    """

    def __init__(self, database: sa.Engine) -> None:
        super().__init__(database)
        self._turn = Lock()
        self._count = Lock()
        self._waiting = 0
        self._group: _Group | None = None

    @contextmanager
    def act(self) -> Iterator[sa.Connection]:
        failure: BaseException | None = None
        with self._next() as group:
            try:
                with group.savepoint() if group.acts else nullcontext():
                    yield group.connection
            except BaseException as error:  # noqa: BLE001 - raised once the others are out of it
                failure = error
            self._leave(group, failure)
        group.over.wait()
        if failure is not None:
            raise failure
        if group.error is not None:
            raise group.error

    @contextmanager
    def _next(self) -> Iterator[_Group]:
        """Wait for the turn, being counted among those who wait; the open group, or a new one."""
        with self._count:
            self._waiting += 1
        with self._turn:
            with self._count:
                self._waiting -= 1
            if self._group is None:
                self._group = _Group(self._database)
            yield self._group

    def _leave(self, group: _Group, failure: BaseException | None) -> None:
        """The act is over: leave the commit to the next one, or commit, or give up."""
        group.acts += 1
        if failure is not None and (group.acts == 1 or group.is_lost()):
            self._group = None
            group.abandon(failure)
        elif not self._waiting or group.acts >= MOST_TOGETHER:
            self._group = None
            group.commit()
