"""Files: stored once by their SHA-256, named as often as they are attached."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import uuid4

from engine.access.policy import Action
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.tasks import open_act, target_of
from engine.errors import FileSizeError, InvalidInputError
from engine.model.events import AttachmentAdded
from engine.search.files import is_plain, plain_text
from engine.store import file_texts
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


@dataclass(frozen=True, slots=True)
class File:
    """A whole file."""

    name: str
    media_type: str
    content: bytes


def add_attachment(command: AddAttachment, session: Session) -> Answer:
    file = File(command.name, command.media_type, command.content)
    require_fit(file)
    if command.task:
        act, task = open_act(session, command.task)
        act.allow(Action.ATTACH, target_of(act, task), kind="task", key=task.id)
        scope, element = task.scope, task.element
    else:
        act = Act.open(session, command.procurement)
        scope, element = command.scope, ""
        act.allow(Action.ATTACH, act.target(scope=scope), kind="procurement", key=act.id)
    key = attach(act, file, scope=scope, task=command.task, element=element)
    digest = sha256(file.content).hexdigest()
    return {"attachment": key, "digest": digest, "procurement": act.id}


def require_fit(file: File) -> None:
    """Raises InvalidInputError for a file without a name, and one that is empty or too large."""
    if not file.name.strip() or len(file.name) > LONGEST_NAME:
        raise InvalidInputError(
            f"A file needs a name of at most {LONGEST_NAME} characters.",
            name=file.name[:80],
            about="file-name",
            longest=LONGEST_NAME,
        )
    if not 0 < len(file.content) <= LARGEST:
        raise FileSizeError(
            f"«{file.name}» has {len(file.content)} bytes; it must have between 1 and {LARGEST}.",
            name=file.name,
            size=len(file.content),
            largest=LARGEST,
            megabytes=LARGEST // 2**20,
        )


def attach(act: Act, file: File, *, scope: str, task: str = "", element: str = "") -> str:
    """Keep the file; its id is the answer."""
    require_fit(file)
    digest = sha256(file.content).hexdigest()
    keep_blobs(act.session.work, {digest: file.content})
    key = uuid4().hex
    event = AttachmentAdded(key, task, scope, file.name, file.media_type, len(file.content), digest)
    act.record(event, element=element, task=task, content=_said(act, file, digest))
    return key


def _said(act: Act, file: File, digest: str) -> str:
    """What is known of the text now: other files than plain ones are read after the act."""
    if is_plain(file.media_type):
        return plain_text(file.content)
    return file_texts.find(act.session.work.connection, digest) or ""
