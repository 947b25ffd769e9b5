"""Figures over many procurements: bottlenecks, time per phase, and the heat map of a version."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Depends, Query, Response
from pydantic import Field

from engine.queries.figures import (
    Bottlenecks,
    FigureFilter,
    PhaseFigure,
    StepFigure,
    WaitFigure,
    find_bottlenecks,
)
from engine.queries.heat import Measure, heat_map, versions_used
from service.api.routing import content, make_router
from service.api.shapes import KeyInPath, KeyOrNone, Told
from service.dependencies import Reader, Text
from service.pages.figures import heat_said
from service.pages.tables import bottleneck_sheet, heat_sheet, table_file

router = make_router("portfolio")

Hours = Annotated[float, Field(description="Working hours.")]
TABLE = content("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
Form = Annotated[str, Query(alias="format", pattern="^(csv|xlsx)$")]


class StepTold(Told):
    """A step of people for one role. `times` it was done, `waiting` it waits now; `waited` is what
    all of it has waited for somebody together, the others are medians and the longest."""

    process: str
    process_name: str
    element: str
    name: str
    phase: str
    role: str
    times: int
    waiting: int
    waited: Hours
    median_wait: Hours
    median_work: Hours
    median_whole: Hours
    longest: Hours
    oldest: Hours


class WaitTold(Told):
    """A place where processes wait for a date or for somebody outside."""

    process: str
    process_name: str
    element: str
    name: str
    event: str
    times: int
    mean: Hours


class PhaseTimeTold(Told):
    """A phase: `times` procurements have left it, `there` are in it, the oldest for `oldest`."""

    process: str
    process_name: str
    phase: str
    name: str
    times: int
    median: Hours
    longest: Hours
    there: int
    oldest: Hours


class BottlenecksTold(Told):
    """Over `procurements`, of which `behind` have entries that waits and phases do not count yet;
    `more` when not all work was looked at."""

    procurements: int
    more: bool
    behind: int
    steps: list[StepTold]
    waits: list[WaitTold]
    phases: list[PhaseTimeTold]


class VersionUsed(Told):
    """A version with how many of your procurements run or ran on it."""

    digest: str
    key: str
    name: str
    number: int
    procurements: int


class HeatLine(Told):
    """An element: how often it was passed, its working time in the whole and usually, and its
    share of the warmest in the same process."""

    process: str
    process_name: str
    element: str
    name: str
    kind: str
    times: int
    whole: Hours
    usually: Hours
    share: float


class HeatDrawing(Told):
    """One drawing of the version with its heat, as SVG."""

    process: str
    name: str
    svg: str


class HeatTold(Told):
    version: VersionUsed
    procurements: int
    behind: int
    elements: list[HeatLine]
    drawings: list[HeatDrawing]


async def get_wanted(
    process: Annotated[KeyOrNone, Query(description="Of this process only.")] = "",
    since: Annotated[
        date | None, Query(description="Work that was there on this day or later.")
    ] = None,
) -> FigureFilter:
    """Over which procurements and which time."""
    return FigureFilter(process=process, since=since)


Wanted = Annotated[FigureFilter, Depends(get_wanted)]


@router.get("/portfolio/bottlenecks")
def show_bottlenecks(view: Reader, wanted: Wanted) -> BottlenecksTold:
    """Where work waits longest, per step and role, in working hours, and the time per phase; over
    the procurements you may read."""
    return _told(find_bottlenecks(view, wanted))


@router.get("/portfolio/bottlenecks/table", response_class=Response, responses=TABLE)
def download_bottlenecks(view: Reader, wanted: Wanted, text: Text, form: Form = "xlsx") -> Response:
    """The steps as a table, CSV or XLSX. No text in it is run as a formula."""
    sheet = bottleneck_sheet(find_bottlenecks(view, wanted), text)
    return table_file(sheet, form, text("figures.file"))


@router.get("/portfolio/heat")
def list_versions_used(view: Reader) -> list[VersionUsed]:
    """The versions your procurements run on, by process, the newest first."""
    return [VersionUsed.model_validate(each) for each in versions_used(view)]


@router.get("/portfolio/heat/{digest}")
def show_heat(
    digest: KeyInPath, view: Reader, text: Text, measure: Measure = Measure.TIMES
) -> HeatTold:
    """How often each element of the version was passed and how much working time it took, as a
    list and on the drawings, coloured by `measure`."""
    found = heat_map(view, digest, measure, heat_said(measure, text))
    return HeatTold(
        version=VersionUsed.model_validate(found.version),
        procurements=found.procurements,
        behind=found.behind,
        elements=[
            HeatLine(
                process=row.process,
                process_name=row.process_name,
                element=row.element,
                name=row.name,
                kind=row.kind,
                times=row.times,
                whole=_hours(row.whole),
                usually=_hours(row.usually),
                share=round(row.share, 4),
            )
            for row in found.rows
        ],
        drawings=[HeatDrawing.model_validate(each) for each in found.drawings],
    )


@router.get("/portfolio/heat/{digest}/table", response_class=Response, responses=TABLE)
def download_heat(
    digest: KeyInPath,
    view: Reader,
    text: Text,
    measure: Measure = Measure.TIMES,
    form: Form = "xlsx",
) -> Response:
    """The elements as a table, CSV or XLSX. No text in it is run as a formula."""
    found = heat_map(view, digest, measure, heat_said(measure, text))
    return table_file(heat_sheet(found.rows, text), form, text("heat.file"))


def _told(found: Bottlenecks) -> BottlenecksTold:
    return BottlenecksTold(
        procurements=found.number,
        more=found.more,
        behind=found.behind,
        steps=[_step(each) for each in found.steps],
        waits=[_wait(each) for each in found.waits],
        phases=[_phase(each) for each in found.phases],
    )


def _step(step: StepFigure) -> StepTold:
    figure = step.figure
    return StepTold(
        process=step.process,
        process_name=step.process_name,
        element=step.element,
        name=step.name,
        phase=step.phase,
        role=figure.role,
        times=figure.times,
        waiting=figure.waiting,
        waited=_hours(figure.waited),
        median_wait=_hours(figure.median_wait),
        median_work=_hours(figure.median_work),
        median_whole=_hours(figure.median_whole),
        longest=_hours(figure.longest),
        oldest=_hours(figure.oldest),
    )


def _wait(wait: WaitFigure) -> WaitTold:
    return WaitTold(
        process=wait.process,
        process_name=wait.process_name,
        element=wait.element,
        name=wait.name,
        event=wait.event,
        times=wait.times,
        mean=_hours(wait.mean),
    )


def _phase(phase: PhaseFigure) -> PhaseTimeTold:
    figure = phase.figure
    return PhaseTimeTold(
        process=phase.process,
        process_name=phase.process_name,
        phase=phase.phase,
        name=phase.name,
        times=figure.times,
        median=_hours(figure.median),
        longest=_hours(figure.longest),
        there=figure.there,
        oldest=_hours(figure.oldest),
    )


def _hours(span: timedelta) -> float:
    return round(span.total_seconds() / 3600, 2)
