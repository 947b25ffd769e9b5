"""The open market dialogue: what was announced, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from engine.audit.chain import instant
from engine.model.market import DrawRecord, InputRecord, SignUpRecord
from engine.model.records import SubmissionRecord
from engine.procurement.reading import entries, said
from engine.store import records
from engine.store.rows import Selection
from engine.store.schema import (
    audit_event,
    market_draw,
    market_input,
    market_signup,
    notice,
    submission,
)

PLANNING: Final = "4"
"""The eForms subtype of the planning notice, which announces the dialogue, drafts and answers."""
_OF: Final[sa.BindParameter[str]] = sa.bindparam("procurement")
_SIGNUPS: Final = Selection(
    market_signup,
    SignUpRecord,
    market_signup.c.procurement == _OF,
    order=(market_signup.c.at, market_signup.c.id),
)
_SIGNUP: Final = Selection(
    market_signup,
    SignUpRecord,
    market_signup.c.procurement == _OF,
    market_signup.c.scope == sa.bindparam("scope"),
)
_INPUTS: Final = Selection(
    market_input,
    InputRecord,
    market_input.c.procurement == _OF,
    order=(market_input.c.at, market_input.c.id),
)
_DRAWS: Final = Selection(
    market_draw,
    DrawRecord,
    market_draw.c.procurement == _OF,
    order=(market_draw.c.at, market_draw.c.id),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft on hearing as it was published; `passages` are (heading, text), and `answered_at`
    when the answers to it went out."""

    id: str
    version: str
    what: str
    address: str
    deadline: datetime | None
    passages: tuple[tuple[str, str], ...]
    at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the planning notices of a procurement say to the market, as they went out."""

    at: datetime
    plan: Mapping[str, Any]
    notice: Mapping[str, Any]
    drafts: tuple[Draft, ...]

    def moment(self, field: str) -> datetime | None:
        """A moment of the plan, None where it names none."""
        text = said(self.plan, field)
        return datetime.fromisoformat(text) if text else None


def announcement_of(connection: sa.Connection, procurement: str) -> Announcement | None:
    """None where no market dialogue was announced."""
    sent = _sent(connection, procurement)
    first = next((each for each in sent if each[0].form == "planning-notice"), None)
    if first is None:
        return None
    plans = records.submissions_of(connection, procurement, "consultation-plan")
    announced = [content for content, _ in sent if content.form == "planning-notice"]
    return Announcement(
        at=first[1],
        plan=plans[-1].content if plans else {},
        notice=announced[-1].content,
        drafts=tuple(_drafts(sent)),
    )


def is_announced(connection: sa.Connection, procurement: str) -> bool:
    """Whether a planning notice has gone out."""
    query = sa.select(notice.c.id).where(
        notice.c.procurement == procurement, notice.c.subtype == PLANNING
    )
    return connection.scalar(query.limit(1)) is not None


def _sent(connection: sa.Connection, procurement: str) -> list[tuple[SubmissionRecord, datetime]]:
    """The forms that planning notices were made from, and when they went out, the oldest first."""
    query = (
        sa.select(notice.c.submission, notice.c.at)
        .where(notice.c.procurement == procurement, notice.c.subtype == PLANNING)
        .order_by(notice.c.version)
    )
    return [
        (records.get_submission(connection, row.submission), row.at)
        for row in connection.execute(query)
        if row.submission
    ]


def _drafts(sent: list[tuple[SubmissionRecord, datetime]]) -> list[Draft]:
    found: list[Draft] = []
    for place, (form, at) in enumerate(sent):
        if form.form != "draft-hearing":
            continue
        later = (each for each in sent[place + 1 :] if each[0].form == "hearing-answers")
        answered = next((moment for _, moment in later), None)
        deadline = said(form.content, "comment_deadline")
        found.append(
            Draft(
                id=form.id,
                version=said(form.content, "version"),
                what=said(form.content, "what"),
                address=said(form.content, "documents_url"),
                deadline=datetime.fromisoformat(deadline) if deadline else None,
                passages=tuple(
                    (said(each, "heading"), said(each, "text"))
                    for each in entries(form.content, "passages")
                ),
                at=at,
                answered_at=answered,
            )
        )
    return found


def announced_procurements(connection: sa.Connection) -> list[str]:
    """Every running procurement that a market dialogue was announced for, the newest first."""
    return records.noticed(
        connection, notice.c.subtype == PLANNING, submission.c.form == "planning-notice"
    )


def signups_of(connection: sa.Connection, procurement: str) -> list[SignUpRecord]:
    """The oldest first; those that were taken back too."""
    return _SIGNUPS.all(connection, procurement=procurement)


def signup_of(connection: sa.Connection, procurement: str, scope: str) -> SignUpRecord | None:
    return _SIGNUP.one(connection, procurement=procurement, scope=scope)


def inputs_of(connection: sa.Connection, procurement: str) -> list[InputRecord]:
    """The oldest first."""
    return _INPUTS.all(connection, procurement=procurement)


def draws_of(connection: sa.Connection, procurement: str) -> list[DrawRecord]:
    """The oldest first."""
    return _DRAWS.all(connection, procurement=procurement)


def head_at(connection: sa.Connection, procurement: str, moment: datetime) -> str:
    """The head of the record after its last entry up to `moment`, in hexadecimal."""
    query = (
        sa.select(audit_event.c.hash)
        .where(audit_event.c.chain == procurement, audit_event.c.at <= instant(moment))
        .order_by(audit_event.c.seq.desc())
        .limit(1)
    )
    found = connection.scalar(query)
    return bytes(found).hex() if found else ""
