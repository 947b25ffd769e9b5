"""Dates, times and durations: read from text, written as text, and the arithmetic of the
calendar."""

import calendar
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from engine.feel.numeric import CONTEXT, write_number
from engine.feel.values import Months, Value

_ZONE = r"(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z_]+(?:/[A-Za-z_+\-0-9]+)*)?"
_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)$", re.ASCII)
_TIME: Final = re.compile(r"T?(\d\d):(\d\d):(\d\d)(\.\d+)?" + _ZONE + "$", re.ASCII)
_DURATION: Final = re.compile(
    r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?)?$",
    re.ASCII,
)
_MAX_TEXT = 80
MICROSECONDS = Decimal(1_000_000)
Day = TypeVar("Day", date, datetime)


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.match(text) if len(text) <= _MAX_TEXT else None
    if found is None:
        raise ValueError(text)
    return found


def read_zone(text: str | None) -> tzinfo | None:
    """`Z`, `+01:00` or `@Europe/Oslo`. Raises `ValueError` or `LookupError` for a zone that is
    none."""
    if not text:
        return None
    if text == "Z":
        return UTC
    if text[0] == "@":
        return ZoneInfo(text[1:])
    hours, minutes, seconds = (*(int(part) for part in text[1:].split(":")), 0)[:3]
    if hours > 14:
        raise ValueError(text)
    distance = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return timezone(-distance if text[0] == "-" else distance)


def read_date(text: str) -> date:
    year, month, day = _match(_DATE, text).groups()
    return date(int(year), int(month), int(day))


def read_time(text: str) -> time:
    hour, minute, second, fraction, zone = _match(_TIME, text).groups()
    micro = int(((fraction or ".0")[1:] + "000000")[:6])
    return time(int(hour), int(minute), int(second), micro, read_zone(zone))


def read_date_and_time(text: str) -> datetime:
    """A date alone is its midnight, without a zone."""
    day, separator, rest = text.partition("T")
    return datetime.combine(read_date(day), read_time(rest) if separator else time())


def read_duration(text: str) -> timedelta | Months:
    """Either kind of duration. A text that mixes months with days is refused with `ValueError`."""
    found = _match(_DURATION, text)
    if text[-1] in "PT":
        raise ValueError(text)
    minus, years, months, days, hours, minutes, seconds = found.groups()
    sign = -1 if minus else 1
    if not (days or hours or minutes or seconds):
        return Months(sign * (int(years or 0) * 12 + int(months or 0)))
    if years or months:
        raise ValueError(text)
    whole = int(days or 0) * 86_400 + int(hours or 0) * 3_600 + int(minutes or 0) * 60
    return sign * from_seconds(CONTEXT.add(Decimal(whole), Decimal(seconds or 0)))


_READERS: Final[tuple[Callable[[str], Value], ...]] = (
    read_date,
    read_date_and_time,
    read_time,
    read_duration,
)


def read_literal(text: str) -> Value:
    """What `@"..."` means, or None where it is no date, time or duration."""
    for read in _READERS:
        try:
            return read(text)
        except (ValueError, LookupError, OverflowError):
            continue
    return None


def from_seconds(seconds: Decimal) -> timedelta:
    return timedelta(microseconds=int(CONTEXT.multiply(seconds, MICROSECONDS).to_integral_value()))


def to_seconds(duration: timedelta) -> Decimal:
    return Decimal(duration.days * 86_400 + duration.seconds) + (
        Decimal(duration.microseconds) / MICROSECONDS
    )


def seconds_of_day(moment: time) -> Decimal:
    """Seconds since midnight UTC, or since local midnight for a time without an offset."""
    seconds = Decimal(moment.hour * 3_600 + moment.minute * 60 + moment.second)
    seconds += Decimal(moment.microsecond) / MICROSECONDS
    offset = moment.utcoffset()
    return seconds - to_seconds(offset) if offset is not None else seconds


def utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def midnight(day: date | datetime) -> datetime:
    """A date as the midnight UTC it begins with (DMN 1.4, 10.3.2.3.5); a date and time as it is."""
    if isinstance(day, datetime):
        return day
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def add_months(day: Day, months: int) -> Day:
    """The same day of a later month, or that month's last day where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(year)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def add_duration(moment: datetime, duration: timedelta) -> datetime:
    """Elapsed time: a moment with a named zone stays in it, and summer time does not stretch the
    duration."""
    if moment.tzinfo is None:
        return moment + duration
    return (utc(moment) + duration).astimezone(moment.tzinfo)


def add_to_date(day: date, duration: timedelta) -> date:
    return (datetime(day.year, day.month, day.day) + duration).date()  # noqa: DTZ001 - a date has no zone


def add_to_time(moment: time, duration: timedelta) -> time:
    """Wraps round midnight."""
    start = datetime(2000, 1, 1, moment.hour, moment.minute, moment.second, moment.microsecond)  # noqa: DTZ001
    rest = duration % timedelta(days=1)
    return (start + rest).time().replace(tzinfo=moment.tzinfo)


def write_date(day: date) -> str:
    return f"{day.year:04}-{day.month:02}-{day.day:02}"


def write_zone(moment: time | datetime) -> str:
    if moment.tzinfo is None:
        return ""
    if isinstance(moment.tzinfo, ZoneInfo):
        return f"@{moment.tzinfo.key}"
    offset = moment.utcoffset()
    if not offset:
        return "Z"
    sign = "-" if offset < timedelta(0) else "+"
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def write_time(moment: time | datetime) -> str:
    fraction = f".{moment.microsecond:06}".rstrip("0") if moment.microsecond else ""
    return f"{moment.hour:02}:{moment.minute:02}:{moment.second:02}{fraction}{write_zone(moment)}"


def write_date_and_time(moment: datetime) -> str:
    return f"{write_date(moment)}T{write_time(moment)}"


def write_months(duration: Months) -> str:
    years, months = divmod(abs(duration.count), 12)
    sign = "-" if duration.count < 0 else ""
    text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
    return f"{sign}P{text}"


def write_duration(duration: timedelta) -> str:
    if not duration:
        return "PT0S"
    seconds = abs(to_seconds(duration))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    parts = ((hours, "H"), (minutes, "M"), (rest, "S"))
    clock = "".join(write_number(part) + unit for part, unit in parts if part)
    sign = "-" if duration < timedelta(0) else ""
    return f"{sign}P{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}"
