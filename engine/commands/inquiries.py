"""A supplier's own reply to what it was asked about its tender."""

from dataclasses import dataclass

from engine.access.policy import Action
from engine.commands import sharing
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.errors import NotFoundError, RejectedError
from engine.model.delivery import PORTAL
from engine.model.events import InquiryAnswered
from engine.store import dialogue


@dataclass(frozen=True, slots=True)
class AnswerInquiry:
    """One reply, at the server's time; whether it came in time stands on record beside it."""

    procurement: str
    inquiry: str
    reply: str


def answer_inquiry(command: AnswerInquiry, session: Session) -> Answer:
    act = Act.open(session, command.procurement)
    place = session.actor.participation
    scope = place.scope if place else ""
    target = act.target(procurement=act.id, scope=scope)
    act.allow(Action.PARTICIPATE, target, kind="procurement", key=act.id)
    act.require_running()
    asked = dialogue.inquiries_of(session.work.connection, act.id, scope) if scope else []
    found = next((each for each in asked if each.id == command.inquiry), None)
    if found is None:
        raise NotFoundError("inquiry", command.inquiry)
    if found.replied_at is not None:
        raise RejectedError(
            "The reply is on record already. Hand in a document in the dialogue if there is more.",
            inquiry=found.id,
        )
    reply = sharing.checked(command.reply)
    act.record(InquiryAnswered(found.id, scope, reply, act.now.isoformat(), PORTAL))
    return {"procurement": act.id}
