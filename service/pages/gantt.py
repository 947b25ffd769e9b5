"""A plan as a picture: where each bar, month and milestone lies. Lengths are SVG user units."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from engine.procurement.calendar import ONE_DAY
from engine.queries.plan import PlanLine, PlanPage

LABELS = 300
HEAD = 64
ROW = 22
PHASE_ROW = 28
WIDEST = 900
NARROWEST_BAR = 3
LONGEST_LABEL = 44
_MONTH_WIDTH = 62
_STEPS = (1, 2, 3, 6, 12)

DayToX = Callable[[date], float]


@dataclass(frozen=True, slots=True)
class Piece:
    """A bar of the plan; `line` says what it is."""

    x: float
    width: float
    line: PlanLine


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the picture: the name of a phase, or an activity with its bars."""

    y: float
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    day: date


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone: a line through the picture."""

    x: float
    id: str
    day: date
    fact: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """`today` is None where the plan begins later."""

    width: float
    height: float
    left: float
    top: float
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    today: float | None


def draw_plan(page: PlanPage) -> Chart:
    """The picture of the plan; the days of `page.plan` from left to right."""
    plan = page.plan
    first, last = plan.start.replace(day=1), plan.end
    scale = max(WIDEST / max((last - first).days, 1), 1.0)

    def x(day: date) -> float:
        return round(LABELS + (day - first).days * scale, 1)

    rows = tuple(_rows(page.lines, x, scale))
    bottom = rows[-1].y + ROW if rows else HEAD + ROW
    return Chart(
        width=x(last + ONE_DAY) + 20,
        height=bottom + 10,
        left=LABELS,
        top=HEAD,
        rows=rows,
        ticks=tuple(_ticks(first, last, x, scale)),
        marks=tuple(
            Mark(x(each.day + ONE_DAY), each.id, each.day, each.fact)
            for each in plan.milestones
            if first <= each.day <= last
        ),
        today=x(plan.today) if first <= plan.today <= last else None,
    )


def _rows(lines: Sequence[PlanLine], x: DayToX, scale: float) -> Iterator[Row]:
    """One row per activity of a phase, in the order in which they begin."""
    by_phase: dict[str, dict[str, list[PlanLine]]] = {}
    for line in lines:
        by_phase.setdefault(line.phase, {}).setdefault(line.name, []).append(line)
    y = float(HEAD)
    for phase, activities in by_phase.items():
        if phase:
            yield Row(y, phase, ())
            y += PHASE_ROW
        for name, found in activities.items():
            yield Row(y, shortened(name), tuple(_piece(line, x, scale) for line in found))
            y += ROW


def _piece(line: PlanLine, x: DayToX, scale: float) -> Piece:
    days = (line.bar.end - line.bar.start).days + 1
    return Piece(x(line.bar.start), max(round(days * scale, 1), NARROWEST_BAR), line)


def _ticks(first: date, last: date, x: DayToX, scale: float) -> Iterator[Tick]:
    """The first of every month, or of every second, third … where months are narrow."""
    step = next((each for each in _STEPS if each * 30 * scale >= _MONTH_WIDTH), _STEPS[-1])
    day = first
    while day <= last:
        if (day.month - 1) % step == 0 or day == first:
            yield Tick(x(day), day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)


def shortened(label: str) -> str:
    """What fits beside the picture; the table has the whole name."""
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"
