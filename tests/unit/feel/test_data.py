import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BudgetError, FeelError
from engine.feel import Months, Range, from_data, to_data
from tests.support.feel import evaluate


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (Decimal("3.00"), 3),
        (Decimal("0.1"), 0.1),
        (Decimal("12345678901234567.89"), "12345678901234567.89"),
        (Decimal(2**60), str(2**60)),
        (True, True),
        (date(2026, 3, 2), "2026-03-02"),
        (time(12, 30), "12:30:00"),
        (datetime(2026, 3, 2, 12, tzinfo=UTC), "2026-03-02T12:00:00+00:00"),
        (timedelta(days=1, hours=2), "P1DT2H"),
        (Months(14), "P1Y2M"),
        ([{"a": Decimal(1)}, None], [{"a": 1}, None]),
    ],
)
def test_a_value_is_kept_as_json_that_loses_nothing(value: Any, data: Any) -> None:
    kept = to_data(value)

    assert kept == data
    assert type(kept) is type(data)
    assert json.loads(json.dumps(kept)) == data


@pytest.mark.parametrize("source", ["[1..3]", "function(x) x", "{f: function(x) x}"])
def test_functions_and_ranges_cannot_be_kept(source: str) -> None:
    with pytest.raises(FeelError, match="cannot be kept as data"):
        to_data(evaluate(source))


def test_infinity_cannot_be_kept() -> None:
    with pytest.raises(FeelError, match="Infinity"):
        to_data(Decimal("Infinity"))


def test_a_value_of_shared_parts_is_counted_as_often_as_they_occur() -> None:
    value: list[Any] = [1]
    for _ in range(40):
        value = [value, value]

    with pytest.raises(BudgetError):
        to_data(value)


def test_numbers_of_the_host_become_exact_decimals_in_full_depth() -> None:
    assert from_data({"a": [0.1, 2, True, "x"]}) == {"a": [Decimal("0.1"), Decimal(2), True, "x"]}


def test_a_range_is_compared_by_its_ends() -> None:
    assert evaluate("[1..3]") == Range(Decimal(1), Decimal(3), True, True)


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53))
def test_every_json_number_comes_back_as_it_was(number: float) -> None:
    kept = to_data(from_data(number))

    assert Decimal(str(kept)) == Decimal(repr(number))
