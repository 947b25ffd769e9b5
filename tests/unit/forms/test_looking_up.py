"""Organisation numbers and codes in forms, and what registers tell of them."""

from typing import Any

import pytest

from engine.errors import InvalidSubmissionError
from engine.forms.definition import LOOK_UPS
from engine.forms.submission import check
from engine.forms.values import Context
from tests.unit.forms.rich import CONTEXT, COSTS, SCORES, rich_form

FORM = rich_form()


def kept(context: Context = CONTEXT, **values: Any) -> dict[str, Any]:
    return check(FORM, {"costs": COSTS, "scores": SCORES, **values}, (), context)


def fault(**values: Any) -> str:
    with pytest.raises(InvalidSubmissionError) as caught:
        kept(**values)
    return str(caught.value.details["faults"][0]["code"])


def test_what_the_register_tells_is_kept_with_source_and_time() -> None:
    clean = kept(buyer="313 000 001")

    assert clean["buyer"] == "313000001"
    assert clean[LOOK_UPS]["buyer"] == {
        "register": "organisation",
        "key": "313000001",
        "found": True,
        "source": "Enhetsregisteret",
        "dated": "2026-11-01",
        "looked_up_at": "2026-11-27T09:30:00Z",
        "name": {"nb": "Nordlys AS"},
        "facts": {"form": "AS", "address": "Storgata 1, 9000 Tromsø"},
    }


def test_that_a_number_is_not_in_the_register_is_an_answer_too() -> None:
    told = kept(buyer="974760673")[LOOK_UPS]["buyer"]

    assert told["found"] is False
    assert "name" not in told


def test_a_code_is_kept_without_its_check_digit_and_with_its_names() -> None:
    clean = kept(code="73000000-2")

    assert clean["code"] == "73000000"
    assert clean[LOOK_UPS]["code"]["name"]["en"].startswith("Research and development")


def test_without_a_register_the_number_is_checked_and_nothing_is_told() -> None:
    bare = Context(suppliers=CONTEXT.suppliers, options=CONTEXT.options, now=CONTEXT.now)

    assert LOOK_UPS not in kept(bare, buyer="313000001")


def test_look_ups_that_a_client_sends_are_made_anew() -> None:
    forged = {"buyer": {"name": {"nb": "Falsk AS"}}}

    assert kept(buyer="313000001", **{LOOK_UPS: forged}) == kept(buyer="313000001")
    assert LOOK_UPS not in kept(**{LOOK_UPS: forged})


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"buyer": "313000002"}, "organisation-check"),
        ({"buyer": "31000000"}, "not-organisation"),
        ({"buyer": "Nordlys AS"}, "not-organisation"),
        ({"buyer": 313000001}, "not-organisation"),
        ({"buyer": "٣١٣٠٠٠٠٠١"}, "not-organisation"),
        ({"code": "73000000-3"}, "not-cpv"),
        ({"code": "forskning"}, "not-cpv"),
        ({"code": 73000000}, "not-cpv"),
    ],
)
def test_a_number_that_cannot_be_right_is_refused(values: dict[str, Any], code: str) -> None:
    assert fault(**values) == code
