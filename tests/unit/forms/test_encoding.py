"""HTML forms and JSON mean the same."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine.errors import InvalidInputError, InvalidSubmissionError
from engine.forms.encoding import act, decode, encode, posted
from engine.forms.reading import read_form
from engine.forms.submission import check
from engine.forms.values import Context
from tests.unit.forms.files import NEED, files

FORM = read_form("need", files())
CONTEXT = Context(suppliers={"s1": "Alfa"})


def verdict(data: Mapping[str, Any]) -> object:
    try:
        return check(FORM, data, ("evaluator",), CONTEXT)
    except InvalidSubmissionError as error:
        return [(fault["path"], fault["code"]) for fault in error.details["faults"]]


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("max_cost", "1 250 000,50", 125_000_050),
        ("max_cost", "1\u00a0250\u00a0000 kr", 125_000_000),
        ("max_cost", "0,1", 10),
        ("max_cost", "1,005", "1,005"),
        ("max_cost", "mye", "mye"),
        ("weight", "12,5", 12.5),
        ("weight", "40 %", 40),
        ("by", "31.12.2026", "2026-12-31"),
        ("by", "31.02.2026", "31.02.2026"),
        ("received_at", "30.06.2026 14:00", "2026-06-30T12:00:00Z"),
        ("received_at", "31.12.2026 kl. 12.00", "2026-12-31T11:00:00Z"),
        ("received_at", "29.03.2026 02:30", "29.03.2026 02:30"),
        ("shared", "true", True),
        ("codes", "a", ["a"]),
    ],
)
def test_what_people_type_becomes_data(name: str, typed: str, value: object) -> None:
    data = decode(FORM, posted([(name, typed), ("other", "x")]))

    assert data == {name: value}


def test_rows_are_read_by_their_numbers_and_an_empty_one_is_kept() -> None:
    data = decode(
        FORM,
        posted(
            [("effects.0", ""), ("effects.0.effect", "a"), ("effects.2", ""), ("effects.x", "")]
        ),
    )

    assert data == {"effects": [{"effect": "a"}, {}]}


def test_empty_rows_are_dropped_when_the_form_is_sent_in() -> None:
    pairs = posted([("effects.0", ""), ("effects.1.effect", "a")])

    assert decode(FORM, pairs, drop_empty_rows=True) == {"effects": [{"effect": "a"}]}


def test_a_button_adds_a_row_and_another_takes_one_away() -> None:
    data = {"title": "x", "effects": [{"effect": "a"}, {"effect": "b"}]}

    more, fewer = act(FORM, data, "add:effects"), act(FORM, data, "remove:effects.0")

    assert more["effects"] == [{"effect": "a"}, {"effect": "b"}, {}]
    assert fewer == {"title": "x", "effects": [{"effect": "b"}]}


@pytest.mark.parametrize("action", ["add:title", "remove:effects", "shout:effects", "", "add:"])
def test_an_action_that_the_form_lacks_is_refused(action: str) -> None:
    with pytest.raises(InvalidInputError):
        act(FORM, {}, action)


def test_what_cannot_be_read_is_shown_again_as_typed() -> None:
    typed = posted([("max_cost", "mye"), ("by", "i morgen"), ("effects.0", "")])

    assert encode(FORM, decode(FORM, typed)) == typed


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), max_size=45)
rows = st.fixed_dictionaries(
    {}, optional={"effect": texts.filter(bool), "value": st.integers(-2, 9)}
)
data = st.fixed_dictionaries(
    {},
    optional={
        "title": texts.filter(bool),
        "need": texts.filter(bool),
        "max_cost": st.integers(-5, 10**12),
        "weight": st.integers(-100, 2000).map(lambda tenths: tenths / 10),
        "by": st.dates().map(str),
        "received_at": st.integers(0, 10**9).map(
            lambda minutes: f"20{minutes % 90 + 10}-01-0{minutes % 9 + 1}T0{minutes % 10}:30:00Z"
        ),
        "ambition": st.sampled_from(["none", "new"]),
        "shared": st.booleans(),
        "codes": st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3),
        "effects": st.lists(rows.filter(bool), min_size=1, max_size=4),
        "supplier": st.sampled_from(["s1", "s2"]),
    },
)


@given(data)
@settings(max_examples=200, deadline=None)
def test_html_and_json_get_the_same_verdict(sent: dict[str, Any]) -> None:
    typed = encode(FORM, sent)

    by_html = verdict(decode(FORM, typed, drop_empty_rows=True))

    assert by_html == verdict(sent)


@given(data)
@settings(max_examples=200, deadline=None)
def test_the_verdict_is_that_of_json_schema(sent: dict[str, Any]) -> None:
    schema_says = Draft202012Validator(NEED).is_valid(sent)
    known_supplier = sent.get("supplier", "s1") == "s1"

    accepted = isinstance(verdict(sent), dict)

    assert accepted == (schema_says and known_supplier)
