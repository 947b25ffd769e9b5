"""Tables that leave the pages as files, in the reader's language."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, Final

from fastapi.responses import Response

from engine.errors import NotFoundError
from engine.queries.figures import Bottlenecks
from engine.queries.heat import HeatRow
from engine.queries.indicators import IndicatorsPage, PortfolioIndicators
from engine.queries.portfolio import Mark, PortfolioFilter, PortfolioRow, Sort, portfolio
from engine.queries.view import View
from service.i18n import Translator
from service.spreadsheets import Column, Kind, Sheet, as_csv, as_xlsx

MOST_ROWS: Final = 20_000
_AT_ONCE: Final = 500
_MEDIA: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_file(sheet: Sheet, form: str, name: str) -> Response:
    """The table as a download; raises NotFoundError for a form other than csv and xlsx."""
    if form not in _MEDIA:
        raise NotFoundError("form of a table", form)
    content = as_csv(sheet) if form == "csv" else as_xlsx(sheet)
    disposition = f'attachment; filename="{name}.{form}"'
    return Response(content, media_type=_MEDIA[form], headers={"Content-Disposition": disposition})


def portfolio_sheet(view: View, wanted: PortfolioFilter, sort: Sort, text: Translator) -> Sheet:
    """Every procurement the filter lets through, in its order, up to `MOST_ROWS`."""
    columns = (
        Column(text("reference")),
        Column(text("procurement")),
        Column(text("organisation")),
        Column(text("process")),
        Column(text("phase")),
        Column(text("status")),
        Column(text("portfolio.value"), Kind.MONEY),
        Column(text("portfolio.deadline"), Kind.MOMENT),
        Column(text("portfolio.citation")),
        Column(text("next-due"), Kind.MOMENT),
        Column(text("portfolio.open"), Kind.NUMBER),
        Column(text("portfolio.late"), Kind.NUMBER),
        Column(text("portfolio.risk")),
        Column(text("portfolio.reasons")),
        Column(text("role.procurement-lead")),
        Column(text("portfolio.started"), Kind.DAY),
    )
    rows = (_cells(row, text) for row in _every(view, wanted, sort))
    return Sheet(text("nav.procurements"), columns, rows)


def _every(view: View, wanted: PortfolioFilter, sort: Sort) -> Iterator[PortfolioRow]:
    after: Mark | None = None
    for _ in range(MOST_ROWS // _AT_ONCE):
        part = portfolio(view, wanted, sort, after=after, limit=_AT_ONCE)
        yield from part.rows
        after = part.next
        if after is None:
            return


def _cells(row: PortfolioRow, text: Translator) -> tuple[Any, ...]:
    reasons = (text.count(f"risk.{reason.fact}", reason.number) for reason in row.risk.reasons)
    return (
        row.reference,
        row.title,
        row.organisation,
        row.process_name,
        row.phase,
        text.or_key("procurement-status", row.status),
        row.value,
        row.deadline,
        text.cited(row.why.get("citation", "")),
        row.next_due,
        row.open_tasks,
        row.late_tasks,
        text.at("risk", row.risk.level.name.lower()),
        "; ".join(reasons),
        ", ".join(row.leads),
        row.created_at,
    )


def bottleneck_sheet(found: Bottlenecks, text: Translator) -> Sheet:
    """The steps of people with what they came to."""
    columns = (
        Column(text("figures.step")),
        Column(text("process")),
        Column(text("phase")),
        Column(text("role")),
        Column(text("figures.times"), Kind.NUMBER),
        Column(text("figures.wait"), Kind.HOURS),
        Column(text("figures.work"), Kind.HOURS),
        Column(text("figures.whole"), Kind.HOURS),
        Column(text("figures.longest"), Kind.HOURS),
        Column(text("figures.waited"), Kind.HOURS),
        Column(text("figures.waiting"), Kind.NUMBER),
        Column(text("figures.oldest"), Kind.HOURS),
    )
    rows = (
        (
            step.name,
            step.process_name,
            step.phase,
            text.or_key("role", step.figure.role),
            step.figure.times,
            _hours(step.figure.median_wait),
            _hours(step.figure.median_work),
            _hours(step.figure.median_whole),
            _hours(step.figure.longest),
            _hours(step.figure.waited),
            step.figure.waiting,
            _hours(step.figure.oldest),
        )
        for step in found.steps
    )
    return Sheet(text("figures.title"), columns, rows)


def heat_sheet(rows: Iterable[HeatRow], text: Translator) -> Sheet:
    """The elements of a version, the warmest first."""
    columns = (
        Column(text("figures.step")),
        Column(text("process")),
        Column(text("heat.kind")),
        Column(text("figures.times"), Kind.NUMBER),
        Column(text("heat.whole"), Kind.HOURS),
        Column(text("heat.usually"), Kind.HOURS),
    )
    cells = (
        (
            row.name or text.or_key("heat.kind", row.kind),
            row.process_name,
            text.or_key("heat.kind", row.kind),
            row.times,
            _hours(row.whole),
            _hours(row.usually),
        )
        for row in rows
    )
    return Sheet(text("heat.title"), columns, cells)


def _hours(span: timedelta) -> float:
    return round(span.total_seconds() / 3600, 2)


def indicators_sheet(found: IndicatorsPage, text: Translator) -> Sheet:
    """Every measure with its value, or why there is none."""
    columns = (
        Column(text("indicators.number"), Kind.NUMBER),
        Column(text("indicators.indicator")),
        Column(text("indicators.measure")),
        Column(text("indicators.value"), Kind.NUMBER),
        Column(text("indicators.unit")),
        Column(text("indicators.missing")),
        Column(text("indicators.source")),
    )
    rows = (
        (
            each.number,
            text(f"indicator.{each.number}.title"),
            text(f"measure.{one.key}"),
            None if one.value is None else round(one.value, 4),
            text(f"indicators.unit.{one.unit}"),
            text(f"indicator.missing.{one.missing}") if one.value is None else "",
            text(f"measure.{one.key}.source"),
        )
        for each in found.indicators
        for one in each.measures
    )
    return Sheet(text("indicators.title"), columns, rows)


def portfolio_indicators_sheet(found: PortfolioIndicators, text: Translator) -> Sheet:
    """Every value of every procurement that has one."""
    columns = (
        Column(text("indicators.number"), Kind.NUMBER),
        Column(text("indicators.indicator")),
        Column(text("indicators.measure")),
        Column(text("reference")),
        Column(text("procurement")),
        Column(text("indicators.value"), Kind.NUMBER),
        Column(text("indicators.unit")),
    )
    rows = (
        (
            each.number,
            text(f"indicator.{each.number}.title"),
            text(f"measure.{one.key}"),
            point.reference,
            point.title,
            round(point.value, 4),
            text(f"indicators.unit.{one.unit}"),
        )
        for each in found.indicators
        for one in each.measures
        for point in one.points
    )
    return Sheet(text("indicators.title"), columns, rows)
