"""What the writer promises about the order in which rows reach the database."""

import sqlalchemy as sa

from engine.store.writer import Writer

metadata = sa.MetaData()
parent = sa.Table(
    "parent",
    metadata,
    sa.Column("id", sa.String(10), primary_key=True),
    sa.Column("name", sa.String(10)),
)
child = sa.Table(
    "child",
    metadata,
    sa.Column("id", sa.String(10), primary_key=True),
    sa.Column("parent", sa.ForeignKey("parent.id"), nullable=False),
)
apart = sa.Table("apart", metadata, sa.Column("id", sa.String(10), primary_key=True))


def written(connection: sa.Connection) -> list[str]:
    """The statements that reach the database from now on, each with its number of rows."""
    seen: list[str] = []

    @sa.event.listens_for(connection.engine, "before_cursor_execute")
    def _note(_c: object, _cursor: object, statement: str, given: object, *_rest: object) -> None:
        rows = len(given) if isinstance(given, list) else 1
        seen.append(f"{' '.join(statement.split()[:3])} x{rows}".replace(" SET", ""))

    return seen


def tables(database: sa.Engine) -> sa.Engine:
    metadata.create_all(database)
    return database


def test_nothing_reaches_the_database_before_the_flush(database: sa.Engine) -> None:
    with tables(database).begin() as connection:
        seen = written(connection)
        writer = Writer(connection)

        writer.insert(parent, id="a", name="A")

        assert seen == []
        writer.flush()
        assert seen == ["INSERT INTO parent x1"]


def test_rows_of_one_kind_share_a_statement_although_another_table_came_between(
    database: sa.Engine,
) -> None:
    with tables(database).begin() as connection:
        seen = written(connection)
        writer = Writer(connection)

        writer.insert(parent, id="a", name="A")
        writer.insert(apart, id="x")
        writer.insert(parent, id="b", name="B")
        writer.flush()

    assert seen == ["INSERT INTO parent x2", "INSERT INTO apart x1"]


def test_changes_of_one_row_keep_their_order(database: sa.Engine) -> None:
    with tables(database).begin() as connection:
        writer = Writer(connection)

        writer.insert(parent, id="a", name="first")
        writer.update(parent, {"id": "a"}, name="second")
        writer.delete(parent, id="a")
        writer.insert(parent, id="a", name="third")
        writer.update(parent, {"id": "a"}, name="fourth")
        writer.flush()

        assert connection.scalars(sa.select(parent.c.name)).all() == ["fourth"]


def test_the_last_of_two_updates_wins(database: sa.Engine) -> None:
    with tables(database).begin() as connection:
        writer = Writer(connection)

        writer.insert(parent, id="a", name="first")
        writer.update(parent, {"id": "a"}, name="second")
        writer.update(parent, {"id": "a"}, name="third")
        writer.flush()

        assert connection.scalars(sa.select(parent.c.name)).all() == ["third"]


def test_a_row_comes_after_the_one_it_refers_to(database: sa.Engine) -> None:
    with tables(database).begin() as connection:
        writer = Writer(connection)

        for each in ("a", "b", "c"):
            writer.insert(parent, id=each, name=each)
            writer.insert(child, id=each, parent=each)
        writer.flush()

        assert connection.scalar(sa.select(sa.func.count()).select_from(child)) == 3


def test_a_row_goes_after_those_that_refer_to_it(database: sa.Engine) -> None:
    with tables(database).begin() as connection:
        writer = Writer(connection)
        for each in ("a", "b"):
            writer.insert(parent, id=each, name=each)
            writer.insert(child, id=each, parent=each)
        writer.flush()

        for each in ("a", "b"):
            writer.delete(child, id=each)
            writer.delete(parent, id=each)
        writer.flush()

        assert connection.scalar(sa.select(sa.func.count()).select_from(parent)) == 0


def test_an_update_at_once_tells_whether_there_was_such_a_row(database: sa.Engine) -> None:
    with tables(database).begin() as connection:
        writer = Writer(connection)
        writer.insert(parent, id="a", name="first")

        found = writer.update_now(parent, {"id": "a", "name": "first"}, name="second")
        missed = writer.update_now(parent, {"id": "a", "name": "first"}, name="third")

        assert (found, missed) == (True, False)
