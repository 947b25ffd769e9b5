"""Acts that share a commit on SQLite are each whole, and told of only when they last."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from time import sleep

import pytest
import sqlalchemy as sa

from engine.store.database import open_database
from engine.store.prepared import Prepared
from engine.store.transactions import MOST_TOGETHER, Shared, transactions_of

metadata = sa.MetaData()
thing = sa.Table("thing", metadata, sa.Column("id", sa.Integer, primary_key=True))
ADD = Prepared(sa.insert(thing).inline().values(id=sa.bindparam("id")))
ALL = Prepared(sa.select(thing.c.id).order_by(thing.c.id))


class RefusedError(Exception):
    """An act that does not do what was asked."""


class Crowd:
    """Acts that come while a first one is under way, in the order in which they are sent."""

    def __init__(self, database: sa.Engine) -> None:
        metadata.create_all(database)
        self.database = database
        self.shared = Shared(database)
        self.commits = 0
        sa.event.listen(database, "commit", lambda _connection: self._count())
        self._pool = ThreadPoolExecutor(MOST_TOGETHER + 2)
        self._first_done = Event()

    def _count(self) -> None:
        self.commits += 1

    def add(self, number: int, *, refused: bool = False) -> None:
        with self.shared.act() as connection:
            ADD.run(connection, {"id": number})
            if refused:
                raise RefusedError(number)

    def hold(self, number: int = 0) -> Future[None]:
        """A first act, which goes on until `release`."""
        begun = Event()

        def act() -> None:
            with self.shared.act() as connection:
                ADD.run(connection, {"id": number})
                begun.set()
                assert self._first_done.wait(10)

        held = self._pool.submit(act)
        assert begun.wait(10)
        return held

    def send(self, act: Callable[[], None]) -> Future[None]:
        """An act that waits for its turn."""
        waiting = self.shared._waiting
        sent = self._pool.submit(act)
        while self.shared._waiting == waiting:
            sleep(0.001)
        return sent

    def release(self) -> None:
        self._first_done.set()

    def kept(self) -> list[int]:
        with self.database.connect() as connection:
            return ALL.column(connection)

    def close(self) -> None:
        self._first_done.set()
        self._pool.shutdown()


@pytest.fixture
def crowd(sqlite_database: sa.Engine) -> Crowd:
    with ExitStack() as stack:
        made = Crowd(sqlite_database)
        stack.callback(made.close)
        made.commits = 0
        yield made


def test_acts_that_come_meanwhile_are_committed_together(crowd: Crowd) -> None:
    acts = [crowd.hold(), *(crowd.send(lambda n=n: crowd.add(n)) for n in range(1, 9))]
    crowd.release()

    assert [act.result(10) for act in acts] == [None] * 9
    assert crowd.kept() == list(range(9))
    assert crowd.commits == 1


def test_an_act_alone_is_committed_at_once(crowd: Crowd) -> None:
    for number in range(3):
        crowd.add(number)

    assert crowd.commits == 3


def test_no_more_than_a_fixed_number_wait_for_one_commit(crowd: Crowd) -> None:
    acts = [
        crowd.hold(),
        *(crowd.send(lambda n=n: crowd.add(n)) for n in range(1, MOST_TOGETHER + 1)),
    ]
    crowd.release()

    assert [act.result(10) for act in acts] == [None] * (MOST_TOGETHER + 1)
    assert crowd.commits == 2


def test_one_that_is_refused_takes_back_its_own_doing_alone(crowd: Crowd) -> None:
    acts = [crowd.hold(), crowd.send(lambda: crowd.add(1))]
    refused = crowd.send(lambda: crowd.add(2, refused=True))
    acts.append(crowd.send(lambda: crowd.add(3)))
    crowd.release()

    with pytest.raises(RefusedError):
        refused.result(10)
    assert [act.result(10) for act in acts] == [None] * 3
    assert crowd.kept() == [0, 1, 3]


def test_a_first_one_that_is_refused_does_not_keep_the_others(crowd: Crowd) -> None:
    with pytest.raises(RefusedError):
        crowd.add(1, refused=True)
    crowd.add(2)

    assert crowd.kept() == [2]


def test_a_refusal_is_told_when_its_ground_lasts_and_not_before(crowd: Crowd) -> None:
    seen: list[list[int]] = []

    def add_again() -> None:
        with pytest.raises(sa.exc.IntegrityError):
            crowd.add(7)
        seen.append(crowd.kept())

    acts = [crowd.hold(7), crowd.send(add_again), crowd.send(lambda: crowd.add(8))]
    crowd.release()

    assert [act.result(10) for act in acts] == [None] * 3
    assert seen == [[7, 8]]


def test_nobody_is_told_that_it_is_done_when_the_commit_fails(crowd: Crowd) -> None:
    def fail(_connection: sa.Connection) -> None:
        raise OSError("the disk is full")

    sa.event.listen(crowd.database, "commit", fail)
    acts = [crowd.hold(), crowd.send(lambda: crowd.add(1))]
    crowd.release()

    for act in acts:
        with pytest.raises(OSError, match="the disk is full"):
            act.result(10)
    sa.event.remove(crowd.database, "commit", fail)
    assert crowd.kept() == []
    crowd.add(2)
    assert crowd.kept() == [2]


def test_all_hear_of_it_when_the_database_has_undone_everything_by_itself(crowd: Crowd) -> None:
    def lose() -> None:
        with crowd.shared.act() as connection:
            ADD.run(connection, {"id": 1})
            connection.connection.dbapi_connection.execute("ROLLBACK")
            raise RefusedError

    acts = [crowd.hold(), crowd.send(lose)]
    later = crowd.send(lambda: crowd.add(2))
    crowd.release()

    for act in acts:
        with pytest.raises((RefusedError, sa.exc.OperationalError)):
            act.result(10)
    assert later.result(10) is None
    assert crowd.kept() == [2]


def test_one_who_has_a_database_alone_acts_and_reads_on_one_connection(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/alone.sqlite", durable=False, alone=True)
    metadata.create_all(database)
    alone = transactions_of(database)
    taken: list[object] = []
    sa.event.listen(database, "checkout", lambda driver, _record, _proxy: taken.append(driver))

    def add(number: int, *, refused: bool = False) -> None:
        with alone.act() as connection:
            ADD.run(connection, {"id": number})
            if refused:
                raise RefusedError(number)

    add(1)
    with pytest.raises(RefusedError):
        add(2, refused=True)
    with alone.reading() as connection:
        assert ALL.column(connection) == [1]
    add(3)
    with alone.reading() as connection:
        assert ALL.column(connection) == [1, 3]

    assert taken == []
    with (
        pytest.raises(sa.exc.InvalidRequestError),
        alone.reading(),
        alone.act(),
    ):
        pass
    database.dispose()
