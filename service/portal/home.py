"""What a participant sees first: the case, what was sent or said, and what can be given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from engine.errors import EngineError
from engine.queries.contributions import ContributionView
from engine.queries.portal import PortalPage, portal_page
from service.errors import Explanation, explain
from service.pages.paging import Part, part_of
from service.pages.posting import Posted
from service.portal.visit import Here, Stay
from service.security.invitations import fresh_receipt

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Counted:
    """Empty `answers` where none of the counted ballots has the receipt."""

    poll: str
    answers: Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Shown:
    """`given` are the contributions that this part of the page shows. `typed` is what was sent with
    an act that was refused for `problem`; `receipt` is for the next ballot; `counted` what the
    ballot of a receipt was counted as, and in which poll."""

    portal: PortalPage
    given: Part[ContributionView]
    typed: Mapping[str, str]
    problem: Explanation | None
    receipt: str
    counted: Counted | None = None


@router.get("/portal")
def show_portal(here: Here) -> HTMLResponse:
    asked = here.request.query_params
    return here.show("portal/home.html", shown(here, asked.get("part", ""), asked.get("at", "")))


def shown(
    here: Stay,
    part: str = "",
    at: str = "",
    typed: Mapping[str, str] = MappingProxyType({}),
    problem: Explanation | None = None,
    counted: Counted | None = None,
) -> Shown:
    """The page, with that part of the contributions, or the one with the contribution `at`. Who
    noted the code of a ballot that was refused keeps it."""
    found = portal_page(here.view)
    voices = found.voices.given if found.voices else ()
    given = part_of(voices, part, lambda each: each.id == at)
    receipt = typed.get("receipt") or fresh_receipt()
    return Shown(found, given, typed, problem, receipt, counted)


def show_again(here: Stay, sent: Posted, error: EngineError) -> HTMLResponse:
    """The page with what was typed, and why it was refused."""
    problem = explain(error, here.text)
    page = shown(here, at=sent["contribution"], typed=dict(sent.pairs), problem=problem)
    return here.show("portal/home.html", page, status=problem.status)
