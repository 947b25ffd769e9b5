"""Norwegian working days."""

from datetime import date

import pytest

from engine.errors import InvalidInputError
from engine.procurement.calendar import (
    day_off,
    is_working_day,
    next_working_day,
    previous_working_day,
    public_holidays,
)
from engine.procurement.text import text, weekday_name

HOLIDAYS_2027 = {
    date(2027, 1, 1),
    date(2027, 3, 25),
    date(2027, 3, 26),
    date(2027, 3, 28),
    date(2027, 3, 29),
    date(2027, 5, 1),
    date(2027, 5, 6),
    date(2027, 5, 16),
    date(2027, 5, 17),
    date(2027, 12, 25),
    date(2027, 12, 26),
}


def test_the_holidays_of_a_year_are_those_of_norwegian_law() -> None:
    assert set(public_holidays(2027)) == HOLIDAYS_2027 | {date(2027, 5, 16)}


def test_two_holidays_on_one_day_are_both_named() -> None:
    day = date(2008, 5, 1)

    assert public_holidays(2008)[day]["en"] == "Ascension Day; Labor Day"


@pytest.mark.parametrize("year", [2000, 2050, 2100])
def test_holidays_are_known_from_2000_to_2100(year: int) -> None:
    holidays = public_holidays(year)

    assert date(year, 5, 17) in holidays
    assert date(year, 12, 25) in holidays
    assert all(name["nb"] and name["en"] for name in holidays.values())


@pytest.mark.parametrize("year", [1999, 2101])
def test_a_year_outside_the_calendar_is_refused(year: int) -> None:
    with pytest.raises(InvalidInputError, match="2000-2100"):
        public_holidays(year)


@pytest.mark.parametrize("day", [date(2026, 12, 24), date(2026, 12, 31)])
def test_christmas_eve_and_new_years_eve_are_working_days(day: date) -> None:
    assert is_working_day(day)


def test_a_weekend_day_says_its_name() -> None:
    assert day_off(date(2026, 11, 28)) == text("lørdag", "Saturday", nn="laurdag")


def test_the_working_days_around_easter_are_found_from_both_sides() -> None:
    good_friday = date(2026, 4, 3)

    assert next_working_day(good_friday) == date(2026, 4, 7)
    assert previous_working_day(good_friday) == date(2026, 4, 1)


def test_weekday_names_come_in_bokmaal_and_english() -> None:
    assert weekday_name(date(2026, 11, 24), "nb") == "tirsdag"
    assert weekday_name(date(2026, 11, 24), "en") == "Tuesday"
