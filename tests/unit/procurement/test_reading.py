"""Values read out of forms: what is not there reads as nothing."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.clock import OSLO
from engine.procurement.reading import day, entries, moment, names, number, said, whole


@pytest.mark.parametrize("value", [None, 1, [], {}, "  "])
def test_a_field_without_text_reads_as_empty(value: Any) -> None:
    assert said({"field": value}, "field") == ""


def test_rows_that_are_no_rows_are_left_out() -> None:
    assert entries({"rows": [{"a": 1}, "x", None]}, "rows") == ({"a": 1},)
    assert entries({"rows": "x"}, "rows") == ()


def test_names_come_from_texts_rows_and_single_values() -> None:
    assert names({"who": ["a", {"id": "b"}, {"supplier": "c"}, 4]}, "who") == ("a", "b", "c")
    assert names({"who": "a"}, "who") == ("a",)
    assert names({}, "who") == ()


@pytest.mark.parametrize("value", [True, 1.5, "1", None])
def test_only_an_integer_is_an_amount_of_money(value: Any) -> None:
    assert whole({"field": value}, "field") is None


def test_a_number_is_exact_and_never_a_truth_value_or_infinity() -> None:
    assert number({"n": 0.1}, "n") == Decimal("0.1")
    assert number({"n": True}, "n") is None
    assert number({"n": float("inf")}, "n") is None
    assert number({"n": "1"}, "n") is None


def test_a_time_without_a_zone_is_norwegian_and_a_bare_date_ends_at_midnight() -> None:
    assert moment("2026-03-20T10:00:00") == datetime(2026, 3, 20, 10, tzinfo=OSLO)
    assert moment("2026-03-20T10:00:00Z") == datetime(2026, 3, 20, 10, tzinfo=UTC)
    assert moment("2026-03-20") == datetime(2026, 3, 21, tzinfo=OSLO)


def test_a_day_is_the_day_in_norway() -> None:
    assert day("2026-03-19T23:30:00Z") == date(2026, 3, 20)
    assert day("2026-03-20") == date(2026, 3, 20)
    assert day(date(2026, 3, 20)) == date(2026, 3, 20)


@pytest.mark.parametrize(
    "value", ["soon", "9999-12-31T23:59:59Z", "0001-01-01", "", None, 5, "2026-13-01"]
)
def test_what_is_no_usable_time_reads_as_nothing(value: Any) -> None:
    assert moment(value) is None
    assert day(value) is None
