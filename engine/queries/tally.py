"""How many tasks wait on each list, and what they can be narrowed by."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
from engine.queries.names import phase_name
from engine.queries.task_filter import Shape, TaskFilter, conditions_of, narrowing
from engine.queries.view import View
from engine.store.schema import procurement, task

MOST = 2000
"""So many tasks of a list are counted; that there are more is said instead of how many."""


@dataclass(frozen=True, slots=True)
class Count:
    """Tasks of a list, and how many of them are late; `more` when not all were counted."""

    number: int = 0
    late: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the reader's tasks can be narrowed by, and what it is called."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Tally:
    """`counts` are of what the filter lets through; the choices are of all the reader has."""

    counts: Mapping[TaskListName, Count]
    procurements: tuple[Choice, ...]
    procedures: tuple[str, ...]
    phases: tuple[Choice, ...]
    roles: tuple[str, ...]


def tally(view: View, wanted: TaskFilter) -> Tally:
    """Of every list of what is still to be done, in one question."""
    narrowed = narrowing(view, wanted)
    values = {**asking(view), **narrowed.values, "now": view.now}
    rows = view.connection.execute(_question(narrowed.shape), values)
    number, late, looked_at = Counter[str](), Counter[str](), Counter[str]()
    places, kinds, phases, roles = dict[str, str](), set[str](), set[tuple[str, str]](), set[str]()
    for name, place, reference, title, kind, version, phase, role, is_late, fits in rows:
        looked_at[name] += 1
        number[name] += fits
        late[name] += is_late and fits
        places[place] = f"{reference} {title}"
        kinds.add(kind)
        phases.add((version, phase))
        roles.add(role)
    return Tally(
        counts={which: _count(which, number, late, looked_at) for which in WAITING},
        procurements=_choices(places),
        procedures=tuple(sorted(kinds)),
        phases=_phases(view, phases),
        roles=tuple(sorted(roles)),
    )


def _count(
    which: TaskListName, number: Counter[str], late: Counter[str], looked_at: Counter[str]
) -> Count:
    together = _FREE_LISTS if which in _FREE_LISTS else {which}
    more = sum(looked_at[each] for each in together) > MOST
    return Count(number[which], late[which], more)


def _phases(view: View, named: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
    """By id: phases of different processes that share it are looked for together."""
    return _choices(
        {
            phase: phase_name(view.definition(digest), view.language, phase)
            for digest, phase in sorted(named)
            if phase
        }
    )


def _choices(names: Mapping[str, str]) -> tuple[Choice, ...]:
    found = (Choice(value, name) for value, name in names.items())
    return tuple(sorted(found, key=lambda choice: (choice.name.lower(), choice.value)))


_FREE_LISTS: Final = frozenset({TaskListName.ROLES, TaskListName.SECOND})
_LIGHT: Final = (
    task.c.procurement,
    procurement.c.reference,
    procurement.c.title,
    procurement.c.procedure,
    procurement.c.definition,
    task.c.phase,
    task.c.candidate,
    sa.case((task.c.due_at < sa.bindparam("now", type_=task.c.due_at.type), 1), else_=0).label(
        "late"
    ),
)


@lru_cache(maxsize=256)
def _question(shape: Shape) -> sa.CompoundSelect[Any]:
    """The tasks of every list; those that are free are looked for once for both of their lists."""
    conditions = conditions_of(shape)
    fits = sa.case((sa.and_(*conditions), 1), else_=0) if conditions else _YES
    free = sa.case((IS_FOR_ROLE, TaskListName.ROLES.value), else_=TaskListName.SECOND.value)
    parts = {
        TaskListName.MINE: sa.literal(TaskListName.MINE.value),
        TaskListName.DELEGATED: sa.literal(TaskListName.DELEGATED.value),
    }
    return sa.union_all(
        *(_light(SOURCES[which], name, fits) for which, name in parts.items()),
        _light(FREE.narrowed(IS_FOR_ROLE | IS_SECOND), free, fits),
    )


def _light(
    source: Source, name: "sa.ColumnElement[str]", fits: "sa.ColumnElement[int]"
) -> sa.Select[Any]:
    chosen = (
        sa.select(name.label("list"), *_LIGHT, fits.label("fits"))
        .select_from(source.tables)
        .where(source.where)
        .limit(MOST + 1)
        .subquery()
    )
    return sa.select(*chosen.c)


_YES: Final = sa.literal_column("1", sa.Integer)
