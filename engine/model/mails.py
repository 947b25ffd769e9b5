"""Mails on their way: one message to one person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class MailKind(StrEnum):
    """What a mail carries."""

    NOTIFICATIONS = "notifications"
    APPOINTMENT = "appointment"
    MEETING = "meeting"
    ANSWERED = "answered"
    HIDDEN = "hidden"
    CONCLUDED = "concluded"
    SIGNED_UP = "signed-up"
    APPLIED = "applied"
    BACK = "back"
    TIMES = "times"
    MINUTES = "minutes"
    HANDED = "handed"
    CANCELLED = "cancelled"
    RESUMED = "resumed"
    INVITED = "invited"
    LETTER = "letter"


NEWS: Final = frozenset(
    {
        MailKind.ANSWERED,
        MailKind.HIDDEN,
        MailKind.CONCLUDED,
        MailKind.SIGNED_UP,
        MailKind.APPLIED,
        MailKind.BACK,
        MailKind.TIMES,
        MailKind.MINUTES,
        MailKind.HANDED,
        MailKind.CANCELLED,
        MailKind.RESUMED,
    }
)
"""To somebody from outside, about the portal: that there is something new, which stands there
alone, or the way back in."""
LINKS: Final = frozenset({MailKind.SIGNED_UP, MailKind.APPLIED, MailKind.BACK})
"""Those that carry the way in."""


class MailState(StrEnum):
    """Where a mail stands. `failed`: given up; `returned`: taken by the server, and came back;
    `dropped`: nothing of it was of concern any more when it was its turn."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    RETURNED = "returned"
    DROPPED = "dropped"


class Outcome(StrEnum):
    """What became of one attempt. `deferred` may go better later, `refused` never will."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class MailRecord:
    """`problem` is what the mail server said last, in its own words. It is for a person, for a
    participant, or for somebody who was invited and has not come yet: then for neither."""

    id: str
    person: str | None
    kind: MailKind
    address: str
    state: MailState
    attempts: int
    queued_at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    problem: str
    participant: str | None = None
