"""How often each element of a version was passed, and how much working time it took."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from engine.bpmn.diagram import Heat
from engine.errors import NotFoundError
from engine.model.definition import ProcessDefinition
from engine.procurement.bottlenecks import bottlenecks
from engine.queries.diagrams import Drawing, heated_drawings, process_name
from engine.queries.figures import (
    CATCHING,
    FigureFilter,
    chosen_by,
    how_many,
    places_of_elements,
    uses_of,
    work_of,
    work_rows,
)
from engine.queries.reader import HOME, readable, reader_values
from engine.queries.view import View
from engine.store.schema import definition, deployment, procurement

_NOTHING: Final = timedelta()
Place = tuple[str, str]
"""A process and an element in it."""


class Measure(StrEnum):
    """By what elements are warm: how often they were passed, or the working hours they took."""

    TIMES = "times"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class HeatRow:
    """An element: how often it was passed, and its working time in the whole: how long people had
    it, the process waited there, or what it calls took; and of people's work usually (the median).
    `share` is of the warmest in the same process. `name` is "" where the model gives none."""

    process: str
    process_name: str
    element: str
    name: str
    kind: str
    times: int
    whole: timedelta
    usually: timedelta
    share: float = 0


@dataclass(frozen=True, slots=True)
class VersionUse:
    """A version with how many procurements run or ran on it that the reader may read."""

    digest: str
    key: str
    name: str
    number: int
    procurements: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """`rows` warmest first; `procurements` it is reckoned over, of which `behind` have entries that
    have not been counted yet."""

    version: VersionUse
    measure: Measure
    procurements: int
    behind: int
    drawings: tuple[Drawing, ...]
    rows: tuple[HeatRow, ...]


_DEPLOYED: Final = (
    sa.select(deployment.c.number)
    .where(deployment.c.definition == definition.c.digest)
    .order_by(
        (deployment.c.organisation == HOME).desc(), deployment.c.at, deployment.c.organisation
    )
    .limit(1)
)
"""As the reader's organisation deployed the version, else as it was first deployed."""
_NUMBER: Final = _DEPLOYED.scalar_subquery()
_SINCE: Final = _DEPLOYED.with_only_columns(deployment.c.at).scalar_subquery()

Say = Callable[[HeatRow], tuple[str, str]]
"""What stands on an element, and what is read of it, in the reader's language."""


def versions_used(view: View) -> tuple[VersionUse, ...]:
    """Versions that the reader's procurements run on: by process, the newest first."""
    mine = readable(procurement.c.id, procurement.c.definition).subquery()
    query = (
        sa.select(definition.c.digest, definition.c.key, _NUMBER, sa.func.count())
        .join(mine, mine.c.definition == definition.c.digest)
        .group_by(definition.c.digest, definition.c.key)
        .order_by(definition.c.key, _SINCE.desc(), definition.c.digest)
    )
    return tuple(
        VersionUse(digest, key, process_name(view, view.definition(digest), key), number, count)
        for digest, key, number, count in view.connection.execute(query, reader_values(view))
    )


def heat_map(view: View, digest: str, measure: Measure, say: Say) -> HeatMap:
    """Raises NotFoundError for a version that none of the reader's procurements runs on."""
    version = next((each for each in versions_used(view) if each.digest == digest), None)
    if version is None:
        raise NotFoundError("version with procurements of yours", digest)
    wanted = FigureFilter(digest=digest)
    number, behind = how_many(view, chosen_by(wanted))
    rows = _ranked(_rows(view, digest, wanted), measure)
    warm = [row for row in rows if row.share > 0]
    return HeatMap(
        version=version,
        measure=measure,
        procurements=number,
        behind=behind,
        drawings=heated_drawings(view, digest, _heat(warm, say)),
        rows=tuple(rows),
    )


def _rows(view: View, digest: str, wanted: FigureFilter) -> list[HeatRow]:
    found = view.definition(digest)
    rows = _of_people(view, found, wanted)
    places = places_of_elements(found)
    for use in uses_of(view, chosen_by(wanted)):
        process = places.get(use.element)
        if process is None or (process, use.element) in rows or not use.times:
            continue
        kind = found.processes[process].elements[use.element].kind
        waited = timedelta(seconds=int(use.seconds)) if kind in CATCHING else _NOTHING
        rows[process, use.element] = _row(view, found, process, use.element, int(use.times), waited)
    return list(_with_calls(view, found, rows).values())


def _with_calls(
    view: View, found: ProcessDefinition, rows: Mapping[Place, HeatRow]
) -> dict[Place, HeatRow]:
    """The same, and each call activity took what was done in what it calls. Where several call the
    same, each took its part by how often it was passed."""
    callers: dict[str, list[Place]] = {}
    for key, process in found.processes.items():
        for element in process.elements.values():
            if element.called:
                callers.setdefault(element.called, []).append((key, element.id))
    known = dict(rows)
    for key in _innermost_first(found, callers):
        whole = sum((row.whole for place, row in known.items() if place[0] == key), _NOTHING)
        places = callers.get(key, [])
        times = {place: known[place].times if place in known else 0 for place in places}
        for place in places:
            part = times[place] / sum(times.values()) if any(times.values()) else 1 / len(places)
            if whole * part:
                row = known.get(place) or _row(view, found, *place, times[place], _NOTHING)
                known[place] = replace(row, whole=whole * part, usually=_NOTHING)
    return known


def _innermost_first(
    found: ProcessDefinition, callers: Mapping[str, Sequence[Place]]
) -> Iterable[str]:
    """Each process after all that it calls."""
    done: list[str] = []

    def visit(key: str, above: frozenset[str]) -> None:
        if key in done or key in above:
            return
        for called, places in callers.items():
            if any(place[0] == key for place in places):
                visit(called, above | {key})
        done.append(key)

    for key in found.processes:
        visit(key, frozenset())
    return done


def _of_people(view: View, found: ProcessDefinition, wanted: FigureFilter) -> dict[Place, HeatRow]:
    """Steps of people, of which tasks tell more than passes."""
    rows = work_rows(view, chosen_by(wanted), wanted)
    done = [replace(work, role="") for work in work_of(rows) if work.closed is not None]
    return {
        figure.step: replace(
            _row(view, found, *figure.step, figure.times, _NOTHING),
            whole=figure.whole,
            usually=figure.median_whole,
        )
        for figure in bottlenecks(done, view.now)
        if figure.step[1] in found.processes[figure.step[0]].elements
    }


def _row(
    view: View, found: ProcessDefinition, process: str, element: str, times: int, whole: timedelta
) -> HeatRow:
    info = found.processes[process].elements[element]
    return HeatRow(
        process=process,
        process_name=process_name(view, found, process),
        element=element,
        name=view.text(found.digest, process, f"{element}.name", info.name),
        kind=info.kind,
        times=times,
        whole=whole,
        usually=whole / times if times else _NOTHING,
    )


def _ranked(rows: Sequence[HeatRow], measure: Measure) -> list[HeatRow]:
    """Each with its share of the warmest in its process, and the warmest of all first."""

    def value(row: HeatRow) -> float:
        return row.times if measure is Measure.TIMES else row.whole.total_seconds()

    warmest: dict[str, float] = {}
    for row in rows:
        warmest[row.process] = max(value(row), warmest.get(row.process, 0))
    shared = [replace(row, share=value(row) / (warmest[row.process] or 1)) for row in rows]
    return sorted(shared, key=lambda row: (-value(row), -row.times, row.process, row.element))


def _heat(rows: Iterable[HeatRow], say: Say) -> Mapping[str, Mapping[str, Heat]]:
    found: dict[str, dict[str, Heat]] = {}
    for row in rows:
        found.setdefault(row.process, {})[row.element] = Heat(row.share, *say(row))
    return found
