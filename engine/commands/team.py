"""Who is in a procurement's team, and who stands in for whom."""

from dataclasses import dataclass

from engine.access.policy import Action
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.procurements import Seat, seat_member, steer
from engine.commands.seating import leave
from engine.errors import NotFoundError, RejectedError
from engine.model.actor import Membership
from engine.notifications.recipients import LEAD
from engine.store import tasks
from engine.store.people import find_person


@dataclass(frozen=True, slots=True)
class AddMember:
    procurement: str
    seat: Seat
    reason: str


def add_member(command: AddMember, session: Session) -> Answer:
    act = steer(session, command.procurement, command.reason)
    _require_place(act, command.seat)
    return {"procurement": act.id, "member": seat_member(act, command.seat)}


def _require_place(act: Act, seat: Seat) -> None:
    """A deputy stands in where somebody has a seat in her or his own right."""
    own = [each for each in act.team if not each.deputy_for and each.role == seat.role]
    if not seat.deputy_for or any(each.person == seat.deputy_for for each in own):
        return
    person = find_person(act.session.work.connection, seat.deputy_for)
    principal = person.name if person else seat.deputy_for
    raise RejectedError(
        f"{principal} is not {seat.role} here, so nobody stands in for {principal} as that. Choose"
        f" a role that {principal} has, or add the person in her or his own right.",
        principal=principal,
        role=seat.role,
        about="deputy-of-nobody",
    )


@dataclass(frozen=True, slots=True)
class RemoveMember:
    procurement: str
    member: str
    reason: str


def remove_member(command: RemoveMember, session: Session) -> Answer:
    """Take a seat away, and with it the seats of who stands in for its holder while away; what the
    person had by it goes back to the role."""
    act = steer(session, command.procurement, command.reason)
    seat = next((each for each in act.team if each.id == command.member), None)
    if seat is None:
        raise NotFoundError("member", command.member)
    leaving = [seat, *(each for each in act.team if _comes_of(each, seat))]
    _require_lead(act, leaving)
    _require_somebody(act, leaving)
    for each in leaving:
        leave(act, each)
    return {"procurement": act.id}


def _comes_of(each: Membership, seat: Membership) -> bool:
    """Whether a substitute has the seat because its holder is away."""
    return (
        bool(each.absence)
        and each.deputy_for == (seat.deputy_for or seat.person)
        and (each.role, each.scope) == (seat.role, seat.scope)
        and each.id != seat.id
    )


def _require_lead(act: Act, leaving: list[Membership]) -> None:
    """Somebody leads whom no date takes out of the team."""
    if all(each.role != LEAD for each in leaving):
        return
    gone = {each.id for each in leaving}
    staying = [each for each in act.team if each.role == LEAD and each.id not in gone]
    if all(each.valid_to is not None for each in staying):
        raise RejectedError(
            "A procurement needs a lead whose seat does not end. Add the new lead before you remove"
            " this one.",
            member=leaving[0].id,
            about="last-lead",
        )


def _require_somebody(act: Act, leaving: list[Membership]) -> None:
    """No open task is left with nobody who may do it."""
    gone, seat = {each.id for each in leaving}, leaving[0]
    staying = [
        each
        for each in act.team
        if each.id not in gone and each.role == seat.role and each.valid_on(act.session.today)
    ]
    orphans = [
        task
        for task in tasks.open_of(act.session.work.connection, act.id)
        if task.candidate == seat.role
        and seat.scope in ("", task.scope)
        and not any(each.scope in ("", task.scope) for each in staying)
    ]
    if orphans:
        names = ", ".join(dict.fromkeys(f"«{task.name}»" for task in orphans))
        raise RejectedError(
            f"Nobody else has the role {seat.role}, and it has open tasks: {names}. Add whoever"
            " takes over before you remove this member.",
            member=seat.id,
            role=seat.role,
            about="last-in-role",
            names=names,
        )


@dataclass(frozen=True, slots=True)
class EndSeats:
    """Take out of the team the seats whose last day is over."""

    procurement: str


def end_seats(command: EndSeats, session: Session) -> Answer:
    """Once each; their holders, the leads and those who can take over hear of it."""
    act = Act.open(session, command.procurement)
    act.allow(Action.FIRE, act.target(), kind="procurement", key=act.id)
    over = [each for each in act.team if each.valid_to and each.valid_to < session.today]
    for seat in over:
        leave(act, seat, ended=True)
    return {"procurement": act.id, "ended": len(over)}
