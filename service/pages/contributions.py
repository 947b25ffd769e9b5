"""What people gave to a procurement, what was said about it, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.contributions import (
    AnswerContribution,
    GiveContribution,
    MergeContributions,
    ModerateContribution,
    SplitContribution,
)
from engine.commands.discussion import MakeRemark, ModerateRemark
from engine.errors import EngineError, InvalidInputError
from engine.queries.contributions import ContributionsPage, contributions_page, picture_of
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.pages.files import inline
from service.pages.posting import Posted, Sent
from service.pages.rendering import go
from service.pages.visit import Here
from service.pictures import drawn_anew

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """`typed` is what was sent with an act that was refused for `problem`."""

    found: ContributionsPage
    typed: Mapping[str, str]
    problem: Explanation | None


@router.get("/procurements/{key}/contributions")
def show_contributions(key: str, here: Here) -> HTMLResponse:
    return here.show("contributions/list.html", Shown(contributions_page(here.view, key), {}, None))


@router.get("/procurements/{key}/contributions/pictures/{attachment}")
def show_picture(key: str, attachment: str, here: Here) -> Response:
    return inline(picture_of(here.view, key, attachment))


@router.post("/procurements/{key}/contributions")
def give(key: str, here: Here, bus: Bus, sent: Sent) -> Response:
    return _act(key, lambda: _given(key, sent), "contributed", here, bus, sent)


def _given(key: str, sent: Posted) -> GiveContribution:
    return GiveContribution(
        key,
        sent["kind"],
        sent["text"],
        named=sent["named"] == "true",
        role=sent["role"],
        group=sent["group"],
        on_behalf=sent["on_behalf"],
        pictures=tuple(drawn_anew(file, sent["shows"]) for _, file in sent.uploads()),
    )


@router.post("/procurements/{key}/contributions/{act}")
def order(key: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """Merge, split, moderate, answer, or say something about one."""
    return _act(key, lambda: _command(key, act, sent), f"contribution-{act}", here, bus, sent)


def _act(
    key: str, command: Callable[[], Any], done: str, here: Here, bus: Bus, sent: Posted
) -> Response:
    """`command` may find fault with what was sent, which is told as any refusal is."""
    try:
        bus.handle(command(), here.person.actor, request=sent.request)
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
        "remark": MakeRemark(
            key, one, sent["text"], sent["named"] == "true", sent["role"], sent["group"]
        ),
        "hide-remark": ModerateRemark(key, sent["remark"], sent["clause"], reason),
        "show-remark": ModerateRemark(key, sent["remark"], "", reason, hidden=False),
    }
    if act not in commands:
        raise InvalidInputError(f"There is no act {act}.", act=act, about="no-such-act")
    return commands[act]
