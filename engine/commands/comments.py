"""Talking about a task or a procurement, on the record."""

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from engine.access.policy import Action
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.tasks import open_act, target_of
from engine.errors import InvalidInputError
from engine.model.events import CommentAdded
from engine.model.records import TaskRecord

LONGEST: Final = 8000


@dataclass(frozen=True, slots=True)
class AddComment:
    """On a task, or on the procurement as a whole when `task` is ""."""

    procurement: str
    text: str
    task: str = ""


def add_comment(command: AddComment, session: Session) -> Answer:
    if command.task:
        act, task = open_act(session, command.task)
        return {"comment": comment_on(act, task, command.text), "procurement": act.id}
    act = Act.open(session, command.procurement)
    act.allow(Action.COMMENT, act.target(), kind="procurement", key=act.id)
    event = CommentAdded(uuid4().hex, "", "", _checked(command.text))
    act.record(event)
    return {"comment": event.comment, "procurement": act.id}


def comment_on(act: Act, task: TaskRecord, text: str) -> str:
    """Put a comment on a task; its id."""
    act.allow(Action.COMMENT, target_of(act, task), kind="task", key=task.id)
    event = CommentAdded(uuid4().hex, task.id, task.scope, _checked(text))
    act.record(event, element=task.element, task=task.id)
    return event.comment


def _checked(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise InvalidInputError(
            f"A comment has between 1 and {LONGEST} characters; this one has {len(text)}.",
            length=len(text),
            longest=LONGEST,
        )
    return text
