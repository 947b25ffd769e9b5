"""What a person is told of a procurement, and how the person wants to hear it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Topic(StrEnum):
    """What a person chooses to get by mail or not."""

    ASSIGNMENT = "assignment"
    GATE = "gate"
    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    MENTION = "mention"
    TROUBLE = "trouble"
    LAW = "law"


class Occasion(StrEnum):
    """What happened; each has a sentence in every language."""

    TASK_OPENED = "task-opened"
    TASK_REOPENED = "task-reopened"
    TASK_DELEGATED = "task-delegated"
    TASK_ASSIGNED = "task-assigned"
    TASK_TAKEN_AWAY = "task-taken-away"
    TASK_GIVEN_BACK = "task-given-back"
    DECISION_RETURNED = "decision-returned"
    GATE_OPENED = "gate-opened"
    DECISION_PROPOSED = "decision-proposed"
    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    CALLED = "called"
    GATHERING_MOVED = "gathering-moved"
    WITHDRAWN = "withdrawn"
    DUE_MOVED = "due-moved"
    DEADLINE_MOVED = "deadline-moved"
    INCIDENT = "incident"
    RULES_CHANGED = "rules-changed"
    UNDELIVERED = "undelivered"
    MENTIONED = "mentioned"
    DECIDED = "decided"
    ANSWERED = "answered"
    HIDDEN = "hidden"
    LETTER_RETURNED = "letter-returned"
    SUPPLIER_WROTE = "supplier-wrote"
    MEETING_CHANGED = "meeting-changed"
    STANDING_IN = "standing-in"
    SUBSTITUTED = "substituted"
    SEAT_ENDED = "seat-ended"
    TASK_FREE = "task-free"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    CANCELLED = "cancelled"
    REWOUND = "rewound"


TOPIC: Final[Mapping[Occasion, Topic]] = MappingProxyType(
    {
        Occasion.TASK_OPENED: Topic.ASSIGNMENT,
        Occasion.TASK_REOPENED: Topic.ASSIGNMENT,
        Occasion.TASK_DELEGATED: Topic.ASSIGNMENT,
        Occasion.TASK_ASSIGNED: Topic.ASSIGNMENT,
        Occasion.TASK_TAKEN_AWAY: Topic.ASSIGNMENT,
        Occasion.TASK_GIVEN_BACK: Topic.ASSIGNMENT,
        Occasion.DECISION_RETURNED: Topic.ASSIGNMENT,
        Occasion.GATE_OPENED: Topic.GATE,
        Occasion.DECISION_PROPOSED: Topic.GATE,
        Occasion.DUE_SOON: Topic.DUE_SOON,
        Occasion.OVERDUE: Topic.OVERDUE,
        Occasion.CALLED: Topic.ASSIGNMENT,
        Occasion.GATHERING_MOVED: Topic.DUE_SOON,
        Occasion.WITHDRAWN: Topic.ASSIGNMENT,
        Occasion.DUE_MOVED: Topic.DUE_SOON,
        Occasion.DEADLINE_MOVED: Topic.DUE_SOON,
        Occasion.INCIDENT: Topic.TROUBLE,
        Occasion.RULES_CHANGED: Topic.LAW,
        Occasion.UNDELIVERED: Topic.TROUBLE,
        Occasion.MENTIONED: Topic.MENTION,
        Occasion.DECIDED: Topic.MENTION,
        Occasion.ANSWERED: Topic.MENTION,
        Occasion.HIDDEN: Topic.MENTION,
        Occasion.LETTER_RETURNED: Topic.TROUBLE,
        Occasion.SUPPLIER_WROTE: Topic.ASSIGNMENT,
        Occasion.MEETING_CHANGED: Topic.ASSIGNMENT,
        Occasion.STANDING_IN: Topic.ASSIGNMENT,
        Occasion.SUBSTITUTED: Topic.TROUBLE,
        Occasion.SEAT_ENDED: Topic.TROUBLE,
        Occasion.TASK_FREE: Topic.ASSIGNMENT,
        Occasion.SUSPENDED: Topic.TROUBLE,
        Occasion.RESUMED: Topic.TROUBLE,
        Occasion.CANCELLED: Topic.TROUBLE,
        Occasion.REWOUND: Topic.TROUBLE,
    }
)

# What is asked of a person is over when the task has moved on; what went wrong or was said is not.
ASKS_FOR_WORK: Final = frozenset(
    {
        Occasion.TASK_OPENED,
        Occasion.TASK_REOPENED,
        Occasion.TASK_DELEGATED,
        Occasion.TASK_GIVEN_BACK,
        Occasion.TASK_FREE,
        Occasion.DECISION_RETURNED,
        Occasion.GATE_OPENED,
    }
)


# That a mail did not arrive is not told by mail: that one might not arrive either.
NEVER_MAILED: Final = frozenset({Occasion.UNDELIVERED})


@dataclass(frozen=True, slots=True)
class Notification:
    """One person is told one thing. `task` is "" where it is about the procurement as a whole;
    `subject` is the id of what it speaks of besides: an incident, a mail, a timer or a comment."""

    person: str
    kind: Occasion
    task: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A moment at which those who have a task are reminded of it, if it still waits then."""

    task: str
    kind: Occasion
    at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder whose moment has come; kind and due date tell it from the task's others."""

    procurement: str
    task: str
    kind: Occasion
    due_at: datetime
