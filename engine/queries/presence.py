"""Who else has a task open right now."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from engine.access.policy import Action
from engine.errors import NotFoundError
from engine.model.records import TaskRecord
from engine.queries.view import Seen, View, find_procurement, names_of
from engine.store import presence, tasks

SEEN_WITHIN: Final = timedelta(seconds=45)
WROTE_WITHIN: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Onlooker:
    """A person who has the task open; `mine` when that is the reader, in another window."""

    person: str
    name: str
    writing: bool
    mine: bool


def onlookers(seen: Seen, task: TaskRecord, page: str = "") -> tuple[Onlooker, ...]:
    """Everybody who has the task open now, save the window that asks; each person once, those who
    write first."""
    now, me = seen.view.now, seen.view.actor.id
    found: dict[str, bool] = {}
    for each in presence.here(seen.view.connection, task.id, now - SEEN_WITHIN):
        if each.page != page:
            writing = each.wrote_at is not None and each.wrote_at >= now - WROTE_WITHIN
            found[each.person] = found.get(each.person, False) or writing
    names = names_of(seen.view, set(found))
    shown = (
        Onlooker(person, names.get(person, person), writing, person == me)
        for person, writing in found.items()
    )
    return tuple(sorted(shown, key=lambda each: (not each.writing, each.name)))


def onlookers_of_task(view: View, key: str, page: str = "") -> tuple[Onlooker, ...]:
    """The same for those who may read the task; raises NotFoundError."""
    row = tasks.get(view.connection, key)
    seen = find_procurement(view, row.procurement)
    if not seen.may(Action.READ_TASK, seen.task_target(row)):
        raise NotFoundError("task", key)
    return onlookers(seen, row, page)
