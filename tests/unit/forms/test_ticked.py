"""Several suppliers or persons, each once, are ticked off: nobody adds them row by row."""

import json
from typing import Any

import pytest

from engine.errors import InvalidSubmissionError
from engine.forms.definition import Form
from engine.forms.encoding import decode, encode, posted
from engine.forms.reading import read_form
from engine.forms.shaping import page_shape
from engine.forms.submission import check
from engine.forms.values import Context

CONTEXT = Context(suppliers={"a": "Alfa AS", "b": "Beta AS", "c": "Gamma AS"})
TOLD: dict[str, Any] = {
    "type": "array",
    "title": "Får beskjed",
    "uniqueItems": True,
    "maxItems": 9,
    "items": {"type": "string", "x-format": "supplier", "maxLength": 100},
}


def form(**more: Any) -> Form:
    schema = {"$id": "told", "title": "Beskjed", "type": "object", "properties": {"told": TOLD}}
    files = {
        "told.schema.json": json.dumps({**schema, **more}).encode(),
        "told.ui.json": b"{}",
        "told.en.json": json.dumps({"title": "Notice", "told.title": "Told"}).encode(),
    }
    return read_form("told", files)


def test_what_is_ticked_comes_and_goes_under_one_name() -> None:
    values = posted([("told", "a"), ("told", "c")])

    data = decode(form(), values)

    assert data == {"told": ["a", "c"]}
    assert encode(form(), data) == values
    assert check(form(), data, (), CONTEXT) == data


def test_nothing_ticked_is_nothing_said() -> None:
    assert decode(form(), posted([])) == {}


def test_who_must_tick_one_is_told_so() -> None:
    with pytest.raises(InvalidSubmissionError) as refused:
        check(form(required=["told"]), {}, (), CONTEXT)

    [fault] = refused.value.details["faults"]
    assert (fault["path"], fault["code"]) == ("told", "required-choices")


def test_a_supplier_that_is_not_offered_is_refused() -> None:
    with pytest.raises(InvalidSubmissionError) as refused:
        check(form(), {"told": ["a", "x"]}, (), CONTEXT)

    [fault] = refused.value.details["faults"]
    assert (fault["path"], fault["code"]) == ("told.1", "unknown-supplier")


def test_a_page_sends_it_in_the_order_offered_and_that_is_nobodys_change() -> None:
    assert page_shape(form(), {"told": ["c", "x", "a"]}, (), CONTEXT) == {"told": ["a", "c"]}


@pytest.mark.parametrize(
    ("unique", "kind"), [(False, "supplier"), (True, "organisation")], ids=["not-once", "typed"]
)
def test_other_lists_are_added_row_by_row(unique: bool, kind: str) -> None:
    items = {"type": "string", "x-format": kind, "maxLength": 100}
    told = {**TOLD, "uniqueItems": unique, "items": items}

    data = decode(form(properties={"told": told}), posted([("told.0", "a"), ("told", "b")]))

    assert data == {"told": ["a"]}
