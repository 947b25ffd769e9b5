"""Rounds with suppliers: agenda, times, meetings, minutes, what all must know, questions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

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
from engine.commands.sharing import (
    CHANNELS,
    DropItem,
    NoteItem,
    ReleaseInformation,
    Text,
)
from engine.errors import (
    EngineError,
    FileCountError,
    InvalidInputError,
)
from engine.model.meeting import MeetingRecord
from engine.queries.parties import buyer_of
from engine.queries.rounds import RoundsPage, rounds_page
from engine.queries.view import Seen, see_procurement
from service.calendars import MEDIA_TYPE, meeting_file
from service.dependencies import Bus
from service.errors import explain
from service.i18n import Translator
from service.pages.moments import typed_moment
from service.pages.posting import Posted, Sent, no_such_act
from service.pages.refusals import NOTHING_REFUSED, Refusal
from service.pages.rendering import go
from service.pages.visit import Here, Visit

router = APIRouter(include_in_schema=False)

MOST_TIMES: Final = 50


@dataclass(frozen=True, slots=True)
class Shown:
    found: RoundsPage
    refusal: Refusal
    channels: tuple[str, ...] = CHANNELS


@router.get("/procurements/{key}/rounds")
def show_rounds(key: str, here: Here) -> HTMLResponse:
    return here.show("rounds/rounds.html", _shown(here, key))


@router.post("/procurements/{key}/rounds/{act}")
def act_on_rounds(key: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """One of the acts in `ACTS`."""
    try:
        make = ACTS.get(act)
        if make is None:
            raise no_such_act(act)
        bus.handle(make(key, sent), here.person.actor, request=sent.request)
    except EngineError as error:
        problem = explain(error, here.text)
        page = _shown(here, key, Refusal(act, sent, problem))
        return here.show("rounds/rounds.html", page, status=problem.status)
    return go(f"/procurements/{key}/rounds", done=f"rounds-{act}")


def _shown(here: Visit, key: str, refusal: Refusal = NOTHING_REFUSED) -> Shown:
    return Shown(rounds_page(see_procurement(here.view, key)), refusal)


def _offer(key: str, sent: Posted) -> OfferSlots:
    """So many times of equal length, one after the other."""
    start, length = typed_moment(sent["starts_at"]), _whole(sent["minutes"], 720)
    pause, count = _whole(sent["pause"] or "0", 720), _whole(sent["count"] or "1", MOST_TIMES)
    step = timedelta(minutes=length + pause)
    times = tuple(
        OfferedSlot(
            start + step * number, start + step * number + timedelta(minutes=length), sent["place"]
        )
        for number in range(count)
    )
    return OfferSlots(key, sent["occasion"], sent["kind"], times, scope=sent["scope"])


def _hold(key: str, sent: Posted) -> HoldMeeting:
    return HoldMeeting(
        key,
        sent["meeting"],
        typed_moment(sent["began_at"]),
        typed_moment(sent["ended_at"]),
        tuple(sent["ours"].splitlines()),
        tuple(sent["theirs"].splitlines()),
    )


def _note(key: str, sent: Posted) -> NoteItem:
    learned_at = typed_moment(sent["learned_at"])
    return NoteItem(key, sent["scope"], sent["said"], learned_at, sent["channel"], sent["question"])


def _release(key: str, sent: Posted) -> ReleaseInformation:
    """Each item whose wording was written, and what the buyer tells besides."""
    texts = [
        Text(value, int(name.removeprefix("item-")))
        for name, value in sent.pairs
        if name.startswith("item-") and name.removeprefix("item-").isdecimal() and value.strip()
    ]
    extra = sent["extra"].strip()
    return ReleaseInformation(key, (*texts, *([Text(extra)] if extra else [])))


def _hand(key: str, sent: Posted) -> HandDocument:
    file = one_file(sent)
    return HandDocument(key, file.name, file.media_type, file.content, sent["scope"], sent["note"])


def one_file(sent: Posted) -> Any:
    """The file that was chosen; raises InvalidInputError for none."""
    files = [file for _, file in sent.uploads()]
    if len(files) != 1:
        raise FileCountError("Choose one file.", count=len(files), most=1)
    return files[0]


def calendar_entry(seen: Seen, found: MeetingRecord, text: Translator, origin: str) -> Response:
    """A supplier's meeting as a file for its calendar; `origin` is the address of the platform."""
    what = text("meeting.with", other=buyer_of(seen), reference=seen.row.reference)
    return Response(
        meeting_file(found, what, f"{origin}/portal/dialogue", seen.view.now),
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": 'attachment; filename="meeting.ics"'},
    )


def _whole(text: str, most: int) -> int:
    if not text.strip().isdecimal() or int(text) > most:
        raise InvalidInputError(
            f"Write a whole number up to {most}, not «{text}».",
            most=most,
            about="whole-number-up-to",
            text=text,
        )
    return int(text)


Make = Callable[[str, Posted], Any]

ACTS: Final[Mapping[str, Make]] = MappingProxyType(
    {
        "offer": _offer,
        "withdraw": lambda key, sent: WithdrawSlot(key, sent["slot"]),
        "book": lambda key, sent: BookSlot(key, sent["slot"], sent["scope"]),
        "cancel": lambda key, sent: CancelMeeting(key, sent["meeting"], sent["_reason"]),
        "hold": _hold,
        "settle": lambda key, sent: SettleMinutes(key, sent["minutes"], sent["settled"]),
        "note": _note,
        "drop": lambda key, sent: DropItem(key, sent["item"], sent["_reason"]),
        "release": _release,
        "answer": lambda key, sent: AnswerQuestion(
            key, sent["about"], ((sent["question"], sent["answer"]),)
        ),
        "refuse": lambda key, sent: RefuseQuestion(key, sent["about"], sent["_reason"]),
        "release-answers": lambda key, _sent: ReleaseAnswers(key),
        "hand": _hand,
    }
)
