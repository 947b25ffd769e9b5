"""Files: stored once by their SHA-256, named as often as they are attached."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import uuid4

from engine.access.policy import Action
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.tasks import open_act, target_of
from engine.errors import InvalidInputError
from engine.model.events import AttachmentAdded
from engine.search.files import text_of
from engine.store.definitions import keep_blobs

LARGEST: Final = 25 * 1024 * 1024
LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class AddAttachment:
    """`content` is the whole file; `task` is "" for the procurement as a whole.

    A file on a task is as confidential as the task; else `scope` names the supplier it is
    confidential to, or is "".
    """

    procurement: str
    name: str
    media_type: str
    content: bytes
    task: str = ""
    scope: str = ""


def add_attachment(command: AddAttachment, session: Session) -> Answer:
    if not command.name.strip() or len(command.name) > LONGEST_NAME:
        raise InvalidInputError(
            f"A file needs a name of at most {LONGEST_NAME} characters.", name=command.name[:80]
        )
    if not 0 < len(command.content) <= LARGEST:
        raise InvalidInputError(
            f"«{command.name}» has {len(command.content)} bytes; it must have between 1 and"
            f" {LARGEST}.",
            name=command.name,
            size=len(command.content),
            largest=LARGEST,
        )
    if command.task:
        act, task = open_act(session, command.task)
        act.allow(Action.ATTACH, target_of(act, task), kind="task", key=task.id)
        scope, element = task.scope, task.element
    else:
        act = Act.open(session, command.procurement)
        scope, element = command.scope, ""
        act.allow(Action.ATTACH, act.target(scope=scope), kind="procurement", key=act.id)
    digest = sha256(command.content).hexdigest()
    keep_blobs(session.work, {digest: command.content})
    key = uuid4().hex
    event = AttachmentAdded(
        key,
        command.task,
        scope,
        command.name,
        command.media_type,
        len(command.content),
        digest,
    )
    said = text_of(command.media_type, command.content)
    act.record(event, element=element, task=command.task, content=said)
    return {"attachment": key, "digest": digest, "procurement": act.id}
