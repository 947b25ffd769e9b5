"""Mails that came back: reads delivery reports (RFC 3464) and says which of our mails they mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import Any, Final, cast

from engine.commands.mails import NoteReturn
from engine.errors import NotFoundError
from engine.model.actor import SYSTEM
from service.mails import one_line
from service.wiring import Parts

_FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class Bounce:
    """`mail` is the id of the mail or letter that came back, `problem` why, in the words of the
    server that could not deliver it."""

    mail: str
    problem: str


def note_bounce(parts: Parts, content: bytes) -> str:
    """Note what the report says; answers in a sentence what was done."""
    found = read_bounce(content, parts.settings.log_name)
    if found is None:
        return "no report of a failed delivery of a mail of ours: nothing was noted"
    try:
        parts.bus.handle(NoteReturn(found.mail, found.problem), SYSTEM)
    except NotFoundError:
        return f"{found.mail} is no mail of ours: nothing was noted"
    return f"{found.mail} came back: {found.problem}"


def read_bounce(content: bytes, log_name: str) -> Bounce | None:
    """What a delivery report says; None for other mail, and for reports of a mere delay."""
    message = message_from_bytes(content, policy=policy.default)
    parts = list(message.walk())
    blocks = [block for part in parts for block in _status_blocks(part)]
    failed = [each for each in blocks if _field(each, "Action").lower() == _FAILED]
    mail = next((key for part in parts for key in _ids(part, message, log_name)), "")
    if not failed or not mail:
        return None
    said = _field(failed[0], "Diagnostic-Code") or _field(failed[0], "Status")
    return Bounce(mail, said.removeprefix("smtp;").strip() or _FAILED)


def _status_blocks(part: Message) -> Iterator[Message]:
    if part.get_content_type() == "message/delivery-status" and part.is_multipart():
        yield from cast(list[Message], part.get_payload())


def _ids(part: Message, report: Message, log_name: str) -> Iterator[str]:
    """Ids of ours in the mail that is sent back, whole or its headers alone."""
    kind = part.get_content_type()
    returned: Any = None
    if kind == "text/rfc822-headers":
        payload = cast(bytes, part.get_payload(decode=True) or b"")
        returned = message_from_bytes(payload, policy=policy.default)
    elif part is not report and part["Message-ID"]:
        returned = part
    if returned is not None:
        key, _, place = _field(returned, "Message-ID").strip("<>").partition("@")
        if key and place == log_name:
            yield key


def _field(message: Message, name: str) -> str:
    return one_line(str(message[name] or ""))
