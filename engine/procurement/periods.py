"""How a period of time is computed in procurement law.

Regulation (EEC, Euratom) No 1182/71 article 3, Norwegian law by forskrift 1992-12-04 nr. 910;
FOA § 7-6 makes it the rule for every period in a procurement. All days are days in Europe/Oslo.
A period ends at 24:00 of its last day, which is kept as the instant 00:00 of the day after, in UTC.

A backward period ("at least six days before the deadline") keeps that many whole days free between
the act and the deadline, so the act is due by 24:00 of the day before the counted days.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from engine.clock import OSLO
from engine.errors import InvalidInputError
from engine.procurement.calendar import ONE_DAY, check_year, day_off, working_days_between
from engine.procurement.period import Direction, Period, SkippedDay, Unit
from engine.procurement.text import text

MINIMUM_WORKING_DAYS = 2
LARGEST_AMOUNT = 100_000


def compute_period(
    event: date | datetime,
    amount: int,
    unit: Unit,
    direction: Direction = Direction.FORWARD,
) -> Period:
    """The period of `amount` `unit` from `event`, which itself is never counted.

    Raises `InvalidInputError` for a naive datetime, an amount below one, hours from a bare date,
    or days outside the years the calendar knows.
    """
    event_day = oslo_day(event)
    check_year(event_day.year)
    _check_amount(amount)
    if unit is Unit.HOURS:
        return _hours(event, event_day, amount, direction)
    if unit is Unit.WORKING_DAYS:
        return _working_days(event, event_day, amount, direction)
    return _days(event, event_day, amount, unit, direction)


def oslo_day(moment: date | datetime) -> date:
    """The date in Norway at `moment`; raises `InvalidInputError` for a datetime without a zone."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise InvalidInputError(
            f"The time {moment.isoformat()} has no time zone. Give it one, for instance +00:00.",
            moment=moment.isoformat(),
            about="no-zone",
        )
    return moment.astimezone(OSLO).date()


def end_of_day(day: date) -> datetime:
    """24:00 of `day` in Norway, as aware UTC."""
    return datetime.combine(day + ONE_DAY, time(), OSLO).astimezone(UTC)


def _check_amount(amount: int) -> None:
    if not 1 <= amount <= LARGEST_AMOUNT:
        raise InvalidInputError(
            f"A period of {amount} cannot be counted. Use a whole number from 1 to "
            f"{LARGEST_AMOUNT}.",
            amount=amount,
            about="period-amount",
        )


def _days(
    event: date | datetime,
    event_day: date,
    amount: int,
    unit: Unit,
    direction: Direction,
) -> Period:
    sign = 1 if direction is Direction.FORWARD else -1
    first = event_day + sign * ONE_DAY
    nominal = _LAST_DAY[unit](event_day, sign * amount)
    rolls = direction is Direction.FORWARD
    legal, skipped = _legal_last_day(first, nominal, sign, rolls)
    return _period(
        event,
        amount,
        unit,
        direction,
        (first, nominal, legal),
        abs((legal - first).days) + 1,
        skipped,
    )


def _legal_last_day(
    first: date, nominal: date, sign: int, rolls: bool
) -> tuple[date, tuple[SkippedDay, ...]]:
    """Article 3(4) for forward periods, then article 3(5) for every period of two days or more."""
    skipped: list[SkippedDay] = []
    last = nominal
    while rolls and (reason := day_off(last)) is not None:
        skipped.append(SkippedDay(last, reason))
        last += ONE_DAY
    if nominal == first:
        return last, tuple(skipped)
    while working_days_between(*sorted((first, last))) < MINIMUM_WORKING_DAYS:
        skipped.append(SkippedDay(last, day_off(last) or _TOO_FEW_WORKING_DAYS))
        last += sign * ONE_DAY
    return last, tuple(skipped)


_TOO_FEW_WORKING_DAYS = text(
    "fristen må ha minst to virkedager",
    "the period must hold at least two working days",
    nn="fristen må ha minst to virkedagar",
)


def _working_days(
    event: date | datetime,
    event_day: date,
    amount: int,
    direction: Direction,
) -> Period:
    sign = 1 if direction is Direction.FORWARD else -1
    first: date | None = None
    last = event_day
    skipped: list[SkippedDay] = []
    counted = 0
    while counted < amount:
        last += sign * ONE_DAY
        reason = day_off(last)
        if reason is None:
            counted += 1
            first = first or last
        else:
            skipped.append(SkippedDay(last, reason))
    days = (first or last, last, last)
    return _period(event, amount, Unit.WORKING_DAYS, direction, days, counted, tuple(skipped))


def _period(
    event: date | datetime,
    amount: int,
    unit: Unit,
    direction: Direction,
    days: tuple[date, date, date],
    days_counted: int,
    skipped: tuple[SkippedDay, ...],
) -> Period:
    first, nominal, legal = days
    forward = direction is Direction.FORWARD
    latest_act = legal if forward else legal - ONE_DAY
    return Period(
        event=event,
        event_day=oslo_day(event),
        amount=amount,
        unit=unit,
        direction=direction,
        first_day=first,
        nominal_last_day=nominal,
        legal_last_day=legal,
        latest_act=latest_act,
        ends_at=end_of_day(latest_act),
        earliest_next_act=legal + ONE_DAY if forward else None,
        days_counted=days_counted,
        skipped=skipped,
    )


def _hours(event: date | datetime, event_day: date, amount: int, direction: Direction) -> Period:
    """Whole hours after, or before, the hour in which the event occurs (article 3(1), 3(2)(a)).

    Elapsed hours, so a night when the clocks change makes no difference. Periods in hours are not
    moved for weekends or holidays (article 3(4)); nor is article 3(5) applied to them, since that
    would give whoever must act, for instance on a breach of personal data, less urgency.
    """
    if not isinstance(event, datetime):
        raise InvalidInputError(
            f"Hours cannot be counted from the date {event.isoformat()}. Give the time as well.",
            event=event.isoformat(),
            about="hours-from-date",
        )
    hour = event.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    forward = direction is Direction.FORWARD
    start = hour + timedelta(hours=1) if forward else hour
    end = start + timedelta(hours=amount if forward else -amount)
    first_day, end_day = oslo_day(start), oslo_day(end)
    return Period(
        event=event,
        event_day=event_day,
        amount=amount,
        unit=Unit.HOURS,
        direction=direction,
        first_day=first_day,
        nominal_last_day=end_day,
        legal_last_day=end_day,
        latest_act=end_day,
        ends_at=end,
        earliest_next_act=end_day if forward else None,
        days_counted=abs((end_day - first_day).days) + 1,
        skipped=(),
    )


def _add_days(day: date, amount: int) -> date:
    return day + timedelta(days=amount)


def _add_months(day: date, amount: int) -> date:
    """The same date `amount` months on; where the month lacks it, that month's last day."""
    months = day.year * 12 + day.month - 1 + amount
    year, month = divmod(months, 12)
    check_year(year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_LAST_DAY: Mapping[Unit, Callable[[date, int], date]] = {
    Unit.CALENDAR_DAYS: _add_days,
    Unit.WEEKS: lambda day, amount: _add_days(day, 7 * amount),
    Unit.MONTHS: _add_months,
    Unit.YEARS: lambda day, amount: _add_months(day, 12 * amount),
}
