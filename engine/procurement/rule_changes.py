"""What has changed in the law since the rules of a procurement were pinned."""

from dataclasses import dataclass
from datetime import date

from engine.procurement.ruledata import RuleRow, rule_set


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule: the row that holds for the procurement, and the row in force today, None where the
    rule did not exist or exists no more. `row` is the one that says what the rule is about."""

    rule_id: str
    before: RuleRow | None
    after: RuleRow | None
    row: RuleRow


def rule_changes(pinned: date, today: date) -> tuple[RuleChange, ...]:
    """The rules whose row in force is another on `today` than on `pinned`, by their ids."""
    before = {row.rule_id: row for row in rule_set(pinned).rows}
    after = {row.rule_id: row for row in rule_set(today).rows}
    return tuple(
        RuleChange(rule, before.get(rule), after.get(rule), row)
        for rule, row in sorted({**before, **after}.items())
        if before.get(rule) != after.get(rule)
    )
