"""Where work waits, and how long phases take, over the procurements a reader may read.

Work of people comes from its tasks, which say when it was there, taken and done. What else a
process passed and waited for, and when its phases were, has been counted from the records
(`engine/commands/usage.py`) up to a moment that is told.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import sqlalchemy as sa

from engine.clock import OSLO
from engine.model.definition import ProcessDefinition
from engine.procurement.bottlenecks import (
    Bottleneck,
    PhaseTime,
    Spell,
    Work,
    bottlenecks,
    phase_times,
)
from engine.queries.diagrams import process_name
from engine.queries.names import phase_name
from engine.queries.reader import is_known, readable, reader_values
from engine.queries.view import View
from engine.store.schema import counted, definition, element_use, phase_spell, procurement, task

MOST: Final = 20_000
"""So many pieces of work are looked at, the newest first; that there were more is told."""
CATCHING: Final = ("intermediateCatchEvent", "receiveTask")
"""Elements at which a process waits for time or for others; what only watches is none of them."""


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """Over which procurements: of the process `process` ("" all of them) or of its version
    `digest`, and what was begun on `since` or later."""

    process: str = ""
    digest: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class StepFigure:
    """A step of people with what it came to. `process` is the process it stands in."""

    process: str
    process_name: str
    element: str
    name: str
    phase: str
    figure: Bottleneck


@dataclass(frozen=True, slots=True)
class WaitFigure:
    """A place where processes wait for a date or for somebody outside: how often they went on, and
    how long they had waited on average."""

    process: str
    process_name: str
    element: str
    name: str
    event: str
    times: int
    mean: timedelta


@dataclass(frozen=True, slots=True)
class PhaseFigure:
    process: str
    process_name: str
    phase: str
    name: str
    figure: PhaseTime


@dataclass(frozen=True, slots=True)
class Bottlenecks:
    """`number` of procurements; `more` when not all work was looked at; `behind` have entries that
    have not been counted yet for waits and phases."""

    number: int
    more: bool
    behind: int
    steps: tuple[StepFigure, ...]
    waits: tuple[WaitFigure, ...]
    phases: tuple[PhaseFigure, ...]
    processes: tuple[tuple[str, str], ...]


def find_bottlenecks(view: View, wanted: FigureFilter) -> Bottlenecks:
    """Steps by how long their work has waited altogether, waits by their length, phases in the
    order of their process."""
    chosen = chosen_by(wanted)
    rows = work_rows(view, chosen, wanted)
    number, behind = how_many(view, chosen)
    return Bottlenecks(
        number=number,
        more=len(rows) > MOST,
        behind=behind,
        steps=tuple(_steps(view, rows[:MOST])),
        waits=tuple(_waits(view, chosen)),
        phases=tuple(_phases(view, chosen, wanted)),
        processes=_processes(view),
    )


def chosen_by(wanted: FigureFilter) -> sa.CTE:
    """The procurements, as far as the reader may read them."""
    where: list[sa.ColumnElement[bool]] = []
    if wanted.digest:
        where.append(procurement.c.definition == wanted.digest)
    elif wanted.process:
        versions = sa.select(definition.c.digest).where(definition.c.key == wanted.process)
        where.append(procurement.c.definition.in_(versions))
    columns = (
        procurement.c.id,
        procurement.c.organisation,
        procurement.c.definition,
        procurement.c.audit_seq,
    )
    return readable(*columns, where=where).cte("chosen")


def _from(day: date) -> datetime:
    """The beginning of the day in Oslo."""
    return datetime.combine(day, time(), OSLO)


def work_rows(view: View, chosen: sa.CTE, wanted: FigureFilter) -> Sequence[Any]:
    query = (
        sa.select(
            chosen.c.definition,
            task.c.process,
            task.c.element,
            task.c.name,
            task.c.role,
            task.c.phase,
            task.c.status,
            task.c.opened_at,
            task.c.taken_at,
            task.c.closed_at,
        )
        .select_from(chosen.join(task, task.c.procurement == chosen.c.id))
        .where(
            task.c.status.in_(("completed", "open", "approval")),
            task.c.element != "",
            is_known(task.c.scope, chosen.c.id, chosen.c.organisation),
        )
        .order_by(task.c.opened_at.desc())
        .limit(MOST + 1)
    )
    if wanted.since is not None:
        query = query.where(task.c.opened_at >= _from(wanted.since))
    return view.connection.execute(query, reader_values(view)).all()


def work_of(rows: Iterable[Any]) -> Iterable[Work]:
    return (
        Work(
            (row.process, row.element),
            row.role,
            row.opened_at,
            row.taken_at,
            row.closed_at if row.status == "completed" else None,
        )
        for row in rows
    )


def _steps(view: View, rows: Sequence[Any]) -> Iterable[StepFigure]:
    newest: dict[tuple[str, str], Any] = {}
    for row in rows:
        newest.setdefault((row.process, row.element), row)
    for figure in bottlenecks(work_of(rows), view.now):
        row = newest[figure.step]
        process, element = figure.step
        found = view.definition(row.definition)
        yield StepFigure(
            process=process,
            process_name=process_name(view, found, process),
            element=element,
            name=view.text(row.definition, process, f"{element}.name", row.name),
            phase=phase_name(found, view.language, row.phase),
            figure=figure,
        )


def uses_of(view: View, chosen: sa.CTE) -> Sequence[Any]:
    """By version and element: how often it was passed and for how many seconds it was waited."""
    query = (
        sa.select(
            chosen.c.definition,
            element_use.c.element,
            sa.func.sum(element_use.c.times).label("times"),
            sa.func.sum(element_use.c.seconds).label("seconds"),
        )
        .select_from(chosen.join(element_use, element_use.c.procurement == chosen.c.id))
        .where(is_known(element_use.c.scope, chosen.c.id, chosen.c.organisation))
        .group_by(chosen.c.definition, element_use.c.element)
    )
    return view.connection.execute(query, reader_values(view)).all()


def places_of_elements(found: ProcessDefinition) -> Mapping[str, str]:
    """The process of each element whose id stands in one process of the version alone: what was
    counted says no more than the id."""
    places: dict[str, list[str]] = {}
    for key, process in found.processes.items():
        for element in process.elements:
            places.setdefault(element, []).append(key)
    return {element: keys[0] for element, keys in places.items() if len(set(keys)) == 1}


def _waits(view: View, chosen: sa.CTE) -> Iterable[WaitFigure]:
    summed: dict[tuple[str, str], list[Any]] = {}
    for row in uses_of(view, chosen):
        process = places_of_elements(view.definition(row.definition)).get(row.element)
        if process is not None and row.times:
            summed.setdefault((process, row.element), []).append(row)
    figures = [
        figure
        for (process, element), rows in summed.items()
        if (figure := _wait(view, process, element, rows)) is not None
    ]
    return sorted(figures, key=lambda each: (-each.mean, each.process, each.element))


def _wait(view: View, process: str, element: str, rows: Collection[Any]) -> WaitFigure | None:
    digest = max(row.definition for row in rows)
    found = view.definition(digest)
    info = found.processes[process].elements[element]
    if info.kind not in CATCHING:
        return None
    times = sum(int(row.times) for row in rows)
    seconds = sum(int(row.seconds) for row in rows)
    return WaitFigure(
        process=process,
        process_name=process_name(view, found, process),
        element=element,
        name=view.text(digest, process, f"{element}.name", info.name),
        event=info.event,
        times=times,
        mean=timedelta(seconds=seconds // times),
    )


def _phases(view: View, chosen: sa.CTE, wanted: FigureFilter) -> Iterable[PhaseFigure]:
    query = (
        sa.select(chosen.c.definition, phase_spell)
        .select_from(chosen.join(phase_spell, phase_spell.c.procurement == chosen.c.id))
        .order_by(phase_spell.c.entered_at.desc())
        .limit(MOST)
    )
    if wanted.since is not None:
        query = query.where(phase_spell.c.entered_at >= _from(wanted.since))
    by_process: dict[str, list[Any]] = {}
    for row in view.connection.execute(query, reader_values(view)):
        by_process.setdefault(view.definition(row.definition).key, []).append(row)
    for key, rows in sorted(by_process.items()):
        found = view.definition(rows[0].definition)
        figures = phase_times(map(_spell, rows), view.now)
        order = [phase.id for phase in found.root.phases]
        for phase in sorted(figures, key=lambda each: order.index(each) if each in order else -1):
            name = phase_name(found, view.language, phase)
            yield PhaseFigure(key, process_name(view, found, key), phase, name, figures[phase])


def _spell(row: Any) -> Spell:
    held = timedelta(seconds=int(row.held))
    return Spell(row.procurement, row.phase, row.entered_at, row.left_at, held)


def how_many(view: View, chosen: sa.CTE) -> tuple[int, int]:
    """How many procurements there are, and how many of them have entries yet to be counted."""
    behind = sa.case((chosen.c.audit_seq > sa.func.coalesce(counted.c.seq, 0), 1), else_=0)
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(behind), 0)).select_from(
        chosen.outerjoin(counted, counted.c.procurement == chosen.c.id)
    )
    number, left = view.connection.execute(query, reader_values(view)).one()
    return int(number), int(left)


def _processes(view: View) -> tuple[tuple[str, str], ...]:
    """The processes that the reader's procurements run on: key and name, by name."""
    digests = readable(procurement.c.definition).subquery()
    names: dict[str, str] = {}
    for digest in view.connection.scalars(sa.select(digests.c.definition), reader_values(view)):
        found = view.definition(digest)
        names[found.key] = process_name(view, found, found.key)
    return tuple(sorted(names.items(), key=lambda each: each[1]))
