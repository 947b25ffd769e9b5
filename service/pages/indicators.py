"""The ten indicators, of one procurement and of all: pictures with tables, as files too."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.procurement.indicators import TRAITS, UNSTATED, Measured, Unit
from engine.queries.indicators import (
    IndicatorsPage,
    PortfolioIndicators,
    Spread,
    indicators_page,
    portfolio_indicators,
    procedures,
)
from service.i18n import Translator
from service.pages.tables import indicators_sheet, portfolio_indicators_sheet, table_file
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)

LONG: Final = 200  # user units of SVG: the longest bar, the width of an axis
EDGE: Final = 8
_ENDS: Final = {Unit.PERCENT: 100.0, Unit.LEVEL: 3.0, Unit.RATIO: 1.0}
"""Where an axis ends, for units that have an end."""


@dataclass(frozen=True, slots=True)
class Line:
    """A measure as one row: its value in words, and how long its bar is, None for no value."""

    measured: Measured
    said: str
    length: float | None


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    said: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A measure over many: a dot for each procurement on an axis from 0 to `end`, a line at the
    median."""

    spread: Spread
    dots: tuple[Dot, ...]
    median: float | None
    said: str
    end: str


@dataclass(frozen=True, slots=True)
class Shown:
    found: IndicatorsPage
    rows: tuple[tuple[int, tuple[Line, ...]], ...]


@dataclass(frozen=True, slots=True)
class ShownPortfolio:
    found: PortfolioIndicators
    rows: tuple[tuple[int, tuple[Strip, ...]], ...]
    process: str
    procedures: tuple[str, ...]


@router.get("/procurements/indicators")
def show_portfolio(here: Here, procedure: str = "") -> HTMLResponse:
    """Over the newest that the reader may read."""
    found = portfolio_indicators(here.view, procedure[:60])
    rows = tuple(
        (each.number, tuple(draw_strip(one, here.text) for one in each.measures))
        for each in found.indicators
    )
    page = ShownPortfolio(found, rows, procedure, procedures(here.view))
    return here.show("indicators/portfolio.html", page)


@router.get("/procurements/indicators.{form}")
def export_portfolio(form: str, here: Here, procedure: str = "") -> Response:
    found = portfolio_indicators(here.view, procedure[:60])
    sheet = portfolio_indicators_sheet(found, here.text)
    return table_file(sheet, form, here.text("indicators.file"))


@router.get("/procurements/{key}/indicators")
def show_indicators(key: str, here: Here) -> HTMLResponse:
    found = indicators_page(here.view, key)
    rows = tuple(
        (each.number, draw_lines(tuple(filter(_says_more, each.measures)), here.text))
        for each in found.indicators
    )
    return here.show("indicators/procurement.html", Shown(found, rows))


def _says_more(measured: Measured) -> bool:
    """Not so the kinds of suppliers at a stage that has none yet: the stage itself says that."""
    return (
        measured.value is not None
        or not measured.key.endswith(TRAITS)
        or (measured.missing == UNSTATED)
    )


@router.get("/procurements/{key}/indicators.{form}")
def export_indicators(key: str, form: str, here: Here) -> Response:
    found = indicators_page(here.view, key)
    return table_file(indicators_sheet(found, here.text), form, here.text("indicators.file"))


def draw_lines(measures: tuple[Measured, ...], text: Translator) -> tuple[Line, ...]:
    """Bars of one unit are drawn to one scale."""
    largest = {
        unit: _ENDS.get(unit) or max(each.value or 0 for each in measures if each.unit is unit)
        for unit in {each.unit for each in measures}
    }
    return tuple(
        Line(each, said_of(each, text), _length(each.value, largest[each.unit]))
        for each in measures
    )


def _length(value: float | None, end: float) -> float | None:
    return None if value is None else round(LONG * min(max(value, 0) / end, 1), 1) if end else 0


def draw_strip(spread: Spread, text: Translator) -> Strip:
    end = _ENDS.get(spread.unit) or max((each.value for each in spread.points), default=0) or 1.0
    return Strip(
        spread=spread,
        dots=tuple(
            Dot(
                EDGE + (_length(each.value, end) or 0),
                f"{each.reference} {each.title}: {said(spread.unit, each.value, text)}",
            )
            for each in spread.points
        ),
        median=None if spread.median is None else EDGE + (_length(spread.median, end) or 0),
        said="" if spread.median is None else said(spread.unit, spread.median, text),
        end=said(spread.unit, end, text),
    )


def said_of(measured: Measured, text: Translator) -> str:
    """The value in words, or why there is none."""
    if measured.value is None:
        return text.at("indicator.missing", measured.missing)
    return said(measured.unit, measured.value, text)


def said(unit: Unit, value: float, text: Translator) -> str:
    """A value with its unit: `45 %`, `2,5 dager`."""
    number = f"{value:.2f}" if unit is Unit.RATIO else f"{value:.1f}".removesuffix(".0")
    return text.at("indicator.unit", unit, number=text.number(number))
