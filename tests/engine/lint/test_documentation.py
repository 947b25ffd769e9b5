"""`docs/lint.md` shows the table of rules as it is."""

from pathlib import Path

from engine.bpmn.lint.law.table import LAW, LawRow
from engine.bpmn.lint.rules import (
    ELEMENT_RULES,
    EXPRESSION_RULES,
    FILE_RULES,
    SOUNDNESS_RULES,
    STRUCTURE_RULES,
    TEXT_RULES,
    WAIVER_RULES,
    WORK_RULES,
    Rule,
)

DOCUMENT = Path(__file__).parents[3] / "docs" / "lint.md"
TOPICS = {
    "Files": FILE_RULES,
    "Structure and drawing": STRUCTURE_RULES,
    "Elements": ELEMENT_RULES,
    "Work": WORK_RULES,
    "Expressions and time": EXPRESSION_RULES,
    "Texts": TEXT_RULES,
    "Soundness": SOUNDNESS_RULES,
    "Waivers and limits of the law": WAIVER_RULES,
}


def row(rule: Rule) -> str:
    reason, remedy = (text.replace("|", "\\|") for text in (rule.reason, rule.remedy))
    return f"| `{rule.id}` | {rule.severity} | {reason}. | {remedy} |"


def section(title: str, rules: tuple[Rule, ...]) -> str:
    head = f"## {title}\n\n| rule | severity | what is wrong | what to do |\n|---|---|---|---|\n"
    return head + "\n".join(row(rule) for rule in rules) + "\n"


def test_the_document_shows_every_rule_with_reason_and_remedy() -> None:
    written = DOCUMENT.read_text(encoding="utf-8")

    for title, rules in TOPICS.items():
        assert section(title, rules) in written


LAW_HEAD = (
    "| rule | severity | what is wrong | what to do | for | ground | verified |\n"
    "|---|---|---|---|---|---|---|\n"
)


def law_row(rule: LawRow) -> str:
    ground = rule.citation if rule.basis == "law" else f"{rule.citation} (good practice)"
    verified = rule.verified.isoformat() if rule.verified else "**no**"
    return (
        f"| `{rule.id}` | {rule.severity} | {rule.reason}. | {rule.remedy} "
        f"| {rule.asked_of} | {ground} | {verified} |"
    )


def test_the_document_shows_every_rule_of_law_with_its_ground() -> None:
    written = DOCUMENT.read_text(encoding="utf-8")

    assert "## Law\n\n" in written
    assert LAW_HEAD + "\n".join(law_row(rule) for rule in LAW.values()) + "\n" in written


def test_every_rule_is_said_in_full() -> None:
    for rules in TOPICS.values():
        for rule in rules:
            assert not rule.reason.endswith(".")
            assert rule.remedy.endswith((".", "?"))
    for row in LAW.values():
        assert not row.reason.endswith(".")
        assert row.remedy.endswith(".")
