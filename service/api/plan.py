"""Plans: the expected course of a procurement in days, what a choice would do, and its calendar."""

from datetime import date
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response
from pydantic import BeforeValidator, Field

from engine.errors import InvalidInputError
from engine.procurement.planning import MOST_EXTRA_DAYS, MOST_REPEATS, Choice
from engine.queries.calendar import calendar_of
from engine.queries.plan import PlanLine, PlanPage, plan_before_start, plan_page
from service.api.routing import content, make_router
from service.api.shapes import IdInPath, InEachLanguage, KeyOrNone, Told
from service.calendars import MEDIA_TYPE, calendar_file
from service.dependencies import Everything, Reader, Text

router = make_router("plans")

TextOrNone = Annotated[InEachLanguage | None, BeforeValidator(lambda value: value or None)]
Pairs = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=50)]
Procedure = Annotated[
    KeyOrNone, Query(description="Whose minimum periods count; its own when absent.")
]
Repeat = Annotated[
    Pairs,
    Query(description=f"`<repetition>:<times>`, such as `rounds:3`; 1 to {MOST_REPEATS}."),
]
Extra = Annotated[
    Pairs,
    Query(
        description="`<element>:<working days>` more or less, such as `decide-award:-1`;"
        f" up to {MOST_EXTRA_DAYS}. A legal period never gets shorter."
    ),
]


class PlannedBar(Told):
    """One activity, both days included. `kind` is past, open, planned (an assumption), waiting or
    legal (the law's minimum). `latest` is the last day that the law or the due date allows."""

    key: str
    process: str
    element: str
    name: str
    phase: str
    phase_name: str
    kind: str
    start: date
    end: date
    working_days: int
    round: int
    latest: date | None
    rule: str
    citation: str
    verified: bool
    why: TextOrNone


class PlannedMilestone(Told):
    """A day that matters. `fact` when it has happened or has been set; else it is computed."""

    id: str
    day: date
    fact: bool
    rule: str
    citation: str


class PlannedRepetition(Told):
    """What is done several times: how often it is planned, and which turn it is in."""

    id: str
    title: InEachLanguage
    planned: int
    now: int


class PlanDifference(Told):
    """What the choice does to a milestone (or to the `end`), in calendar days; later is above 0."""

    id: str
    before: date
    after: date
    days: int


class PlanTold(Told):
    """`procurement` is empty before start. `differences` are those of the choice against the plan
    as it is; `procedures` those that can be chosen."""

    procurement: str
    process: str
    procedure: str
    start: date
    end: date
    today: date
    earliest_signing: date | None
    bars: list[PlannedBar]
    milestones: list[PlannedMilestone]
    repetitions: list[PlannedRepetition]
    procedures: list[str]
    differences: list[PlanDifference]


@router.get("/procurements/{procurement}/plan")
def show_plan(
    procurement: IdInPath,
    view: Reader,
    procedure: Procedure = "",
    repeat: Repeat = [],  # noqa: B006 - read alone
    extra: Extra = [],  # noqa: B006 - read alone
) -> PlanTold:
    """The expected course of a procurement as it stands, and what a choice would do to it."""
    return _told(plan_page(view, procurement, _choice(procedure, repeat, extra)))


@router.get("/plan")
def show_plan_before_start(
    view: Reader,
    process: Annotated[str, Query(min_length=1, max_length=120)],
    start: Annotated[date | None, Query(description="The first day; today when absent.")] = None,
    procedure: Procedure = "",
    repeat: Repeat = [],  # noqa: B006 - read alone
    extra: Extra = [],  # noqa: B006 - read alone
) -> PlanTold:
    """The expected course of a procurement that would start on a day."""
    choice = _choice(procedure, repeat, extra)
    return _told(plan_before_start(view, process, start, choice))


@router.get(
    "/procurements/{procurement}/calendar",
    response_class=Response,
    responses=content("text/calendar"),
)
def show_calendar(procurement: IdInPath, view: Reader, parts: Everything, text: Text) -> Response:
    """Its dates as an iCalendar file: deadlines, your own due tasks, milestones."""
    file = calendar_file(calendar_of(view, procurement), text, parts.settings.origin)
    return Response(file, media_type=MEDIA_TYPE)


def _choice(procedure: str, repeat: list[str], extra: list[str]) -> Choice:
    return Choice(procedure, dict(map(_pair, repeat)), dict(map(_pair, extra)))


def _pair(text: str) -> tuple[str, int]:
    """`name:number`; raises InvalidInputError."""
    name, _, number = text.rpartition(":")
    try:
        return name, int(number)
    except ValueError as error:
        raise InvalidInputError(
            f"{text!r} is no name with a number. Write it as decide-award:5.", value=text
        ) from error


def _told(page: PlanPage) -> PlanTold:
    plan = page.plan
    return PlanTold.model_validate(
        {
            "procurement": page.id,
            "process": page.process,
            "procedure": plan.procedure,
            "start": plan.start,
            "end": plan.end,
            "today": plan.today,
            "earliest_signing": plan.earliest_signing,
            "bars": [_bar(line) for line in page.lines],
            "milestones": plan.milestones,
            "repetitions": plan.repetitions,
            "procedures": page.procedures,
            "differences": page.differences,
        }
    )


def _bar(line: PlanLine) -> dict[str, Any]:
    bar = line.bar
    told = {name: getattr(bar, name) for name in PlannedBar.model_fields if hasattr(bar, name)}
    return {**told, "kind": bar.kind.value, "name": line.name, "phase_name": line.phase}
