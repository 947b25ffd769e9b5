"""Between FEEL's values and process data, which is JSON."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.errors import BudgetError, FeelError
from engine.feel.numeric import json_number
from engine.feel.temporal import write_date, write_duration, write_months
from engine.feel.values import PLAIN, Months, Value, kind_of, normal

MAX_PARTS = 200_000
MAX_NESTING = 100


def to_data(value: Value, *, max_parts: int = MAX_PARTS) -> Any:
    """A value as JSON-able data.

    Numbers become integers, or floats where those read back to the same decimal, else texts; dates,
    times and durations become ISO 8601 text. Raises `FeelError` for functions and ranges, and
    `BudgetError` for a value of more than `max_parts` parts, counting shared parts each time they
    occur.
    """
    return _Writer(max_parts).write(value, 0)


class _Writer:
    def __init__(self, max_parts: int) -> None:
        self._max_parts = self._left = max_parts

    def write(self, value: Value, depth: int) -> Any:
        self._left -= 1
        if self._left < 0 or depth > MAX_NESTING:
            raise BudgetError(
                f"The value has more than {self._max_parts} parts or is nested more than "
                f"{MAX_NESTING} deep. Keep less of it.",
                budget=self._max_parts,
            )
        value = normal(value)
        if value is None:
            return None
        kind = type(value)
        if kind is list:
            return [self.write(item, depth + 1) for item in value]
        if kind is dict:
            return {str(name): self.write(item, depth + 1) for name, item in value.items()}
        write = _WRITERS.get(kind)
        if write is None:
            raise FeelError(
                f"A {kind_of(value)} cannot be kept as data. Keep its results instead.",
                type=kind_of(value),
            )
        return write(value)


_WRITERS: Mapping[type, Callable[[Any], Any]] = {
    bool: bool,
    str: str,
    Decimal: json_number,
    date: write_date,
    time: time.isoformat,
    datetime: datetime.isoformat,
    timedelta: write_duration,
    Months: write_months,
}


def from_data(value: Any) -> Value:
    """Data of the host as FEEL's values, in full depth: `int` and `float` become exact decimals;
    texts stay texts.

    Raises `FeelError` for a type that FEEL does not know.
    """
    value = value if type(value) in PLAIN else normal(value)
    if type(value) is list:
        return [from_data(item) for item in value]
    if type(value) is dict:
        return {name: from_data(item) for name, item in value.items()}
    return value
