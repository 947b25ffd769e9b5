"""A procurement as it was at an earlier moment, as a database in memory that any query can ask.

The entries up to that moment are applied again by the appliers that made the rows, so the past is
never told by other code than the present.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from engine.audit.chain import instant
from engine.errors import InvalidInputError
from engine.store import schema
from engine.store.records import live_process, withdrawn_comments
from engine.store.replay import REBUILT, Replay, replayed
from engine.store.schema import audit_event, metadata

_TABLES: Final = tuple(table for table, column in REBUILT if column == "procurement")
_MODERATED: Final = (schema.contribution, schema.remark)
_LIBRARY: Final = (schema.definition, schema.deployment, schema.definition_file, schema.blob)
_KEPT: Final = (*_TABLES, schema.procurement, schema.organisation, schema.person, audit_event)


@contextmanager
def as_it_was(
    connection: sa.Connection, procurement: str, moment: datetime
) -> Iterator[sa.Connection]:
    """The procurement's rows and record at `moment`, with its people and its version.

    Raises InvalidInputError when it had not begun then.
    """
    entries = _entries(connection, procurement, moment)
    if not entries:
        raise InvalidInputError(
            f"It had not begun on {moment.isoformat()}. Choose a later moment.",
            as_of=moment.isoformat(),
            about="moment-before",
        )
    replay = replayed(procurement, [entry["body"] for entry in entries])
    with _memory() as memory:
        _fill(memory, _rows(connection, replay, entries))
        _fill(memory, _beside(connection, replay, entries))
        yield memory


Filled = tuple[sa.Table, list[dict[str, Any]]]


@contextmanager
def _memory() -> Iterator[sa.Connection]:
    engine = sa.create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(":memory:"),
        poolclass=NullPool,
        hide_parameters=True,
    )
    with engine.connect() as memory:
        metadata.create_all(memory, tables=[*_KEPT, *_LIBRARY], checkfirst=False)
        yield memory


def _fill(memory: sa.Connection, filled: Iterable[Filled]) -> None:
    for table, rows in filled:
        if rows:
            memory.execute(sa.insert(table), rows)


def _entries(connection: sa.Connection, procurement: str, moment: datetime) -> list[dict[str, Any]]:
    """Up to the last one of that moment; two clocks may differ, the order of entries does not."""
    mine = audit_event.c.chain == procurement
    last = sa.select(sa.func.max(audit_event.c.seq)).where(
        mine, audit_event.c.at <= instant(moment)
    )
    query = (
        sa.select(audit_event)
        .where(mine, audit_event.c.seq <= last.scalar_subquery())
        .order_by(audit_event.c.seq)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _rows(
    connection: sa.Connection, replay: Replay, entries: list[dict[str, Any]]
) -> Iterator[Filled]:
    """What the entries say, with the content of forms and the live process from beside them."""
    last = entries[-1]
    beside = {
        "version": last["seq"],
        "state": _state(connection, replay.chain, last["seq"]),
        "audit_seq": last["seq"],
        "audit_head": last["hash"],
        "audit_note": last["note"] or "",
    }
    yield schema.procurement, [{**row, **beside} for row in replay.rows(schema.procurement)]
    for table in _TABLES:
        rows = replay.rows(table)
        if table is schema.submission:
            contents = _contents(connection, replay.chain)
            rows = [{**row, "content": contents[row["id"]]} for row in rows]
        if table is schema.comment:
            gone = withdrawn_comments(connection, replay.chain)
            rows = [_without_words(row, gone) for row in rows]
        if table in _MODERATED:
            hidden = _hidden(connection, table, replay.chain)
            rows = [{**row, "hidden_by": hidden.get(row["id"], "")} for row in rows]
        yield table, rows
    yield audit_event, entries


def _without_words(row: dict[str, Any], gone: Mapping[str, datetime]) -> dict[str, Any]:
    """A comment whose author has taken it back since is shown of no earlier moment either."""
    return {**row, "text": "", "withdrawn_at": gone[row["id"]]} if row["id"] in gone else row


def _hidden(connection: sa.Connection, table: sa.Table, procurement: str) -> Mapping[str, str]:
    """What is hidden from others today, and so of every earlier moment, with the clause."""
    query = sa.select(table.c.id, table.c.hidden_by).where(
        table.c.procurement == procurement, table.c.hidden_by != ""
    )
    return {row.id: row.hidden_by for row in connection.execute(query)}


def _contents(connection: sa.Connection, procurement: str) -> dict[str, bytes]:
    table = schema.submission
    query = sa.select(table.c.id, table.c.content).where(table.c.procurement == procurement)
    return {row.id: bytes(row.content) for row in connection.execute(query)}


def _state(connection: sa.Connection, procurement: str, seq: int) -> bytes:
    """The live process after entry `seq`: the next act that changed it kept it as it was before."""
    query = (
        sa.select(audit_event.c.snapshot)
        .where(
            audit_event.c.chain == procurement,
            audit_event.c.seq > seq,
            audit_event.c.snapshot.is_not(None),
        )
        .order_by(audit_event.c.seq)
        .limit(1)
    )
    found = connection.scalar(query)
    return bytes(found) if found else live_process(connection, procurement).state


def _beside(
    connection: sa.Connection, replay: Replay, entries: list[dict[str, Any]]
) -> Iterator[Filled]:
    """People, organisations and the version, as they are known today."""
    persons = {entry["actor"] for entry in entries}
    for seat in replay.rows(schema.member):
        persons |= {seat["person"], seat["deputy_for"]}
    person, organisation = schema.person, schema.organisation
    yield person, _copied(connection, person, person.c.id.in_(sorted(persons)))
    [row] = replay.rows(schema.procurement)
    parties = {each["organisation"] for each in replay.rows(schema.procurement_party)}
    deployment, digest = schema.deployment, row["definition"]
    deployed = _copied(connection, deployment, deployment.c.definition == digest)
    wanted = sorted({row["organisation"], *parties, *(each["organisation"] for each in deployed)})
    yield organisation, _copied(connection, organisation, organisation.c.id.in_(wanted))
    yield from _version(connection, digest)
    yield deployment, deployed


def _version(connection: sa.Connection, digest: str) -> Iterator[Filled]:
    definition, files, blob = schema.definition, schema.definition_file, schema.blob
    yield definition, _copied(connection, definition, definition.c.digest == digest)
    found = _copied(connection, files, files.c.definition == digest)
    yield files, found
    digests = sorted({each["blob"] for each in found})
    yield blob, _copied(connection, blob, blob.c.digest.in_(digests))


def _copied(
    connection: sa.Connection, table: sa.Table, where: "sa.ColumnElement[bool]"
) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(sa.select(table).where(where)).mappings()]
