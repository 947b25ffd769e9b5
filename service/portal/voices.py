"""What employees and citizens do in the portal: give, talk, answer, and follow what came of it."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.ballots import CastBallot
from engine.commands.bus import Command, CommandBus
from engine.commands.contributions import GiveContribution
from engine.commands.discussion import MakeRemark
from engine.errors import EngineError, NotFoundError
from engine.queries.contributions import picture_of
from engine.queries.polls import answers_of, polls_page
from engine.queries.portal import portal_page
from engine.queries.trace import trace_page
from service.dependencies import Bus, Everything, Limits
from service.pages.files import inline
from service.pages.polls import answers_in, asked_in
from service.pages.posting import Posted
from service.pages.rendering import go
from service.pages.tracing import shown_trace
from service.pictures import drawn_anew
from service.portal.home import Counted, show_again, shown
from service.portal.visit import Here, Sent, Stay
from service.security.floods import Floods
from service.wiring import Parts

router = APIRouter(include_in_schema=False)


@router.get("/portal/pictures/{attachment}")
def show_picture(attachment: str, here: Here) -> Response:
    return inline(picture_of(here.view, here.place.procurement, attachment))


@router.get("/portal/trace")
def show_trace(here: Here, kind: str = "", of: str = "") -> HTMLResponse:
    found = trace_page(here.view, here.place.procurement)
    return here.show("portal/trace.html", shown_trace(found, kind, of))


@router.post("/portal/contributions")
def contribute(here: Here, bus: Bus, sent: Sent, parts: Everything, limits: Limits) -> Response:
    return _act(_contribution, "contributed", here, bus, sent, parts, limits)


@router.post("/portal/remarks")
def remark(here: Here, bus: Bus, sent: Sent, parts: Everything, limits: Limits) -> Response:
    return _act(_remark, "contribution-remark", here, bus, sent, parts, limits)


@router.post("/portal/ballots")
def answer(here: Here, bus: Bus, sent: Sent, parts: Everything, limits: Limits) -> Response:
    return _act(_ballot, "poll-cast", here, bus, sent, parts, limits)


@router.post("/portal/ballots/find")
def find_ballot(here: Here, sent: Sent) -> HTMLResponse:
    """What the ballot of a receipt was counted as. The receipt is kept nowhere."""
    page = portal_page(here.view)
    asked = page.voices.polls if page.voices else ()
    found = {each.id: answers_of(each, sent["receipt"]) for each in asked}
    if sent["poll"] not in found:
        raise NotFoundError("poll", sent["poll"])
    counted = Counted(sent["poll"], found[sent["poll"]])
    return here.show("portal/home.html", shown(here, counted=counted))


def _act(
    make: Callable[[Stay, Posted], Command],
    done: str,
    here: Stay,
    bus: CommandBus,
    sent: Posted,
    parts: Parts,
    limits: Floods,
) -> Response:
    try:
        limits.writing.pass_one(here.guest.actor.id, parts.clock.now())
        bus.handle(make(here, sent), here.guest.actor, request=sent.request)
    except EngineError as error:
        return show_again(here, sent, error)
    at = {"at": sent["contribution"]} if sent["contribution"] else {}
    return go("/portal", done=done, **at)


def _contribution(here: Stay, sent: Posted) -> GiveContribution:
    return GiveContribution(
        here.place.procurement,
        sent["kind"],
        sent["text"],
        named=sent["named"] == "true",
        on_behalf=sent["on_behalf"],
        pictures=tuple(drawn_anew(file, sent["shows"]) for _, file in sent.uploads()),
    )


def _remark(here: Stay, sent: Posted) -> MakeRemark:
    return MakeRemark(
        here.place.procurement, sent["contribution"], sent["text"], sent["named"] == "true"
    )


def _ballot(here: Stay, sent: Posted) -> CastBallot:
    poll = asked_in(polls_page(here.view, here.place.procurement), sent["poll"])
    return CastBallot(here.place.procurement, poll.id, answers_in(sent, poll), sent["receipt"])
