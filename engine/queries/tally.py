"""How many tasks wait on each list, and what they can be narrowed by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
from engine.queries.task_filter import TaskFilter, conditions_of
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
    conditions = conditions_of(view, wanted)
    question = _question(sa.case((sa.and_(*conditions), 1), else_=0)) if conditions else _ALL
    rows = view.connection.execute(question, asking(view)).all()
    return Tally(
        counts={which: _count(view, rows, which) for which in WAITING},
        procurements=_choices({row.procurement: f"{row.reference} {row.title}" for row in rows}),
        procedures=tuple(sorted({row.procedure for row in rows})),
        phases=_phases(view, rows),
        roles=tuple(sorted({row.candidate for row in rows})),
    )


def _count(view: View, rows: Sequence[Any], which: TaskListName) -> Count:
    together = _FREE_LISTS if which in _FREE_LISTS else {which}
    looked_at = sum(row.list in together for row in rows)
    fitting = [row for row in rows if row.list == which and row.fits]
    late = sum(row.due_at is not None and row.due_at < view.now for row in fitting)
    return Count(len(fitting), late, more=looked_at > MOST)


def _phases(view: View, rows: Iterable[Any]) -> tuple[Choice, ...]:
    """By id: phases of different processes that share it are looked for together."""
    named = {(row.definition, row.phase) for row in rows if row.phase}
    return _choices(
        {
            phase: phase_name(view.definition(digest), view.language, phase)
            for digest, phase in sorted(named)
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
    task.c.due_at,
)


def _question(fits: "sa.ColumnElement[int]") -> sa.CompoundSelect[Any]:
    """The tasks of every list; those that are free are looked for once for both of their lists."""
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


_ALL: Final = _question(sa.literal_column("1", sa.Integer))
