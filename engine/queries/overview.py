"""Where a procurement stands at a glance: who has the ball, what is late, which gates wait."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.access.policy import Action
from engine.queries.conversation import CommentView, comments_of
from engine.queries.gate import GateView, gate_of
from engine.queries.happenings import HappeningView, happenings_of
from engine.queries.head import Head, head_of
from engine.queries.names import element_name, element_of
from engine.queries.team import Ball, RoleView, balls_of, roles_held
from engine.queries.view import Seen
from engine.queries.where import Where, open_of, where_of
from engine.queries.worklist import TaskRow, tasks_of
from engine.store import records, tasks
from engine.store.schema import task

OPEN = ("open", "approval")


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A moment the process waits for; `why` explains a legal one."""

    id: str
    element: str
    due_at: datetime
    late: bool
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class IncidentView:
    id: str
    element: str
    problem: str
    explanation: str


@dataclass(frozen=True, slots=True)
class GateWaiting:
    """A gate that is to be decided, each check as it stands; `menders` names who holds the roles
    that can mend what fails."""

    task: TaskRow
    gate: GateView
    menders: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Overview:
    head: Head
    open_tasks: tuple[TaskRow, ...]
    balls: tuple[Ball, ...]
    gates: tuple[GateWaiting, ...]
    roles: tuple[RoleView, ...]
    deadlines: tuple[DeadlineView, ...]
    happenings: tuple[HappeningView, ...]
    incidents: tuple[IncidentView, ...]
    comments: tuple[CommentView, ...]
    where: Where

    @property
    def next_deadline(self) -> DeadlineView | None:
        return next((each for each in self.deadlines if not each.late), None)

    @property
    def vacant(self) -> tuple[RoleView, ...]:
        """Roles that something waits for and nobody holds."""
        return tuple(role for role in self.roles if role.vacant)


def overview_of(seen: Seen) -> Overview:
    open_tasks = visible_tasks(seen, *OPEN)
    roles = roles_held(seen, open_tasks)
    return Overview(
        head=head_of(seen),
        open_tasks=open_tasks,
        balls=balls_of(seen, open_tasks),
        gates=_gates(seen, open_tasks, roles),
        roles=roles,
        deadlines=deadlines_of(seen),
        happenings=happenings_of(seen),
        incidents=_incidents(seen),
        comments=comments_of(seen, "", seen.target()),
        where=where_of(seen, open_tasks),
    )


def visible_tasks(seen: Seen, *status: str) -> tuple[TaskRow, ...]:
    """Tasks of the procurement without those confidential to suppliers the reader may not see."""
    found = tasks_of(seen.view, seen.row.id, task.c.status.in_(status))
    return tuple(each for each in found if seen.sees(each.scope))


def _gates(
    seen: Seen, open_tasks: tuple[TaskRow, ...], roles: tuple[RoleView, ...]
) -> tuple[GateWaiting, ...]:
    definition = seen.view.definition(seen.row.definition)
    held = {role.role: tuple(seat.name for seat in role.holders) for role in roles}
    found = []
    for row in open_tasks:
        record = tasks.get(seen.view.connection, row.id)
        process = definition.processes.get(record.process)
        element = process.elements.get(record.element) if process else None
        gate = gate_of(seen, record, element, None) if element else None
        if gate is not None:
            asked = {role for check in gate.checks for role in check["who_can_mend"]}
            menders = {role: held.get(role, ()) for role in sorted(asked)}
            found.append(GateWaiting(row, gate, menders))
    return tuple(found)


def deadlines_of(seen: Seen) -> tuple[DeadlineView, ...]:
    """What the process waits for, the nearest first; of branches only those the reader may see."""
    found = open_of(seen)
    if found is None:
        return ()
    definition, view = seen.view.definition(seen.row.definition), seen.view
    why = {each.id: each.why for each in records.timers_of(view.connection, seen.row.id)}
    timers = sorted(found.timers, key=lambda each: (each.due_at, each.task_id))
    return tuple(
        DeadlineView(
            id=each.task_id,
            element=element_of(definition, view.language, each.process_id, each.element_id),
            due_at=each.due_at,
            late=each.due_at < view.now,
            why=why.get(each.task_id, {}),
        )
        for each in timers
        if seen.sees(each.scope)
    )


def _incidents(seen: Seen) -> tuple[IncidentView, ...]:
    """Open incidents; their explanation may speak of a supplier, so leads alone read it."""
    steers = seen.may(Action.STEER, seen.target())
    definition = seen.view.definition(seen.row.definition)
    return tuple(
        IncidentView(
            each.id,
            element_name(definition, seen.view.language, each.element),
            each.problem,
            each.explanation if steers else "",
        )
        for each in records.open_incidents(seen.view.connection, seen.row.id)
    )
