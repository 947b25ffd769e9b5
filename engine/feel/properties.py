"""What stands after a dot, and `instance of`."""

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.budget import Run
from engine.feel.syntax import TYPE_NAMES, TypeName
from engine.feel.temporal import MICROSECONDS, to_seconds
from engine.feel.values import PLAIN, Function, Months, Range, Value, kind_of, normal

Reader = Callable[[Any], Value]


def _number(attribute: str) -> Reader:
    read = operator.attrgetter(attribute)
    return lambda value: Decimal(read(value))


def _second(moment: time | datetime) -> Decimal:
    return Decimal(moment.second) + Decimal(moment.microsecond) / MICROSECONDS


def _zone(moment: time | datetime) -> str | None:
    return moment.tzinfo.key if isinstance(moment.tzinfo, ZoneInfo) else None


def _signed(duration: timedelta, part: Decimal) -> Decimal:
    return -part if duration < timedelta(0) else part


def _part(size: int, modulus: int) -> Reader:
    def read(duration: timedelta) -> Decimal:
        return _signed(duration, abs(to_seconds(duration)) // size % modulus)

    return read


_DATE: Mapping[str, Reader] = {
    "year": _number("year"),
    "month": _number("month"),
    "day": _number("day"),
    "weekday": lambda day: Decimal(day.isoweekday()),
}
_TIME: Mapping[str, Reader] = {
    "hour": _number("hour"),
    "minute": _number("minute"),
    "second": _second,
    "time offset": lambda moment: moment.utcoffset(),
    "timezone": _zone,
}
_PROPERTIES: Mapping[type, Mapping[str, Reader]] = {
    date: _DATE,
    time: _TIME,
    datetime: {**_DATE, **_TIME},
    Months: {
        "years": lambda months: Decimal(int(months.count / 12)),
        "months": lambda months: Decimal(months.count - 12 * int(months.count / 12)),
    },
    timedelta: {
        "days": lambda duration: _signed(duration, abs(to_seconds(duration)) // 86_400),
        "hours": _part(3_600, 24),
        "minutes": _part(60, 60),
        "seconds": lambda duration: _signed(duration, abs(to_seconds(duration)) % 60),
    },
    Range: {
        "start": lambda bounds: bounds.low,
        "end": lambda bounds: bounds.high,
        "start included": lambda bounds: bounds.low_included,
        "end included": lambda bounds: bounds.high_included,
    },
}


def member(run: Run, value: Value, name: str) -> Value:
    """A member of a context, a property of a date, time, duration or range, or that of each item of
    a list."""
    kind = type(value)
    if kind is dict:
        found = value.get(name)
        return found if type(found) in PLAIN else normal(found)
    if kind is list:
        run.spend(len(value))
        return [member(run, normal(item), name) for item in value]
    read = _PROPERTIES.get(kind, {}).get(name)
    return None if read is None else read(value)


def is_instance(run: Run, value: Value, wanted: TypeName) -> bool | None:
    """Whether the value is of the type; null for a type that is not known."""
    run.spend(1)
    value = normal(value)
    if wanted.name == "Any":
        return value is not None
    if value is None:
        return wanted.name == "Null"
    if wanted.parts is not None:
        check = _PARTS.get(wanted.name)
        return None if check is None else check(run, value, wanted.parts)
    return kind_of(value) == wanted.name if wanted.name in TYPE_NAMES else None


Parts = tuple[tuple[str, TypeName], ...]


def _fits(run: Run, value: Value, wanted: TypeName) -> bool:
    return value is None or is_instance(run, value, wanted) is True


def _list_of(run: Run, value: Value, parts: Parts) -> bool:
    return type(value) is list and all(_fits(run, item, parts[0][1]) for item in value)


def _context_of(run: Run, value: Value, parts: Parts) -> bool:
    return type(value) is dict and all(
        name in value and _fits(run, value[name], wanted) for name, wanted in parts
    )


def _range_of(run: Run, value: Value, parts: Parts) -> bool:
    ends = (value.low, value.high) if type(value) is Range else None
    return ends is not None and all(_fits(run, end, parts[0][1]) for end in ends)


def _function_of(_run: Run, value: Value, parts: Parts) -> bool:
    return type(value) is Function and len(value.parameters) == len(parts)


_PARTS: Mapping[str, Callable[[Run, Value, Parts], bool]] = {
    "list": _list_of,
    "context": _context_of,
    "range": _range_of,
    "function": _function_of,
}
