"""One procurement with all that is known of it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.forms.values import Context
from engine.queries.conversation import AttachmentView, attachments_of
from engine.queries.decisions import DecisionView, decisions_of
from engine.queries.overview import Overview, overview_of, visible_tasks
from engine.queries.submissions import SubmissionView, context_of, views, visible_submissions
from engine.queries.team import SeatView, seats_of
from engine.queries.view import Seen, View, see_at
from engine.queries.worklist import TaskRow
from engine.store import records
from engine.store.schema import procurement


@dataclass(frozen=True, slots=True)
class SupplierView:
    key: str
    name: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProcurementPage:
    """Everything at once, for programs; each page shows a part."""

    overview: Overview
    done_tasks: tuple[TaskRow, ...]
    team: tuple[SeatView, ...]
    suppliers: tuple[SupplierView, ...]
    decisions: tuple[DecisionView, ...]
    submissions: tuple[SubmissionView, ...]
    attachments: tuple[AttachmentView, ...]
    context: Context


def procurement_page(view: View, key: str, as_of: datetime | None = None) -> ProcurementPage:
    """The procurement for this reader, as it is or as it was at an earlier moment.

    Raises NotFoundError when it is not for the reader, InvalidInputError for a moment without it.
    """
    with see_at(view, key, as_of) as seen:
        return ProcurementPage(
            overview=overview_of(seen),
            done_tasks=visible_tasks(seen, "completed"),
            team=seats_of(seen),
            suppliers=_suppliers(seen),
            decisions=decisions_of(seen),
            submissions=views(seen, visible_submissions(seen)),
            attachments=attachments_of(seen, "", seen.target()),
            context=context_of(seen, ""),
        )


def _suppliers(seen: Seen) -> tuple[SupplierView, ...]:
    return tuple(
        SupplierView(each.key, each.name, each.status, each.reason)
        for each in records.suppliers(seen.view.connection, seen.row.id)
        if seen.sees(each.key)
    )


def next_reference(view: View, year: int) -> str:
    """The first free reference of the year, such as 2026/7."""
    query = sa.select(procurement.c.reference).where(procurement.c.reference.like(f"{year}/%"))
    numbers = [
        int(number)
        for reference in view.connection.scalars(query)
        if (number := str(reference).partition("/")[2]).isdecimal()
    ]
    return f"{year}/{max(numbers, default=0) + 1}"
