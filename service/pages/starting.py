"""Starting a procurement: choose a process, then give it a title, a reference and a team."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.clock import OSLO
from engine.commands.choice import ChoiceMade
from engine.commands.procurements import Seat, StartProcurement
from engine.errors import EngineError
from engine.forms.encoding import decode, posted
from engine.queries.definitions import (
    ProcessRow,
    RoleNeed,
    VersionRow,
    roles_of,
    startable_processes,
)
from engine.queries.likeness import Alike, alike
from engine.queries.people import (
    OrganisationCard,
    PersonCard,
    organisations,
    persons_of,
    startable_organisations,
)
from engine.queries.procurement import next_reference
from engine.queries.view import View
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.i18n import Translator
from service.pages.choice import carried_from
from service.pages.lacking import Faults, lacking
from service.pages.posting import Posted, Sent
from service.pages.rendering import go
from service.pages.visit import Here
from service.questions import clean_answers, question_form

router = APIRouter(include_in_schema=False)

JOINT: Final = "joint"
ASKED: Final = {"title": "start.name", "reference": "start.reference"}


@dataclass(frozen=True, slots=True)
class StartPage:
    """Without `process` the page asks for one; `version` is the one of it that will be started.
    `chosen` maps field names to what was typed;
    `joint` are those chosen to buy together, `buyers` who could;
    `carried` is a choice of procedure that comes along, field by field; `alike` what is like the
    title, None where nobody has asked yet."""

    processes: tuple[ProcessRow, ...]
    process: ProcessRow | None
    version: VersionRow | None
    organisations: tuple[OrganisationCard, ...]
    buyers: tuple[OrganisationCard, ...]
    roles: tuple[RoleNeed, ...]
    persons: tuple[PersonCard, ...]
    chosen: dict[str, str]
    problem: Explanation | None
    faults: Faults = ()
    joint: tuple[str, ...] = ()
    carried: tuple[tuple[str, str], ...] = ()
    alike: tuple[Alike, ...] | None = None


def _page(
    view: View,
    process: str,
    version: str,
    text: Translator,
    chosen: dict[str, str] | None = None,
    error: EngineError | None = None,
    carried: tuple[tuple[str, str], ...] = (),
) -> StartPage:
    processes = startable_processes(view)
    found = next((each for each in processes if each.key == process), None)
    startable = startable_organisations(view)
    ids = frozenset(each.id for each in startable)
    wanted = _version(found, version)
    roles = roles_of(view, view.definition(wanted.digest)) if wanted else ()
    year = view.now.astimezone(OSLO).year
    return StartPage(
        processes=processes,
        process=found,
        version=wanted,
        organisations=startable,
        buyers=organisations(view.connection),
        roles=roles,
        persons=persons_of(view, ids),
        chosen=chosen or {"title": "", "reference": next_reference(view, year)},
        problem=explain(error, text) if error else None,
        carried=carried,
    )


def _version(process: ProcessRow | None, digest: str) -> VersionRow | None:
    """The version that was asked for, else the one that is taken where none is named."""
    versions = process.versions if process else ()
    first = next(iter(versions), None)
    return next((each for each in versions if each.digest == digest), first)


@router.get("/procurements/start")
def start_page(here: Here, process: str = "", version: str = "", title: str = "") -> HTMLResponse:
    """With `title` as it was typed before another process was chosen."""
    page = _page(here.view, process, version, here.text)
    return here.show(
        "procurements/start.html", replace(page, chosen={**page.chosen, "title": title})
    )


@router.post("/procurements/start/from-choice")
def start_from_choice(here: Here, sent: Sent) -> HTMLResponse:
    """The start page with a choice of procedure that becomes the draft of forms F-04 and F-09."""
    page = _page(here.view, sent["process"], "", here.text, carried=carried_from(sent))
    return here.show("procurements/start.html", page)


@router.get("/procurements/start/from-choice")
def ask_again() -> Response:
    """A choice is kept nowhere before the start: whoever comes back without it chooses anew."""
    return go("/choose")


@router.post("/procurements/start")
def start(here: Here, bus: Bus, sent: Sent) -> Response:
    if sent.action == "alike":
        asked = replace(_again(here, sent), alike=alike(here.view, sent["title"]))
        return here.show("procurements/start.html", asked)
    if faults := lacking(ASKED, sent, here.text):
        again = replace(_again(here, sent), faults=faults)
        return here.show("procurements/start.html", again, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    command = StartProcurement(
        process=sent["process"],
        digest=sent["version"],
        title=sent["title"].strip(),
        organisation=sent["organisation"],
        reference=sent["reference"].strip(),
        team=_team(sent),
        joint_with=tuple(each for each in sent.every(JOINT) if each != sent["organisation"]),
        choice=_choice(carried_from(sent)),
    )
    try:
        answer = bus.handle(command, here.person.actor, request=sent.request)
    except EngineError as error:
        page = _again(here, sent, error)
        status = page.problem.status if page.problem else 422
        return here.show("procurements/start.html", page, status=status)
    return go(f"/procurements/{answer['procurement']}", done="started")


def _again(here: Here, sent: Posted, error: EngineError | None = None) -> StartPage:
    """The page with everything that was typed."""
    chosen, carried = dict(sent.pairs), carried_from(sent)
    found = _page(here.view, sent["process"], sent["version"], here.text, chosen, error, carried)
    return replace(found, joint=sent.every(JOINT))


def _choice(carried: tuple[tuple[str, str], ...]) -> ChoiceMade | None:
    """The choice that came along, None where there was none."""
    if not carried:
        return None
    told = dict(carried)
    answers = clean_answers(decode(question_form(), posted(carried), drop_empty_rows=True))
    return ChoiceMade(answers, told.get("procedure", ""), told.get("reason", ""))


def _team(sent: Posted) -> tuple[Seat, ...]:
    """One seat per person chosen for a role; fields are called `role.<role>`."""
    return tuple(
        Seat(value, name.removeprefix("role."))
        for name, value in sent.pairs
        if name.startswith("role.") and value
    )
