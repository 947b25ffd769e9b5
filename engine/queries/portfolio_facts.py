"""What is counted of each procurement of a portfolio, inside the database.

`chosen` is the question for the procurements at hand, already limited to what the reader may read;
every count costs what these have, whatever else the installation holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from engine.procurement.risk import FACTORS, Level, fewest_suppliers
from engine.queries.reader import is_known
from engine.store.schema import decision, incident, supplier, task, timer, undone

NOW: Final[sa.BindParameter[datetime]] = sa.bindparam("now", type_=task.c.due_at.type)
AWARD: Final = "D10"
COMPLAINT: Final = "complaint"
"""The process that handles a complaint: while one of its tasks is open, so is the complaint."""
GONE: Final = ("rejected", "not-selected", "eliminated", "withdrawn", "not-awarded", "terminated")
"""What a supplier's status says when it takes no part any more."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The columns of the chosen procurements with all that is counted of them, and the level of
    risk that follows."""

    counts: sa.Subquery
    level: "sa.ColumnElement[int]"


def counted(chosen: sa.CTE, today: date) -> Counted:
    """`chosen` has id, organisation, status, procedure, rules_at and rule_set."""
    work, clock, stopped, field = _work(chosen), _clock(chosen), _stopped(chosen), _field(chosen)
    tables: sa.FromClause = chosen
    for part in (work, clock, stopped, field):
        tables = tables.outerjoin(part, part.c.procurement == chosen.c.id)
    none = sa.literal(0)
    columns: dict[str, sa.ColumnElement[Any]] = {
        "open": sa.func.coalesce(work.c.open, none),
        "late": sa.func.coalesce(work.c.late, none),
        "late_legal": sa.func.coalesce(work.c.late_legal, none),
        "complaints": sa.func.coalesce(work.c.complaints, none),
        "unverified": sa.func.coalesce(work.c.unverified, none)
        + sa.func.coalesce(clock.c.unverified, none),
        "incidents": sa.func.coalesce(stopped.c.number, none),
        "suppliers_missing": _missing(chosen, field, today),
        "suspended": sa.case((chosen.c.status == "suspended", 1), else_=0),
        "next_due": work.c.next_due,
        "deadline": _earlier(work.c.deadline, clock.c.deadline),
    }
    named = (column.label(name) for name, column in columns.items())
    counts = sa.select(*chosen.c, *named).select_from(tables).subquery("counts")
    return Counted(counts, level_of(dict(counts.c.items())))


def level_of(columns: Mapping[str, "sa.ColumnElement[Any]"]) -> "sa.ColumnElement[int]":
    """The level of risk as `engine.procurement.risk.risk_of` gives it."""
    by_level = {
        level: sa.or_(
            *(columns[each.fact] >= each.at_least for each in FACTORS if each.level is level)
        )
        for level in (Level.HIGH, Level.MEDIUM)
    }
    cases = ((holds, int(level)) for level, holds in by_level.items())
    return sa.case(*cases, else_=int(Level.LOW))


def _is_legal(why: "sa.Column[Any]") -> "sa.ColumnElement[bool]":
    return sa.type_coerce(why, sa.Text) != "{}"


def _is_unverified(why: "sa.Column[Any]") -> "sa.ColumnElement[bool]":
    return sa.type_coerce(why, sa.Text).contains('"verified":false')


def _work(chosen: sa.CTE) -> sa.CTE:
    """Open tasks that the reader may know of."""
    late = task.c.due_at < NOW
    legal = _is_legal(task.c.due_why)
    return (
        sa.select(
            task.c.procurement,
            sa.func.count().label("open"),
            _number(late).label("late"),
            _number(late & legal).label("late_legal"),
            _number(task.c.process == COMPLAINT).label("complaints"),
            _number(_is_unverified(task.c.due_why)).label("unverified"),
            sa.func.min(task.c.due_at).label("next_due"),
            sa.func.min(sa.case((legal, task.c.due_at))).label("deadline"),
        )
        .select_from(chosen.join(task, task.c.procurement == chosen.c.id))
        .where(
            task.c.status.in_(("open", "approval")),
            is_known(task.c.scope, chosen.c.id, chosen.c.organisation),
        )
        .group_by(task.c.procurement)
        .cte("work")
    )


def _clock(chosen: sa.CTE) -> sa.CTE:
    """Moments the process waits for."""
    return (
        sa.select(
            timer.c.procurement,
            _number(_is_unverified(timer.c.why)).label("unverified"),
            sa.func.min(sa.case((_is_legal(timer.c.why), timer.c.due_at))).label("deadline"),
        )
        .select_from(chosen.join(timer, timer.c.procurement == chosen.c.id))
        .group_by(timer.c.procurement)
        .cte("clock")
    )


def _stopped(chosen: sa.CTE) -> sa.CTE:
    return (
        sa.select(incident.c.procurement, sa.func.count().label("number"))
        .select_from(chosen.join(incident, incident.c.procurement == chosen.c.id))
        .where(incident.c.closed_at.is_(None))
        .group_by(incident.c.procurement)
        .cte("stopped")
    )


def _field(chosen: sa.CTE) -> sa.CTE:
    """Suppliers who are still in it, where the contract has not been awarded."""
    award = (
        sa.select(decision.c.id)
        .outerjoin(undone, undone.c.record == decision.c.id)
        .where(
            decision.c.procurement == chosen.c.id,
            decision.c.decision == AWARD,
            decision.c.opens.is_(True),
            undone.c.record.is_(None),
        )
    )
    return (
        sa.select(
            supplier.c.procurement,
            _number(supplier.c.status.not_in(GONE)).label("number"),
        )
        .select_from(chosen.join(supplier, supplier.c.procurement == chosen.c.id))
        .where(~award.exists())
        .group_by(supplier.c.procurement)
        .cte("field")
    )


def _missing(chosen: sa.CTE, field: sa.CTE, today: date) -> "sa.ColumnElement[int]":
    """How many suppliers there are too few by the law that is pinned, else by that of `today`;
    0 where none has come yet or no law asks."""
    day = sa.case((chosen.c.rule_set == "", today.isoformat()), else_=chosen.c.rules_at)
    wanted = sa.case(
        *(
            (
                (chosen.c.procedure == row.procedure)
                & day.between(row.valid_from.isoformat(), (row.valid_to or date.max).isoformat()),
                row.amount,
            )
            for row in fewest_suppliers()
        ),
        else_=0,
    )
    few = (field.c.number.is_not(None)) & (field.c.number < wanted)
    return sa.case((few, wanted - field.c.number), else_=0)


def _number(holds: "sa.ColumnElement[bool]") -> "sa.ColumnElement[int]":
    return sa.func.sum(sa.case((holds, 1), else_=0))


def _earlier(
    one: "sa.ColumnElement[Any]", other: "sa.ColumnElement[Any]"
) -> "sa.ColumnElement[Any]":
    """The earlier of two moments of which either may be missing."""
    both = sa.case((one < other, one), else_=other)
    found = sa.case((one.is_(None), other), (other.is_(None), one), else_=both)
    return sa.type_coerce(found, task.c.due_at.type)
