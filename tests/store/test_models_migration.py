"""What was deployed before models belonged to organisations stays everybody's."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import sqlalchemy as sa

from engine.store.database import open_database
from engine.store.definitions import newest
from engine.store.migrate import upgrade
from engine.store.replay import Replay
from engine.store.schema import deployment, shared_item

FIRST, SECOND, BLOB = "1" * 64, "2" * 64, "b" * 64
MOMENT = 1_700_000_000_000_000  # microseconds since 1970
AT = "2023-11-14T22:13:20.000000Z"


def put(connection: sa.Connection, table: sa.Table, **values: Any) -> None:
    """A row with nothing in what is not said but must not be null."""
    for each in table.c:
        if each.name not in values and not each.nullable and each.server_default is None:
            if isinstance(each.type, sa.LargeBinary):
                values[each.name] = b""
            elif isinstance(each.type, sa.String):
                values[each.name] = ""
            elif not each.primary_key:
                values[each.name] = 0
    connection.execute(table.insert(), values)


def old_rows(connection: sa.Connection) -> None:
    """Two versions of a process with a file each, and the newer one in the index."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    tables = metadata.tables
    for key in ("county", "town"):
        put(connection, tables["organisation"], id=key, name=key)
    put(connection, tables["blob"], digest=BLOB)
    for number, digest in ((1, FIRST), (2, SECOND)):
        put(
            connection,
            tables["definition"],
            digest=digest,
            key="open",
            number=number,
            organisation="county",
            name=f"Åpen {number}",
            startable=True,
            info="{}",
            deployed_by="system",
            deployed_at=MOMENT + number,
        )
        put(connection, tables["definition_file"], definition=digest, path="a", blob=BLOB)
    put(connection, tables["procurement"], id="p", organisation="town", definition=FIRST)
    put(connection, tables["search_entry"], kind="model", object="open", organisation="county")


def entry(seq: int, digest: str) -> dict[str, Any]:
    """As it was written when no version was any organisation's own."""
    actor = {"id": "system", "name": "", "roles": [], "organisation": ""}
    return {
        "type": "ProcessDeployed",
        "seq": seq,
        "at": AT.replace("000000Z", f"{seq:06}Z"),
        "request": "",
        "rule": "",
        "reason": "",
        "actor": {**actor, "on_behalf_of": "", "via": "", "level": 0},
        "data": {
            "digest": digest,
            "key": "open",
            "number": seq,
            "organisation": "county",
            "name": f"Åpen {seq}",
            "files": {},
        },
    }


@pytest.fixture
def migrated(database_url: str) -> Iterator[sa.Engine]:
    with ExitStack() as stack:
        database = open_database(database_url)
        stack.callback(database.dispose)
        upgrade(database, "0040")
        with database.begin() as connection:
            old_rows(connection)
        upgrade(database)
        yield database


def test_what_was_deployed_before_is_everybodys_still(migrated: sa.Engine) -> None:
    with migrated.connect() as connection:
        found = newest(connection, "open", ["town"])
        runs = connection.exec_driver_sql(
            "SELECT name FROM procurement"
            " JOIN definition ON definition.digest = procurement.definition"
        ).scalar_one()
        files = connection.exec_driver_sql("SELECT count(*) FROM definition_file").scalar_one()
        entries = connection.exec_driver_sql("SELECT object, organisation FROM search_entry").all()

    assert found is not None
    assert (found.digest, found.organisation, found.number) == (SECOND, "county", 2)
    assert (runs, files) == ("Åpen 1", 2)
    assert [tuple(each) for each in entries] == [(SECOND, "")]


def test_the_rows_are_those_that_the_entries_of_then_speak_of(migrated: sa.Engine) -> None:
    replay = Replay("county")
    for seq, digest in ((1, FIRST), (2, SECOND)):
        replay.apply(entry(seq, digest))

    with migrated.connect() as connection:
        for table in (deployment, shared_item):
            rows = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            assert sorted(rows, key=str) == sorted(replay.rows(table), key=str)


def test_what_refers_to_the_versions_refers_to_them_still(migrated: sa.Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError), migrated.begin() as connection:
        connection.exec_driver_sql("UPDATE procurement SET definition = 'nothing'")
