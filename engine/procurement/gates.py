"""A gate's checks on facts: the same for the page that shows them and the act that asks."""

from collections.abc import Collection
from typing import Any, Final

from engine.errors import NotFoundError
from engine.model.definition import ElementInfo, OptionInfo
from engine.procurement.facts import CheckResult, Facts
from engine.procurement.rules import RULES

PARTICIPATION_CHECK: Final = "participation-answered"
SHARING_CHECK: Final = "round-information-shared"
BEFORE_ANY: Final = frozenset({"low-tender-asked"})
"""Checks that bar every option: a tender is neither accepted nor rejected before them."""


def checks_of(element: ElementInfo) -> tuple[str, ...]:
    """The gate's rule ids, with those that a demanded participation and the end of a round add."""
    if element.gate is None:
        return ()
    extra = (PARTICIPATION_CHECK,) if element.participation else ()
    closing = any(option.closes_round for option in element.gate.options)
    shared = (SHARING_CHECK,) if closing else ()
    return tuple(dict.fromkeys((*element.gate.checks, *extra, *shared)))


def bars(option: OptionInfo, rule: str) -> bool:
    """Whether the option may not be taken while the check fails."""
    return option.opens or rule in BEFORE_ANY or (option.closes_round and rule == SHARING_CHECK)


def evaluate_checks(checks: Collection[str], facts: Facts) -> tuple[CheckResult, ...]:
    """Every check's result in the order of the model; raises NotFoundError for an unknown rule."""
    return tuple(_evaluate(check, facts) for check in checks)


def _evaluate(check: str, facts: Facts) -> CheckResult:
    rule = RULES.get(check)
    if rule is None:
        raise NotFoundError("rule", check)
    return rule.function(facts)


def as_plain(result: CheckResult) -> dict[str, Any]:
    """A check as the record keeps it."""
    return {
        "rule": result.rule,
        "holds": result.holds,
        "fact": dict(result.fact),
        "citation": result.citation,
        "who_can_mend": list(result.who_can_mend),
    }
