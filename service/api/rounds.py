"""Rounds with suppliers, for those who lead them: the same acts as on the page."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Form
from pydantic import Field

from engine.commands.handing import HandDocument
from engine.commands.meetings import (
    BookSlot,
    CancelMeeting,
    HoldMeeting,
    OfferedSlot,
    OfferSlots,
    WithdrawSlot,
)
from engine.commands.minutes import SettleMinutes
from engine.commands.questions import AnswerQuestion, RefuseQuestion, ReleaseAnswers
from engine.commands.sharing import DropItem, NoteItem, ReleaseInformation, Text
from engine.queries.rounds import rounds_page
from engine.queries.view import see_at
from service.api.conversation import OneFile, sent_file
from service.api.routing import ACT_PROBLEMS, FILE_PROBLEMS, AsOf, RequestId, make_router
from service.api.shapes import (
    Asked,
    Id,
    IdInPath,
    Key,
    KeyOrNone,
    Line,
    Moment,
    ProcurementDone,
    Prose,
    Reasoned,
    Told,
)
from service.dependencies import Bus, Everything, Person, Reader

router = make_router("rounds")

OF: Final = "/procurements/{procurement}"
Short = Annotated[str, Field(max_length=300)]
SomeProse = Annotated[Prose, Field(min_length=1)]


class RoundTold(Told):
    """`kind` is dialogue or negotiation; `closed_at` null while it goes on."""

    id: str
    number: int
    kind: str
    topics: str
    questions: str
    may_eliminate: bool
    criteria: str
    is_final: bool
    opened_at: datetime
    closed_at: datetime | None


class SlotTold(Told):
    """A time; `scope` is the supplier it is for."""

    id: str
    occasion: str
    kind: str
    lot: str
    scope: str
    starts_at: datetime
    ends_at: datetime
    place: str


class OfferedTold(Told):
    """`taken_by` is the name of the supplier that has booked it."""

    slot: SlotTold
    kept_for: str
    taken_by: str


class MeetingTold(Told):
    """`status` is booked, held or cancelled; `ours` and `theirs` are those who came."""

    id: str
    occasion: str
    kind: str
    lot: str
    scope: str
    starts_at: datetime
    ends_at: datetime
    place: str
    status: str
    began_at: datetime | None
    ended_at: datetime | None
    ours: list[str]
    theirs: list[str]


class PassageTold(Told):
    """`kind` is agenda, said, question, commitment or marked."""

    id: str
    kind: str
    text: str
    answer: str
    who: str
    by: str
    confidential: bool
    reason: str


class MinutesTold(Told):
    """`state` is sent, confirmed, objected or settled."""

    id: str
    meeting: str
    scope: str
    passages: list[PassageTold]
    state: str
    objection: str
    settled: str
    sent_at: datetime
    answered_at: datetime | None


class WithTold(Told):
    key: str
    name: str
    meetings: list[MeetingTold]
    minutes: list[MinutesTold]


class ShareTold(Told):
    """One supplier's part of the round: `minutes` in meetings; `lacks` topics that others had;
    `behind` items it does not know; `lag` the longest time behind, in minutes."""

    supplier: str
    minutes: int
    lacks: list[str]
    behind: int
    lag: int


class ParityTold(Told):
    """`spread` in per cent of the longest meeting time."""

    shares: list[ShareTold]
    longest: int
    spread: int
    time_even: bool
    topics_even: bool
    knowledge_even: bool


class RoundView(Told):
    """`parity` is null for those who may not see every supplier."""

    round: RoundTold
    slots: list[OfferedTold]
    suppliers: list[WithTold]
    parity: ParityTold | None


class ItemTold(Told):
    """What one supplier learned; it `waits` until all know, or it is `dropped` with a reason."""

    id: str
    number: int
    round: str
    origin: str
    scope: str
    question: str
    said: str
    learned_at: datetime
    channel: str
    release: str
    dropped: str
    waits: bool


class TextTold(Told):
    question: str
    text: str


class ReleaseTold(Told):
    """What all were given at one moment; `kind` is information or answers."""

    id: str
    kind: str
    texts: list[TextTold]
    recipients: list[str]
    at: datetime


class PairTold(Told):
    question: str
    answer: str


class QuestionTold(Told):
    """`state` is asked, answered, refused or released; `driven` ones have tasks of their own."""

    id: str
    number: int
    scope: str
    asked_by: str
    text: str
    asked_at: datetime
    channel: str
    late_why: dict[str, Any]
    driven: bool
    state: str
    pairs: list[PairTold]
    refused: str
    release: str


class HandedTold(Told):
    """`direction` is to-supplier or from-supplier; `attachment` is the file."""

    id: str
    scope: str
    attachment: str
    direction: str
    note: str
    at: datetime


class DocumentTold(Told):
    document: HandedTold
    name: str


class Rounds(Told):
    """`limit` is how much meeting time may differ, in per cent of the longest."""

    rounds: list[RoundView]
    items: list[ItemTold]
    releases: list[ReleaseTold]
    questions: list[QuestionTold]
    documents: list[DocumentTold]
    limit: int


class NewSlot(Asked):
    starts_at: Moment
    ends_at: Moment
    place: Short = ""


class NewSlots(Asked):
    """`occasion` is the id of a round; with `scope` the times are for one supplier, else
    dealt out among all who take part: at least one each."""

    occasion: Id
    kind: Key
    slots: Annotated[tuple[NewSlot, ...], Field(min_length=1, max_length=200)]
    lot: KeyOrNone = ""
    scope: KeyOrNone = ""


class SlotsDone(ProcurementDone):
    slots: list[str]


class Booking(Asked):
    scope: Key


class MeetingDone(ProcurementDone):
    meeting: str


class Attendance(Asked):
    """`ours` and `theirs` are names."""

    began_at: Moment
    ended_at: Moment
    ours: Annotated[tuple[Line, ...], Field(min_length=1, max_length=60)]
    theirs: Annotated[tuple[Line, ...], Field(min_length=1, max_length=60)]


class Settlement(Asked):
    settled: SomeProse


class NewItem(Asked):
    """`channel` is phone, meeting, mail, portal or other."""

    scope: Key
    said: SomeProse
    learned_at: Moment
    channel: Key
    question: Prose = ""


class ItemDone(ProcurementDone):
    item: str
    number: int


class NewText(Asked):
    """`item` is the number of the item it is the wording of, 0 for none."""

    text: SomeProse
    item: Annotated[int, Field(ge=0, le=100_000)] = 0


class NewRelease(Asked):
    texts: Annotated[tuple[NewText, ...], Field(min_length=1, max_length=200)]


class ReleaseDone(ProcurementDone):
    release: str


class NewPair(Asked):
    question: SomeProse
    answer: SomeProse


class NewAnswer(Asked):
    """Written so that nobody sees who asked."""

    pairs: Annotated[tuple[NewPair, ...], Field(min_length=1, max_length=50)]


class DocumentDone(ProcurementDone):
    document: str


@router.get(OF + "/rounds")
def show_rounds(procurement: IdInPath, view: Reader, as_of: AsOf = None) -> Rounds:
    """Rounds, the newest first, whether all are treated alike, and what all were told."""
    with see_at(view, procurement, as_of) as seen:
        return Rounds.model_validate(rounds_page(seen))


@router.post(OF + "/slots", status_code=201, responses=ACT_PROBLEMS)
def offer_slots(
    procurement: IdInPath, asked: NewSlots, bus: Bus, person: Person, request: RequestId
) -> SlotsDone:
    """Offer times for meetings, all or none."""
    slots = tuple(OfferedSlot(each.starts_at, each.ends_at, each.place) for each in asked.slots)
    command = OfferSlots(procurement, asked.occasion, asked.kind, slots, asked.lot, asked.scope)
    return SlotsDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(OF + "/slots/{slot}/withdraw", responses=ACT_PROBLEMS)
def withdraw_slot(
    procurement: IdInPath, slot: IdInPath, bus: Bus, person: Person, request: RequestId
) -> ProcurementDone:
    """Nobody can book it any more."""
    answer = bus.handle(WithdrawSlot(procurement, slot), person.actor, request=request)
    return ProcurementDone.model_validate(answer)


@router.post(OF + "/slots/{slot}/book", responses=ACT_PROBLEMS)
def book_slot(
    procurement: IdInPath,
    slot: IdInPath,
    asked: Booking,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> MeetingDone:
    """Book for a supplier, or move its meeting."""
    answer = bus.handle(BookSlot(procurement, slot, asked.scope), person.actor, request=request)
    return MeetingDone.model_validate(answer)


@router.post(OF + "/meetings/{meeting}/cancel", responses=ACT_PROBLEMS)
def cancel_meeting(
    procurement: IdInPath,
    meeting: IdInPath,
    asked: Reasoned,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """It will not be held; calendars are told."""
    command = CancelMeeting(procurement, meeting, asked.reason)
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(OF + "/meetings/{meeting}/hold", responses=ACT_PROBLEMS)
def hold_meeting(
    procurement: IdInPath,
    meeting: IdInPath,
    asked: Attendance,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """Put down that it was held, and who came."""
    command = HoldMeeting(procurement, meeting, **dict(asked))
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(OF + "/minutes/{minutes}/settle", responses=ACT_PROBLEMS)
def settle_minutes(
    procurement: IdInPath,
    minutes: IdInPath,
    asked: Settlement,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """The correction, or why the minutes stand."""
    command = SettleMinutes(procurement, minutes, asked.settled)
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(OF + "/information", status_code=201, responses=ACT_PROBLEMS)
def note_item(
    procurement: IdInPath, asked: NewItem, bus: Bus, person: Person, request: RequestId
) -> ItemDone:
    """Put down what one supplier was told, for instance by telephone."""
    command = NoteItem(procurement, **dict(asked))
    return ItemDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(OF + "/information/{item}/drop", responses=ACT_PROBLEMS)
def drop_item(
    procurement: IdInPath,
    item: IdInPath,
    asked: Reasoned,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """It has no bearing on the competition, and why."""
    command = DropItem(procurement, item, asked.reason)
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(OF + "/releases", status_code=201, responses=ACT_PROBLEMS)
def release_information(
    procurement: IdInPath, asked: NewRelease, bus: Bus, person: Person, request: RequestId
) -> ReleaseDone:
    """Give the texts to all at this moment."""
    command = ReleaseInformation(
        procurement, tuple(Text(each.text, each.item) for each in asked.texts)
    )
    return ReleaseDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(OF + "/questions/{question}/answer", responses=ACT_PROBLEMS)
def answer_question(
    procurement: IdInPath,
    question: IdInPath,
    asked: NewAnswer,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """Keep the answer until all answers are released."""
    pairs = tuple((each.question, each.answer) for each in asked.pairs)
    command = AnswerQuestion(procurement, question, pairs)
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(OF + "/questions/{question}/refuse", responses=ACT_PROBLEMS)
def refuse_question(
    procurement: IdInPath,
    question: IdInPath,
    asked: Reasoned,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """Who asked is told why."""
    command = RefuseQuestion(procurement, question, asked.reason)
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(OF + "/questions/release", status_code=201, responses=ACT_PROBLEMS)
def release_answers(
    procurement: IdInPath, bus: Bus, person: Person, request: RequestId
) -> ReleaseDone:
    """Give every answer that is ready to all at this moment."""
    answer = bus.handle(ReleaseAnswers(procurement), person.actor, request=request)
    return ReleaseDone.model_validate(answer)


@router.post(OF + "/dialogue-documents", status_code=201, responses=FILE_PROBLEMS)
def hand_document(
    procurement: IdInPath,
    file: OneFile,
    scope: Annotated[str, Form(max_length=120)],
    parts: Everything,
    person: Person,
    request: RequestId,
    note: Annotated[str, Form(max_length=1000)] = "",
) -> DocumentDone:
    """Put a document for one supplier's portal."""
    sent = sent_file(file, parts.settings.upload_bytes)
    command = HandDocument(procurement, sent.name, sent.media_type, sent.content, scope, note)
    return DocumentDone.model_validate(parts.bus.handle(command, person.actor, request=request))
