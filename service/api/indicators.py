"""The ten indicators, of one procurement and of all that you may read."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from engine.procurement.indicators import Unit
from engine.queries.indicators import indicators_page, portfolio_indicators
from service.api.figures import TABLE, Form
from service.api.routing import make_router
from service.api.shapes import IdInPath, KeyOrNone, Told
from service.dependencies import Reader, Text
from service.pages.tables import indicators_sheet, portfolio_indicators_sheet, table_file

router = make_router("indicators")


class MeasuredTold(Told):
    """`value` is null where the record does not tell, and `missing` says what it lacks; `few` when
    a small number of people is kept back. `name` and `source` are in your language."""

    key: str
    name: str
    source: str
    unit: Unit
    value: float | None
    missing: str
    few: bool


class IndicatorTold(Told):
    number: Annotated[int, Field(ge=1, le=10)]
    name: str
    definition: str
    caveat: str
    measures: list[MeasuredTold]


class IndicatorsTold(Told):
    """`partial` when what is confidential to suppliers is not yours to see and does not count."""

    procurement: str
    partial: bool
    indicators: list[IndicatorTold]


class PointTold(Told):
    procurement: str
    reference: str
    title: str
    value: float


class SpreadTold(Told):
    """`points` are the procurements that tell it, the lowest first; `missing` counts the others by
    what they lack."""

    key: str
    name: str
    unit: Unit
    points: list[PointTold]
    median: float | None
    missing: dict[str, int]


class SpreadIndicatorTold(Told):
    number: int
    name: str
    definition: str
    measures: list[SpreadTold]


class PortfolioIndicatorsTold(Told):
    """Over the newest 200 that you may read; `more` when there are others."""

    procurements: int
    more: bool
    indicators: list[SpreadIndicatorTold]


Procedure = Annotated[KeyOrNone, Query(description="Of this procedure only.")]


@router.get("/procurements/{procurement}/indicators")
def show_indicators(procurement: IdInPath, view: Reader, text: Text) -> IndicatorsTold:
    """Each with definition, unit, and where in the record it stands."""
    found = indicators_page(view, procurement)
    return IndicatorsTold(
        procurement=procurement,
        partial=found.partial,
        indicators=[
            IndicatorTold(
                number=each.number,
                name=text.at("indicator", str(each.number), "title"),
                definition=text.at("indicator", str(each.number), "definition"),
                caveat=text.at("indicator", str(each.number), "caveat"),
                measures=[
                    MeasuredTold(
                        key=one.key,
                        name=text.at("measure", one.key),
                        source=text.at("measure", one.key, "source"),
                        unit=one.unit,
                        value=one.value,
                        missing=one.missing,
                        few=one.few,
                    )
                    for one in each.measures
                ],
            )
            for each in found.indicators
        ],
    )


@router.get(
    "/procurements/{procurement}/indicators/table", response_class=Response, responses=TABLE
)
def download_indicators(
    procurement: IdInPath, view: Reader, text: Text, form: Form = "xlsx"
) -> Response:
    """The same as a table, CSV or XLSX."""
    sheet = indicators_sheet(indicators_page(view, procurement), text)
    return table_file(sheet, form, text("indicators.file"))


@router.get("/portfolio/indicators")
def show_portfolio_indicators(
    view: Reader, text: Text, procedure: Procedure = ""
) -> PortfolioIndicatorsTold:
    """Over all that you may read: each value, and the median."""
    found = portfolio_indicators(view, procedure)
    return PortfolioIndicatorsTold(
        procurements=found.procurements,
        more=found.more,
        indicators=[
            SpreadIndicatorTold(
                number=each.number,
                name=text.at("indicator", str(each.number), "title"),
                definition=text.at("indicator", str(each.number), "definition"),
                measures=[
                    SpreadTold(
                        key=one.key,
                        name=text.at("measure", one.key),
                        unit=one.unit,
                        points=[PointTold.model_validate(point) for point in one.points],
                        median=one.median,
                        missing=dict(one.missing),
                    )
                    for one in each.measures
                ],
            )
            for each in found.indicators
        ],
    )


@router.get("/portfolio/indicators/table", response_class=Response, responses=TABLE)
def download_portfolio_indicators(
    view: Reader, text: Text, procedure: Procedure = "", form: Form = "xlsx"
) -> Response:
    """Every value as a table, CSV or XLSX."""
    sheet = portfolio_indicators_sheet(portfolio_indicators(view, procedure), text)
    return table_file(sheet, form, text("indicators.file"))
