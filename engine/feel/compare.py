"""Equality and order in FEEL's three-valued logic: true, false, or null where values cannot be
compared."""

import operator
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.budget import Run
from engine.feel.temporal import seconds_of_day, utc
from engine.feel.values import PLAIN, Months, Range, Value, normal

Order = Callable[[Value, Value], bool]

ORDERS: dict[str, Order] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ORDERED = frozenset([Decimal, str, date, datetime, time, timedelta, Months])


def equal(run: Run, left: Value, right: Value) -> bool | None:
    """Equal by value; null for values of different kinds. Lists and contexts are charged by their
    size."""
    left, right = normal(left), normal(right)
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return None
    compare = _EQUAL.get(kind)
    return bool(left == right) if compare is None else compare(run, left, right)


def _equal_lists(run: Run, left: list[Value], right: list[Value]) -> bool:
    run.spend(len(left) + 1)
    if len(left) != len(right):
        return False
    return all(equal(run, a, b) is True for a, b in zip(left, right, strict=True))


def _equal_contexts(run: Run, left: dict[str, Value], right: dict[str, Value]) -> bool:
    run.spend(len(left) + 1)
    if left.keys() != right.keys():
        return False
    return all(equal(run, left[name], right[name]) is True for name in left)


def _equal_ranges(run: Run, left: Range, right: Range) -> bool:
    if (left.low_included, left.high_included) != (right.low_included, right.high_included):
        return False
    if left.half != right.half:
        return False
    return equal(run, left.low, right.low) is True and equal(run, left.high, right.high) is True


def _equal_times(_run: Run, left: time, right: time) -> bool:
    if (left.tzinfo is None) != (right.tzinfo is None):
        return False
    return seconds_of_day(left) == seconds_of_day(right)


def _equal_moments(_run: Run, left: datetime, right: datetime) -> bool | None:
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    return left == right if left.tzinfo is None else utc(left) == utc(right)


_EQUAL: dict[type, Callable[[Run, Value, Value], bool | None]] = {
    list: _equal_lists,
    dict: _equal_contexts,
    Range: _equal_ranges,
    time: _equal_times,
    datetime: _equal_moments,
}


def ordered(left: Value, order: Order, right: Value) -> bool | None:
    """Whether `left` stands in `order` to `right`; null where they are not of one ordered kind."""
    if type(left) not in PLAIN or type(right) not in PLAIN:
        left, right = normal(left), normal(right)
    kind = type(left)
    if kind is not type(right) or kind not in ORDERED:
        return None
    if kind is time or kind is datetime:
        if (left.tzinfo is None) != (right.tzinfo is None):
            return None
        if kind is time:
            left, right = seconds_of_day(left), seconds_of_day(right)
        elif left.tzinfo is not None:
            left, right = utc(left), utc(right)
    return order(left, right)


def within(value: Value, bounds: Range) -> bool | None:
    """Whether the value lies in the range; null where an end is not known."""
    if not bounds.half and (bounds.low is None or bounds.high is None):
        return None
    inside: bool | None = True
    if bounds.low is not None:
        inside = ordered(value, operator.ge if bounds.low_included else operator.gt, bounds.low)
    if inside is True and bounds.high is not None:
        return ordered(value, operator.le if bounds.high_included else operator.lt, bounds.high)
    return inside


def matches(run: Run, value: Value, pattern: Value) -> bool | None:
    """Whether a value passes a test given as a range, a list of tests, or a value to be equal
    to."""
    kind = type(pattern)
    if kind is Range:
        return within(value, pattern)
    if kind is list:
        run.spend(len(pattern))
        if equal(run, value, pattern) is True:
            return True
        return any(matches(run, value, normal(item)) is True for item in pattern)
    return equal(run, value, pattern)


def contains(run: Run, items: list[Value], sought: Value) -> bool:
    run.spend(len(items))
    return any(equal(run, item, sought) is True for item in items)
