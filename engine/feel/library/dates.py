"""Functions of dates, times and durations."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from engine.clock import OSLO
from engine.feel.budget import Run
from engine.feel.library.signature import Entry, charged, chosen, plain
from engine.feel.numeric import CONTEXT, ONE, whole
from engine.feel.temporal import (
    MICROSECONDS,
    midnight,
    read_date,
    read_date_and_time,
    read_duration,
    read_time,
)
from engine.feel.values import Months, Value


def _date(*values: Value) -> date | None:
    if len(values) == 3:
        if any(type(value) is not Decimal or value % ONE for value in values):
            return None
        return date(*(whole(value) for value in values))
    value = values[0]
    if type(value) is str:
        return read_date(value)
    if type(value) is datetime:
        return value.date()
    return value if type(value) is date else None


def _time(*values: Value) -> time | None:
    if len(values) > 1:
        return _time_of_parts(*values)
    value = values[0]
    if type(value) is str:
        return read_time(value)
    if type(value) is datetime:
        return value.timetz()
    if type(value) is date:
        return time(tzinfo=UTC)
    return value if type(value) is time else None


def _time_of_parts(
    hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None
) -> time:
    micro = whole(CONTEXT.multiply(CONTEXT.remainder(second, ONE), MICROSECONDS))
    zone = None if offset is None else timezone(offset)
    return time(whole(hour), whole(minute), whole(second), micro, zone)


def _date_and_time(*values: Value) -> datetime | None:
    if len(values) == 2:
        return _date_with_time(*values)
    value = values[0]
    if type(value) is str:
        return read_date_and_time(value)
    return midnight(value) if isinstance(value, date) else None


def _date_with_time(day: Value, clock: Value) -> datetime | None:
    if type(clock) is str:
        start = read_date_and_time(day) if type(day) is str else day
        return midnight(start).astimezone(ZoneInfo(clock))
    if not isinstance(day, date) or type(clock) is not time:
        return None
    return datetime.combine(day.date() if isinstance(day, datetime) else day, clock)


def _months_between(start: date, end: date) -> Months:
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return Months(months)


def _now(run: Run) -> datetime:
    return run.scope.now.astimezone(OSLO)


def _today(run: Run) -> date:
    return _now(run).date()


def _day_of_year(day: date) -> Decimal:
    return Decimal(day.timetuple().tm_yday)


def _week_of_year(day: date) -> Decimal:
    return Decimal(day.isocalendar().week)


DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

DATES: Final[tuple[Entry, ...]] = (
    chosen("date", (("year", "month", "day"), ("from",)), _date, (1, 3)),
    chosen("time", (("hour", "minute", "second", "offset"), ("from",)), _time, (1, 3, 4)),
    chosen(
        "date and time",
        (("date", "time"), ("from",), ("date", "timezone")),
        _date_and_time,
        (1, 2),
    ),
    plain("duration", "from:string", read_duration),
    plain("years and months duration", "from:day,to:day", _months_between),
    plain("day of year", "date:day", _day_of_year),
    plain("day of week", "date:day", lambda day: DAYS[day.weekday()]),
    plain("month of year", "date:day", lambda day: MONTHS[day.month - 1]),
    plain("week of year", "date:day", _week_of_year),
    charged("now", "", _now),
    charged("today", "", _today),
)
