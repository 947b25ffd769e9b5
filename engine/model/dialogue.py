"""Rounds with suppliers and what is learned in them: the words commands, queries and rules share.

What one supplier learned that bears on the competition is an *item* of shared information until a
*release* gives it to all at one moment. Texts in a release name nobody.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

RECEIVED: Final = "from-supplier"
SENT: Final = "to-supplier"
"""The two ways a document of the dialogue goes."""


class MinutesState(StrEnum):
    """Minutes wait for their supplier, who confirms them or says what is wrong; an objection is
    settled by the buyer, with the correction or the reason why the minutes stand."""

    SENT = "sent"
    CONFIRMED = "confirmed"
    OBJECTED = "objected"
    SETTLED = "settled"


FINAL_MINUTES: Final = frozenset({MinutesState.CONFIRMED, MinutesState.SETTLED})


class QuestionState(StrEnum):
    """A question is asked, then answered for all or refused; the answer is out once released."""

    ASKED = "asked"
    ANSWERED = "answered"
    REFUSED = "refused"
    RELEASED = "released"


class Source(StrEnum):
    """Where one supplier learned something."""

    MEETING = "meeting"
    ORAL = "oral"


class ReleaseKind(StrEnum):
    """What was given to all: information, or answers to questions."""

    INFORMATION = "information"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class RoundRecord:
    """A round of a process. `topics` and `questions` are its agenda, the same for every supplier;
    `criteria` what the field may be reduced by. `closed_by` is the decision that closed it."""

    id: str
    process: str
    kind: str
    number: int
    topics: str
    questions: str
    may_eliminate: bool
    criteria: str
    is_final: bool
    submission: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True, slots=True)
class MinutesRecord:
    """Minutes of a meeting with the supplier `scope`. `passages` are {id, kind, text, answer, who,
    by, confidential, reason}; `kind` is agenda, said, question, commitment or marked."""

    id: str
    round: str
    meeting: str
    scope: str
    passages: list[dict[str, Any]]
    state: str
    objection: str
    settled: str
    submission: str
    sent_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """Something one supplier (`scope`) learned, or was told in answer to `question`, on
    `learned_at`. It waits until it is in a `release`, or is `dropped` with the reason why it has no
    bearing on the competition."""

    id: str
    number: int
    round: str
    origin: str
    source: str
    scope: str
    question: str
    said: str
    learned_at: datetime
    channel: str
    release: str
    dropped: str

    @property
    def waits(self) -> bool:
        return not self.release and not self.dropped


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """What all were given at one moment. `texts` are {question, text}; `recipients` the suppliers
    that took part then."""

    id: str
    kind: str
    round: str
    texts: list[dict[str, str]]
    recipients: list[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """A question as it came; `scope` is "" where no supplier of ours asked. `late_why` is the rule
    that it came too late for, {} for one in time. `driven` tells whether tasks of the process
    handle it. `pairs` are {question, answer}, without any sign of who asked."""

    id: str
    number: int
    round: str
    scope: str
    participant: str
    asked_by: str
    text: str
    asked_at: datetime
    channel: str
    late_why: dict[str, Any]
    driven: bool
    state: str
    pairs: list[dict[str, str]]
    answered_at: datetime | None
    refused: str
    release: str


@dataclass(frozen=True, slots=True)
class InquiryRecord:
    """What a supplier was asked in writing about its tender, and its reply, "" until one came.
    `channel` is portal, or other where a member noted it."""

    id: str
    procurement: str
    scope: str
    submission: str
    kind: str
    text: str
    asked_at: datetime
    reply_by: datetime
    reply: str
    replied_at: datetime | None
    channel: str


@dataclass(frozen=True, slots=True)
class HandedRecord:
    """A document of the dialogue with one supplier, and which way it went."""

    id: str
    round: str
    scope: str
    attachment: str
    direction: str
    note: str
    at: datetime
