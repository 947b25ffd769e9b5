"""What people gave to a procurement, what came of it, and the trace between."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.contributions import (
    AnswerContribution,
    GiveContribution,
    LinkTrace,
    MergeContributions,
    ModerateContribution,
    SplitContribution,
    UnlinkTrace,
)
from engine.errors import EngineError, InvalidInputError
from engine.queries.contributions import (
    ContributionsPage,
    Node,
    TracePage,
    contributions_page,
    ends_of,
    trace_page,
)
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.pages.posting import Posted, Sent
from service.pages.rendering import go
from service.pages.trace import Picture, draw_trace
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """`typed` is what was sent with an act that was refused for `problem`."""

    found: ContributionsPage
    typed: Mapping[str, str]
    problem: Explanation | None


@dataclass(frozen=True, slots=True)
class ShownTrace:
    """`way` are the ends of the node that was asked for: what it came of, and what came of it."""

    found: TracePage
    picture: Picture
    chosen: Node | None
    came_of: tuple[Node, ...]
    became: tuple[Node, ...]
    problem: Explanation | None


@router.get("/procurements/{key}/contributions")
def show_contributions(key: str, here: Here) -> HTMLResponse:
    return here.show("contributions/list.html", Shown(contributions_page(here.view, key), {}, None))


@router.post("/procurements/{key}/contributions")
def give(key: str, here: Here, bus: Bus, sent: Sent) -> Response:
    command = GiveContribution(
        key,
        sent["kind"],
        sent["text"],
        named=sent["named"] == "true",
        role=sent["role"],
        group=sent["group"],
        on_behalf=sent["on_behalf"],
    )
    return _act(key, command, "contributed", here, bus, sent)


@router.post("/procurements/{key}/contributions/{act}")
def order(key: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """Merge, split, moderate or answer."""
    return _act(key, _command(key, act, sent), f"contribution-{act}", here, bus, sent)


def _act(key: str, command: Any, done: str, here: Here, bus: Bus, sent: Posted) -> Response:
    try:
        bus.handle(command, here.person.actor, request=sent.request)
    except EngineError as error:
        problem = explain(error, here.text)
        page = Shown(contributions_page(here.view, key), dict(sent.pairs), problem)
        return here.show("contributions/list.html", page, status=problem.status)
    return go(f"/procurements/{key}/contributions", done=done)


def _command(key: str, act: str, sent: Posted) -> Any:
    one, reason = sent["contribution"], sent["_reason"].strip()
    several = tuple(value for name, value in sent.pairs if name == "parent")
    parts = tuple(part for part in sent["parts"].splitlines() if part.strip())
    commands: dict[str, Any] = {
        "merge": MergeContributions(key, several, sent["text"], reason),
        "split": SplitContribution(key, one, parts, reason),
        "hide": ModerateContribution(key, one, sent["clause"], reason),
        "show": ModerateContribution(key, one, "", reason, hidden=False),
        "answer": AnswerContribution(key, one, sent["used"], sent["answer"], reason),
    }
    if act not in commands:
        raise InvalidInputError(f"There is no act {act}.", act=act)
    return commands[act]


@router.get("/procurements/{key}/trace")
def show_trace(key: str, here: Here, kind: str = "", of: str = "") -> HTMLResponse:
    """The whole trace; with `kind` and `of`, also the way to and from one node."""
    found = trace_page(here.view, key)
    nodes = (each for several in found.nodes.values() for each in several)
    chosen = next((each for each in nodes if (each.kind, each.id) == (kind, of)), None)
    return here.show("contributions/trace.html", _shown(found, chosen))


@router.post("/procurements/{key}/trace/{act}")
def change_trace(key: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """Lay a link, or take one away."""
    try:
        bus.handle(_link(key, act, sent), here.person.actor, request=sent.request)
    except EngineError as error:
        problem = explain(error, here.text)
        page = _shown(trace_page(here.view, key), None, problem)
        return here.show("contributions/trace.html", page, status=problem.status)
    return go(f"/procurements/{key}/trace", done=f"trace-{act}")


def _link(key: str, act: str, sent: Posted) -> Any:
    if act == "unlink":
        return UnlinkTrace(key, sent["link"], sent["_reason"].strip())
    if act != "link":
        raise InvalidInputError(f"There is no act {act}.", act=act)
    source_kind, _, source = sent["source"].partition(":")
    target_kind, _, target = sent["target"].partition(":")
    return LinkTrace(key, source_kind, source, target_kind, target)


def _shown(found: TracePage, chosen: Node | None, problem: Explanation | None = None) -> ShownTrace:
    came_of = ends_of(found, chosen, forwards=False) if chosen else ()
    became = ends_of(found, chosen, forwards=True) if chosen else ()
    return ShownTrace(found, draw_trace(found), chosen, came_of, became, problem)
