"""Figures over many procurements: bottlenecks, time per phase, and the heat map of a version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.queries.figures import MOST, Bottlenecks, FigureFilter, find_bottlenecks
from engine.queries.heat import (
    HeatMap,
    HeatRow,
    Measure,
    Say,
    VersionUse,
    heat_map,
    versions_used,
)
from engine.queries.view import View
from service.i18n import Translator
from service.pages.tables import bottleneck_sheet, heat_sheet, table_file
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)

PERIODS: Final = ("", "91", "365")
"""So many days back; "" is all the time."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the reader wants the figures over."""

    process: str = ""
    period: str = ""

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Chosen":
        period = str(plain.get("period") or "")
        return cls(str(plain.get("process") or "")[:200], period if period in PERIODS else "")

    def filter(self, view: View) -> FigureFilter:
        since = view.today - timedelta(days=int(self.period)) if self.period else None
        return FigureFilter(process=self.process, since=since)

    def href(self, path: str) -> str:
        plain = {"process": self.process, "period": self.period}
        query = urlencode({name: value for name, value in plain.items() if value})
        return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True)
class BottleneckPage:
    chosen: Chosen
    found: Bottlenecks

    most: int = MOST
    periods: tuple[str, ...] = PERIODS

    def export_href(self, form: str) -> str:
        return self.chosen.href(f"/procurements/bottlenecks.{form}")


@router.get("/procurements/bottlenecks")
def show_bottlenecks(here: Here) -> HTMLResponse:
    chosen = Chosen.from_plain(here.request.query_params)
    page = BottleneckPage(chosen, find_bottlenecks(here.view, chosen.filter(here.view)))
    return here.show("procurements/bottlenecks.html", page)


@router.get("/procurements/bottlenecks.{form}")
def export_bottlenecks(form: str, here: Here) -> Response:
    chosen = Chosen.from_plain(here.request.query_params)
    found = find_bottlenecks(here.view, chosen.filter(here.view))
    return table_file(bottleneck_sheet(found, here.text), form, here.text("figures.file"))


@dataclass(frozen=True, slots=True)
class HeatPage:
    """`map` is None where the reader has no procurements yet."""

    versions: tuple[VersionUse, ...]
    map: HeatMap | None

    measures: tuple[Measure, ...] = tuple(Measure)

    def export_href(self, form: str) -> str:
        if self.map is None:
            return ""
        query = urlencode({"version": self.map.version.digest, "measure": self.map.measure.value})
        return f"/procurements/heat.{form}?{query}"


@router.get("/procurements/heat")
def show_heat(here: Here) -> HTMLResponse:
    """Of the version that is asked for, or of the one most procurements run on."""
    versions = versions_used(here.view)
    return here.show("procurements/heat.html", HeatPage(versions, _map(here.view, versions, here)))


@router.get("/procurements/heat.{form}")
def export_heat(form: str, here: Here) -> Response:
    found = _map(here.view, versions_used(here.view), here)
    rows = found.rows if found else ()
    return table_file(heat_sheet(rows, here.text), form, here.text("heat.file"))


def _map(view: View, versions: tuple[VersionUse, ...], here: Here) -> HeatMap | None:
    if not versions:
        return None
    asked = here.request.query_params
    most_used = max(versions, key=lambda each: each.procurements).digest
    measure = asked.get("measure", "")
    known = Measure(measure) if measure in set(Measure) else Measure.TIMES
    return heat_map(view, asked.get("version") or most_used, known, heat_said(known, here.text))


def heat_said(measure: Measure, text: Translator) -> Say:
    """What stands on an element, and what is read of it."""

    def say(row: HeatRow) -> tuple[str, str]:
        hours = text.hours(row.whole)
        label = text("heat.label.times", times=row.times) if measure is Measure.TIMES else hours
        return label, text("heat.said", times=row.times, hours=hours)

    return say
