"""Who is in a procurement's team, and who stands in for whom."""

from dataclasses import dataclass

from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.procurements import Seat, seat_member, steer
from engine.errors import NotFoundError, RejectedError
from engine.model.actor import Membership
from engine.model.events import MemberRemoved, TaskReleased
from engine.store import tasks


@dataclass(frozen=True, slots=True)
class AddMember:
    procurement: str
    seat: Seat
    reason: str


def add_member(command: AddMember, session: Session) -> Answer:
    act = steer(session, command.procurement, command.reason)
    return {"procurement": act.id, "member": seat_member(act, command.seat)}


@dataclass(frozen=True, slots=True)
class RemoveMember:
    procurement: str
    member: str
    reason: str


def remove_member(command: RemoveMember, session: Session) -> Answer:
    """Take a seat away; what the person had claimed goes back to the role, and all that was hers
    or his when it was the last seat."""
    act = steer(session, command.procurement, command.reason)
    seat = next((each for each in act.team if each.id == command.member), None)
    if seat is None:
        raise NotFoundError("member", command.member)
    leads = [each for each in act.team if each.role == "procurement-lead"]
    if seat.role == "procurement-lead" and len(leads) == 1:
        raise RejectedError(
            "A procurement needs a lead. Add the new lead before you remove this one.",
            member=command.member,
        )
    _require_somebody(act, seat)
    act.record(MemberRemoved(seat.id, seat.person, seat.role))
    stays = any(each.person == seat.person and each.id != seat.id for each in act.team)
    for task in tasks.open_of(session.work.connection, act.id):
        held = seat.person in (task.assignee, task.owner)
        if held and (task.candidate == seat.role or not stays):
            event = TaskReleased(task.id, seat.person)
            act.record(event, element=task.element, task=task.id)
    return {"procurement": act.id}


def _require_somebody(act: Act, leaving: Membership) -> None:
    """No open task is left with nobody who may do it."""
    staying = [
        each
        for each in act.team
        if each.id != leaving.id and each.role == leaving.role and each.valid_on(act.session.today)
    ]
    orphans = [
        task
        for task in tasks.open_of(act.session.work.connection, act.id)
        if task.candidate == leaving.role
        and leaving.scope in ("", task.scope)
        and not any(each.scope in ("", task.scope) for each in staying)
    ]
    if orphans:
        names = ", ".join(dict.fromkeys(f"«{task.name}»" for task in orphans))
        raise RejectedError(
            f"Nobody else has the role {leaving.role}, and it has open tasks: {names}. Add whoever"
            " takes over before you remove this member.",
            member=leaving.id,
            role=leaving.role,
        )
