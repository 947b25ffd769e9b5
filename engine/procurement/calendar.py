"""Working days in Norway.

A working day is any day that is not a public holiday, a Saturday or a Sunday (Regulation 1182/71
article 2(2); in Norway forskrift 1992-12-04 nr. 910). 24 and 31 December are ordinary days, and so
are those on which a buyer keeps closed: they move no period of the law. Years outside 2000-2100 are
refused, since nobody has checked them.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays

from engine.errors import InvalidInputError
from engine.procurement.text import LANGUAGES, Text, text, weekday_name

FIRST_YEAR = 2000
LAST_YEAR = 2100
ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_NYNORSK: Mapping[str, str] = {
    "Skjærtorsdag": "Skjertorsdag",
    "Arbeidernes dag": "Arbeidarane sin dag",
}
"""Public holidays whose nynorsk name is not the bokmål one."""


def day_off(day: date) -> Text | None:
    """Why `day` is not a working day, or None where it is one."""
    holiday = public_holidays(day.year).get(day)
    if holiday is not None:
        return holiday
    if day.weekday() >= _SATURDAY:
        return {language: weekday_name(day, language) for language in LANGUAGES}
    return None


def is_working_day(day: date) -> bool:
    return day_off(day) is None


def next_working_day(day: date) -> date:
    """`day` itself where it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def previous_working_day(day: date) -> date:
    """`day` itself where it is a working day, else the last one before it."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie in `first`-`last`, both included."""
    days = (last - first).days + 1
    return sum(is_working_day(first + timedelta(days=n)) for n in range(days))


def check_year(year: int) -> None:
    """Raises `InvalidInputError` for a year whose holidays are not known."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInputError(
            f"Holidays are known for {FIRST_YEAR}-{LAST_YEAR}; {year} lies outside. "
            "Check the date that was entered.",
            year=year,
            first=FIRST_YEAR,
            last=LAST_YEAR,
            about="year-outside",
        )


@lru_cache(maxsize=LAST_YEAR - FIRST_YEAR + 1)
def public_holidays(year: int) -> Mapping[date, Text]:
    """The Norwegian public holidays of `year`, each with its name.

    Raises `InvalidInputError` for a year outside 2000-2100.
    """
    check_year(year)
    norwegian = holidays.country_holidays("NO", years=year, language="no")
    english = holidays.country_holidays("NO", years=year, language="en_US")
    return {
        day: text(name, english[day], nn=_NYNORSK.get(name, name))
        for day, name in sorted(norwegian.items())
    }
