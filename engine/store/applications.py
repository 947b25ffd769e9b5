"""Competitions as they were announced, and the firms that asked for access to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from engine.model.application import ApplicationRecord
from engine.procurement.reading import moment
from engine.store import deliveries, records
from engine.store.rows import Selection
from engine.store.schema import application, notice, submission

CALLS: Final = ("notice", "contest-notice")
"""The forms that notices which call for competition are made from."""
_OF: Final[sa.BindParameter[str]] = sa.bindparam("procurement")
_APPLICATIONS: Final = Selection(
    application,
    ApplicationRecord,
    application.c.procurement == _OF,
    order=(application.c.at, application.c.id),
)
_APPLICATION: Final = Selection(
    application,
    ApplicationRecord,
    application.c.procurement == _OF,
    application.c.scope == sa.bindparam("scope"),
)


@dataclass(frozen=True, slots=True)
class Call:
    """The newest notice that calls for competition, as it was published `at`. `until` is when the
    first thing that anybody may hand in is due, None where the notice names no deadline."""

    at: datetime
    subtype: str
    content: Mapping[str, Any]
    until: datetime | None


def call_of(connection: sa.Connection, procurement: str) -> Call | None:
    """None where no competition was announced."""
    query = (
        sa.select(notice.c.submission, notice.c.subtype, notice.c.at)
        .join(submission, submission.c.id == notice.c.submission)
        .where(notice.c.procurement == procurement, submission.c.form.in_(CALLS))
        .order_by(notice.c.at.desc(), notice.c.version.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    content = records.get_submission(connection, row.submission).content
    return Call(row.at, row.subtype, content, _until(connection, procurement, content))


def _until(
    connection: sa.Connection, procurement: str, content: Mapping[str, Any]
) -> datetime | None:
    """The deadline of receipt that is open to anybody, which moves with the clock of the process;
    before receipt is opened, that of the notice."""
    anybody = [each for each in deliveries.intakes_of(connection, procurement) if not each.expected]
    if anybody:
        return anybody[0].deadline
    return moment(content.get("request_deadline")) or moment(content.get("project_deadline"))


def called_procurements(connection: sa.Connection) -> list[str]:
    """Every running procurement whose competition was announced, the newest first."""
    return records.noticed(connection, submission.c.form.in_(CALLS))


def applications_of(connection: sa.Connection, procurement: str) -> list[ApplicationRecord]:
    """The oldest first."""
    return _APPLICATIONS.all(connection, procurement=procurement)


def application_of(
    connection: sa.Connection, procurement: str, scope: str
) -> ApplicationRecord | None:
    return _APPLICATION.one(connection, procurement=procurement, scope=scope)


def covered(connection: sa.Connection, procurement: str) -> frozenset[str]:
    """The keys of those who asked for access and are not registered as suppliers: nobody of the
    buyer's may know who they are."""
    known = {each.key for each in records.suppliers(connection, procurement)}
    found = applications_of(connection, procurement)
    return frozenset(each.scope for each in found if each.scope not in known)
