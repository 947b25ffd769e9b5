"""The plan of a procurement, or of one that has not begun, with what another choice would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import QueryParams

from engine.errors import InvalidInputError
from engine.procurement.calendar import day_off, next_working_day
from engine.procurement.planning import AS_IT_IS, Choice
from engine.queries.calendar import calendar_of
from engine.queries.plan import PlanPage, plan_before_start, plan_page
from service.calendars import MEDIA_TYPE, calendar_file
from service.dependencies import Everything
from service.errors import Explanation, explain
from service.pages.gantt import Chart, draw_plan
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)

REPEAT = "repeat."


@dataclass(frozen=True, slots=True)
class Shown:
    """`asked` are the fields of the form as they were sent; `start` is empty once it has begun.
    `working_day` is the first on which somebody can sign, where the law allows it on a day off."""

    found: PlanPage
    chart: Chart
    working_day: date | None
    asked: Mapping[str, str]
    start: str
    problem: Explanation | None


@router.get("/procurements/start/plan")
def show_before_start(here: Here, process: str = "", start: str = "") -> HTMLResponse:
    asked = here.request.query_params
    try:
        found = plan_before_start(here.view, process, _read_day(start), _choice(asked))
        problem = None
    except InvalidInputError as error:
        found = plan_before_start(here.view, process)
        problem = explain(error, here.text)
    first = start if start and not problem else here.view.today.isoformat()
    return _show(here, found, problem, first)


@router.get("/procurements/{key}/plan")
def show_plan(key: str, here: Here) -> HTMLResponse:
    try:
        found = plan_page(here.view, key, _choice(here.request.query_params))
        problem = None
    except InvalidInputError as error:
        found = plan_page(here.view, key, AS_IT_IS)
        problem = explain(error, here.text)
    return _show(here, found, problem, "")


def _show(here: Here, found: PlanPage, problem: Explanation | None, start: str) -> HTMLResponse:
    asked = dict(here.request.query_params)
    working_day = _first_working_day(found.plan.earliest_signing)
    page = Shown(found, draw_plan(found), working_day, asked, start, problem)
    status = problem.status if problem else 200
    return here.show("procurements/plan.html", page, status=status)


def _first_working_day(day: date | None) -> date | None:
    """The first one from `day`; None where that is `day` itself."""
    return next_working_day(day) if day and day_off(day) else None


@router.get("/procurements/{key}/calendar.ics")
def download_calendar(key: str, here: Here, parts: Everything) -> Response:
    content = calendar_file(calendar_of(here.view, key), here.text, parts.settings.origin)
    headers = {"Content-Disposition": 'attachment; filename="calendar.ics"'}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


def _choice(asked: QueryParams) -> Choice:
    """What the form says; fields left empty choose nothing."""
    repeats = {
        name.removeprefix(REPEAT): _whole(value)
        for name, value in asked.items()
        if name.startswith(REPEAT) and value.strip()
    }
    activity, extra = asked.get("activity", ""), asked.get("extra", "").strip()
    return Choice(
        procedure=asked.get("procedure", ""),
        repeats=repeats,
        extra={activity: _whole(extra)} if activity and extra else {},
    )


def _whole(value: str) -> int:
    try:
        return int(value)
    except ValueError as error:
        raise InvalidInputError(
            f"{value!r} is no whole number. Write one, such as 5 or -5.",
            value=value,
            about="no-whole-number",
        ) from error


def _read_day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise InvalidInputError(
            f"{value!r} is no day. Write it as 2026-02-28.", value=value, about="no-iso-day"
        ) from error
