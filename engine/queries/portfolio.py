"""The portfolio: every procurement a reader may read, by phase, value, deadline and risk."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from engine.procurement.risk import Level, Risk, RiskFacts, risk_of
from engine.queries.diagrams import process_name
from engine.queries.names import phase_name
from engine.queries.portfolio_facts import Counted, counted
from engine.queries.reader import readable, reader_values
from engine.queries.view import View
from engine.queries.words import mentions
from engine.store.schema import member, organisation, person, procurement, task, timer

PAGE: Final = 50
_FAR: Final = 9 * 10**15
"""Later than any moment, in microseconds since 1970."""
_COUNTED: Final = (
    procurement.c.id,
    procurement.c.organisation,
    procurement.c.status,
    procurement.c.procedure,
    procurement.c.rules_at,
    procurement.c.rule_set,
)
_FACTS: Final = tuple(field.name for field in fields(RiskFacts))


class Sort(StrEnum):
    """By what the portfolio is ordered; what has none of it comes last."""

    RISK = "risk"
    DEADLINE = "deadline"
    VALUE = "value"
    NEWEST = "newest"
    TITLE = "title"


class Standing(StrEnum):
    """Which procurements are wanted by how they stand; `active` are running and suspended."""

    ACTIVE = "active"
    RUNNING = "running"
    SUSPENDED = "suspended"
    ENDED = "ended"
    CANCELLED = "cancelled"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class PortfolioFilter:
    """Which procurements are wanted; "" and None stand for all. Every word of `text` must be found
    in title or reference; `mine` are those in whose team the reader sits."""

    standing: Standing = Standing.ACTIVE
    procedure: str = ""
    phase: str = ""
    organisation: str = ""
    level: Level | None = None
    mine: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ended: the key it is ordered by, and the id."""

    key: int | str
    id: str


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One procurement. `value` in øre; `deadline` the next date set by law, with its `why`;
    `next_due` the next date of any open task; `leads` the names of its leads."""

    id: str
    reference: str
    title: str
    organisation: str
    process_name: str
    procedure: str
    status: str
    outcome: str
    phase_id: str
    phase: str
    value: int | None
    open_tasks: int
    late_tasks: int
    deadline: datetime | None
    why: dict[str, Any]
    next_due: datetime | None
    risk: Risk
    leads: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PortfolioPart:
    """A page; `next` is None when nothing comes after it."""

    rows: tuple[PortfolioRow, ...]
    next: Mark | None


def portfolio(
    view: View,
    wanted: PortfolioFilter,
    sort: Sort = Sort.RISK,
    *,
    after: Mark | None = None,
    limit: int = PAGE,
) -> PortfolioPart:
    """The procurements that come after the mark, at most `limit` of them."""
    found = _question(view, wanted, sort, after, limit + 1)
    rows = view.connection.execute(found, _values(view)).all()
    shown = rows[:limit]
    mark = Mark(shown[-1].key, shown[-1].id) if len(rows) > limit else None
    return PortfolioPart(_rows(view, shown), mark)


def _question(
    view: View, wanted: PortfolioFilter, sort: Sort, after: Mark | None, limit: int
) -> "sa.Select[Any]":
    """What is ordered by its own columns is cut off before anything is counted; what is ordered or
    chosen by counts is counted first."""
    own = _OWN_KEYS.get(sort)
    key = [] if own is None else [own.label("key")]
    chosen = readable(*_COUNTED, *key, where=_conditions(wanted), mine=wanted.mine)
    if own is not None and wanted.level is None:
        found = chosen.subquery("found")
        chosen = _cut(sa.select(*found.c), found.c.key, found.c.id, after, limit)
    facts = counted(chosen.cte("chosen"), view.today)
    order = facts.counts.c.key if own is not None else _counted_key(facts, sort)
    columns = (each for each in facts.counts.c if each.name != "key")
    question = sa.select(order.label("key"), *columns)
    if wanted.level is not None:
        question = question.where(facts.level == int(wanted.level))
    return _cut(question, order, facts.counts.c.id, after, limit)


def _cut(
    question: "sa.Select[Any]",
    key: "sa.ColumnElement[Any]",
    identity: "sa.ColumnElement[str]",
    after: Mark | None,
    limit: int,
) -> "sa.Select[Any]":
    if after is not None:
        beyond = sa.or_(key > after.key, (key == after.key) & (identity > after.id))
        question = question.where(beyond)
    return question.order_by(key, identity).limit(limit)


_OWN_KEYS: Final[Mapping[Sort, "sa.ColumnElement[Any]"]] = {
    Sort.VALUE: -sa.func.coalesce(procurement.c.value, -1),
    Sort.NEWEST: -sa.type_coerce(procurement.c.created_at, sa.BigInteger),
    Sort.TITLE: sa.func.substr(sa.func.lower(procurement.c.title), 1, 60),
}


def _counted_key(facts: Counted, sort: Sort) -> "sa.ColumnElement[Any]":
    """A number that grows: the gravest risk first and in it the nearest deadline."""
    far = sa.literal(_FAR, sa.BigInteger)
    nearest = sa.func.coalesce(sa.type_coerce(facts.counts.c.deadline, sa.BigInteger), far)
    return nearest - facts.level * far if sort is Sort.RISK else nearest


def _conditions(wanted: PortfolioFilter) -> "list[sa.ColumnElement[bool]]":
    equal = {
        procurement.c.procedure: wanted.procedure,
        procurement.c.phase: wanted.phase,
        procurement.c.organisation: wanted.organisation,
    }
    found: list[sa.ColumnElement[bool]] = [
        column == value for column, value in equal.items() if value
    ]
    if wanted.standing is Standing.ACTIVE:
        found.append(procurement.c.status.in_(("running", "suspended")))
    elif wanted.standing is not Standing.ALL:
        found.append(procurement.c.status == wanted.standing.value)
    found.extend(mentions((procurement.c.title, procurement.c.reference), wanted.text))
    return found


def _values(view: View) -> dict[str, Any]:
    return {**reader_values(view), "now": view.now}


def _rows(view: View, keys: Sequence[Any]) -> tuple[PortfolioRow, ...]:
    """The procurements whole, in the order of the keys with their counts."""
    ids = [row.id for row in keys]
    query = (
        sa.select(procurement, organisation.c.name.label("organisation_name"))
        .join(organisation, organisation.c.id == procurement.c.organisation)
        .where(procurement.c.id.in_(ids))
    )
    whole = {row.id: row for row in view.connection.execute(query)}
    leads, reasons = _leads(view, ids), _reasons(view, keys)
    return tuple(
        _row(view, whole[counts.id], counts, leads.get(counts.id, ()), reasons.get(counts.id, {}))
        for counts in keys
    )


def _row(
    view: View, row: Any, counts: Any, leads: tuple[str, ...], why: dict[str, Any]
) -> PortfolioRow:
    definition = view.definition(row.definition)
    facts = {name: getattr(counts, name) for name in _FACTS}
    return PortfolioRow(
        id=row.id,
        reference=row.reference,
        title=row.title,
        organisation=row.organisation_name,
        process_name=process_name(view, definition, definition.key),
        procedure=row.procedure,
        status=row.status,
        outcome=row.outcome,
        phase_id=row.phase,
        phase=phase_name(definition, view.language, row.phase),
        value=row.value,
        open_tasks=counts.open,
        late_tasks=counts.late,
        deadline=counts.deadline,
        why=why,
        next_due=counts.next_due,
        risk=risk_of(RiskFacts(**facts)),
        leads=leads,
        created_at=row.created_at,
    )


def _leads(view: View, ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """The names of those who lead each procurement today, deputies left out."""
    today = view.today.isoformat()
    query = (
        sa.select(member.c.procurement, person.c.name)
        .join(person, person.c.id == member.c.person)
        .where(
            member.c.procurement.in_(ids),
            member.c.role == "procurement-lead",
            member.c.deputy_for == "",
            member.c.removed.is_(False),
            sa.or_(member.c.valid_from == "", member.c.valid_from <= today),
            sa.or_(member.c.valid_to == "", member.c.valid_to >= today),
        )
        .order_by(person.c.name)
    )
    found: dict[str, tuple[str, ...]] = {}
    for key, name in view.connection.execute(query):
        found[key] = (*found.get(key, ()), name)
    return found


def _reasons(view: View, keys: Collection[Any]) -> Mapping[str, dict[str, Any]]:
    """Why each deadline is what it is, from the task or the timer that has it."""
    deadlines = {row.id: row.deadline for row in keys if row.deadline is not None}
    found: dict[str, dict[str, Any]] = {}
    for table, why in ((timer, timer.c.why), (task, task.c.due_why)):
        query = sa.select(table.c.procurement, table.c.due_at, why.label("why")).where(
            table.c.procurement.in_(deadlines), table.c.due_at.in_(set(deadlines.values()))
        )
        for row in view.connection.execute(query):
            if row.due_at == deadlines[row.procurement] and row.why:
                found[row.procurement] = row.why
    return found


@dataclass(frozen=True, slots=True)
class Group:
    """Procurements in one phase: how many, on which level of risk, and what they are worth in øre.
    `phases` are the ids that this name has in different processes."""

    name: str
    phases: tuple[str, ...]
    number: int
    by_level: Mapping[Level, int]
    value: int

    @property
    def high(self) -> int:
        return self.by_level[Level.HIGH]


@dataclass(frozen=True, slots=True)
class Overview:
    """`groups` in the order of the phases of the processes; the choices are of all there is,
    organisations by name with their id."""

    number: int
    by_level: Mapping[Level, int]
    value: int
    groups: tuple[Group, ...]
    procedures: tuple[str, ...]
    organisations: tuple[tuple[str, str], ...]

    @property
    def high(self) -> int:
        return self.by_level[Level.HIGH]


def overview(view: View, wanted: PortfolioFilter) -> Overview:
    """The portfolio by phase: of what the filter lets through, whatever its phase and level."""
    rows = view.connection.execute(_grouped(view, wanted), _values(view)).all()
    kinds = _kinds(view)
    return Overview(
        number=sum(row.number for row in rows),
        by_level=_by_level(rows),
        value=sum(int(row.value) for row in rows),
        groups=_groups(view, rows),
        procedures=tuple(sorted({row.procedure for row in kinds if row.procedure})),
        organisations=tuple(sorted({(row.name, row.id) for row in kinds})),
    )


def _grouped(view: View, wanted: PortfolioFilter) -> "sa.Select[Any]":
    chosen = readable(
        *_COUNTED,
        procurement.c.definition,
        procurement.c.phase,
        procurement.c.value,
        where=_conditions(replace(wanted, phase="", level=None)),
        mine=wanted.mine,
    )
    facts = counted(chosen.cte("chosen"), view.today)
    of = facts.counts.c
    return sa.select(
        of.definition,
        of.phase,
        facts.level.label("level"),
        sa.func.count().label("number"),
        sa.func.coalesce(sa.func.sum(of.value), 0).label("value"),
    ).group_by(of.definition, of.phase, facts.level)


def _groups(view: View, rows: Collection[Any]) -> tuple[Group, ...]:
    """By what the phases are called, in the order in which processes go through them."""
    places: dict[str, int] = {}
    named: dict[str, list[Any]] = {}
    for row in rows:
        definition = view.definition(row.definition)
        name = phase_name(definition, view.language, row.phase)
        order = [phase.id for phase in definition.root.phases]
        place = order.index(row.phase) if row.phase in order else -1
        places[name] = min(place, places.get(name, place))
        named.setdefault(name, []).append(row)
    return tuple(
        Group(
            name=name,
            phases=tuple(sorted({row.phase for row in named[name]})),
            number=sum(row.number for row in named[name]),
            by_level=_by_level(named[name]),
            value=sum(int(row.value) for row in named[name]),
        )
        for name in sorted(named, key=lambda name: (places[name], name))
    )


def _by_level(rows: Collection[Any]) -> Mapping[Level, int]:
    return {
        level: sum(row.number for row in rows if row.level == level)
        for level in sorted(Level, reverse=True)
    }


def _kinds(view: View) -> Sequence[Any]:
    """The procedures and organisations of everything the reader may read."""
    kind = readable(procurement.c.procedure, procurement.c.organisation).subquery()
    query = (
        sa.select(kind.c.procedure, organisation.c.id, organisation.c.name)
        .join(organisation, organisation.c.id == kind.c.organisation)
        .distinct()
    )
    return view.connection.execute(query, reader_values(view)).all()
