"""Who has a task open right now: rows that last some minutes and enter no record."""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from engine.model.records import PresenceRecord
from engine.store.prepared import Prepared
from engine.store.rows import Selection
from engine.store.schema import presence
from engine.store.unit_of_work import UnitOfWork

FORGOTTEN_AFTER: Final = timedelta(minutes=10)

_HERE: Final = Selection(
    presence,
    PresenceRecord,
    presence.c.task == sa.bindparam("task"),
    presence.c.seen_at >= sa.bindparam("since"),
    order=(presence.c.seen_at, presence.c.page),
)
_FORGET: Final = Prepared(sa.delete(presence).where(presence.c.seen_at < sa.bindparam("before")))
_MINE: Final = Selection(
    presence,
    PresenceRecord,
    presence.c.task == sa.bindparam("task"),
    presence.c.page == sa.bindparam("page"),
)


def touch(
    work: UnitOfWork, task: str, page: str, person: str, at: datetime, *, writes: bool
) -> None:
    """The person has the task open on this page at this moment; forget who was here long ago."""
    found = _MINE.one(work.connection, task=task, page=page)
    wrote_at = at if writes else found.wrote_at if found else None
    _FORGET.run(work.connection, {"before": at - FORGOTTEN_AFTER})
    work.writer.delete(presence, task=task, page=page)
    work.writer.insert(presence, task=task, page=page, person=person, seen_at=at, wrote_at=wrote_at)


def leave(work: UnitOfWork, task: str) -> None:
    """Nobody has the task open any more: it is done."""
    work.writer.delete(presence, task=task)


def here(connection: sa.Connection, task: str, since: datetime) -> list[PresenceRecord]:
    """Pages that have shown a sign of life since then."""
    return _HERE.all(connection, task=task, since=since)
