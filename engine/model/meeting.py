"""Meetings with suppliers, and the times offered for them: in rounds and in market dialogue alike.

An *occasion* is what the times are offered for: the id of a round, or of an occasion of the market
dialogue. Within it a supplier has one meeting for each lot.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class MeetingKind(StrEnum):
    """What a meeting is for."""

    DIALOGUE = "dialogue"
    NEGOTIATION = "negotiation"
    MARKET = "market"
    CLARIFICATION = "clarification"


class MeetingStatus(StrEnum):
    """A meeting that was moved is still booked; one that is held has its attendance."""

    BOOKED = "booked"
    HELD = "held"
    CANCELLED = "cancelled"


OUT_OF_IT: Final = frozenset(
    {"rejected", "not-selected", "eliminated", "withdrawn", "not-awarded", "terminated"}
)
"""Statuses of suppliers with whom there is nothing more to meet about."""


@dataclass(frozen=True, slots=True)
class SlotRecord:
    """A time that is offered to the supplier `scope`; `lot` is the part of the procurement it is
    about, "" for all of it."""

    id: str
    procurement: str
    occasion: str
    kind: str
    lot: str
    scope: str
    starts_at: datetime
    ends_at: datetime
    place: str
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """A meeting with the supplier `scope`. `participant` is who booked it, "" where the buyer did;
    `slot` the time it was booked in, "" where it was held without. `sequence` grows with each
    change that calendars hear of (RFC 5546). `began_at`, `ended_at`, `ours` and `theirs` (names of
    those who came) are set when it is held."""

    id: str
    procurement: str
    occasion: str
    kind: str
    lot: str
    scope: str
    participant: str
    slot: str
    starts_at: datetime
    ends_at: datetime
    place: str
    status: str
    sequence: int
    began_at: datetime | None
    ended_at: datetime | None
    ours: list[str]
    theirs: list[str]

    @property
    def stands(self) -> bool:
        """Whether it is to be held or has been."""
        return self.status != MeetingStatus.CANCELLED
