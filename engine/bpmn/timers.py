"""When a timer of a model is due: ISO 8601 as drawing tools write it, or FEEL.

Date-times without a zone are Europe/Oslo. Days, weeks, months and years count on the Oslo clock,
so that ten days after 14:00 is 14:00, whatever summer time does; hours, minutes and seconds are
exact.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal

from engine.bpmn.engine_environment import Language, World
from engine.clock import OSLO
from engine.errors import FeelError
from engine.feel import Expression, Months
from engine.feel.temporal import add_months, read_date, read_date_and_time, read_duration

TimerKind = Literal["date", "duration", "cycle"]
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d(T.*)?$", re.ASCII)
_PERIOD: Final = re.compile(r"P[0-9.YMWDTHS]+$", re.ASCII)
_CYCLE: Final = re.compile(r"R(\d*)/(.+)$", re.ASCII)
_WEEKS: Final = re.compile(r"P(\d+)W$", re.ASCII)


@dataclass(frozen=True, slots=True)
class TimerExpression:
    """The text of a timer event; `compiled` is None where it is plain ISO 8601."""

    kind: TimerKind
    source: str
    compiled: Expression | None


@dataclass(frozen=True, slots=True)
class Due:
    """The moment a timer fires and how many times it does (None without end); a cycle goes on
    by `period`."""

    at: datetime
    repeats: int | None = 1
    period: str = ""


def compile_timer(kind: TimerKind, source: str, language: Language) -> TimerExpression:
    """Raises `FeelError` for text that is neither ISO 8601 nor FEEL."""
    text = source.strip()
    plain = _DATE.match(text) or _PERIOD.match(text) or _CYCLE.match(text)
    return TimerExpression(kind, text, None if plain else language.compile(text))


def due(timer: TimerExpression, variables: Mapping[str, Any], world: World) -> Due:
    """When it fires if it is armed now. Raises `FeelError` where it gives no time."""
    value = world.value(timer.compiled, variables) if timer.compiled else timer.source
    try:
        return _due(value, world.now)
    except (ValueError, OverflowError, LookupError) as error:
        raise FeelError(
            f"The timer {timer.source} gave {value!r}, which is no {timer.kind}. Give an ISO 8601 "
            "date-time or period, or an expression that gives one.",
            expression=timer.source,
        ) from error


def next_due(at: datetime, period: str) -> datetime:
    """The next tick of a cycle after the one at `at`."""
    return _after(at, _read_period(period))


def _due(value: Any, now: datetime) -> Due:
    if isinstance(value, str):
        cycle = _CYCLE.match(value)
        if cycle:
            return _cycle(cycle, now)
        value = _read(value)
    if isinstance(value, timedelta | Months):
        return Due(_after(now, value))
    return Due(_moment(value))


def _cycle(match: re.Match[str], now: datetime) -> Due:
    repeats = int(match[1]) if match[1] else None
    start, _, rest = match[2].partition("/")
    if not rest:
        return Due(_after(now, _read_period(start)), repeats, start)
    _read_period(rest)
    return Due(_moment(_read(start)), repeats, rest)


def _read(text: str) -> datetime | date | timedelta | Months:
    if text.startswith(("P", "-P")):
        return _read_period(text)
    return read_date_and_time(text) if "T" in text else read_date(text)


def _read_period(text: str) -> timedelta | Months:
    weeks = _WEEKS.match(text)
    if weeks:
        return timedelta(weeks=int(weeks[1]))
    return read_duration(text)


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=OSLO)).astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=OSLO).astimezone(UTC)
    raise ValueError(value)


def _after(start: datetime, period: timedelta | Months) -> datetime:
    local = start.astimezone(OSLO)
    if isinstance(period, Months):
        moved: datetime = add_months(local, period.count)
        return moved.astimezone(UTC)
    days = local + timedelta(days=period.days)
    exact = period - timedelta(days=period.days)
    return days.astimezone(UTC) + exact
