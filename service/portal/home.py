"""What a participant sees: the case, what was shared, and what they can give."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.contributions import GiveContribution
from engine.errors import EngineError
from engine.queries.portal import PortalPage, portal_page
from service.dependencies import Bus, Everything, Limits
from service.errors import Explanation, explain
from service.pages.rendering import go
from service.portal.visit import Here, Sent

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    portal: PortalPage
    typed: Mapping[str, str]
    problem: Explanation | None


@router.get("/portal")
def show_portal(here: Here) -> HTMLResponse:
    return here.show("portal/home.html", Shown(portal_page(here.view), {}, None))


@router.post("/portal/contributions")
def contribute(here: Here, bus: Bus, sent: Sent, parts: Everything, limits: Limits) -> Response:
    actor = here.guest.actor
    command = GiveContribution(
        here.place.procurement, sent["kind"], sent["text"], named=sent["named"] == "true"
    )
    try:
        limits.writing.pass_one(actor.id, parts.clock.now())
        bus.handle(command, actor, request=sent.request)
    except EngineError as error:
        problem = explain(error, here.text)
        page = Shown(portal_page(here.view), dict(sent.pairs), problem)
        return here.show("portal/home.html", page, status=problem.status)
    return go("/portal", done="contributed")
