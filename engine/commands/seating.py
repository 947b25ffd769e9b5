"""Seats in a procurement's team: taken, inherited by a substitute, and left with the work there."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import uuid4

from engine.access.rules import may_be_handed
from engine.commands.act import Act
from engine.model.actor import Impartiality, Membership
from engine.model.events import MemberAdded, MemberRemoved, SeatEnded, TaskReleased
from engine.model.records import TaskRecord
from engine.procurement.impartiality import is_asked
from engine.store import tasks
from engine.store.absences import AbsenceRecord


def sit(act: Act, seat: Membership) -> None:
    """Put the seat on record and into the team; whoever takes one declares impartiality anew."""
    asked = is_asked(seat.role, act.version.forms)
    act.record(
        MemberAdded(
            seat.id,
            seat.person,
            seat.role,
            seat.deputy_for,
            seat.scope,
            _text(seat.valid_from),
            _text(seat.valid_to),
            seat.absence,
            asked,
        )
    )
    stands = Impartiality.ASKED if asked else Impartiality.NOT_ASKED
    act.team = (*act.team, replace(seat, impartiality=stands))


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def stand_in(act: Act, absence: AbsenceRecord) -> int:
    """Give the substitute each seat of the absent person for the days of the absence, unless the
    substitute can act in it anyway; how many seats that were.

    Where the absent person stands in for a third, the substitute does so as well: on whose behalf
    somebody acts is always the one whose place it is.
    """
    added = 0
    for seat in act.team if absence.substitute else ():
        inherited = _inherited(seat, absence)
        if inherited is not None and not _has(act.team, inherited):
            sit(act, inherited)
            added += 1
    return added


def _inherited(seat: Membership, absence: AbsenceRecord) -> Membership | None:
    """The seat as the substitute's; None where it is not the absent person's on those days, or is
    the substitute's own place."""
    place = seat.deputy_for or seat.person
    first = max(absence.first, seat.valid_from or absence.first)
    last = min(absence.last, seat.valid_to or absence.last)
    if seat.person != absence.person or place == absence.substitute or last < first:
        return None
    return replace(
        seat,
        id=uuid4().hex,
        person=absence.substitute,
        deputy_for=place,
        valid_from=first,
        valid_to=last,
        absence=absence.id,
    )


def _has(team: Iterable[Membership], wanted: Membership) -> bool:
    """Whether the person can act in the role on all those days already."""
    return any(
        seat.person == wanted.person
        and seat.role == wanted.role
        and seat.scope in ("", wanted.scope)
        and seat.deputy_for in ("", wanted.deputy_for)
        and (seat.valid_from is None or seat.valid_from <= (wanted.valid_from or date.max))
        and (seat.valid_to is None or seat.valid_to >= (wanted.valid_to or date.max))
        for seat in team
    )


def fitting_seat(
    team: Iterable[Membership], task: TaskRecord, person: str, today: date
) -> Membership | None:
    """The seat by which the person would do the task, the own rather than a deputy's."""
    fitting = [
        seat
        for seat in team
        if seat.person == person
        and seat.role == task.candidate
        and may_be_handed(seat, task.scope)
        and seat.valid_on(today)
    ]
    return min(fitting, key=lambda seat: seat.deputy_for, default=None)


def leave(act: Act, seat: Membership, *, ended: bool = False) -> None:
    """Take the seat out of the team; what its holder had by it goes back to the role. `ended` tells
    that its last day is over."""
    kind = SeatEnded if ended else MemberRemoved
    act.record(kind(seat.id, seat.person, seat.role))
    staying = tuple(each for each in act.team if each.id != seat.id)
    for task in tasks.open_of(act.session.work.connection, act.id):
        if seat.person in (task.assignee, task.owner):
            release_unless_held(act, task, staying)
    act.team = staying


def release_unless_held(
    act: Act, task: TaskRecord, team: tuple[Membership, ...] | None = None
) -> None:
    """Give the task back to the role when the one who has it, or lent it out, may not do it any
    more in this team; then all in the role hear of it."""
    circle = act.team if team is None else team
    keeper = task.owner or task.assignee
    if _may_do(act, circle, keeper, task) and (
        not task.owner or _is_in(circle, task.assignee, act.session.today)
    ):
        return
    event = TaskReleased(task.id, task.assignee, task.candidate, task.scope)
    act.record(event, element=task.element, task=task.id)


def _may_do(act: Act, team: tuple[Membership, ...], person: str, task: TaskRecord) -> bool:
    """As the rules `candidate-works` and `performer-works` have it."""
    today = act.session.today
    if fitting_seat(team, task, person, today) is not None:
        return True
    by_role = any(seat.person == person and seat.role == task.candidate for seat in team)
    named = act.element(task.process, task.element).performer is not None
    return named and not by_role and _is_in(team, person, today)


def _is_in(team: Iterable[Membership], person: str, today: date) -> bool:
    return any(seat.person == person and seat.valid_on(today) for seat in team)
