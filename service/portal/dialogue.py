"""A supplier's own dialogue with the buyer: times, minutes, questions, what all know, files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.handing import HandDocument
from engine.commands.inquiries import AnswerInquiry
from engine.commands.meetings import BookSlot, CancelMeeting
from engine.commands.minutes import AnswerMinutes, MarkPassage
from engine.commands.questions import AskQuestion
from engine.errors import EngineError
from engine.queries.conversation import stored_file
from engine.queries.rounds import DialoguePage, dialogue_page, own_document, own_meeting
from service.dependencies import Bus, Everything, Limits
from service.errors import Explanation, explain
from service.pages.files import as_download
from service.pages.posting import Posted, no_such_act
from service.pages.rendering import go
from service.pages.rounds import calendar_entry, one_file
from service.portal.visit import Here, Sent

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """`typed` is what was sent with an act that was refused for `problem`."""

    found: DialoguePage
    typed: Mapping[str, str]
    problem: Explanation | None


@router.get("/portal/dialogue")
def show_dialogue(here: Here) -> HTMLResponse:
    return here.show("portal/dialogue.html", Shown(dialogue_page(here.view), {}, None))


@router.post("/portal/dialogue/{act}")
def act_in_dialogue(
    act: str, here: Here, bus: Bus, sent: Sent, parts: Everything, limits: Limits
) -> Response:
    """One of the acts in `ACTS`."""
    actor = here.guest.actor
    try:
        make = ACTS.get(act)
        if make is None:
            raise no_such_act(act)
        limits.writing.pass_one(actor.id, parts.clock.now())
        bus.handle(make(here.place.procurement, sent), actor, request=sent.request)
    except EngineError as error:
        problem = explain(error, here.text)
        page = Shown(dialogue_page(here.view), dict(sent.pairs), problem)
        return here.show("portal/dialogue.html", page, status=problem.status)
    return go("/portal/dialogue", done=f"dialogue-{act}")


@router.get("/portal/meetings/{key}.ics")
def show_meeting(key: str, here: Here, parts: Everything) -> Response:
    """One's own meeting for the calendar."""
    seen, found = own_meeting(here.view, key)
    return calendar_entry(seen, found, here.text, parts.settings.base_url)


@router.get("/portal/documents/{key}")
def download(key: str, here: Here) -> Response:
    """A document of one's own dialogue, as a download that no browser runs."""
    return as_download(stored_file(here.view, own_document(here.view, key)))


def _hand(key: str, sent: Posted) -> HandDocument:
    file = one_file(sent)
    return HandDocument(key, file.name, file.media_type, file.content, note=sent["note"])


Make = Callable[[str, Posted], Any]

ACTS: Final[Mapping[str, Make]] = MappingProxyType(
    {
        "book": lambda key, sent: BookSlot(key, sent["slot"]),
        "cancel": lambda key, sent: CancelMeeting(key, sent["meeting"], sent["_reason"]),
        "confirm": lambda key, sent: AnswerMinutes(key, sent["minutes"], confirmed=True),
        "correct": lambda key, sent: AnswerMinutes(
            key, sent["minutes"], confirmed=False, objection=sent["objection"]
        ),
        "mark": lambda key, sent: MarkPassage(
            key, sent["minutes"], sent["passage"], True, sent["_reason"]
        ),
        "unmark": lambda key, sent: MarkPassage(key, sent["minutes"], sent["passage"], False),
        "ask": lambda key, sent: AskQuestion(key, sent["text"]),
        "hand": _hand,
        "reply": lambda key, sent: AnswerInquiry(key, sent["inquiry"], sent["reply"]),
    }
)
