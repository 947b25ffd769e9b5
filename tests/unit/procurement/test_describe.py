"""The page on rules says what the engine applies."""

from pathlib import Path

from engine.procurement.describe import rules_page
from engine.procurement.ruledata import known_rules
from engine.procurement.rules import RULES

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"


def test_the_page_is_the_one_generated_from_the_data() -> None:
    written = PAGE.read_text(encoding="utf-8")

    assert written == rules_page(), (
        "docs/rules.md differs from the rule data: write rules_page() of "
        "engine.procurement.describe to it."
    )


def test_every_rule_and_every_check_stands_on_the_page() -> None:
    page = rules_page()

    assert all(f"`{rule}`" in page for rule in (*known_rules(), *RULES))


def test_an_unverified_rule_is_marked_on_the_page() -> None:
    line = next(line for line in rules_page().splitlines() if line.startswith("| `kofa-reply` "))

    assert line.endswith("| **no** |")
