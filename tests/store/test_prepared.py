"""A statement that is prepared means what it means to SQLAlchemy."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from engine.store.prepared import Prepared
from engine.store.types import Among, Json, Moment

metadata = sa.MetaData()
thing = sa.Table(
    "thing",
    metadata,
    sa.Column("id", sa.String(10), primary_key=True),
    sa.Column("at", Moment),
    sa.Column("about", Json),
    sa.Column("raw", sa.LargeBinary),
    sa.Column("good", sa.Boolean, nullable=False, default=True),
)
AT = datetime(2026, 3, 23, 8, 0, 0, 1, tzinfo=UTC)
ROW = {"id": "a", "at": AT, "about": {"b": [1, None]}, "raw": b"\0\xff", "good": False}
INSERT = Prepared(sa.insert(thing).inline().values({name: sa.bindparam(name) for name in ROW}))
ALL = Prepared(sa.select(thing).order_by(thing.c.id))


@pytest.fixture
def connection(database: sa.Engine) -> Iterator[sa.Connection]:
    metadata.create_all(database)
    with database.connect() as opened:
        yield opened


def test_every_type_comes_back_as_it_was_given(connection: sa.Connection) -> None:
    INSERT.run(connection, ROW)

    assert ALL.all(connection) == [tuple(ROW.values())]
    assert connection.execute(sa.select(thing)).one() == tuple(ROW.values())


def test_several_rows_are_counted_together(connection: sa.Connection) -> None:
    raised = Prepared(
        sa.update(thing).where(thing.c.good == sa.bindparam("was")).values(good=sa.true())
    )
    INSERT.run(connection, ROW, {**ROW, "id": "b"}, {**ROW, "id": "c", "good": True})

    changed = raised.run(connection, {"was": False})

    assert changed == 2


def test_values_of_the_statement_itself_need_not_be_given(connection: sa.Connection) -> None:
    named = Prepared(sa.select(thing.c.raw).where(thing.c.id == "a", thing.c.good.is_(False)))
    INSERT.run(connection, ROW, {**ROW, "id": "b", "raw": b"b"})

    assert named.column(connection) == [b"\0\xff"]


@pytest.mark.parametrize("wanted", [[], ["a"], ["a", "c", "x' OR '1'='1"]])
def test_a_list_is_one_parameter(connection: sa.Connection, wanted: list[str]) -> None:
    found = Prepared(sa.select(thing.c.id).where(Among(thing.c.id, "ids")).order_by(thing.c.id))
    INSERT.run(connection, *({**ROW, "id": each} for each in "abc"))

    assert found.column(connection, {"ids": wanted}) == [each for each in wanted if each in "abc"]


def test_what_is_in_a_list_is_found_by_index() -> None:
    """On SQLite, which tells its plan without having looked at the rows."""
    question = sa.select(thing.c.raw).where(Among(thing.c.id, "ids"))
    text = str(question.compile(dialect=sqlite.dialect(paramstyle="named")))
    with sa.create_engine("sqlite://").connect() as connection:
        thing.create(connection)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", {"ids": "[]"})
        steps = [str(row[-1]) for row in plan]

    assert steps[0].startswith("SEARCH thing USING"), steps


def test_no_row_is_none(connection: sa.Connection) -> None:
    assert ALL.first(connection) is None


def test_what_a_row_breaks_is_named_as_sqlalchemy_names_it(connection: sa.Connection) -> None:
    INSERT.run(connection, ROW)

    with pytest.raises(sa.exc.IntegrityError, match="thing"):
        INSERT.run(connection, ROW)


def test_a_default_that_nobody_would_fill_in_is_refused(connection: sa.Connection) -> None:
    with pytest.raises(TypeError, match="leaves out good"):
        Prepared(sa.insert(thing).values(id=sa.bindparam("id"))).run(connection, {"id": "a"})


def test_it_is_part_of_the_transaction(database: sa.Engine) -> None:
    metadata.create_all(database)
    with database.connect() as connection:
        INSERT.run(connection, ROW)
        connection.rollback()

        assert ALL.all(connection) == []
