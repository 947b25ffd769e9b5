"""Task lists: mine, my roles', those waiting for my second pair of eyes, delegated, done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
import sqlalchemy as sa

from engine.model.sealing import sealed_role
from engine.queries.names import phase_name
from engine.queries.view import View, names_of
from engine.store.schema import member, procurement, procurement_party, supplier, task

PAGE = 50
DONE = 20
URGENT = (task.c.due_at.asc().nulls_last(), task.c.opened_at, task.c.id)
NEWEST = (task.c.closed_at.desc(), task.c.id)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line of a task list. `why` explains a legal due date: {nb, en, citation, verified};
    `sealed_for` is the role that alone knows what it is about, else ""."""

    id: str
    name: str
    procurement: str
    reference: str
    title: str
    role: str
    candidate: str
    phase: str
    scope: str
    supplier: str
    sealed_for: str
    status: str
    assignee: str
    assignee_name: str
    opened_at: datetime
    due_at: datetime | None
    late: bool
    why: dict[str, Any]
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskLists:
    mine: tuple[TaskRow, ...]
    roles: tuple[TaskRow, ...]
    second: tuple[TaskRow, ...]
    delegated: tuple[TaskRow, ...]
    done: tuple[TaskRow, ...]


def task_lists(view: View, *, limit: int = PAGE) -> TaskLists:
    """Every list's first `limit` tasks, the most urgent first."""
    return TaskLists(
        mine=_rows(view, _of_list(view, TaskListName.MINE), limit),
        roles=_rows(view, _of_list(view, TaskListName.ROLES), limit),
        second=_rows(view, _of_list(view, TaskListName.SECOND), limit),
        delegated=_rows(view, _of_list(view, TaskListName.DELEGATED), limit),
        done=_rows(view, _of_list(view, TaskListName.DONE), DONE, order=NEWEST),
    )


class TaskListName(StrEnum):
    MINE = "mine"
    ROLES = "roles"
    SECOND = "second"
    DELEGATED = "delegated"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks of a list are wanted; "" stands for all."""

    procurement: str = ""
    role: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a list ended: its last task, by what the list is ordered by. `at` is when it
    was opened or, in the list of those done, closed."""

    due_at: datetime | None
    at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class TaskPart:
    """A page of a list; `next` is None when nothing comes after it."""

    rows: tuple[TaskRow, ...]
    next: Place | None


def list_tasks(
    view: View, which: TaskListName, wanted: TaskFilter, *, after: Place | None, limit: int
) -> TaskPart:
    """The tasks of one list that come after the place, at most `limit` of them."""
    done = which is TaskListName.DONE
    conditions = [_of_list(view, which), *_filters(view, wanted)]
    if after is not None:
        conditions.append(_older_than(after) if done else _less_urgent_than(after))
    rows = _rows(view, sa.and_(*conditions), limit + 1, order=NEWEST if done else URGENT)
    if len(rows) <= limit:
        return TaskPart(rows, None)
    last = rows[limit - 1]
    at = last.closed_at if done and last.closed_at is not None else last.opened_at
    return TaskPart(rows[:limit], Place(last.due_at, at, last.id))


def _of_list(view: View, which: TaskListName) -> "sa.ColumnElement[bool]":
    me = view.actor.id
    if which is TaskListName.DONE:
        return _is_person(task.c.closed_by, me) & (task.c.status == "completed")
    open_now = (procurement.c.status == "running") & task.c.status.in_(("open", "approval"))
    if which is TaskListName.MINE:
        return open_now & _is_person(task.c.assignee, me)
    if which is TaskListName.DELEGATED:
        return open_now & _is_person(task.c.owner, me) & (task.c.assignee != me)
    free = open_now & (task.c.assignee == "") & _for_my_seats(view)
    if which is TaskListName.ROLES:
        return free & (task.c.status == "open")
    return free & (task.c.status == "approval") & ~_proposed_by(me)


def _is_person(column: "sa.Column[str]", person: str) -> "sa.ColumnElement[bool]":
    """The column names this person; said in the words of the indexes, which leave out nobody."""
    return sa.literal_column(f"{column.table.name}.{column.name} <> ''", sa.Boolean) & (
        column == person
    )


def _proposed_by(person: str) -> "sa.ColumnElement[bool]":
    """Whose decision waits for a second pair of eyes, read from the proposal's JSON as stored: a
    quotation mark within a text would stand there behind a backslash."""
    stored = sa.type_coerce(task.c.proposal, sa.Text)
    return stored.contains(orjson.dumps({"by": person}).decode()[1:-1], autoescape=True)


def _filters(view: View, wanted: TaskFilter) -> "list[sa.ColumnElement[bool]]":
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.procurement:
        conditions.append(task.c.procurement == wanted.procurement)
    if wanted.role:
        conditions.append(task.c.candidate == wanted.role)
    if wanted.late:
        conditions.append(task.c.due_at < view.now)
    return conditions


def _less_urgent_than(place: Place) -> "sa.ColumnElement[bool]":
    """What comes after the place in the order `URGENT`."""
    later = sa.or_(
        task.c.opened_at > place.at, (task.c.opened_at == place.at) & (task.c.id > place.id)
    )
    if place.due_at is None:
        return task.c.due_at.is_(None) & later
    return sa.or_(
        task.c.due_at > place.due_at,
        task.c.due_at.is_(None),
        (task.c.due_at == place.due_at) & later,
    )


def _older_than(place: Place) -> "sa.ColumnElement[bool]":
    """What comes after the place in the order `NEWEST`."""
    return sa.or_(
        task.c.closed_at < place.at, (task.c.closed_at == place.at) & (task.c.id > place.id)
    )


def tasks_of(
    view: View, key: str, *where: "sa.ColumnElement[bool]", limit: int = 200
) -> tuple[TaskRow, ...]:
    """Tasks of one procurement; the caller leaves out what the reader may not see."""
    return _rows(view, sa.and_(task.c.procurement == key, *where), limit)


def _for_my_seats(view: View) -> "sa.ColumnElement[bool]":
    """Tasks that ask for a role the reader holds today, as `rules.candidate_works` has it."""
    today = view.today.isoformat()
    seat = (
        sa.select(member.c.id)
        .where(
            member.c.procurement == task.c.procurement,
            member.c.person == view.actor.id,
            member.c.role == task.c.candidate,
            member.c.removed.is_(False),
            member.c.scope.in_(["", task.c.scope]),
            sa.or_(member.c.valid_from == "", member.c.valid_from <= today),
            sa.or_(member.c.valid_to == "", member.c.valid_to >= today),
        )
        .exists()
    )
    party = (
        sa.select(procurement_party.c.organisation)
        .where(
            procurement_party.c.procurement == task.c.procurement,
            procurement_party.c.organisation == view.actor.organisation,
        )
        .exists()
    )
    # Beginning with the procurements makes it depend on the reader's seats, not on all open tasks.
    mine = sa.select(member.c.procurement).where(
        member.c.person == view.actor.id, member.c.removed.is_(False)
    )
    return (
        task.c.procurement.in_(mine)
        & seat
        & ((task.c.organisation == view.actor.organisation) | party)
    )


def _rows(
    view: View,
    where: "sa.ColumnElement[bool]",
    limit: int,
    *,
    order: Sequence["sa.ColumnElement[Any]"] = URGENT,
) -> tuple[TaskRow, ...]:
    query = (
        sa.select(
            task,
            procurement.c.reference,
            procurement.c.title,
            procurement.c.definition,
            supplier.c.name.label("supplier_name"),
        )
        .join(procurement, procurement.c.id == task.c.procurement)
        .outerjoin(
            supplier,
            (supplier.c.procurement == task.c.procurement) & (supplier.c.key == task.c.scope),
        )
        .where(where)
        .order_by(*order)
        .limit(limit)
    )
    rows = view.connection.execute(query).all()
    names = names_of(view, {row.assignee for row in rows})
    return tuple(_row(view, row, names) for row in rows)


def _row(view: View, row: Any, names: Mapping[str, str]) -> TaskRow:
    waiting = row.status in {"open", "approval"}
    return TaskRow(
        id=row.id,
        name=view.text(row.definition, row.process, f"{row.element}.name", row.name),
        procurement=row.procurement,
        reference=row.reference,
        title=row.title,
        role=row.role,
        candidate=row.candidate,
        phase=phase_name(view.definition(row.definition), view.language, row.phase),
        scope=row.scope,
        supplier=row.supplier_name or ("" if sealed_role(row.scope) else row.scope),
        sealed_for=sealed_role(row.scope),
        status=row.status,
        assignee=row.assignee,
        assignee_name=names.get(row.assignee, ""),
        opened_at=row.opened_at,
        due_at=row.due_at,
        late=waiting and row.due_at is not None and row.due_at < view.now,
        why=row.due_why or {},
        closed_at=row.closed_at,
    )
