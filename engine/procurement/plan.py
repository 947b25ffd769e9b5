"""The expected course of a procurement in days: what is done, what is open, what is to come.

A plan is computed anew from what is known (`PlanFacts`) each time somebody looks, so it moves when
facts arrive. Days are days in Europe/Oslo; work is counted in working days, the law's periods as
the law counts them (`time_limits`). Planned work is an assumption (`planning`), a legal minimum is
a rule with its citation, and a bar says which of them it is. `planner` makes plans.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from engine.procurement.text import Text


class BarKind(StrEnum):
    PAST = "past"
    OPEN = "open"
    PLANNED = "planned"
    LEGAL = "legal"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Bar:
    """One activity from `start` to `end`, both days included.

    `key` stays the same as facts arrive. `latest` is the last day that the law or the due date of
    the task allows. `rule`, `citation` and `why` are those of the law, empty for planned work.
    `working_days` are those from start to end. `round` counts from 1 where it is repeated.
    """

    key: str
    phase: str
    process: str
    element: str
    kind: BarKind
    start: date
    end: date
    working_days: int
    round: int = 0
    latest: date | None = None
    rule: str = ""
    citation: str = ""
    verified: bool = True
    why: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day that matters. `fact` when it has happened or has been set; otherwise the earliest one,
    or for a limit the latest one."""

    id: str
    day: date
    fact: bool = False
    rule: str = ""
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Repetition:
    """How often something is planned; `now` is the turn it is in."""

    id: str
    title: Text
    planned: int
    now: int


@dataclass(frozen=True, slots=True)
class Plan:
    """`earliest_signing` is None where the process awards nothing or has come past it without."""

    start: date
    end: date
    today: date
    procedure: str
    bars: tuple[Bar, ...]
    milestones: tuple[Milestone, ...]
    repetitions: tuple[Repetition, ...]

    def milestone(self, key: str) -> Milestone | None:
        return next((each for each in self.milestones if each.id == key), None)

    @property
    def earliest_signing(self) -> date | None:
        found = self.milestone("earliest-signing")
        return found.day if found else None


@dataclass(frozen=True, slots=True)
class PastFact:
    """An element that was done: from the day it opened to the day it was last closed."""

    process: str
    element: str
    phase: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class OpenFact:
    """An open task or armed timer; `due` is a day, None where it has none."""

    process: str
    element: str
    phase: str
    since: date
    due: date | None
    citation: str = ""
    why: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What is known of one procurement at one moment, as far as the reader may see it.

    `active` are process and element of every token; empty where it has not begun. `variables` is
    the process data; `rows` the number of rows of submitted lists by (form, field); `decided` the
    day of the last decision by D1…D15.
    """

    now: datetime
    rules_at: date
    procedure: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    active: frozenset[tuple[str, str]] = frozenset()
    past: tuple[PastFact, ...] = ()
    open: tuple[OpenFact, ...] = ()
    rows: Mapping[tuple[str, str], int] = field(default_factory=dict)
    decided: Mapping[str, date] = field(default_factory=dict)
    over: bool = False


def facts_before_start(start: date, procedure: str, now: datetime) -> "PlanFacts":
    """Nothing has happened: the law is that of the day it starts."""
    return PlanFacts(now=now, rules_at=start, procedure=procedure)


@dataclass(frozen=True, slots=True)
class Difference:
    """A milestone (or `end`) in two plans; `days` is how many calendar days later it comes."""

    id: str
    before: date
    after: date
    days: int


def compare_plans(before: Plan, after: Plan) -> tuple[Difference, ...]:
    """What a later or shorter choice does, for each milestone that both plans have, and the end."""
    days = {each.id: each.day for each in before.milestones}
    pairs = [(each.id, days[each.id], each.day) for each in after.milestones if each.id in days]
    return tuple(
        Difference(key, old, new, (new - old).days)
        for key, old, new in [*pairs, ("end", before.end, after.end)]
    )
