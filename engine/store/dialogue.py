"""Rounds, minutes, shared information, questions and documents of the dialogue, as they count.

What was told to all stays told when the procurement goes back; a round and minutes whose form was
set aside are as if they had not been.
"""

from dataclasses import replace
from typing import Final

import sqlalchemy as sa

from engine.model.dialogue import (
    HandedRecord,
    InquiryRecord,
    ItemRecord,
    MinutesRecord,
    QuestionRecord,
    ReleaseRecord,
    RoundRecord,
)
from engine.store.rows import Selection
from engine.store.schema import (
    handed,
    information,
    inquiry,
    minutes,
    question,
    release,
    round_,
    undone,
)

_OF: Final[sa.BindParameter[str]] = sa.bindparam("procurement")
_UNDONE: Final = sa.select(undone.c.record).where(undone.c.procurement == _OF)
_ROUNDS: Final = Selection(
    round_,
    RoundRecord,
    round_.c.procurement == _OF,
    round_.c.submission.not_in(_UNDONE),
    order=(round_.c.opened_at, round_.c.number),
)
_MINUTES: Final = Selection(
    minutes,
    MinutesRecord,
    minutes.c.procurement == _OF,
    minutes.c.submission.not_in(_UNDONE),
    order=(minutes.c.sent_at, minutes.c.id),
)
_ITEMS: Final = Selection(
    information, ItemRecord, information.c.procurement == _OF, order=(information.c.number,)
)
_RELEASES: Final = Selection(
    release, ReleaseRecord, release.c.procurement == _OF, order=(release.c.at, release.c.id)
)
_QUESTIONS: Final = Selection(
    question, QuestionRecord, question.c.procurement == _OF, order=(question.c.number,)
)
_HANDED: Final = Selection(
    handed, HandedRecord, handed.c.procurement == _OF, order=(handed.c.at, handed.c.id)
)
_INQUIRIES: Final = Selection(
    inquiry,
    InquiryRecord,
    inquiry.c.procurement == _OF,
    inquiry.c.submission.not_in(_UNDONE),
    order=(inquiry.c.asked_at, inquiry.c.id),
)


def rounds_of(connection: sa.Connection, procurement: str) -> list[RoundRecord]:
    """The first first; one whose closing was undone is open again."""
    found = _ROUNDS.all(connection, procurement=procurement)
    if not any(each.closed_by for each in found):
        return found
    gone = set(connection.scalars(_UNDONE, {"procurement": procurement}))
    return [
        replace(each, closed_at=None, closed_by="") if each.closed_by in gone else each
        for each in found
    ]


def open_round(
    connection: sa.Connection, procurement: str, process: str = ""
) -> RoundRecord | None:
    """The newest round that is not closed, of one process where it is named."""
    for each in reversed(rounds_of(connection, procurement)):
        if each.closed_at is None and process in ("", each.process):
            return each
    return None


def minutes_of(connection: sa.Connection, procurement: str) -> list[MinutesRecord]:
    """The oldest first."""
    return _MINUTES.all(connection, procurement=procurement)


def items_of(connection: sa.Connection, procurement: str) -> list[ItemRecord]:
    """By number; those shared and those dropped too."""
    return _ITEMS.all(connection, procurement=procurement)


def releases_of(connection: sa.Connection, procurement: str) -> list[ReleaseRecord]:
    """The oldest first."""
    return _RELEASES.all(connection, procurement=procurement)


def questions_of(connection: sa.Connection, procurement: str) -> list[QuestionRecord]:
    """By number."""
    return _QUESTIONS.all(connection, procurement=procurement)


def handed_of(connection: sa.Connection, procurement: str) -> list[HandedRecord]:
    """The oldest first."""
    return _HANDED.all(connection, procurement=procurement)


def inquiries_of(connection: sa.Connection, procurement: str, scope: str) -> list[InquiryRecord]:
    """What the supplier was asked about its tender, the oldest first."""
    found = _INQUIRIES.all(connection, procurement=procurement)
    return [each for each in found if each.scope == scope]
