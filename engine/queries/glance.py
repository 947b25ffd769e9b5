"""What waits for a reader, at a glance: of each task so much as it takes to count it, to know what
lists can be narrowed by, and to tell the most urgent ones.

What costs is to find what is the reader's, not how much of it is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from engine.queries.my_tasks import (
    FREE,
    IS_FOR_ROLE,
    IS_SECOND,
    SOURCES,
    WAITING,
    Source,
    TaskListName,
    asking,
)
from engine.queries.task_filter import Shape, TaskFilter, conditions_of, narrowing
from engine.queries.view import View
from engine.store.prepared import Prepared
from engine.store.schema import procurement, task

MOST: Final = 2000
"""So many tasks are looked at of what one question finds."""


@dataclass(frozen=True, slots=True)
class Glance:
    """Column by column, so that what is told of all tasks is told at once: the n-th of each is of
    the n-th task. `dues` and `openings` are in microseconds since 1970; `fits` is 1 for what the
    filter lets through, `late` for what has passed its date."""

    lists: Sequence[str]
    tasks: Sequence[str]
    dues: Sequence[int | None]
    openings: Sequence[int]
    procurements: Sequence[str]
    references: Sequence[str]
    titles: Sequence[str]
    procedures: Sequence[str]
    versions: Sequence[str]
    phases: Sequence[str]
    roles: Sequence[str]
    late: Sequence[int]
    fits: Sequence[int]

    def has_all(self, which: TaskListName) -> bool:
        """Whether every task of the list was looked at."""
        part = next((each for each in _PARTS if which in each), None)
        return part is not None and sum(map(self.lists.count, part)) <= MOST

    def most_urgent(self, which: TaskListName, most: int) -> list[str]:
        """The first tasks of a list that the filter lets through, in the order `URGENT`. They are
        the first of the whole list only where `has_all` holds."""
        rows = zip(self.lists, self.fits, self.dues, self.openings, self.tasks, strict=True)
        order = sorted(
            (due is None, due, opened, key)
            for name, fits, due, opened, key in rows
            if fits and name == which
        )
        return [key for *_, key in order[:most]]


def glance(view: View, wanted: TaskFilter) -> Glance:
    """Every list of what is still to be done; what the filter keeps out is looked at as well."""
    narrowed = narrowing(view, wanted)
    values = {**asking(view), **narrowed.values, "now": view.now, "looked_at": MOST + 1}
    rows = [
        row
        for question in _questions(narrowed.shape)
        for row in question.all(view.connection, values)
    ]
    return Glance(*zip(*rows, strict=True)) if rows else _NOTHING


_NOTHING: Final = Glance(*(() for _ in fields(Glance)))
_FREE_LISTS: Final = (TaskListName.ROLES, TaskListName.SECOND)
_PARTS: Final[Sequence[Sequence[TaskListName]]] = (
    _FREE_LISTS,
    *((each,) for each in WAITING if each not in _FREE_LISTS),
)
"""The lists that one question finds together."""

_YES: Final = sa.literal_column("1", sa.Integer)
_NO: Final = sa.literal_column("0", sa.Integer)
_NOW: Final[sa.BindParameter[Any]] = sa.bindparam("now", type_=task.c.due_at.type)
_COLUMNS: Final = (
    task.c.id,
    sa.type_coerce(task.c.due_at, sa.BigInteger).label("due_at"),
    sa.type_coerce(task.c.opened_at, sa.BigInteger).label("opened_at"),
    task.c.procurement,
    procurement.c.reference,
    procurement.c.title,
    procurement.c.procedure,
    procurement.c.definition,
    task.c.phase,
    task.c.candidate,
    sa.case((task.c.due_at < _NOW, _YES), else_=_NO).label("late"),
)


@lru_cache(maxsize=256)
def _questions(shape: Shape) -> tuple[Prepared, ...]:
    """For each part. What is free is looked for once for both of its lists; what somebody has is
    found by its own indexes."""
    conditions = conditions_of(shape)
    fits = sa.case((sa.and_(*conditions), _YES), else_=_NO) if conditions else _YES
    free = sa.case(
        (IS_FOR_ROLE, sa.literal(TaskListName.ROLES.value)),
        else_=sa.literal(TaskListName.SECOND.value),
    )
    single = (part[0] for part in _PARTS if len(part) == 1)
    return (
        _part(FREE.narrowed(IS_FOR_ROLE | IS_SECOND), free, fits),
        *(_part(SOURCES[each], sa.literal(each.value), fits) for each in single),
    )


def _part(source: Source, name: "sa.ColumnElement[str]", fits: "sa.ColumnElement[int]") -> Prepared:
    return Prepared(
        sa.select(name.label("list"), *_COLUMNS, fits.label("fits"))
        .select_from(source.tables)
        .where(source.where)
        .limit(sa.bindparam("looked_at", type_=sa.Integer))
    )
