"""Being away: said once, with who stands in, and true in every procurement."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import uuid4

from engine.access.policy import Action
from engine.access.rules import Grounds, Target
from engine.commands import gates, seating
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.errors import InvalidInputError, NotFoundError, RejectedError, SeparationOfDutiesError
from engine.model import events as e
from engine.model.records import PersonRecord, TaskRecord
from engine.store import absences, people, tasks
from engine.store.absences import AbsenceRecord

LONGEST: Final = 366
"""Days that an absence may last."""


@dataclass(frozen=True, slots=True)
class RegisterAbsence:
    """`person` is away from `first_day` to `last_day`, both included, as 2026-07-01. `substitute`
    stands in wherever she or he has a seat, and takes over what she or he has when it begins."""

    person: str
    first_day: str
    last_day: str
    substitute: str = ""
    reason: str = ""


def register_absence(command: RegisterAbsence, session: Session) -> Answer:
    """`procurements` are those in which the substitute has got a seat, `handed` how many tasks."""
    away = _person(session, command.person)
    target = Target(away.organisation, owner=away.id)
    grounds = session.require(
        Action.KEEP_ABSENCES, target, kind="absences of person", key=command.person
    )
    session.work.lock_organisation(away.organisation)
    absence = _checked(command, away, session)
    _require_free(session, absence, away)
    event = e.AbsenceRegistered(
        absence.id,
        absence.organisation,
        absence.person,
        absence.substitute,
        absence.first_day,
        absence.last_day,
    )
    context = session.context(grounds, reason=command.reason)
    session.work.record(away.organisation, event, context)
    return {"absence": absence.id, **_take_over(session, absence, grounds, command.reason)}


def _person(session: Session, key: str) -> PersonRecord:
    found = people.find_person(session.work.connection, key)
    if found is None or not found.active:
        raise NotFoundError("person", key)
    return found


def _checked(command: RegisterAbsence, away: PersonRecord, session: Session) -> AbsenceRecord:
    first, last = _day(command.first_day), _day(command.last_day)
    if last < first or last < session.today:
        raise InvalidInputError(
            "An absence ends on the day it begins or later, and not before today. Change the days.",
            first_day=command.first_day,
            last_day=command.last_day,
            about="absence-days",
        )
    if (last - first).days >= LONGEST:
        raise InvalidInputError(
            f"An absence lasts {LONGEST} days at most. Whoever is away longer gives the seats to"
            " others.",
            last_day=command.last_day,
            about="absence-long",
            longest=LONGEST,
        )
    return AbsenceRecord(
        uuid4().hex,
        away.organisation,
        away.id,
        command.substitute,
        first.isoformat(),
        last.isoformat(),
        begun=False,
        withdrawn=False,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError(
            "Write the first and the last day as 2026-07-01.", day=text, about="absence-written"
        ) from error


def _require_free(session: Session, absence: AbsenceRecord, away: PersonRecord) -> None:
    """The person is not away then already, and the substitute can stand in."""
    connection, today = session.work.connection, session.today
    if _overlapping(absences.of_persons(connection, [absence.person], today), absence):
        raise RejectedError(
            f"{away.name} is away on some of these days already. Withdraw that absence first.",
            person=away.name,
            about="away-already",
        )
    if not absence.substitute:
        return
    substitute = people.find_person(connection, absence.substitute)
    if substitute is None or not substitute.active or substitute.id == away.id:
        raise InvalidInputError(
            "Choose a colleague who stands in.",
            substitute=absence.substitute,
            about="no-substitute",
        )
    if substitute.organisation != away.organisation:
        raise InvalidInputError(
            f"{substitute.name} belongs to another organisation. Choose a colleague of"
            f" {away.name}.",
            substitute=substitute.name,
            about="substitute-elsewhere",
            away_name=away.name,
        )
    if _overlapping(absences.of_persons(connection, [substitute.id], today), absence):
        raise RejectedError(
            f"{substitute.name} is away on some of these days too. Choose somebody else.",
            substitute=substitute.name,
            about="substitute-away",
        )


def _overlapping(known: list[AbsenceRecord], absence: AbsenceRecord) -> bool:
    return any(each.first <= absence.last and absence.first <= each.last for each in known)


def _take_over(
    session: Session, absence: AbsenceRecord, grounds: Grounds, reason: str
) -> dict[str, object]:
    """Let the substitute sit wherever the absent person does and, once the absence lasts, have what
    she or he has. The procurements are locked in one order by everybody."""
    lasts = absence.lasts_on(session.today)
    seated, handed = [], 0
    for key in absences.places_of(session.work.connection, absence.person):
        act = Act.open(session, key)
        act.grounds, act.reason = grounds, reason
        seated.extend([key] if seating.stand_in(act, absence) else [])
        held = _held(act, absence.person) if lasts else []
        handed += sum(_hand_over(act, task, absence) for task in held)
    if lasts:
        event = e.AbsenceBegun(absence.id)
        context = session.context(grounds, reason=reason)
        session.work.record(absence.organisation, event, context)
    return {"procurements": seated, "handed": handed}


def _held(act: Act, person: str) -> list[TaskRecord]:
    found = tasks.open_of(act.session.work.connection, act.id)
    return [task for task in found if task.assignee == person]


def _hand_over(act: Act, task: TaskRecord, absence: AbsenceRecord) -> bool:
    """Give what the absent person has to the substitute, or back to who lent it; where duties keep
    it from the substitute it goes back to the role. Without a substitute it waits."""
    if task.owner:
        act.record(
            e.TaskGivenBack(task.id, task.owner, absence.person),
            element=task.element,
            task=task.id,
        )
        return True
    seat = seating.fitting_seat(act.team, task, absence.substitute, act.session.today)
    if seat is None:
        return False
    persons = frozenset({absence.substitute, seat.deputy_for} - {""})
    event: e.TaskAssigned | e.TaskReleased = e.TaskAssigned(
        task.id, absence.person, absence.substitute
    )
    try:
        gates.require_fit(act, task, gates.Worker(absence.substitute, persons))
    except SeparationOfDutiesError:
        event = e.TaskReleased(task.id, absence.person, task.candidate, task.scope)
    act.record(event, element=task.element, task=task.id)
    return True


@dataclass(frozen=True, slots=True)
class BeginAbsence:
    """Let the substitute take over: the first day has come."""

    absence: str


def begin_absence(command: BeginAbsence, session: Session) -> Answer:
    """Once; `begun` tells whether it was this time."""
    grounds = session.require(Action.FIRE, Target(""), kind="absence", key=command.absence)
    absence = absences.get(session.work.connection, command.absence)
    session.work.lock_organisation(absence.organisation)
    absence = absences.get(session.work.connection, command.absence)
    if absence.begun or absence.withdrawn or not absence.lasts_on(session.today):
        return {"begun": False}
    return {"begun": True, **_take_over(session, absence, grounds, "")}


@dataclass(frozen=True, slots=True)
class WithdrawAbsence:
    """Back sooner, or not away after all."""

    absence: str
    reason: str = ""


def withdraw_absence(command: WithdrawAbsence, session: Session) -> Answer:
    """The substitute's seats go, and with them what the substitute had by them."""
    absence = absences.get(session.work.connection, command.absence)
    target = Target(absence.organisation, owner=absence.person)
    grounds = session.require(Action.KEEP_ABSENCES, target, kind="absence", key=absence.id)
    session.work.lock_organisation(absence.organisation)
    if absences.get(session.work.connection, absence.id).withdrawn:
        return {"absence": absence.id, "procurements": []}
    event = e.AbsenceWithdrawn(absence.id)
    context = session.context(grounds, reason=command.reason)
    session.work.record(absence.organisation, event, context)
    left = []
    for key in absences.places_of(session.work.connection, absence.substitute):
        act = Act.open(session, key)
        act.grounds, act.reason = grounds, command.reason
        seats = [each for each in act.team if each.absence == absence.id]
        for seat in seats:
            seating.leave(act, seat)
        left.extend([act.id] if seats else [])
    return {"absence": absence.id, "procurements": left}
