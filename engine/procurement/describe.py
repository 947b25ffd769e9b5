"""The rules as a page: what the documentation prints is generated from what the engine applies."""

from collections.abc import Iterable, Sequence

from engine.procurement.period import Direction, Unit, amount_text
from engine.procurement.ruledata import Kind, RuleRow, all_rows
from engine.procurement.rules import RULES
from engine.procurement.rules.rule import Rule
from engine.procurement.text import kroner

INTRODUCTION = """\
# Rules: time limits, thresholds and gate checks

This page is generated from the rule data and the checks (`engine/procurement`); a test keeps them
equal. To change a rule, change the data file and generate the page anew.

A rule row holds from its first to its last day, both included. Which row counts is decided by one
date, the day whose law the procurement has pinned. A row is **verified** when it was read against
the text of the law on the day given; other rows say why not, and the platform shows them as
unverified. Periods are computed by Regulation 1182/71 (FOA § 7-6) over Norwegian holidays: the day
of the event is not counted, a forward period that ends on a day off ends on the next working day,
every period of two days or more holds at least two working days, and the end is 24:00 in Norway.
A backward period keeps its days free between the act and the deadline and is not moved forward.

FOA: anskaffelsesforskriften. LOA: anskaffelsesloven. Amounts exclude VAT.
"""

_HEADINGS = {
    Kind.TIME_LIMIT: ("Time limits", 'In a model: `time_limit("<rule>", <start>)`.'),
    Kind.THRESHOLD: ("Thresholds", "Reached by a value equal to the amount or above it."),
    Kind.LIMIT: ("Numbers, shares and fees", "What the checks compare with."),
}
_CHECKS_NOTE = 'In a model: `<pivotal:check rule="<rule>"/>`.'


def rules_page() -> str:
    """The whole page as Markdown."""
    parts = [INTRODUCTION]
    for kind, (heading, note) in _HEADINGS.items():
        rows = [row for row in all_rows() if row.kind is kind]
        parts.append(f"## {heading}\n\n{note}\n\n{_rule_table(rows)}\n")
    parts.append(_notes([row for row in all_rows() if row.note]))
    parts.append(f"## Gate checks\n\n{_CHECKS_NOTE}\n\n{_checks()}\n")
    return "\n".join(parts)


def _rule_table(rows: Sequence[RuleRow]) -> str:
    head = ("rule", "what", "amount", "counted from", "valid", "law", "verified")
    return _table(head, (_cells(row) for row in rows))


def _cells(row: RuleRow) -> tuple[str, ...]:
    return (
        f"`{row.rule_id}`",
        f"{row.title['nb']} · {row.title['en']}",
        amount(row),
        _start(row),
        _valid(row),
        f"[{row.citation}]({row.source})",
        row.verified_at.isoformat() if row.verified_at else "**no**",
    )


def _valid(row: RuleRow) -> str:
    last = row.valid_to.isoformat() if row.valid_to else ""
    return f"{row.valid_from.isoformat()} – {last}".strip()


def amount(row: RuleRow, language: str = "en") -> str:
    """The row's amount in words: `10 calendar days`, `NOK 500,000`, `30 %`, `3`."""
    if row.unit == "ore":
        return kroner(row.amount, language)
    if row.unit == "percent":
        return f"{row.amount} %"
    if row.unit in list(Unit):
        return amount_text(row.amount, Unit(row.unit), language)
    return str(row.amount)


def _start(row: RuleRow) -> str:
    if row.kind is Kind.THRESHOLD:
        return f"{', '.join(row.buyers)}: {', '.join(row.contracts)}"
    if row.kind is Kind.LIMIT:
        return "" if row.procedure == "any" else row.procedure
    way = "back from: " if row.direction is Direction.BACKWARD else ""
    return way + row.from_event["en"]


def _notes(rows: Sequence[RuleRow]) -> str:
    lines = [
        f"- `{row.rule_id}` from {row.valid_from.isoformat()}: {row.note['en']}" for row in rows
    ]
    return "## Notes\n\n" + "\n".join(lines) + "\n"


def _checks() -> str:
    head = ("rule", "what must hold", "law", "who can mend it")
    return _table(head, (_check_cells(rule) for rule in RULES.values()))


def _check_cells(rule: Rule) -> tuple[str, ...]:
    title = f"{rule.title['nb']} · {rule.title['en']}"
    return f"`{rule.id}`", title, rule.citation, ", ".join(rule.who_can_mend)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
