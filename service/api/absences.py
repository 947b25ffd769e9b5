"""Absences of persons: who is away when, and who stands in."""

from datetime import date
from typing import Annotated

from pydantic import Field

from engine.commands.absences import RegisterAbsence, WithdrawAbsence
from engine.queries.absences import absences_of, away_in_team
from engine.queries.view import see_procurement
from service.api.routing import ACT_PROBLEMS, RequestId, make_router
from service.api.shapes import Asked, Id, IdInPath, IdOrNone, Reason, Told
from service.dependencies import Bus, Person, Reader

router = make_router("absences")
Day = Annotated[date, Field(json_schema_extra={"maxLength": 10})]


class Absence(Told):
    """Days, first and last included, in Oslo. `person` is an id, `name` and `substitute` names, ""
    for nobody."""

    id: str
    person: str
    name: str
    substitute: str
    first: date
    last: date
    now: bool
    may_withdraw: bool


class AbsenceList(Told):
    """Yours, those in which you stand in, and those of others where you keep them."""

    mine: list[Absence]
    standing_in: list[Absence]
    others: list[Absence]


class AwayInTeam(Told):
    items: list[Absence]


class NewAbsence(Asked):
    """Both days are included, in Oslo. `substitute` is a person's id."""

    person: Id
    first_day: Day
    last_day: Day
    substitute: IdOrNone = ""
    reason: Reason = ""

    def command(self) -> RegisterAbsence:
        first, last = self.first_day.isoformat(), self.last_day.isoformat()
        return RegisterAbsence(self.person, first, last, self.substitute, self.reason)


class Registered(Told):
    """`procurements` are those in which the substitute has got a seat, `handed` the number of tasks
    that were handed over at once."""

    absence: str
    procurements: list[str]
    handed: int


class Withdrawn(Told):
    """`procurements` are those in which the substitute has lost a seat."""

    absence: str
    procurements: list[str]


@router.get("/absences")
def list_absences(view: Reader) -> AbsenceList:
    """What lasts or is to come."""
    return AbsenceList.model_validate(absences_of(view))


@router.post("/absences", status_code=201, responses=ACT_PROBLEMS)
def register(asked: NewAbsence, bus: Bus, person: Person, request: RequestId) -> Registered:
    """Somebody is away, and another stands in wherever she or he has a seat: yourself, or as a
    manager or administrator anybody in the organisation."""
    answer = bus.handle(asked.command(), person.actor, request=request)
    return Registered.model_validate(answer)


@router.post("/absences/preview", responses=ACT_PROBLEMS)
def preview(asked: NewAbsence, bus: Bus, person: Person) -> Registered:
    """What registering it would do; nothing is kept."""
    return Registered.model_validate(bus.rehearse(asked.command(), person.actor))


@router.post("/absences/{absence}/withdraw", responses=ACT_PROBLEMS)
def withdraw(absence: IdInPath, bus: Bus, person: Person, request: RequestId) -> Withdrawn:
    """Back sooner, or not away after all: the substitute's seats go."""
    command = WithdrawAbsence(absence)
    return Withdrawn.model_validate(bus.handle(command, person.actor, request=request))


@router.get("/procurements/{procurement}/absences")
def list_away(procurement: IdInPath, view: Reader) -> AwayInTeam:
    """Members of the team who are away now or later."""
    found = away_in_team(see_procurement(view, procurement))
    return AwayInTeam(items=[Absence.model_validate(each) for each in found])
