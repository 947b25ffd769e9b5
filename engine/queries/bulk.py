"""The tasks somebody chose to act on together, and whom they can be given to."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from engine.access.policy import Action
from engine.access.rules import may_be_handed
from engine.errors import NotFoundError
from engine.model.actor import Membership
from engine.model.records import TaskRecord
from engine.queries.absences import Colleague, colleagues
from engine.queries.view import Seen, View, find_procurement
from engine.queries.worklist import TaskRow, rows_of
from engine.store import tasks


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen tasks; `fitting` hold the role that every one of them asks for, `members` are in
    every team, in each case without regard to what they did before."""

    rows: tuple[TaskRow, ...]
    fitting: tuple[Colleague, ...]
    members: tuple[Colleague, ...]


def chosen_tasks(view: View, keys: Collection[str]) -> Chosen:
    """Raises NotFoundError when one of them is not for the reader's eyes."""
    found = [(task, _seen(view, task)) for task in tasks.get_many(view.connection, keys)]
    missing = set(keys) - {task.id for task, _ in found}
    if missing:
        raise NotFoundError("task", min(missing))
    return Chosen(
        rows=rows_of(view, keys),
        fitting=_everywhere(
            view, found, lambda seat, task: seat.role == task.candidate and _fits(seat, task)
        ),
        members=tuple(each for each in _everywhere(view, found, _fits) if each.id != view.actor.id),
    )


def _seen(view: View, task: TaskRecord) -> Seen:
    seen = find_procurement(view, task.procurement)
    if not seen.may(Action.READ_TASK, seen.task_target(task)):
        raise NotFoundError("task", task.id)
    return seen


def _fits(seat: Membership, task: TaskRecord) -> bool:
    return may_be_handed(seat, task.scope)


def _everywhere(
    view: View,
    found: Iterable[tuple[TaskRecord, Seen]],
    fits: Callable[[Membership, TaskRecord], bool],
) -> tuple[Colleague, ...]:
    """Who fits every one of the tasks today, by name."""
    circles = [
        {seat.person for seat in seen.team if seat.valid_on(view.today) and fits(seat, task)}
        for task, seen in found
    ]
    common = set.intersection(*circles) if circles else set()
    return colleagues(view, common)
