"""Documents of the dialogue with one supplier: from the buyer, and to the buyer."""

from dataclasses import dataclass
from uuid import uuid4

from engine.access.policy import Action
from engine.commands import attachments, sharing
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.meetings import require_in_competition
from engine.errors import (
    InvalidInputError,
    NotFoundError,
    TextLengthError,
)
from engine.model import events as e
from engine.model.dialogue import RECEIVED, SENT
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
    act, scope, direction = _opened(command, session)
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
    return {"procurement": act.id, "document": key}


def _opened(command: HandDocument, session: Session) -> tuple[Act, str, str]:
    """The act, whose document it is, and which way it goes."""
    place = session.actor.participation
    if place is None:
        act = sharing.arrange(session, command.procurement, command.scope)
        if not command.scope:
            raise InvalidInputError("Say which supplier it is for.", scope="")
        return act, command.scope, SENT
    act = Act.open(session, command.procurement)
    target = act.target(procurement=act.id, scope=place.scope)
    act.allow(Action.PARTICIPATE, target, kind="procurement", key=act.id)
    act.require_running()
    if not place.scope or command.scope not in ("", place.scope):
        raise NotFoundError("supplier", command.scope)
    return act, place.scope, RECEIVED
