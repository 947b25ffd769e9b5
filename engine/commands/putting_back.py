"""Taking back that one handed a task to somebody else, while it stands as one left it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from engine.access.policy import Action
from engine.commands import seating
from engine.commands.act import Act
from engine.commands.tasks import require_waiting, target_of
from engine.errors import HandingBegunError, HandingLateError, HandingMovedError
from engine.model.events import TaskAssigned, TaskDelegated, TaskPutBack
from engine.model.records import TaskRecord
from engine.store import people
from engine.store import tasks as rows
from engine.store.replay import Recorded, newest_of_task

WITHIN: Final = timedelta(hours=1)
"""So long a slip is put right; later the tasks are handed on anew, with a reason."""


def put_back(act: Act, task: TaskRecord, reason: str) -> None:
    """Give the task to whoever had it before the actor handed it to another, or to its role.

    Raises HandingMovedError, HandingBegunError or HandingLateError where it stands so no more.
    """
    last = newest_of_task(act.session.work.connection, act.id, task.id, act.now - WITHIN)
    before = _before(act, task, last)
    act.allow(Action.ASSIGN, target_of(act, before), kind="task", key=task.id)
    require_waiting(act, task)
    _require_unmoved(act, task, last)
    act.reason = reason
    event = TaskPutBack(task.id, task.assignee, before.assignee, before.owner)
    act.record(event, element=task.element, task=task.id)
    if before.assignee:
        seating.release_unless_held(act, before)


def _before(act: Act, task: TaskRecord, last: Recorded | None) -> TaskRecord:
    """The task as it was before the actor handed it over; as it is where that was not done last."""
    handing = last.event if last and last.by == act.session.actor.id else None
    if isinstance(handing, TaskAssigned):
        return replace(task, assignee=handing.was, owner=handing.owner_was)
    if isinstance(handing, TaskDelegated):
        return replace(task, assignee=handing.was, owner="")
    return task


def _require_unmoved(act: Act, task: TaskRecord, last: Recorded | None) -> None:
    connection, me = act.session.work.connection, act.session.actor.id
    if last is None:
        raise HandingLateError(
            f"«{task.name}» was handed over more than an hour ago. Hand it on anew, with a reason.",
            task=task.id,
            name=task.name,
        )
    if last.by != me or not isinstance(last.event, TaskAssigned | TaskDelegated):
        raise HandingMovedError(
            f"Something was done with «{task.name}» since, so it is not as you left it. Look at its"
            " history, and hand it on anew.",
            task=task.id,
            name=task.name,
        )
    if rows.has_written(connection, task.id, task.assignee, last.at):
        holder = people.find_person(connection, task.assignee)
        name = holder.name if holder else task.assignee
        raise HandingBegunError(
            f"{name} has begun to work on «{task.name}». Ask {name}, or hand it on anew.",
            task=task.id,
            name=task.name,
            holder=name,
        )
