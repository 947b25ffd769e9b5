"""Minutes as their supplier meets them: confirmed or corrected, and marked passage by passage.

A confirmation completes the task of the process that waits for it. An objection is for the lead,
who corrects the minutes or says why they stand.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from engine.commands import dialogue_forms, sharing, tasks
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.own_place import of_supplier
from engine.commands.telling import tell_suppliers
from engine.errors import (
    MinutesSettledError,
    NotFoundError,
    ReasonMissingError,
    RejectedError,
)
from engine.model import events as e
from engine.model.dialogue import FINAL_MINUTES, MinutesRecord, MinutesState
from engine.model.mails import MailKind
from engine.store import dialogue

FORM: Final = "minutes-confirmation"


@dataclass(frozen=True, slots=True)
class AnswerMinutes:
    """The supplier's own answer: confirmed, or else what is wrong."""

    procurement: str
    minutes: str
    confirmed: bool
    objection: str = ""


def answer_minutes(command: AnswerMinutes, session: Session) -> Answer:
    act, found = _of_supplier(session, command.procurement, command.minutes)
    if found.state in FINAL_MINUTES:
        raise MinutesSettledError("These minutes are settled already.", minutes=found.id)
    objection = "" if command.confirmed else sharing.checked(command.objection)
    act.record(e.MinutesAnswered(found.id, found.scope, command.confirmed, objection))
    if command.confirmed:
        content = {"confirmed": True, "answered_at": act.now.isoformat()}
        _complete_waiting(act, found, content)
    return {"procurement": act.id}


def _complete_waiting(act: Act, found: MinutesRecord, content: dict[str, Any]) -> None:
    """A task that waits for the supplier's answer waits for the newest minutes, no older ones."""
    newest = dialogue_forms.newest_minutes(act, found.scope)
    if newest is not None and newest.id == found.id:
        tasks.complete_waiting(act, FORM, found.scope, content)


@dataclass(frozen=True, slots=True)
class MarkPassage:
    """What the supplier wants kept from others, with the reason; or no longer."""

    procurement: str
    minutes: str
    passage: str
    confidential: bool
    reason: str = ""


def mark_passage(command: MarkPassage, session: Session) -> Answer:
    act, found = _of_supplier(session, command.procurement, command.minutes)
    if command.passage not in {each["id"] for each in found.passages}:
        raise NotFoundError("passage", command.passage)
    if command.confidential and not command.reason.strip():
        raise ReasonMissingError(
            "Say why this is confidential: the buyer weighs it against access by law.",
            procurement=act.id,
        )
    passages = [_marked(each, command, act.now) for each in found.passages]
    if passages != found.passages:
        act.record(e.PassagesMarked(found.id, found.scope, passages))
    return {"procurement": act.id}


def _marked(passage: dict[str, Any], command: MarkPassage, now: datetime) -> dict[str, Any]:
    """With since when it is marked: what went to all before is no breach of the mark."""
    if passage["id"] != command.passage:
        return passage
    reason = command.reason.strip() if command.confidential else ""
    since = passage.get("marked_at", "") if passage["confidential"] else now.isoformat()
    mark = {"confidential": command.confidential, "reason": reason}
    return {**passage, **mark, "marked_at": since if command.confidential else ""}


@dataclass(frozen=True, slots=True)
class SettleMinutes:
    """How an objection was met: the correction, or why the minutes stand."""

    procurement: str
    minutes: str
    settled: str


def settle_minutes(command: SettleMinutes, session: Session) -> Answer:
    found = _find(session, command.procurement, command.minutes)
    act = sharing.arrange(session, command.procurement, found.scope if found else "")
    if found is None:
        raise NotFoundError("minutes", command.minutes)
    if found.state != MinutesState.OBJECTED:
        raise RejectedError(
            "No objection waits to be settled.", minutes=found.id, about="no-objection"
        )
    settled = sharing.checked(command.settled)
    act.record(e.MinutesSettled(found.id, found.scope, settled))
    tell_suppliers(act, MailKind.ANSWERED, [found.scope])
    content = {
        "confirmed": False,
        "answered_at": (found.answered_at or act.now).isoformat(),
        "objection": found.objection,
        "settled": settled,
    }
    _complete_waiting(act, found, content)
    return {"procurement": act.id}


def _of_supplier(session: Session, procurement: str, key: str) -> tuple[Act, MinutesRecord]:
    """Minutes of the participant's own supplier; those of another are not there."""
    act, scope = of_supplier(session, procurement)
    found = _find(session, procurement, key)
    if found is None or found.scope != scope:
        raise NotFoundError("minutes", key)
    return act, found


def _find(session: Session, procurement: str, key: str) -> MinutesRecord | None:
    found = dialogue.minutes_of(session.work.connection, procurement)
    return next((each for each in found if each.id == key), None)
