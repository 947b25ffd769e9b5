"""Sessions of people who have signed in. The table holds no secret: only the hash of the cookie."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from engine.store.prepared import Prepared
from engine.store.rows import Selection
from engine.store.schema import session
from engine.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SessionRecord:
    digest: str
    person: str
    csrf: str
    started_at: datetime
    seen_at: datetime


_OLD: Final = Prepared(sa.delete(session).where(session.c.started_at < sa.bindparam("moment")))
_SESSION: Final = Selection(session, SessionRecord, session.c.digest == sa.bindparam("key"))


def find(connection: sa.Connection, digest: str) -> SessionRecord | None:
    return _SESSION.one(connection, key=digest)


def add(work: UnitOfWork, record: SessionRecord) -> None:
    work.writer.insert(
        session,
        digest=record.digest,
        person=record.person,
        csrf=record.csrf,
        started_at=record.started_at,
        seen_at=record.seen_at,
    )


def touch(work: UnitOfWork, digest: str, at: datetime) -> None:
    """The person was active at `at`."""
    work.writer.update(session, {"digest": digest}, seen_at=at)


def remove(work: UnitOfWork, digest: str) -> None:
    work.writer.delete(session, digest=digest)


def remove_started_before(work: UnitOfWork, moment: datetime) -> None:
    """Forget sessions that have ended by age."""
    _OLD.run(work.connection, {"moment": moment})
