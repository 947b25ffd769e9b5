"""The first tasks of lists and how many wait on each, by one look at what the reader has."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.queries.glance import glance
from engine.queries.my_tasks import TaskListName
from engine.queries.tally import Tally, tally_of
from engine.queries.task_filter import TaskFilter
from engine.queries.view import View
from engine.queries.worklist import TaskPart, list_tasks, part_of, rows_of


@dataclass(frozen=True, slots=True)
class FirstPage:
    """`parts` are the first tasks of the lists that were asked for."""

    tally: Tally
    parts: Mapping[TaskListName, TaskPart]


def first_page(view: View, wanted: TaskFilter, limits: Mapping[TaskListName, int]) -> FirstPage:
    """At most so many tasks of each list, as `list_tasks` gives them. Lists that hold more than
    was looked at, and what is done, are asked for one by one."""
    seen = glance(view, wanted)
    chosen = {
        which: seen.most_urgent(which, limit + 1)
        for which, limit in limits.items()
        if seen.has_all(which)
    }
    rows = {row.id: row for row in rows_of(view, [key for keys in chosen.values() for key in keys])}

    def first(which: TaskListName, limit: int) -> TaskPart:
        if which not in chosen:
            return list_tasks(view, which, wanted, after=None, limit=limit)
        return part_of(tuple(rows[key] for key in chosen[which]), limit)

    parts = {which: first(which, limit) for which, limit in limits.items()}
    return FirstPage(tally_of(view, seen), parts)
