"""One procurement: where it stands, who has the ball, what was decided, what may be reported."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.access.policy import Action
from engine.access.rules import OVERSEEING_GRANTS, READING_GRANTS
from engine.bpmn import looking, runtime
from engine.errors import NotFoundError
from engine.forms.definition import Form
from engine.forms.values import Context
from engine.model.definition import MessageInfo, ProcessDefinition
from engine.procurement.rule_changes import RuleChange, rule_changes
from engine.queries.conversation import AttachmentView, CommentView, attachments_of, comments_of
from engine.queries.diagrams import passed_elements
from engine.queries.names import element_name, option_name, phase_name
from engine.queries.submissions import SubmissionView, context_of, views, visible_submissions
from engine.queries.view import Seen, View, names_of, see_at, see_procurement
from engine.queries.worklist import TaskRow, tasks_of
from engine.store import definitions, people, records
from engine.store.schema import (
    decision,
    member,
    organisation,
    procurement,
    procurement_party,
    task,
    undone,
)


@dataclass(frozen=True, slots=True)
class PhaseView:
    """`state` is done, now or ahead."""

    id: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class SeatView:
    id: str
    person: str
    name: str
    role: str
    deputy_for: str
    supplier: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class SupplierView:
    key: str
    name: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """`checks` as they stood when it was decided; `by` in the order they decided."""

    id: str
    decision: str
    element: str
    option: str
    opens: bool
    reason: str
    by: tuple[str, ...]
    checks: tuple[dict[str, Any], ...]
    supplier: str
    at: datetime
    seq: int
    undone: bool


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A moment the process waits for; `why` explains a legal one."""

    id: str
    element: str
    due_at: datetime
    late: bool
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class HappeningView:
    """What the reader can report now; `wait` tells branches of the same message apart."""

    wait: str
    message: str
    title: str
    supplier: str
    has_form: bool


@dataclass(frozen=True, slots=True)
class IncidentView:
    id: str
    element: str
    problem: str
    explanation: str


@dataclass(frozen=True, slots=True)
class ProcurementPage:
    """`waiting_for` are the names or roles that have the ball; `active` counts the
    tokens by process and element. `as_of` is the moment shown, None for how it stands now."""

    id: str
    reference: str
    title: str
    organisation: str
    procedure: str
    status: str
    outcome: str
    phase: str
    process: str
    process_name: str
    digest: str
    version: int
    created_at: datetime
    rules_at: str
    rule_set: str
    rule_changes: tuple[RuleChange, ...]
    phases: tuple[PhaseView, ...]
    open_tasks: tuple[TaskRow, ...]
    done_tasks: tuple[TaskRow, ...]
    waiting_for: tuple[str, ...]
    late: int
    team: tuple[SeatView, ...]
    suppliers: tuple[SupplierView, ...]
    decisions: tuple[DecisionView, ...]
    submissions: tuple[SubmissionView, ...]
    deadlines: tuple[DeadlineView, ...]
    happenings: tuple[HappeningView, ...]
    incidents: tuple[IncidentView, ...]
    comments: tuple[CommentView, ...]
    attachments: tuple[AttachmentView, ...]
    active: Mapping[str, Mapping[str, int]]
    passed: frozenset[str]
    context: Context
    my_roles: frozenset[str]
    as_of: datetime | None
    may_steer: bool
    may_comment: bool


def procurement_page(view: View, key: str, as_of: datetime | None = None) -> ProcurementPage:
    """The procurement for this reader, as it is or as it was at an earlier moment.

    Raises NotFoundError when it is not for the reader, InvalidInputError for a moment without it.
    """
    with see_at(view, key, as_of) as seen:
        return page_of(seen)


def page_of(seen: Seen) -> ProcurementPage:
    row, view = seen.row, seen.view
    definition = view.definition(row.definition)
    stored = definitions.find(view.connection, row.definition)
    open_tasks = _visible_tasks(seen, task.c.status.in_(("open", "approval")))
    steer = seen.may(Action.STEER, seen.target())
    return ProcurementPage(
        id=row.id,
        reference=row.reference,
        title=row.title,
        organisation=_organisation_name(view, row.organisation),
        procedure=row.procedure,
        status=row.status,
        outcome=row.outcome,
        phase=row.phase,
        process=definition.key,
        process_name=_process_name(view, definition),
        digest=row.definition,
        version=stored.number if stored else 0,
        created_at=row.created_at,
        rules_at=row.rules_at,
        rule_set=row.rule_set,
        rule_changes=_rule_changes(seen),
        phases=_phases(view, definition, row.phase, row.status),
        open_tasks=open_tasks,
        done_tasks=_visible_tasks(seen, task.c.status == "completed"),
        waiting_for=tuple(
            dict.fromkeys(each.assignee_name or each.candidate for each in open_tasks)
        ),
        late=sum(each.late for each in open_tasks),
        team=_team(seen),
        suppliers=_suppliers(seen),
        decisions=_decisions(seen, definition),
        submissions=views(seen, visible_submissions(seen)),
        deadlines=_deadlines(seen, definition),
        happenings=_happenings(seen, definition),
        incidents=_incidents(seen, definition),
        comments=comments_of(seen, ""),
        attachments=attachments_of(seen, ""),
        active=_places(seen),
        passed=passed_elements(seen),
        context=context_of(seen, ""),
        my_roles=seen.my_roles,
        as_of=view.now if seen.is_past else None,
        may_steer=steer,
        may_comment=seen.may(Action.COMMENT, seen.target()),
    )


def _rule_changes(seen: Seen) -> tuple[RuleChange, ...]:
    """What has changed in the law since the rules of a running procurement were pinned."""
    row = seen.row
    if not row.rule_set or row.status not in ("running", "suspended"):
        return ()
    return rule_changes(date.fromisoformat(row.rules_at), seen.view.today)


def _organisation_name(view: View, key: str) -> str:
    found = people.find_organisation(view.connection, key)
    return found.name if found else key


def _process_name(view: View, definition: ProcessDefinition) -> str:
    return definition.text(view.language, definition.key, f"{definition.key}.name", definition.name)


def _visible_tasks(seen: Seen, where: "sa.ColumnElement[bool]") -> tuple[TaskRow, ...]:
    """Tasks of the procurement without those confidential to suppliers the reader may not see."""
    found = tasks_of(seen.view, seen.row.id, where)
    return tuple(each for each in found if seen.sees(each.scope))


def _phases(
    view: View, definition: ProcessDefinition, now: str, status: str
) -> tuple[PhaseView, ...]:
    phases = definition.root.phases
    at = next((number for number, phase in enumerate(phases) if phase.id == now), -1)
    if status == "ended":
        at = len(phases)
    return tuple(
        PhaseView(
            phase.id,
            phase_name(definition, view.language, phase.id),
            "done" if number < at else "now" if number == at else "ahead",
        )
        for number, phase in enumerate(phases)
    )


def _team(seen: Seen) -> tuple[SeatView, ...]:
    ids = {seat.person for seat in seen.team} | {seat.deputy_for for seat in seen.team}
    names = names_of(seen.view, ids)
    seats = [
        SeatView(
            id=seat.id,
            person=seat.person,
            name=names.get(seat.person, seat.person),
            role=seat.role,
            deputy_for=names.get(seat.deputy_for, seat.deputy_for),
            supplier=seat.scope,
            valid_from=seat.valid_from,
            valid_to=seat.valid_to,
        )
        for seat in seen.team
        if seen.sees(seat.scope)
    ]
    return tuple(
        sorted(seats, key=lambda seat: (seat.role != "procurement-lead", seat.role, seat.name))
    )


def _suppliers(seen: Seen) -> tuple[SupplierView, ...]:
    return tuple(
        SupplierView(each.key, each.name, each.status, each.reason)
        for each in records.suppliers(seen.view.connection, seen.row.id)
        if seen.sees(each.key)
    )


def _decisions(seen: Seen, definition: ProcessDefinition) -> tuple[DecisionView, ...]:
    """Decisions the reader may see, newest first; those a rewind set aside are marked."""
    query = (
        sa.select(decision, undone.c.record)
        .outerjoin(undone, undone.c.record == decision.c.id)
        .where(decision.c.procurement == seen.row.id)
        .order_by(decision.c.seq.desc())
    )
    rows = [row for row in seen.view.connection.execute(query) if seen.sees(row.scope)]
    names = names_of(seen.view, {person for row in rows for person in row.by})
    return tuple(
        DecisionView(
            id=row.id,
            decision=row.decision,
            element=element_name(definition, seen.view.language, row.element),
            option=option_name(definition, seen.view.language, row.element, row.option),
            opens=row.opens,
            reason=row.reason,
            by=tuple(names.get(person, person) for person in row.by),
            checks=tuple(row.checks),
            supplier=row.scope,
            at=row.at,
            seq=row.seq,
            undone=row.record is not None,
        )
        for row in rows
    )


def _deadlines(seen: Seen, definition: ProcessDefinition) -> tuple[DeadlineView, ...]:
    found = sorted(
        records.timers_of(seen.view.connection, seen.row.id), key=lambda each: each.due_at
    )
    return tuple(
        DeadlineView(
            id=each.id,
            element=element_name(definition, seen.view.language, each.element),
            due_at=each.due_at,
            late=each.due_at < seen.view.now,
            why=each.why,
        )
        for each in found
    )


def _happenings(seen: Seen, definition: ProcessDefinition) -> tuple[HappeningView, ...]:
    names = {each.key: each.name for each in records.suppliers(seen.view.connection, seen.row.id)}
    return tuple(
        HappeningView(
            wait=wait.id,
            message=wait.message,
            title=_message_title(seen.view, definition, *found),
            supplier=names.get(wait.scope or wait.correlation, ""),
            has_form=found[1].form is not None,
        )
        for wait in records.waits_of(seen.view.connection, seen.row.id)
        if (found := message_of(definition, wait.message)) is not None
        and seen.row.status == "running"
        and seen.may(
            Action.REPORT, replace(seen.target(wait.scope), roles=frozenset(found[1].roles))
        )
    )


def message_of(definition: ProcessDefinition, name: str) -> tuple[str, MessageInfo] | None:
    """The message and the process that declares it."""
    for key, process in definition.processes.items():
        if name in process.messages:
            return key, process.messages[name]
    return None


def _message_title(
    view: View, definition: ProcessDefinition, process: str, message: MessageInfo
) -> str:
    return definition.text(view.language, process, f"{message.id}.title", message.title)


def _incidents(seen: Seen, definition: ProcessDefinition) -> tuple[IncidentView, ...]:
    """Open incidents; their explanation may speak of a supplier, so leads alone read it."""
    steers = seen.may(Action.STEER, seen.target())
    return tuple(
        IncidentView(
            each.id,
            element_name(definition, seen.view.language, each.element),
            each.problem,
            each.explanation if steers else "",
        )
        for each in records.open_incidents(seen.view.connection, seen.row.id)
    )


def _places(seen: Seen) -> dict[str, dict[str, int]]:
    """Process key → element id → tokens, of what is live now."""
    view = seen.view
    compiled = view.definitions.get(view.connection, seen.row.definition)
    active: dict[str, dict[str, int]] = {}
    if seen.row.state and seen.row.status in {"running", "suspended"}:
        for each in runtime.inspect(compiled.process, seen.row.state).active:
            active.setdefault(each.process_id, {})[each.element_id] = each.count
    return active


@dataclass(frozen=True, slots=True)
class HappeningPage:
    """The form with which one happening is reported."""

    procurement: str
    reference: str
    procurement_title: str
    wait: str
    message: str
    title: str
    scope: str
    supplier: str
    form: Form | None
    form_context: Context
    my_roles: frozenset[str]


def happening_page(view: View, key: str, wait: str) -> HappeningPage:
    """Raises NotFoundError unless the reader may report it now."""
    seen = see_procurement(view, key)
    compiled = view.definitions.get(view.connection, seen.row.definition)
    offered = {each.wait: each for each in _happenings(seen, compiled.definition)}
    if wait not in offered:
        raise NotFoundError("happening", wait)
    chosen = offered[wait]
    found = message_of(compiled.definition, chosen.message)
    form = compiled.forms.get(found[1].form) if found and found[1].form else None
    scope = next(each.scope for each in records.waits_of(view.connection, key) if each.id == wait)
    return HappeningPage(
        procurement=key,
        reference=seen.row.reference,
        procurement_title=seen.row.title,
        wait=wait,
        message=chosen.message,
        title=chosen.title,
        scope=scope,
        supplier=chosen.supplier,
        form=form,
        form_context=context_of(
            seen,
            scope,
            form,
            lambda: looking.variables_at(compiled.process, seen.row.state, wait),
        ),
        my_roles=seen.my_roles,
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
        process_name=_process_name(view, definition),
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
