"""Task lists: mine, my roles', those waiting for my second pair of eyes, delegated, done."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from engine.model.sealing import sealed_role, supplier_key
from engine.queries.my_tasks import EVERY_TASK, SOURCES, Source, TaskListName, asking
from engine.queries.names import phase_name
from engine.queries.task_filter import Shape, TaskFilter, conditions_of, narrowing
from engine.queries.view import View, names_of
from engine.store.firms import supplier_names
from engine.store.prepared import Prepared
from engine.store.schema import procurement, supplier, task
from engine.store.types import Among

PAGE = 50
DONE = 20
URGENT = (task.c.due_at.asc().nulls_last(), task.c.opened_at, task.c.id)
NEWEST = (task.c.closed_at.desc(), task.c.id)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line of a task list. `why` explains a legal due date: {nb, en, citation, verified};
    `period` is how long after its opening the model lets it be due, such as P14D, else "";
    `sealed_for` is the role that alone knows what it is about, else ""; `kind` is its element's in
    the model, or what the lead put in beside it."""

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
    period: str
    closed_at: datetime | None
    kind: str


@dataclass(frozen=True, slots=True)
class TaskLists:
    mine: tuple[TaskRow, ...]
    roles: tuple[TaskRow, ...]
    second: tuple[TaskRow, ...]
    delegated: tuple[TaskRow, ...]
    done: tuple[TaskRow, ...]


def task_lists(view: View, *, limit: int = PAGE) -> TaskLists:
    """Every list's first `limit` tasks, the most urgent first."""

    def first(which: TaskListName) -> tuple[TaskRow, ...]:
        most = DONE if which is TaskListName.DONE else limit
        return list_tasks(view, which, TaskFilter(), after=None, limit=most).rows

    return TaskLists(**{which.value: first(which) for which in TaskListName})


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
    narrowed = narrowing(view, wanted)
    values = {**narrowed.values, "most": limit + 1}
    if after is None:
        first = _first_rows(which, narrowed.shape)
        return part_of(_told(view, first.all(view.connection, {**asking(view), **values})), limit)
    source = SOURCES[which].narrowed(
        *conditions_of(narrowed.shape), _older_than(after) if done else _less_urgent_than(after)
    )
    return part_of(_rows(view, _question(source, NEWEST if done else URGENT), values), limit)


def part_of(rows: tuple[TaskRow, ...], limit: int) -> TaskPart:
    """The first `limit` of these rows of one list, which go on after it where there are more."""
    if len(rows) <= limit:
        return TaskPart(rows, None)
    last = rows[limit - 1]
    at = last.closed_at if last.status == "completed" else last.opened_at
    return TaskPart(rows[:limit], Place(last.due_at, at or last.opened_at, last.id))


@lru_cache(maxsize=256)
def _first_rows(which: TaskListName, shape: Shape) -> Prepared:
    """Asked most often, so it is built once for each shape of filter."""
    source = SOURCES[which].narrowed(*conditions_of(shape))
    return Prepared(_question(source, NEWEST if which is TaskListName.DONE else URGENT))


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


def rows_of(view: View, keys: Collection[str]) -> tuple[TaskRow, ...]:
    """These tasks; the caller has made sure that the reader may see them."""
    return _told(view, _BY_KEYS.all(view.connection, {"keys": list(keys)})) if keys else ()


def tasks_of(
    view: View, key: str, *where: "sa.ColumnElement[bool]", limit: int = 200
) -> tuple[TaskRow, ...]:
    """Tasks of one procurement; the caller leaves out what the reader may not see."""
    source = Source(EVERY_TASK, sa.and_(task.c.procurement == key, *where))
    return _rows(view, _question(source, URGENT), {"most": limit})


class _Found(NamedTuple):
    """What is read of a task; its fields are looked at so often that reading them by name from
    the rows as they come would take longer than the database does."""

    id: str
    procurement: str
    element: str
    name: str
    kind: str
    process: str
    role: str
    scope: str
    phase: str
    status: str
    candidate: str
    assignee: str
    opened_at: datetime
    due_at: datetime | None
    due_why: dict[str, Any] | None
    closed_at: datetime | None
    reference: str
    title: str
    definition: str
    supplier_name: str | None


_COLUMNS: Final = (
    *(task.c[name] for name in _Found._fields if name in task.c),
    procurement.c.reference,
    procurement.c.title,
    procurement.c.definition,
    supplier.c.name.label("supplier_name"),
)


def _question(source: Source, order: Sequence["sa.ColumnElement[Any]"]) -> "sa.Select[Any]":
    """For the first `most` rows, chosen by what they are ordered by and only then read whole."""
    chosen = (
        sa.select(task.c.id)
        .select_from(source.tables)
        .where(source.where)
        .order_by(*order)
        .limit(sa.bindparam("most", type_=sa.Integer))
        .subquery("chosen")
    )
    return _whole(chosen.join(task, task.c.id == chosen.c.id), order)


def _whole(
    tables: sa.FromClause, order: Sequence["sa.ColumnElement[Any]"], *where: sa.ColumnElement[bool]
) -> "sa.Select[Any]":
    """For what is found of the tasks in these tables."""
    return (
        sa.select(*_COLUMNS)
        .select_from(tables)
        .join(procurement, procurement.c.id == task.c.procurement)
        .outerjoin(
            supplier,
            (supplier.c.procurement == task.c.procurement) & (supplier.c.key == task.c.scope),
        )
        .where(*where)
        .order_by(*order)
    )


_BY_KEYS: Final = Prepared(_whole(task, URGENT, Among(task.c.id, "keys")))


def _rows(view: View, question: "sa.Select[Any]", values: Mapping[str, Any]) -> tuple[TaskRow, ...]:
    return _told(view, view.connection.execute(question, {**asking(view), **values}))


def _told(view: View, found: "Iterable[Sequence[Any]]") -> tuple[TaskRow, ...]:
    rows = [_Found(*row) for row in found]
    names = names_of(view, {row.assignee for row in rows})
    suppliers = _suppliers_not_registered(view, rows)
    return tuple(_row(view, row, names, suppliers) for row in rows)


def _suppliers_not_registered(view: View, rows: Sequence[_Found]) -> Mapping[tuple[str, str], str]:
    """What suppliers are called of whom a procurement has no row, by its id and their key."""
    places = {row.procurement for row in rows if not row.supplier_name and supplier_key(row.scope)}
    return {
        (place, key): name
        for place in places
        for key, name in supplier_names(view.connection, place).items()
    }


def _row(
    view: View,
    row: _Found,
    names: Mapping[str, str],
    suppliers: Mapping[tuple[str, str], str],
) -> TaskRow:
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
        supplier=row.supplier_name
        or suppliers.get((row.procurement, row.scope))
        or supplier_key(row.scope),
        sealed_for=sealed_role(row.scope),
        status=row.status,
        assignee=row.assignee,
        assignee_name=names.get(row.assignee, ""),
        opened_at=row.opened_at,
        due_at=row.due_at,
        late=waiting and row.due_at is not None and row.due_at < view.now,
        why=row.due_why or {},
        period=_period(view, row),
        closed_at=row.closed_at,
        kind=row.kind,
    )


def _period(view: View, row: _Found) -> str:
    """Where no law says when the task is due: what its model says."""
    if row.due_at is None or row.due_why:
        return ""
    process = view.definition(row.definition).processes.get(row.process)
    element = process.elements.get(row.element) if process else None
    return element.due.value or "" if element and element.due else ""
