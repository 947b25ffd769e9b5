"""Files: stored once by their SHA-256, named as often as they are attached."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import uuid4

from engine.access.policy import Action
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.tasks import open_act, target_of, target_of_author
from engine.errors import FileInUseError, FileSizeError, InvalidInputError, NotFoundError
from engine.model.events import AttachmentAdded, AttachmentWithdrawn
from engine.search.files import is_plain, plain_text
from engine.store import file_texts, records
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


@dataclass(frozen=True, slots=True)
class WithdrawAttachment:
    """Take back a file that one attached by mistake: nobody can open it any more."""

    procurement: str
    attachment: str


def withdraw_attachment(command: WithdrawAttachment, session: Session) -> Answer:
    """Twice is once. Raises FileInUseError where something rests on it: a form that was handed in
    or is being written, a document handed to a supplier, a contribution."""
    act = Act.open(session, command.procurement)
    connection = session.work.connection
    found = records.find_attachment(connection, act.id, command.attachment)
    if found is None:
        act.allow(Action.ATTACH, act.target(), kind="procurement", key=act.id)
        raise NotFoundError("attachment", command.attachment)
    target = target_of_author(act, found.task, found.scope, found.by)
    act.allow(Action.WITHDRAW_FILE, target, kind="procurement", key=act.id)
    if found.withdrawn_at is None:
        if records.is_file_used(connection, act.id, found.id):
            raise FileInUseError(
                f"«{found.name}» stands in a form, a document or a contribution, which would lack"
                " it. Take it out of the form first, or hand in another.",
                attachment=found.id,
                name=found.name,
            )
        event = AttachmentWithdrawn(found.id, found.task, found.scope, found.name)
        act.record(event, task=found.task)
    return {"attachment": found.id, "procurement": act.id}


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
