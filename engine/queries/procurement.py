"""One procurement with all that is known of it, and the list of procurements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access.rules import OVERSEEING_GRANTS, READING_GRANTS
from engine.forms.values import Context
from engine.queries.conversation import AttachmentView, attachments_of
from engine.queries.decisions import DecisionView, decisions_of
from engine.queries.diagrams import process_name
from engine.queries.names import phase_name
from engine.queries.overview import Overview, overview_of, visible_tasks
from engine.queries.submissions import SubmissionView, context_of, views, visible_submissions
from engine.queries.team import SeatView, seats_of
from engine.queries.view import Seen, View, see_at
from engine.queries.worklist import TaskRow
from engine.store import records
from engine.store.schema import member, organisation, procurement, procurement_party, task


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
            attachments=attachments_of(seen, ""),
            context=context_of(seen, ""),
        )


def _suppliers(seen: Seen) -> tuple[SupplierView, ...]:
    return tuple(
        SupplierView(each.key, each.name, each.status, each.reason)
        for each in records.suppliers(seen.view.connection, seen.row.id)
        if seen.sees(each.key)
    )


@dataclass(frozen=True, slots=True)
class ProcurementRow:
    """One line of the list of procurements."""

    id: str
    reference: str
    title: str
    organisation: str
    process_name: str
    status: str
    phase: str
    open_tasks: int
    late_tasks: int
    next_due: datetime | None
    created_at: datetime


def procurement_rows(view: View, *, limit: int = 200) -> tuple[ProcurementRow, ...]:
    """Procurements the reader may see, running ones first, the newest first."""
    query = (
        sa.select(procurement, organisation.c.name.label("organisation_name"))
        .join(organisation, organisation.c.id == procurement.c.organisation)
        .where(_readable(view))
        .order_by(procurement.c.status.desc(), procurement.c.created_at.desc())
        .limit(limit)
    )
    rows = view.connection.execute(query).all()
    counts = _task_counts(view, [row.id for row in rows])
    return tuple(_procurement_row(view, row, counts.get(row.id)) for row in rows)


def _readable(view: View) -> "sa.ColumnElement[bool]":
    """As the policy's `read`: a seat inside the border, or a role in the organisation."""
    actor, today = view.actor, view.today.isoformat()
    granted = {
        grant.organisation
        for grant in actor.grants
        if grant.role in {*OVERSEEING_GRANTS, *READING_GRANTS}
    }
    seat = (
        sa.select(member.c.id)
        .where(
            member.c.procurement == procurement.c.id,
            member.c.person == actor.id,
            member.c.removed.is_(False),
            member.c.scope == "",
            sa.or_(member.c.valid_from == "", member.c.valid_from <= today),
            sa.or_(member.c.valid_to == "", member.c.valid_to >= today),
        )
        .exists()
    )
    party = (
        sa.select(procurement_party.c.organisation)
        .where(
            procurement_party.c.procurement == procurement.c.id,
            procurement_party.c.organisation == actor.organisation,
        )
        .exists()
    )
    inside = (procurement.c.organisation == actor.organisation) | party
    return (seat & inside) | procurement.c.organisation.in_(sorted(granted))


def _task_counts(view: View, ids: list[str]) -> dict[str, Any]:
    late = sa.case((task.c.due_at < view.now, 1), else_=0)
    query = (
        sa.select(
            task.c.procurement,
            sa.func.count().label("open"),
            sa.func.sum(late).label("late"),
            sa.func.min(task.c.due_at).label("next_due"),
        )
        .where(task.c.procurement.in_(ids), task.c.status.in_(("open", "approval")))
        .group_by(task.c.procurement)
    )
    return {row.procurement: row for row in view.connection.execute(query)}


def _procurement_row(view: View, row: Any, counts: Any) -> ProcurementRow:
    definition = view.definition(row.definition)
    return ProcurementRow(
        id=row.id,
        reference=row.reference,
        title=row.title,
        organisation=row.organisation_name,
        process_name=process_name(view, definition, definition.key),
        status=row.status,
        phase=phase_name(definition, view.language, row.phase),
        open_tasks=counts.open if counts else 0,
        late_tasks=counts.late if counts else 0,
        next_due=counts.next_due if counts else None,
        created_at=row.created_at,
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
