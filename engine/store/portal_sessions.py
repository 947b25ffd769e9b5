"""Sessions of people from outside. The table holds no secret: only the hash of the cookie."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from engine.store.prepared import Prepared
from engine.store.rows import Selection
from engine.store.schema import portal_session
from engine.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PortalSession:
    """`provider` vouched for whoever came in, and calls her or him `subject` (a keyed hash); both
    are "" for who came by an invitation."""

    digest: str
    participant: str
    csrf: str
    started_at: datetime
    provider: str = ""
    subject: str = ""


_OLD: Final = Prepared(
    sa.delete(portal_session).where(portal_session.c.started_at < sa.bindparam("moment"))
)
_SESSION: Final = Selection(
    portal_session, PortalSession, portal_session.c.digest == sa.bindparam("key")
)


def find(connection: sa.Connection, digest: str) -> PortalSession | None:
    return _SESSION.one(connection, key=digest)


def add(work: UnitOfWork, record: PortalSession) -> None:
    work.writer.insert(portal_session, **asdict(record))


def vouch(work: UnitOfWork, digest: str, provider: str, subject: str) -> None:
    """Whoever is in is who the provider says."""
    key = {"digest": digest}
    work.writer.update(portal_session, key, provider=provider, subject=subject)


def remove(work: UnitOfWork, digest: str) -> None:
    work.writer.delete(portal_session, digest=digest)


def remove_started_before(work: UnitOfWork, moment: datetime) -> None:
    """Forget sessions that have ended by age."""
    _OLD.run(work.connection, {"moment": moment})
