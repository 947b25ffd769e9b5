"""The trace from contributions to benefits as people walk and change it."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.contributions import LinkTrace, UnlinkTrace
from engine.errors import EngineError
from engine.queries.trace import Node, TracePage, trace_page, way_from
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.pages.posting import Posted, Sent, no_such_act
from service.pages.rendering import go
from service.pages.trace import Picture, draw_trace
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ShownTrace:
    """`way` are the ends of the node that was asked for: what it came of, and what came of it."""

    found: TracePage
    picture: Picture
    chosen: Node | None
    came_of: tuple[Node, ...]
    became: tuple[Node, ...]
    problem: Explanation | None


@router.get("/procurements/{key}/trace")
def show_trace(key: str, here: Here, kind: str = "", of: str = "") -> HTMLResponse:
    """The whole trace; with `kind` and `of`, also the way to and from one node."""
    return here.show("contributions/trace.html", shown_trace(trace_page(here.view, key), kind, of))


@router.post("/procurements/{key}/trace/{act}")
def change_trace(key: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """Lay a link, or take one away."""
    try:
        bus.handle(_link(key, act, sent), here.person.actor, request=sent.request)
    except EngineError as error:
        problem = explain(error, here.text)
        page = shown_trace(trace_page(here.view, key), problem=problem)
        return here.show("contributions/trace.html", page, status=problem.status)
    return go(f"/procurements/{key}/trace", done=f"trace-{act}")


def _link(key: str, act: str, sent: Posted) -> Any:
    if act == "unlink":
        return UnlinkTrace(key, sent["link"], sent["_reason"].strip())
    if act != "link":
        raise no_such_act(act)
    source_kind, _, source = sent["source"].partition(":")
    target_kind, _, target = sent["target"].partition(":")
    return LinkTrace(key, source_kind, source, target_kind, target)


def shown_trace(
    found: TracePage, kind: str = "", of: str = "", problem: Explanation | None = None
) -> ShownTrace:
    """The trace with its picture; with `kind` and `of`, also the way to and from one node."""
    nodes = {
        *(each for several in found.nodes.values() for each in several),
        *(each for link in found.links for each in (link.source, link.target)),
    }
    chosen = next((each for each in nodes if (each.kind, each.id) == (kind, of)), None)
    came_of = way_from(found, chosen, forwards=False) if chosen else ()
    became = way_from(found, chosen, forwards=True) if chosen else ()
    return ShownTrace(found, draw_trace(found), chosen, came_of, became, problem)
