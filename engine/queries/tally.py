"""How many tasks wait on each list, and what they can be narrowed by."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import compress
from operator import and_

from engine.queries.glance import Glance, glance
from engine.queries.my_tasks import WAITING, TaskListName
from engine.queries.names import phase_name
from engine.queries.task_filter import TaskFilter
from engine.queries.view import View


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
    """Of every list of what is still to be done."""
    return tally_of(view, glance(view, wanted))


def tally_of(view: View, seen: Glance) -> Tally:
    """Of what was seen at a glance."""
    number = Counter(compress(seen.lists, seen.fits))
    late = Counter(compress(seen.lists, map(and_, seen.late, seen.fits)))
    told = zip(seen.procurements, seen.references, seen.titles, strict=True)
    return Tally(
        counts={
            which: Count(number[which], late[which], not seen.has_all(which)) for which in WAITING
        },
        procurements=_choices({key: f"{reference} {title}" for key, reference, title in told}),
        procedures=tuple(sorted(set(seen.procedures))),
        phases=_phases(view, set(zip(seen.versions, seen.phases, strict=True))),
        roles=tuple(sorted(set(seen.roles))),
    )


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
    found = sorted((name.lower(), value, name) for value, name in names.items())
    return tuple(Choice(value, name) for _, value, name in found)
