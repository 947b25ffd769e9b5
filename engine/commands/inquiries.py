"""A supplier's own reply to what it was asked about its tender."""

from dataclasses import dataclass

from engine.commands import sharing
from engine.commands.environment import Answer, Session
from engine.commands.own_place import of_supplier
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
    act, scope = of_supplier(session, command.procurement)
    asked = dialogue.inquiries_of(session.work.connection, act.id, scope)
    found = next((each for each in asked if each.id == command.inquiry), None)
    if found is None:
        raise NotFoundError("inquiry", command.inquiry)
    if found.replied_at is not None:
        raise RejectedError(
            "The reply is on record already. Hand in a document in the dialogue if there is more.",
            inquiry=found.id,
            about="replied-already",
        )
    reply = sharing.checked(command.reply)
    act.record(InquiryAnswered(found.id, scope, reply, act.now.isoformat(), PORTAL))
    return {"procurement": act.id}
