"""Documents of the dialogue with one supplier: from the buyer, and to the buyer."""

from dataclasses import dataclass
from uuid import uuid4

from engine.commands import attachments
from engine.commands.environment import Answer, Session
from engine.commands.meetings import require_in_competition
from engine.commands.sharing import with_supplier
from engine.commands.telling import tell_suppliers
from engine.errors import TextLengthError
from engine.model import events as e
from engine.model.dialogue import RECEIVED, SENT
from engine.model.mails import MailKind
from engine.store import dialogue

LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class HandDocument:
    """Members put a document for the supplier `scope`; a participant hands one in for its own."""

    procurement: str
    name: str
    media_type: str
    content: bytes
    scope: str = ""
    note: str = ""


def hand_document(command: HandDocument, session: Session) -> Answer:
    act, scope = with_supplier(session, command.procurement, command.scope)
    direction = RECEIVED if session.actor.participation else SENT
    if len(command.note) > LONGEST_NOTE:
        raise TextLengthError(len(command.note), LONGEST_NOTE)
    require_in_competition(act, scope)
    file = attachments.File(command.name, command.media_type, command.content)
    attachment = attachments.attach(act, file, scope=scope)
    here = dialogue.open_round(session.work.connection, act.id)
    key = uuid4().hex
    act.record(
        e.DocumentHanded(
            key, here.id if here else "", scope, attachment, direction, command.note.strip()
        )
    )
    if direction == SENT:
        tell_suppliers(act, MailKind.HANDED, [scope])
    return {"procurement": act.id, "document": key}
