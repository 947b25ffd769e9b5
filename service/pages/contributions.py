"""What people gave to a procurement, what was said about it, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import parse_qsl, urlencode

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
from engine.errors import EngineError
from engine.queries.contributions import (
    ContributionsPage,
    ContributionView,
    contributions_page,
    picture_of,
)
from service.dependencies import Bus
from service.errors import explain
from service.pages.files import inline
from service.pages.paging import Part, part_of
from service.pages.posting import Posted, Sent, no_such_act
from service.pages.refusals import NOTHING_REFUSED, Refusal
from service.pages.rendering import go
from service.pages.visit import Here
from service.pictures import drawn_anew

router = APIRouter(include_in_schema=False)


STATES: Final = ("waiting", "answered")
LIST: Final = "_list"  # the field with what the list was narrowed to
GIVE: Final = "give"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which contributions are shown: of one of STATES or "" for all, with a text in them, and
    which part of those; `at` is one that is to be among them."""

    state: str = ""
    text: str = ""
    part: str = ""
    at: str = ""

    @classmethod
    def read(cls, query: str) -> Self:
        asked = dict(parse_qsl(query))
        return cls(**{name: asked[name] for name in cls.__slots__ if name in asked})

    def query(self, part: int | None = None) -> str:
        """The address's query with which this is asked for, in another part if one is named."""
        said = {"state": self.state, "text": self.text, "part": str(part or self.part)}
        return urlencode({name: value for name, value in said.items() if value})

    def fits(self, one: ContributionView) -> bool:
        if self.state in STATES and bool(one.used) is (self.state == "waiting"):
            return False
        said = (one.text, one.group, one.by, one.answer)
        return any(self.text.casefold().strip() in each.casefold() for each in said)


@dataclass(frozen=True, slots=True)
class Shown:
    """`fitting` is how many of the standing ones are `wanted`."""

    found: ContributionsPage
    wanted: Wanted
    part: Part[ContributionView]
    fitting: int
    refusal: Refusal
    states: tuple[str, ...] = STATES


@router.get("/procurements/{key}/contributions")
def show_contributions(key: str, here: Here) -> HTMLResponse:
    wanted = Wanted.read(here.request.url.query)
    return here.show("contributions/list.html", _shown(key, here, wanted))


def _shown(key: str, here: Here, wanted: Wanted, refusal: Refusal = NOTHING_REFUSED) -> Shown:
    found = contributions_page(here.view, key)
    fitting = [each for each in found.standing if wanted.fits(each)]
    part = part_of(fitting, wanted.part, lambda each: each.id == wanted.at)
    return Shown(found, wanted, part, len(fitting), refusal)


@router.get("/procurements/{key}/contributions/pictures/{attachment}")
def show_picture(key: str, attachment: str, here: Here) -> Response:
    return inline(picture_of(here.view, key, attachment))


@router.post("/procurements/{key}/contributions")
def give(key: str, here: Here, bus: Bus, sent: Sent) -> Response:
    return _act(key, GIVE, lambda: _given(key, sent), here, bus, sent)


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
    return _act(key, act, lambda: _command(key, act, sent), here, bus, sent)


def _act(
    key: str, act: str, command: Callable[[], Any], here: Here, bus: Bus, sent: Posted
) -> Response:
    """`command` may find fault with what was sent, which is told as any refusal is."""
    try:
        bus.handle(command(), here.person.actor, request=sent.request)
    except EngineError as error:
        problem = explain(error, here.text)
        page = _shown(key, here, Wanted.read(sent[LIST]), Refusal(act, sent, problem))
        return here.show("contributions/list.html", page, status=problem.status)
    done = "contributed" if act == GIVE else f"contribution-{act}"
    kept = dict(parse_qsl(Wanted.read(sent[LIST]).query()))
    return go(f"/procurements/{key}/contributions", done=done, **kept)


def _command(key: str, act: str, sent: Posted) -> Any:
    one, reason = sent["contribution"], sent["_reason"].strip()
    several = sent.every("parent")
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
        raise no_such_act(act)
    return commands[act]
