"""Decisions beside the model, which open nothing: most are made of what somebody commented."""

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from engine.commands.added_tasks import common_comment, steer_running
from engine.commands.environment import Answer, Session
from engine.errors import InvalidInputError
from engine.model.events import DecisionRecorded
from engine.model.records import CommentRecord

LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class RecordDecision:
    """`name` says what was decided and `reason` why; `comment` is one of the procurement that it is
    made of, and whoever wrote it, and whom it spoke to, are told."""

    procurement: str
    name: str
    reason: str
    comment: str = ""


def record_decision(command: RecordDecision, session: Session) -> Answer:
    act = steer_running(session, command.procurement, command.reason)
    comment = common_comment(act, command.comment) if command.comment else None
    event = DecisionRecorded(
        decision_id=uuid4().hex,
        name=_named(command.name),
        comment=command.comment,
        by=[session.actor.id],
        people=_raised(comment) if comment else [],
    )
    act.record(event)
    return {"procurement": act.id, "decision": event.decision_id}


def _raised(comment: CommentRecord) -> list[str]:
    return list(dict.fromkeys([comment.by, *comment.mentions]))


def _named(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= LONGEST:
        raise InvalidInputError(
            f"Say what was decided in 1 to {LONGEST} characters.",
            length=len(name),
            about="what-was-decided",
            longest=LONGEST,
        )
    return name
