"""The five operators, by the kinds of their operands. A pair that is not listed gives null."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.numeric import CONTEXT, divide, power, whole
from engine.feel.temporal import (
    add_duration,
    add_months,
    add_to_date,
    add_to_time,
    from_seconds,
    midnight,
    seconds_of_day,
    to_seconds,
    utc,
)
from engine.feel.values import Months, Value

Operation = Callable[[Any, Any], Value]
Table = dict[tuple[type, type], Operation]


def _between_moments(left: date, right: date) -> timedelta | None:
    first, second = midnight(left), midnight(right)
    if (first.tzinfo is None) != (second.tzinfo is None):
        return None
    return first - second if first.tzinfo is None else utc(first) - utc(second)


def _between_times(left: time, right: time) -> timedelta | None:
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    return from_seconds(seconds_of_day(left) - seconds_of_day(right))


def _times_months(months: Months, factor: Decimal) -> Months:
    return Months(whole(CONTEXT.multiply(Decimal(months.count), factor)))


def _times_duration(duration: timedelta, factor: Decimal) -> timedelta:
    return from_seconds(CONTEXT.multiply(to_seconds(duration), factor))


def _month_part(months: Months, divisor: Decimal) -> Months | None:
    quotient = divide(Decimal(months.count), divisor)
    return None if quotient is None else Months(whole(quotient))


def _duration_part(duration: timedelta, divisor: Decimal) -> timedelta | None:
    quotient = divide(to_seconds(duration), divisor)
    return None if quotient is None else from_seconds(quotient)


def _swapped(operation: Operation) -> Operation:
    return lambda left, right: operation(right, left)


def _later(day: date, months: Months) -> date:
    return add_months(day, months.count)


def _earlier(day: date, months: Months) -> date:
    return add_months(day, -months.count)


def _plus(left: Any, right: Any) -> Value:
    return left + right


def _minus(left: Any, right: Any) -> Value:
    return left - right


ADD: Table = {
    (Decimal, Decimal): CONTEXT.add,
    (str, str): _plus,
    (timedelta, timedelta): _plus,
    (Months, Months): lambda a, b: Months(a.count + b.count),
    (date, Months): _later,
    (datetime, Months): _later,
    (datetime, timedelta): add_duration,
    (date, timedelta): add_to_date,
    (time, timedelta): add_to_time,
    (Months, date): _swapped(_later),
    (Months, datetime): _swapped(_later),
    (timedelta, datetime): _swapped(add_duration),
    (timedelta, date): _swapped(add_to_date),
    (timedelta, time): _swapped(add_to_time),
}
SUBTRACT: Table = {
    (Decimal, Decimal): CONTEXT.subtract,
    (timedelta, timedelta): _minus,
    (Months, Months): lambda a, b: Months(a.count - b.count),
    (date, date): _minus,
    (date, datetime): _between_moments,
    (datetime, date): _between_moments,
    (datetime, datetime): _between_moments,
    (time, time): _between_times,
    (date, Months): _earlier,
    (datetime, Months): _earlier,
    (datetime, timedelta): lambda a, b: add_duration(a, -b),
    (date, timedelta): lambda a, b: add_to_date(a, -b),
    (time, timedelta): lambda a, b: add_to_time(a, -b),
}
MULTIPLY: Table = {
    (Decimal, Decimal): CONTEXT.multiply,
    (Months, Decimal): _times_months,
    (Decimal, Months): _swapped(_times_months),
    (timedelta, Decimal): _times_duration,
    (Decimal, timedelta): _swapped(_times_duration),
}
DIVIDE: Table = {
    (Decimal, Decimal): divide,
    (Months, Decimal): _month_part,
    (Months, Months): lambda a, b: divide(Decimal(a.count), Decimal(b.count)),
    (timedelta, Decimal): _duration_part,
    (timedelta, timedelta): lambda a, b: divide(to_seconds(a), to_seconds(b)),
}
POWER: Table = {(Decimal, Decimal): power}

OPERATIONS: dict[str, Table] = {"+": ADD, "-": SUBTRACT, "*": MULTIPLY, "/": DIVIDE, "**": POWER}

NEGATE: dict[type, Callable[[Any], Value]] = {
    Decimal: CONTEXT.minus,
    timedelta: lambda duration: -duration,
    Months: lambda months: Months(-months.count),
}
