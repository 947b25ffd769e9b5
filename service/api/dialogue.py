"""A supplier's own dialogue with the buyer, without an account: the same acts as in the portal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Form
from fastapi.responses import Response

from engine.commands.handing import HandDocument
from engine.commands.inquiries import AnswerInquiry
from engine.commands.meetings import BookSlot, CancelMeeting
from engine.commands.minutes import AnswerMinutes, MarkPassage
from engine.commands.questions import AskQuestion
from engine.queries.conversation import stored_file
from engine.queries.rounds import dialogue_page, own_document, own_meeting
from service.api.conversation import OneFile, sent_file
from service.api.rounds import (
    DocumentDone,
    DocumentTold,
    MeetingDone,
    MeetingTold,
    MinutesTold,
    RoundTold,
    SlotTold,
    SomeProse,
    TextTold,
)
from service.api.routing import (
    ACT_PROBLEMS,
    FILE_PROBLEMS,
    PortalRoute,
    RequestId,
    content,
    make_router,
)
from service.api.shapes import Asked, IdInPath, ProcurementDone, Prose, Reasoned, Told
from service.dependencies import Bus, Everything, Guest, GuestReader, Limits, Text, place_of
from service.pages.files import as_download
from service.pages.rounds import calendar_entry

router = make_router("dialogue", route=PortalRoute)

DIALOGUE: Final = "/portal/dialogue"


class OwnRoundTold(Told):
    """`times` can be booked now."""

    round: RoundTold
    times: list[SlotTold]
    meetings: list[MeetingTold]
    minutes: list[MinutesTold]


class SharedTold(Told):
    """What all were given at one moment; `kind` is information or answers."""

    kind: str
    texts: list[TextTold]
    at: datetime


class OwnQuestionTold(Told):
    """`state` is asked, refused or released; `late` is the rule it came too late for."""

    id: str
    text: str
    asked_at: datetime
    state: str
    late: Mapping[str, Any]
    refused: str


class InquiryTold(Told):
    """What you were asked about your tender, and your reply, "" until you gave one."""

    id: str
    kind: str
    text: str
    asked_at: datetime
    reply_by: datetime
    reply: str
    replied_at: datetime | None


class Dialogue(Told):
    """Your own supplier's, and nobody else's. `times`, `meetings` and `minutes` are of no round."""

    reference: str
    title: str
    organisation: str
    supplier: str
    may_act: bool
    rounds: list[OwnRoundTold]
    times: list[SlotTold]
    meetings: list[MeetingTold]
    minutes: list[MinutesTold]
    shared: list[SharedTold]
    questions: list[OwnQuestionTold]
    documents: list[DocumentTold]
    inquiries: list[InquiryTold]


class MinutesAnswer(Asked):
    """Confirmed, or else what is wrong and what it should say."""

    confirmed: bool
    objection: Prose = ""


class Mark(Asked):
    confidential: bool
    reason: Prose = ""


class NewQuestion(Asked):
    text: SomeProse


class InquiryReply(Asked):
    reply: SomeProse


class QuestionDone(ProcurementDone):
    question: str


def limit_writing(guest: Guest, parts: Everything, limits: Limits) -> None:
    """Raises TooManyError for who writes too often."""
    limits.writing.pass_one(guest.actor.id, parts.clock.now())


LIMITED: Final = [Depends(limit_writing)]


@router.get(DIALOGUE)
def show_dialogue(view: GuestReader) -> Dialogue:
    """Rounds, times, minutes, what all were told, your questions and documents."""
    return Dialogue.model_validate(dialogue_page(view))


@router.post("/portal/slots/{slot}/book", responses=ACT_PROBLEMS, dependencies=LIMITED)
def book_slot(slot: IdInPath, bus: Bus, guest: Guest, request: RequestId) -> MeetingDone:
    """Book a time, or move your meeting to it."""
    command = BookSlot(place_of(guest).procurement, slot)
    return MeetingDone.model_validate(bus.handle(command, guest.actor, request=request))


@router.post("/portal/meetings/{meeting}/cancel", responses=ACT_PROBLEMS, dependencies=LIMITED)
def cancel_meeting(
    meeting: IdInPath, asked: Reasoned, bus: Bus, guest: Guest, request: RequestId
) -> ProcurementDone:
    """Your meeting will not be held."""
    command = CancelMeeting(place_of(guest).procurement, meeting, asked.reason)
    return ProcurementDone.model_validate(bus.handle(command, guest.actor, request=request))


@router.post("/portal/minutes/{minutes}/answer", responses=ACT_PROBLEMS, dependencies=LIMITED)
def answer_minutes(
    minutes: IdInPath, asked: MinutesAnswer, bus: Bus, guest: Guest, request: RequestId
) -> ProcurementDone:
    """Confirm the minutes, or correct them."""
    command = AnswerMinutes(place_of(guest).procurement, minutes, asked.confirmed, asked.objection)
    return ProcurementDone.model_validate(bus.handle(command, guest.actor, request=request))


@router.post(
    "/portal/minutes/{minutes}/passages/{passage}/mark",
    responses=ACT_PROBLEMS,
    dependencies=LIMITED,
)
def mark_passage(
    minutes: IdInPath,
    passage: IdInPath,
    asked: Mark,
    bus: Bus,
    guest: Guest,
    request: RequestId,
) -> ProcurementDone:
    """Ask that a passage is kept from others, with the reason; or no longer."""
    command = MarkPassage(
        place_of(guest).procurement, minutes, passage, asked.confidential, asked.reason
    )
    return ProcurementDone.model_validate(bus.handle(command, guest.actor, request=request))


@router.post("/portal/questions", status_code=201, responses=ACT_PROBLEMS, dependencies=LIMITED)
def ask_question(asked: NewQuestion, bus: Bus, guest: Guest, request: RequestId) -> QuestionDone:
    """Ask; the answer goes to all at once, and nobody is told who asked."""
    command = AskQuestion(place_of(guest).procurement, asked.text)
    return QuestionDone.model_validate(bus.handle(command, guest.actor, request=request))


@router.post("/portal/inquiries/{inquiry}/reply", responses=ACT_PROBLEMS, dependencies=LIMITED)
def answer_inquiry(
    inquiry: IdInPath, asked: InquiryReply, bus: Bus, guest: Guest, request: RequestId
) -> ProcurementDone:
    """Reply, once, to what you were asked about your tender."""
    command = AnswerInquiry(place_of(guest).procurement, inquiry, asked.reply)
    return ProcurementDone.model_validate(bus.handle(command, guest.actor, request=request))


@router.post("/portal/documents", status_code=201, responses=FILE_PROBLEMS, dependencies=LIMITED)
def hand_document(
    file: OneFile,
    guest: Guest,
    parts: Everything,
    request: RequestId,
    note: Annotated[str, Form(max_length=1000)] = "",
) -> DocumentDone:
    """Hand a document in to the dialogue."""
    sent = sent_file(file, parts.settings.upload_bytes)
    command = HandDocument(
        place_of(guest).procurement, sent.name, sent.media_type, sent.content, note=note
    )
    return DocumentDone.model_validate(parts.bus.handle(command, guest.actor, request=request))


@router.get(
    "/portal/meetings/{meeting}/calendar",
    response_class=Response,
    responses=content("text/calendar"),
)
def show_meeting(meeting: IdInPath, view: GuestReader, text: Text, parts: Everything) -> Response:
    """Your meeting, for the calendar."""
    seen, found = own_meeting(view, meeting)
    return calendar_entry(seen, found, text, parts.settings.base_url)


@router.get(
    "/portal/documents/{document}",
    response_class=Response,
    responses=content("application/octet-stream"),
)
def download(document: IdInPath, view: GuestReader) -> Response:
    """A document of your dialogue, as a download that no browser runs."""
    return as_download(stored_file(view, own_document(view, document)))
