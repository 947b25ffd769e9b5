"""The schema and its promises, on both databases."""

from collections.abc import Mapping

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.store.migrate import is_current, upgrade
from engine.store.schema import INSERT_ONLY, metadata


def an_entry(database: sa.Engine) -> None:
    with database.begin() as connection:
        connection.execute(
            metadata.tables["audit_event"].insert(),
            {
                "chain": "c",
                "seq": 1,
                "at": "x",
                "type": "t",
                "actor": "a",
                "body": b"b",
                "hash": b"h",
            },
        )


def is_ours(name: str | None, _kind: str, parents: Mapping[str, str | None]) -> bool:
    """All but the full text of each database, which the metadata of both cannot hold."""
    of_table = (name, parents.get("table_name"))
    return not str(name).startswith("search_text") and of_table != ("vector", "search_entry")


def test_the_migrations_lead_to_the_schema(database: sa.Engine) -> None:
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        differences = compare_metadata(context, metadata)

    assert differences == []
    assert is_current(database)


def test_migrating_twice_changes_nothing(database: sa.Engine) -> None:
    upgrade(database)

    assert is_current(database)


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET seq = 2", "DELETE FROM audit_event"])
def test_the_database_refuses_to_change_the_record(database: sa.Engine, statement: str) -> None:
    an_entry(database)

    with (
        pytest.raises(sa.exc.DBAPIError, match="insert-only"),
        database.begin() as connection,
    ):
        connection.exec_driver_sql(statement)


def test_every_insert_only_table_has_its_triggers(database: sa.Engine) -> None:
    catalogue = {
        "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT event_object_table FROM information_schema.triggers",
    }[database.dialect.name]
    with database.connect() as connection:
        guarded = list(connection.exec_driver_sql(catalogue).scalars())

    assert {table: guarded.count(table) for table in INSERT_ONLY} == dict.fromkeys(INSERT_ONLY, 2)
