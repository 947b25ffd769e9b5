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

LONGEST: Final = 8000


@dataclass(frozen=True, slots=True)
class AddComment:
    """On a task, or on the procurement as a whole when `task` is ""."""

    procurement: str
    text: str
    task: str = ""


def add_comment(command: AddComment, session: Session) -> Answer:
    text = command.text.strip()
    if not text or len(text) > LONGEST:
        raise InvalidInputError(
            f"A comment has between 1 and {LONGEST} characters; this one has {len(text)}.",
            length=len(text),
            longest=LONGEST,
        )
    if command.task:
        act, task = open_act(session, command.task)
        act.allow(Action.COMMENT, target_of(act, task), kind="task", key=task.id)
        scope, element = task.scope, task.element
    else:
        act = Act.open(session, command.procurement)
        act.allow(Action.COMMENT, act.target(), kind="procurement", key=act.id)
        scope, element = "", ""
    key = uuid4().hex
    event = CommentAdded(key, command.task, scope, text)
    act.record(event, element=element, task=command.task)
    return {"comment": key, "procurement": act.id}
