"""Sessions of people who have signed in. The table holds no secret: only the hash of the cookie."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from engine.store.prepared import Prepared
from engine.store.rows import Selection
from engine.store.schema import session
from engine.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """`provider` is "" in the demonstration; `subject` and `provider_session` are keyed hashes of
    what the provider calls the person and its own session; `hint` its sealed ID token."""

    digest: str
    person: str
    csrf: str
    started_at: datetime
    seen_at: datetime
    provider: str
    level: int
    subject: str
    provider_session: str
    hint: str


_OLD: Final = Prepared(sa.delete(session).where(session.c.started_at < sa.bindparam("moment")))
_SESSION: Final = Selection(session, SessionRecord, session.c.digest == sa.bindparam("key"))


def find(connection: sa.Connection, digest: str) -> SessionRecord | None:
    return _SESSION.one(connection, key=digest)


def add(work: UnitOfWork, record: SessionRecord) -> None:
    work.writer.insert(session, **asdict(record))


def touch(work: UnitOfWork, digest: str, at: datetime) -> None:
    """The person was active at `at`."""
    work.writer.update(session, {"digest": digest}, seen_at=at)


def remove(work: UnitOfWork, digest: str) -> None:
    work.writer.delete(session, digest=digest)


def remove_started_before(work: UnitOfWork, moment: datetime) -> None:
    """Forget sessions that have ended by age."""
    _OLD.run(work.connection, {"moment": moment})


def remove_of_provider(
    work: UnitOfWork, provider: str, subject: str, provider_session: str, before: datetime
) -> int:
    """End the sessions that rest on one session at the provider or, where it names none, on all of
    the person's there, if they began before the moment; how many there were is the answer."""
    c = session.c
    named = c.provider_session == provider_session if provider_session else c.subject == subject
    ended = sa.delete(session).where(c.provider == provider, named, c.started_at < before)
    return work.connection.execute(ended).rowcount
