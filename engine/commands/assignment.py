"""Giving a task to another in its role, by whoever has it or by the lead."""

from dataclasses import dataclass

from engine.access.policy import Action
from engine.commands import gates
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.seating import fitting_seat
from engine.commands.tasks import open_act, require_waiting, target_of
from engine.errors import InvalidInputError, ReasonMissingError, RejectedError
from engine.model.actor import Membership
from engine.model.events import TaskAssigned
from engine.model.records import TaskRecord
from engine.store import people


@dataclass(frozen=True, slots=True)
class AssignTask:
    """`to` takes the task over; taking it from somebody else needs a `reason`."""

    task: str
    to: str
    reason: str = ""


def assign_task(command: AssignTask, session: Session) -> Answer:
    act, task = open_act(session, command.task)
    assign(act, task, command.to, command.reason)
    return {"task": task.id, "procurement": act.id}


def assign(act: Act, task: TaskRecord, to: str, reason: str) -> None:
    """Give the task to `to`, who holds the role it asks for and is not excluded by duties."""
    act.allow(Action.ASSIGN, target_of(act, task), kind="task", key=task.id)
    require_waiting(act, task)
    seat = _fitting_seat(act, task, to)
    found = people.find_person(act.session.work.connection, to)
    name = found.name if found else to
    if task.assignee == to and not task.owner:
        raise RejectedError(
            f"{name} has «{task.name}» already.",
            task=task.id,
            name=task.name,
            about="has-it-already",
            who=name,
        )
    gates.require_fit(act, task, gates.Worker(name, frozenset({to, seat.deputy_for} - {""})))
    if task.assignee not in ("", act.session.actor.id) and not reason.strip():
        raise ReasonMissingError(
            f"«{task.name}» is taken from the one who has it: write why, it goes into the record.",
            task=task.id,
            name=task.name,
        )
    act.reason = reason
    event = TaskAssigned(task.id, task.assignee, to, task.owner)
    act.record(event, element=task.element, task=task.id)


def _fitting_seat(act: Act, task: TaskRecord, to: str) -> Membership:
    seat = fitting_seat(act.team, task, to, act.session.today)
    if seat is None:
        raise InvalidInputError(
            f"«{task.name}» asks for the role {task.candidate}, which this person does not hold"
            " here today. Delegate the task instead, or ask the lead to add the person.",
            task=task.id,
            person=to,
            about="not-in-role",
            candidate=task.candidate,
            task_name=task.name,
        )
    return seat
