"""Checking a submission against its form."""

from typing import Any

import pytest

from engine.errors import InvalidSubmissionError
from engine.forms.reading import read_form
from engine.forms.submission import check
from engine.forms.values import Context
from tests.unit.forms.files import files, with_property

FORM = read_form("need", files())
GOOD: dict[str, Any] = {
    "title": "Trygg skolevei",
    "max_cost": 125_000_050,
    "ambition": "none",
    "effects": [{"effect": "Færre ulykker"}],
}


def faults(data: dict[str, Any], roles: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    with pytest.raises(InvalidSubmissionError) as caught:
        check(FORM, data, roles, Context(suppliers={"s1": "Alfa"}))
    return list(caught.value.details["faults"])


def test_a_good_submission_is_kept_with_its_defaults() -> None:
    clean = check(FORM, GOOD | {"title": "  Trygg skolevei\r\n"}, (), Context())

    assert clean == GOOD | {"shared": False, "codes": []}


def test_faults_come_in_the_order_of_the_form() -> None:
    found = faults({"effects": [{"value": 0}], "max_cost": "mye", "title": "x"})

    assert [(each["path"], each["code"]) for each in found] == [
        ("title", "too-short"),
        ("ambition", "required-choice"),
        ("max_cost", "not-money"),
        ("effects.0.effect", "required"),
        ("effects.0.value", "too-small"),
    ]


def test_a_message_names_field_and_remedy_in_both_languages() -> None:
    found = faults(GOOD | {"max_cost": -1})

    assert found[0]["message"] == {
        "nb": "«Kostnad» må være 0 kr eller mer.",
        "nn": "«Kostnad» må vere 0 kr eller meir.",
        "en": "“Cost” must be 0 kr or more.",
    }


def test_an_unknown_field_is_refused() -> None:
    found = faults(GOOD | {"colour": "red"})

    assert [(each["path"], each["code"]) for each in found] == [("colour", "unknown-field")]


def test_an_unknown_field_of_a_row_is_refused() -> None:
    found = faults(GOOD | {"effects": [{"effect": "a", "x": 1}]})

    assert found[0]["path"] == "effects.0.x"


def test_a_hidden_field_is_dropped() -> None:
    hidden = check(FORM, GOOD | {"ambition": "new", "need": "x", "reason": "y"}, (), Context())
    shown = check(FORM, GOOD | {"reason": "y"}, (), Context())

    assert "reason" not in hidden
    assert shown["reason"] == "y"


def test_a_field_may_be_required_under_a_condition() -> None:
    found = faults(GOOD | {"ambition": "new"})

    assert [each["path"] for each in found] == ["need"]


def test_a_field_of_another_role_is_unknown() -> None:
    found = faults(GOOD | {"weight": 10})
    clean = check(FORM, GOOD | {"weight": 10}, ("evaluator",), Context())

    assert found[0]["code"] == "unknown-field"
    assert clean["weight"] == 10


def test_a_supplier_must_be_one_that_the_sender_may_see() -> None:
    found = faults(GOOD | {"supplier": "s2"})

    assert [each["code"] for each in found] == ["unknown-supplier"]


def test_moments_are_kept_in_utc() -> None:
    clean = check(FORM, GOOD | {"received_at": "2026-06-30T14:00:00+02:00"}, (), Context())

    assert clean["received_at"] == "2026-06-30T12:00:00Z"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("by", "2026-02-30", "not-date"),
        ("received_at", "2026-06-30T14:00:00", "not-date-time"),
        ("max_cost", 10.5, "not-money"),
        ("max_cost", True, "not-money"),
        ("max_cost", float("inf"), "not-money"),
        ("ambition", "some", "not-an-option"),
        ("codes", ["a", "a"], "repeated"),
        ("codes", "a", "not-a-list"),
        ("effects", [], "required-list"),
        ("effects", [{"effect": "a"}] * 4, "too-many"),
        ("effects", ["a"], "not-a-group"),
        ("shared", "yes", "not-boolean"),
        ("title", 5, "not-text"),
        ("title", "a\x00bc", "not-text"),
        ("title", "a" * 41, "too-long"),
    ],
)
def test_each_kind_refuses_what_it_is_not(name: str, value: object, code: str) -> None:
    assert [each["code"] for each in faults(GOOD | {name: value})] == [code]


def test_a_confirmation_must_be_ticked() -> None:
    schema = with_property("agree", {"type": "boolean", "title": "Jeg bekrefter", "const": True})
    form = read_form("need", files(schema))

    with pytest.raises(InvalidSubmissionError) as caught:
        check(form, GOOD | {"agree": False}, (), Context())

    assert [each["code"] for each in caught.value.details["faults"]] == ["confirm"]
