"""The law as data: rule rows with their source, gate checks, and the calculator of time limits."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator

from engine.errors import NotFoundError
from engine.procurement.describe import amount
from engine.procurement.period import SkippedDay
from engine.procurement.ruledata import Kind, RuleRow, all_rows, known_rules
from engine.procurement.rules import RULES
from engine.procurement.time_limits import time_limit
from engine.queries.rules import uses_by_rule
from service.api.routing import ACT_PROBLEMS, make_router
from service.api.shapes import InEachLanguage, KeyInPath, Told
from service.dependencies import Person, Reader

router = make_router("rules")


def _day_or_moment(text: str) -> date | datetime:
    """Ten characters are a day; raises ValueError."""
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


Start = Annotated[
    datetime | date,
    BeforeValidator(_day_or_moment),
    Query(description="The event that starts it: a day, or a moment with a time zone."),
]
RulesAt = Annotated[date | None, Query(description="The day whose law holds; today when absent.")]


class Rule(Told):
    """A rule as it was from `valid_from` to `valid_to`, both included. `amount` is in `unit`
    (`ore` for money); `verified_at` is null where nobody has read it against the law."""

    rule_id: str
    kind: Kind
    title: InEachLanguage
    amount: int
    unit: str
    amount_text: str
    procedure: str
    regime: str
    buyers: list[str]
    contracts: list[str]
    from_event: InEachLanguage | None
    direction: str
    binding: bool
    valid_from: date
    valid_to: date | None
    citation: str
    source: str
    verified: bool
    verified_by: str
    verified_at: date | None
    note: str
    note_text: InEachLanguage | None


class GateCheck(Told):
    """What a gate may ask to hold, and the roles that can mend it."""

    id: str
    title: InEachLanguage
    citation: str
    who_can_mend: list[str]


class Skipped(Told):
    day: date
    reason: InEachLanguage


class Explanation(Told):
    nb: list[str]
    en: list[str]


class TimeLimit(Told):
    """A computed period. `ends_at` is 24:00 in Norway of `latest_act`, in UTC; what must wait for
    it may be done on `earliest_next_act`, which a backward period does not have."""

    rule: str
    title: InEachLanguage
    start: date | datetime
    rules_at: date
    amount: int
    unit: str
    direction: str
    first_day: date
    nominal_last_day: date
    legal_last_day: date
    latest_act: date
    ends_at: datetime
    earliest_next_act: date | None
    days_counted: int
    skipped: list[Skipped]
    citation: str
    source: str
    verified: bool
    explanation: Explanation


@router.get("/rules")
def list_rules(
    _: Person,
    kind: Annotated[Kind | None, Query(description="Only rules of this kind.")] = None,
    at: Annotated[date | None, Query(description="Only what was the law on this day.")] = None,
) -> list[Rule]:
    """Every row of the rule data: amount, dates, citation, source, and whether it was verified."""
    return [
        _told(row)
        for row in all_rows()
        if (kind is None or row.kind is kind) and (at is None or row.in_force(at))
    ]


@router.get("/rules/checks")
def list_checks(_: Person) -> list[GateCheck]:
    """The checks that gates can ask for."""
    return [GateCheck.model_validate(each) for each in RULES.values()]


@router.get("/rules/{rule}")
def show_rule(rule: KeyInPath, _: Person) -> list[Rule]:
    """The rows of one rule, in the order they came into force."""
    rows = sorted((row for row in all_rows() if row.rule_id == rule), key=_first_day)
    if not rows:
        raise NotFoundError("rule", rule)
    return [_told(row) for row in rows]


def _first_day(row: RuleRow) -> date:
    return row.valid_from


def _told(row: RuleRow) -> Rule:
    return Rule(
        rule_id=row.rule_id,
        kind=row.kind,
        title=InEachLanguage(**row.title),
        amount=row.amount,
        unit=row.unit,
        amount_text=amount(row),
        procedure=row.procedure,
        regime=row.regime,
        buyers=list(row.buyers),
        contracts=list(row.contracts),
        from_event=InEachLanguage(**row.from_event) if row.from_event else None,
        direction=row.direction,
        binding=row.binding,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        citation=row.citation,
        source=row.source,
        verified=row.verified,
        verified_by=row.verified_by,
        verified_at=row.verified_at,
        note=row.note.get("en", ""),
        note_text=InEachLanguage(**row.note) if row.note else None,
    )


class RuleUse(Told):
    """An element that the rule decides something for. `how` is timer, due, expression, gate or
    decision; `check` the gate's check that compares with it, `digest` the version it stands in."""

    process: str
    process_name: str
    element: str
    element_name: str
    how: str
    check: str
    digest: str


@router.get("/rules/{rule}/uses")
def list_uses(rule: KeyInPath, view: Reader) -> list[RuleUse]:
    """Where the newest version of each process rests on the rule."""
    if rule not in known_rules():
        raise NotFoundError("rule", rule)
    return [RuleUse.model_validate(each) for each in uses_by_rule(view).get(rule, ())]


@router.get("/time-limits")
def list_time_limits(_: Person) -> list[str]:
    """The rules that are time limits."""
    return list(known_rules(Kind.TIME_LIMIT))


@router.get("/time-limits/{rule}", responses={409: ACT_PROBLEMS[409]})
def compute_time_limit(
    rule: KeyInPath, view: Reader, start: Start, rules_at: RulesAt = None
) -> TimeLimit:
    """When a legal time limit ends, counted by Regulation 1182/71, and why."""
    if rule not in known_rules(Kind.TIME_LIMIT):
        raise NotFoundError("time limit", rule)
    day = rules_at or view.today
    found = time_limit(rule, start, day)
    period = found.period
    return TimeLimit(
        rule=rule,
        title=InEachLanguage(**found.row.title),
        start=start,
        rules_at=day,
        amount=period.amount,
        unit=period.unit,
        direction=period.direction,
        first_day=period.first_day,
        nominal_last_day=period.nominal_last_day,
        legal_last_day=period.legal_last_day,
        latest_act=period.latest_act,
        ends_at=period.ends_at,
        earliest_next_act=period.earliest_next_act,
        days_counted=period.days_counted,
        skipped=[_skipped(each) for each in period.skipped],
        citation=found.citation,
        source=found.row.source,
        verified=found.verified,
        explanation=Explanation(nb=found.explain("nb"), en=found.explain("en")),
    )


def _skipped(each: SkippedDay) -> Skipped:
    return Skipped(day=each.day, reason=InEachLanguage(**each.reason))
