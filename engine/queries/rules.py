"""The law as data: its rows, and where deployed processes use them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.model.definition import ElementInfo, ProcessDefinition
from engine.procurement.choice import REGIME
from engine.procurement.ruledata import Kind, RuleRow, all_rows, known_rules, rule_set
from engine.procurement.rules.reads import reads
from engine.procurement.valuation import (
    LEVELS,
    MONTHS_WITHOUT_END,
    SMALL_LOTS,
    SMALL_LOTS_SHARE,
)
from engine.queries.choice import newest_definitions
from engine.queries.view import View

_TIME_LIMIT: Final = re.compile(r"\btime_limit\s*\(\s*\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class Use:
    """An element that a rule decides something for. `how` is timer, due, expression, gate or
    decision; `check` the gate's check that compares with it."""

    process: str
    process_name: str
    element: str
    element_name: str
    how: str
    check: str
    digest: str


@dataclass(frozen=True, slots=True)
class RuleCard:
    """One rule with those of its rows that were asked for, newest first, and its uses."""

    rule_id: str
    rows: tuple[RuleRow, ...]
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class RulesPage:
    """`at` is None where the rows of every day are shown; `rule_set` names the law of `at`."""

    kind: Kind | None
    at: date | None
    rule_set: str
    rules: tuple[RuleCard, ...]
    unverified: int


def rules_page(view: View, kind: Kind | None = None, at: date | None = None) -> RulesPage:
    """The rules of a kind and day, with where the newest version of each process uses them."""
    rows = [
        row
        for row in all_rows()
        if (kind is None or row.kind is kind) and (at is None or row.in_force(at))
    ]
    found = uses_by_rule(view)
    cards = tuple(
        RuleCard(
            rule_id,
            tuple(
                sorted(
                    (row for row in rows if row.rule_id == rule_id),
                    key=lambda row: row.valid_from,
                    reverse=True,
                )
            ),
            found.get(rule_id, ()),
        )
        for rule_id in dict.fromkeys(row.rule_id for row in rows)
    )
    unverified = sum(not row.verified for row in rows)
    return RulesPage(kind, at, rule_set(at).id if at else "", cards, unverified)


def uses_by_rule(view: View) -> Mapping[str, tuple[Use, ...]]:
    """Where each rule is used, by its id; a process that several call is named once."""
    found: dict[str, dict[tuple[str, str, str, str], Use]] = {}
    for definition in newest_definitions(view):
        for rule, use in _uses_of(view, definition):
            key = (use.process, use.element, use.how, use.check)
            found.setdefault(rule, {}).setdefault(key, use)
    return {rule: tuple(uses.values()) for rule, uses in found.items()}


def _uses_of(view: View, definition: ProcessDefinition) -> Iterator[tuple[str, Use]]:
    for process in definition.processes.values():
        name = definition.text(view.language, process.key, f"{process.key}.name", process.name)
        for element in process.elements.values():
            called = definition.text(
                view.language, process.key, f"{element.id}.name", element.name or element.id
            )
            for rule, how, check in _named(element):
                use = Use(process.key, name, element.id, called, how, check, definition.digest)
                yield rule, use
    yield from _uses_of_tables(definition)


def _uses_of_tables(definition: ProcessDefinition) -> Iterator[tuple[str, Use]]:
    """What the choice of procedure is given: thresholds, and how the value is reckoned."""
    decision = definition.decisions.get(REGIME)
    if decision is None:
        return
    _, process, file = decision.file.split("/")
    use = Use(process, file, decision.id, decision.name, "decision", "", definition.digest)
    for row in all_rows():
        chooses = row.kind is Kind.THRESHOLD and row.regime in (*LEVELS, SMALL_LOTS)
        if chooses or row.rule_id in (SMALL_LOTS_SHARE, MONTHS_WITHOUT_END):
            yield row.rule_id, use


def _named(element: ElementInfo) -> Iterator[tuple[str, str, str]]:
    """Rule, how and check of everything in the element that names a rule."""
    if element.due is not None and element.due.rule is not None:
        yield element.due.rule, "due", ""
    if element.timer is not None:
        for rule in _TIME_LIMIT.findall(element.timer.value):
            yield rule, "timer", ""
    assigned = (*element.outputs, *element.call_inputs, *element.call_outputs)
    inputs = element.operation.inputs if element.operation else ()
    expressions = [each.value for each in (*assigned, *inputs)]
    expressions += [element.due.value] if element.due and element.due.value else []
    for expression in expressions:
        for rule in _TIME_LIMIT.findall(expression):
            yield rule, "expression", ""
    for check in element.gate.checks if element.gate else ():
        for rule in known_rules():
            if reads(check, rule):
                yield rule, "gate", check
