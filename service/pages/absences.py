"""Absences: one's own and, for who keeps them, those of others; each is looked over, then done."""

from collections import defaultdict
from dataclasses import dataclass, field

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.absences import RegisterAbsence, WithdrawAbsence
from engine.errors import EngineError
from engine.queries.absences import Absences, absences_of
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.pages.posting import Posted, Sent
from service.pages.rendering import go
from service.pages.visit import Here, Visit

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would come of it: in how many procurements somebody gets a seat, and how many tasks are
    handed over at once."""

    procurements: int
    handed: int


@dataclass(frozen=True, slots=True)
class AbsencesPage:
    """`sent` is what was filled in; `outlook` None until that has been looked over."""

    found: Absences
    sent: defaultdict[str, str] = field(default_factory=lambda: defaultdict(str))
    outlook: Outlook | None = None
    problem: Explanation | None = None


@router.get("/absences")
def show_absences(here: Here) -> HTMLResponse:
    return _show(here, AbsencesPage(absences_of(here.view)))


def _show(here: Visit, page: AbsencesPage) -> HTMLResponse:
    status = page.problem.status if page.problem else 200
    return here.show("account/absences.html", page, status=status)


@router.post("/absences")
def register(here: Here, bus: Bus, sent: Sent) -> Response:
    """First a look at what will happen, then the act."""
    command = _command(here, sent)
    found, typed = absences_of(here.view), defaultdict(str, sent.pairs)
    try:
        if sent.action == "do":
            bus.handle(command, here.person.actor, request=sent.request)
            return go("/absences", done="absence")
        answer = bus.rehearse(command, here.person.actor)
    except EngineError as error:
        return _show(here, AbsencesPage(found, typed, problem=explain(error, here.text)))
    outlook = Outlook(len(answer["procurements"]), int(answer["handed"]))
    return _show(here, AbsencesPage(found, typed, outlook))


def _command(here: Visit, sent: Posted) -> RegisterAbsence:
    return RegisterAbsence(
        sent["person"] or here.view.actor.id,
        sent["first"],
        sent["last"],
        sent["substitute"],
        sent["_reason"].strip(),
    )


@router.post("/absences/{key}/withdraw")
def withdraw(key: str, here: Here, bus: Bus, sent: Sent) -> Response:
    bus.handle(WithdrawAbsence(key), here.person.actor, request=sent.request)
    return go("/absences", done="absence-over")
