"""Fields that the platform works out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.errors import InvalidSubmissionError
from engine.forms.checking import check_form
from engine.forms.computing import settled
from engine.forms.definition import Form
from engine.forms.reading import read_form
from engine.forms.submission import check
from engine.forms.values import Context
from tests.unit.forms.rich import CONTEXT, COSTS, GOOD, NOW, UI, rich_files, rich_form

FORM = rich_form()


def kept(data: dict[str, Any]) -> dict[str, Any]:
    return check(FORM, data, (), CONTEXT)


def one(kind: dict[str, Any], source: str) -> Form:
    """A form with the number fields `a` and `b`, and `c` computed from them."""
    number = {"type": "number", "title": "Tall"}
    properties = {"a": number, "b": number, "c": {"title": "Svar", **kind}}
    schema = {"$id": "rich", "title": "X", "type": "object", "properties": properties}
    return read_form("rich", rich_files({"c": {"ui:compute": source}}, schema))


def computed(kind: dict[str, Any], source: str, **values: Any) -> Any:
    return settled(one(kind, source), values, (), NOW).get("c")


def test_amounts_of_rows_and_their_sum_are_worked_out_to_the_ore() -> None:
    clean = kept(GOOD)

    assert [row["amount"] for row in clean["costs"]] == [30_150, 10_000]
    assert clean["total"] == 40_150
    assert clean["large"] is False


def test_a_row_may_rest_on_the_sum_of_all_rows() -> None:
    shares = [row["share"] for row in kept(GOOD)["costs"]]

    assert shares == [75.093400, 24.906600]


def test_what_a_client_sends_for_a_computed_field_is_of_no_account() -> None:
    forged = GOOD | {"total": 1, "large": True, "costs": [{**row, "amount": 1} for row in COSTS]}

    assert kept(forged) == kept(GOOD)


def test_a_hidden_field_does_not_count() -> None:
    assert kept(GOOD | {"rate": 50})["total"] == 40_150
    assert kept(GOOD | {"rate": 50, "discount": True})["total"] == 20_075


def test_a_computed_field_decides_whether_another_is_shown() -> None:
    much = GOOD | {"costs": [{"price": 600_000, "count": 1}], "why": "Sjeldne deler"}

    assert kept(much)["why"] == "Sjeldne deler"
    assert "why" not in kept(GOOD | {"why": "Sjeldne deler"})


def test_the_limits_of_a_computed_field_hold() -> None:
    with pytest.raises(InvalidSubmissionError) as caught:
        kept(GOOD | {"costs": [{"price": 10_000_100, "count": 1}]})

    assert [fault["message"]["nb"] for fault in caught.value.details["faults"]] == [
        "«Sum» kan være høyst 100\u00a0000 kr."
    ]


def test_a_required_sum_that_cannot_be_worked_out_says_what_to_do() -> None:
    with pytest.raises(InvalidSubmissionError) as caught:
        kept({"scores": GOOD["scores"]})

    assert [fault["message"]["nb"] for fault in caught.value.details["faults"]] == [
        "«Sum» kan ikke regnes ut ennå. Fyll ut feltene som den bygger på."
    ]


@pytest.mark.parametrize(
    ("kind", "source", "values", "wanted"),
    [
        ({"type": "integer", "x-format": "money"}, "a / 3", {"a": 100}, 33),
        ({"type": "integer", "x-format": "money"}, "a / 2", {"a": 101}, 51),
        ({"type": "integer", "x-format": "money"}, "a / 2", {"a": -101}, -51),
        ({"type": "number"}, "a + b", {"a": 0.1, "b": 0.2}, 0.3),
        ({"type": "number"}, "a / 3", {"a": 1}, 0.333333),
        ({"type": "integer"}, "a + b", {"a": 1.5, "b": 1}, 3),
        ({"type": "number"}, "a + b", {"a": 1}, None),
        ({"type": "number"}, "a + b", {"a": "tolv", "b": "x"}, None),
        ({"type": "number"}, "a / b", {"a": 1, "b": 0}, None),
        ({"type": "number"}, "10 ** 40", {}, None),
        ({"type": "number"}, "a = 1", {"a": 1}, None),
        ({"type": "boolean"}, "a > b", {"a": 2, "b": 1}, True),
        ({"type": "boolean"}, "a", {"a": 2}, None),
        ({"type": "string", "maxLength": 9}, 'if a > 1 then "ja" else "nei"', {"a": 2}, "ja"),
        ({"type": "string", "format": "date"}, "today()", {}, "2026-11-27"),
        ({"type": "string", "format": "date"}, '"i dag"', {}, None),
        ({"type": "number"}, "count(for x in 1..1000000 return x)", {}, None),
    ],
)
def test_a_result_becomes_a_value_of_the_fields_kind_or_none(
    kind: dict[str, Any], source: str, values: dict[str, Any], wanted: Any
) -> None:
    assert computed(kind, source, **values) == wanted


def test_today_is_the_day_in_oslo() -> None:
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    form = one({"type": "string", "format": "date"}, "today()")

    assert settled(form, {}, (), late)["c"] == "2026-07-01"
    assert check(form, {}, (), Context(now=late))["c"] == "2026-07-01"


@pytest.mark.parametrize(
    ("ui", "said"),
    [
        ({"total": {"ui:compute": "nobody + 1"}}, "nobody"),
        ({"total": {"ui:compute": "1 +"}}, "ui:compute cannot be used"),
        ({"total": {"ui:compute": 7}}, "ui:compute is no text"),
        ({"total": {"ui:compute": "if large then 1 else 2"}, "large": UI["large"]}, "from itself"),
        ({"buyer": {"ui:compute": '"313000001"'}}, "kind organisation cannot be computed"),
        (
            {"costs": {"amount": {"ui:compute": "share"}, "share": {"ui:compute": "amount"}}},
            "itself",
        ),
    ],
)
def test_a_computation_that_cannot_work_stops_the_deployment(ui: dict[str, Any], said: str) -> None:
    findings = check_form("rich", rich_files(ui))

    assert findings
    assert all(said in finding.reason for finding in findings)


def test_the_form_with_everything_has_no_findings() -> None:
    assert check_form("rich", rich_files()) == ()
