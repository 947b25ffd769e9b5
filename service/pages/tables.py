"""Tables that leave the pages as files, in the reader's language."""

from collections.abc import Iterator
from typing import Any, Final

from fastapi.responses import Response

from engine.errors import NotFoundError
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
        row.why.get("citation", ""),
        row.next_due,
        row.open_tasks,
        row.late_tasks,
        text.at("risk", row.risk.level.name.lower()),
        "; ".join(reasons),
        ", ".join(row.leads),
        row.created_at,
    )
