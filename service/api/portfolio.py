"""The portfolio: procurements narrowed and ordered, the whole by phase, and as a table."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Response

from engine.procurement.risk import Level, Reason, Risk
from engine.queries.portfolio import (
    Group,
    PortfolioFilter,
    PortfolioRow,
    Sort,
    Standing,
    overview,
    portfolio,
)
from engine.queries.task_filter import LONGEST
from service.api.routing import content, make_router
from service.api.shapes import IdOrNone, KeyOrNone, Told, WhyOrNone
from service.cursors import Cursor, read_mark, write_mark
from service.dependencies import Reader, Text
from service.pages.tables import portfolio_sheet, table_file

router = make_router("portfolio")

LEVELS = {level.name.lower(): level for level in Level}


class RiskReason(Told):
    """A fact that counts, how many there are of it, and how grave that is."""

    fact: str
    number: int
    level: str


class RiskTold(Told):
    """`level` is high, medium or low; low has no reasons."""

    level: str
    reasons: list[RiskReason]


class PortfolioLine(Told):
    """One procurement. `value` in øre, null before it was estimated; `deadline` the next date set
    by law; `next_due` the next date of any open task."""

    id: str
    reference: str
    title: str
    organisation: str
    process_name: str
    procedure: str
    status: str
    outcome: str
    phase_id: str
    phase: str
    value: int | None
    open_tasks: int
    late_tasks: int
    deadline: datetime | None
    why: WhyOrNone
    next_due: datetime | None
    risk: RiskTold
    leads: list[str]
    created_at: datetime


class PortfolioPart(Told):
    """A page; `next` is the cursor of the page after it, or null at the end."""

    items: list[PortfolioLine]
    next: str | None


class PhaseTold(Told):
    """Procurements in one phase; `by_level` how many on each level of risk, `value` in øre."""

    name: str
    phases: list[str]
    number: int
    by_level: dict[str, int]
    value: int


class OverviewTold(Told):
    number: int
    by_level: dict[str, int]
    value: int
    phases: list[PhaseTold]


async def get_filter(
    standing: Annotated[Standing, Query(description="`active`: running or on hold.")] = (
        Standing.ACTIVE
    ),
    procedure: Annotated[KeyOrNone, Query(description="Of this kind of procedure only.")] = "",
    phase: Annotated[KeyOrNone, Query(description="In this phase only.")] = "",
    organisation: Annotated[IdOrNone, Query(description="Of this organisation only.")] = "",
    level: Annotated[
        str,
        Query(description="`high`, `medium` or `low` risk only.", pattern="^(high|medium|low)?$"),
    ] = "",
    mine: Annotated[bool, Query(description="Only those in whose team you are.")] = False,
    text: Annotated[
        str,
        Query(max_length=LONGEST, description="Words that must be found in title or reference."),
    ] = "",
) -> PortfolioFilter:
    """Which procurements are wanted."""
    found = LEVELS.get(level)
    return PortfolioFilter(standing, procedure, phase, organisation, found, mine, text)


Wanted = Annotated[PortfolioFilter, Depends(get_filter)]


@router.get("/portfolio")
def list_portfolio(
    view: Reader,
    wanted: Wanted,
    sort: Sort = Sort.RISK,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> PortfolioPart:
    """The procurements you may read, the gravest risk first or as `sort` says, a page at a time."""
    after = read_mark(cursor, sort) if cursor else None
    found = portfolio(view, wanted, sort, after=after, limit=limit)
    return PortfolioPart(
        items=[_line(row) for row in found.rows],
        next=write_mark(found.next, sort) if found.next else None,
    )


@router.get("/portfolio/overview")
def show_overview(view: Reader, wanted: Wanted) -> OverviewTold:
    """How many there are in each phase, at which risk, and what they are worth together. Phase and
    level of the filter are left aside."""
    found = overview(view, wanted)
    return OverviewTold(
        number=found.number,
        by_level=_by_level(found.by_level),
        value=found.value,
        phases=[_group(group) for group in found.groups],
    )


@router.get(
    "/portfolio/table",
    response_class=Response,
    responses=content("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
def download_portfolio(
    view: Reader,
    wanted: Wanted,
    text: Text,
    sort: Sort = Sort.RISK,
    form: Annotated[str, Query(alias="format", pattern="^(csv|xlsx)$")] = "xlsx",
) -> Response:
    """The procurements as a table, CSV or XLSX, in the language that is asked for. No text in it
    is run as a formula."""
    return table_file(portfolio_sheet(view, wanted, sort, text), form, text("portfolio.file"))


def _line(row: PortfolioRow) -> PortfolioLine:
    return PortfolioLine.model_validate(
        {
            **{name: getattr(row, name) for name in PortfolioRow.__slots__},
            "risk": _risk(row.risk),
            "leads": [*row.leads],
        }
    )


def _risk(risk: Risk) -> RiskTold:
    return RiskTold(level=risk.level.name.lower(), reasons=[_reason(each) for each in risk.reasons])


def _reason(reason: Reason) -> RiskReason:
    return RiskReason(fact=reason.fact, number=reason.number, level=reason.level.name.lower())


def _group(group: Group) -> PhaseTold:
    return PhaseTold(
        name=group.name,
        phases=[*group.phases],
        number=group.number,
        by_level=_by_level(group.by_level),
        value=group.value,
    )


def _by_level(counts: Mapping[Level, int]) -> dict[str, int]:
    return {level.name.lower(): number for level, number in counts.items()}
