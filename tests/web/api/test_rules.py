"""The law as data, and the calculator, over the API."""

import pytest

from engine.procurement.ruledata import all_rows
from tests.support.api import Program


def test_every_rule_row_comes_with_its_citation_source_and_mark(lead: Program) -> None:
    found = lead.get("/rules").json()

    assert len(found) == len(all_rows())
    assert all(rule["citation"] and rule["source"] for rule in found)
    assert {rule["verified"] for rule in found} == {row.verified for row in all_rows()}


def test_rules_are_narrowed_to_a_kind_and_a_day(lead: Program) -> None:
    found = lead.get("/rules", kind="threshold", at="2026-03-01").json()

    assert {rule["kind"] for rule in found} == {"threshold"}
    assert all(rule["valid_from"] <= "2026-03-01" for rule in found)


def test_one_rule_and_the_checks_of_gates_can_be_read(lead: Program) -> None:
    rows = lead.get("/rules/standstill-electronic").json()
    checks = lead.get("/rules/checks").json()

    assert {row["rule_id"] for row in rows} == {"standstill-electronic"}
    assert "need-is-functional" in {check["id"] for check in checks}
    assert lead.get("/rules/nothing").status_code == 404


def test_a_time_limit_is_computed_and_explains_itself(lead: Program) -> None:
    answer = lead.get(
        "/time-limits/standstill-electronic", start="2026-03-16", rules_at="2026-03-16"
    )

    found = answer.json()
    assert answer.status_code == 200
    assert found["latest_act"] == "2026-03-26"
    assert found["earliest_next_act"] == "2026-03-27"
    assert found["ends_at"] == "2026-03-26T23:00:00Z"
    assert any("26. mars 2026" in line for line in found["explanation"]["nb"])
    assert any("26 March 2026" in line for line in found["explanation"]["en"])
    assert found["citation"]


def test_the_calculator_takes_a_moment_and_counts_in_oslo(lead: Program) -> None:
    found = lead.get("/time-limits/standstill-electronic", start="2026-03-15T23:30:00Z").json()

    assert found["first_day"] == "2026-03-17"


@pytest.mark.parametrize(
    ("rule", "query", "status"),
    [
        ("nothing", {"start": "2026-03-16"}, 404),
        ("standstill-electronic", {}, 422),
        ("standstill-electronic", {"start": ""}, 422),
        ("standstill-electronic", {"start": "soon"}, 422),
        ("standstill-electronic", {"start": "2026-03-16T10:00:00"}, 422),
        ("standstill-electronic", {"start": "9999-12-31"}, 422),
        ("standstill-electronic", {"start": "0001-01-01"}, 422),
        ("standstill-electronic", {"start": "2026-03-16", "rules_at": "1999-01-01"}, 409),
    ],
)
def test_what_cannot_be_computed_is_refused(
    lead: Program, rule: str, query: dict[str, str], status: int
) -> None:
    answer = lead.get(f"/time-limits/{rule}", **query)

    assert answer.status_code == status


def test_the_time_limits_there_are_can_be_listed(lead: Program) -> None:
    assert "standstill-electronic" in lead.get("/time-limits").json()


def test_a_rule_says_which_elements_rest_on_it(lead: Program) -> None:
    found = lead.get("/rules/standstill-electronic/uses").json()

    assert {use["element"] for use in found} == {"wait"}
    assert lead.get("/rules/nothing/uses").status_code == 404
