"""Working hours between two moments: what a person could have worked, by the Norwegian calendar.

A working day has the office hours of `data/planning.yaml`, on the clock in Oslo: a day on which the
clock is set forward or back has as many as any other. This measures work; no legal period is
counted so.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Final

from engine.clock import OSLO
from engine.procurement.calendar import FIRST_YEAR, LAST_YEAR, ONE_DAY, is_working_day
from engine.procurement.planning import assumptions

_HOUR: Final = timedelta(hours=1)


def working_time(start: datetime, end: datetime) -> timedelta:
    """How many working hours lie between the moments; none when `end` is not after `start`.

    Raises `InvalidInputError` for a year whose holidays are not known.
    """
    if end <= start:
        return timedelta()
    return _since_first(end) - _since_first(start)


def _since_first(moment: datetime) -> timedelta:
    """Working hours from the beginning of the first year to the moment."""
    local = moment.astimezone(OSLO)
    day = local.date()
    length = closes() - opens()
    before = _days_before(day) * length
    if not is_working_day(day):
        return before
    of_day = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    return before + min(max(of_day - opens(), timedelta()), length)


def opens() -> timedelta:
    """When the working day begins, counted from midnight."""
    return assumptions().office_hours[0] * _HOUR


def closes() -> timedelta:
    return assumptions().office_hours[1] * _HOUR


def _days_before(day: date) -> int:
    """Working days from the beginning of the first year to the day, which is left out."""
    return _years_before(day.year) + _in_year(day.year)[day.timetuple().tm_yday - 1]


@lru_cache(maxsize=LAST_YEAR - FIRST_YEAR + 2)
def _years_before(year: int) -> int:
    return 0 if year <= FIRST_YEAR else _years_before(year - 1) + _in_year(year - 1)[-1]


@lru_cache(maxsize=LAST_YEAR - FIRST_YEAR + 2)
def _in_year(year: int) -> Sequence[int]:
    """Working days of the year before each of its days, and last all of them."""
    first = datetime.combine(date(year, 1, 1), time()).date()
    days = (date(year + 1, 1, 1) - first).days
    works = (is_working_day(first + ONE_DAY * number) for number in range(days))
    return tuple(accumulate(works, initial=0))
