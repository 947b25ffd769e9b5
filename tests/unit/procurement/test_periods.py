"""Periods by Regulation 1182/71, over Norwegian holidays and the nights when the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import OSLO
from engine.errors import InvalidInputError
from engine.procurement.calendar import is_working_day, working_days_between
from engine.procurement.period import Direction, Unit
from engine.procurement.periods import compute_period, end_of_day

DAYS = st.dates(min_value=date(2001, 1, 1), max_value=date(2090, 12, 31))
AMOUNTS = st.integers(min_value=1, max_value=400)
DAY_UNITS = st.sampled_from([Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.WEEKS, Unit.MONTHS])
VECTORS = [
    ("2026-02-02", 30, "2026-03-04", "2026-03-04", "2026-03-05"),
    ("2026-02-02", 35, "2026-03-09", "2026-03-09", "2026-03-10"),
    ("2026-03-04", 30, "2026-04-03", "2026-04-07", "2026-04-08"),
    ("2027-02-24", 30, "2027-03-26", "2027-03-30", "2027-03-31"),
    ("2026-03-20", 10, "2026-03-30", "2026-03-30", "2026-03-31"),
    ("2026-03-23", 10, "2026-04-02", "2026-04-07", "2026-04-08"),
    ("2026-12-15", 10, "2026-12-25", "2026-12-28", "2026-12-29"),
    ("2027-05-07", 10, "2027-05-17", "2027-05-18", "2027-05-19"),
    ("2026-11-25", 30, "2026-12-25", "2026-12-28", "2026-12-29"),
    ("2026-04-01", 2, "2026-04-03", "2026-04-08", "2026-04-09"),
]


@pytest.mark.parametrize(("event", "amount", "nominal", "legal", "next_act"), VECTORS)
def test_a_period_in_calendar_days_ends_on_the_day_the_law_gives(
    event: str, amount: int, nominal: str, legal: str, next_act: str
) -> None:
    period = compute_period(date.fromisoformat(event), amount, Unit.CALENDAR_DAYS)

    assert period.nominal_last_day == date.fromisoformat(nominal)
    assert period.legal_last_day == date.fromisoformat(legal)
    assert period.earliest_next_act == date.fromisoformat(next_act)


@pytest.mark.parametrize(("amount", "last"), [(5, date(2026, 12, 29)), (10, date(2027, 1, 6))])
def test_a_period_in_working_days_skips_christmas(amount: int, last: date) -> None:
    period = compute_period(date(2026, 12, 21), amount, Unit.WORKING_DAYS)

    assert period.legal_last_day == last
    assert period.days_counted == amount
    assert date(2026, 12, 25) in {skip.day for skip in period.skipped}


def test_the_legal_end_is_midnight_in_oslo_as_utc() -> None:
    winter = compute_period(date(2026, 2, 2), 30, Unit.CALENDAR_DAYS)
    summer = compute_period(date(2026, 6, 1), 10, Unit.CALENDAR_DAYS)

    assert winter.ends_at == datetime(2026, 3, 4, 23, tzinfo=UTC)
    assert summer.ends_at == datetime(2026, 6, 11, 22, tzinfo=UTC)


def test_a_late_evening_in_utc_is_the_next_day_in_norway() -> None:
    sent = datetime(2026, 3, 19, 23, 30, tzinfo=UTC)

    period = compute_period(sent, 10, Unit.CALENDAR_DAYS)

    assert period.event_day == date(2026, 3, 20)


@pytest.mark.parametrize(
    ("last_day", "hours"),
    [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23), (date(2026, 5, 5), 24)],
)
def test_a_day_on_which_the_clocks_change_still_ends_at_midnight(
    last_day: date, hours: int
) -> None:
    length = end_of_day(last_day) - end_of_day(last_day - timedelta(days=1))

    assert length == timedelta(hours=hours)
    assert end_of_day(last_day).astimezone(OSLO).hour == 0


def test_hours_are_elapsed_hours_across_the_night_when_the_clocks_go_back() -> None:
    found = datetime(2026, 10, 23, 10, 20, tzinfo=OSLO)

    period = compute_period(found, 72, Unit.HOURS)

    assert period.ends_at - datetime(2026, 10, 23, 11, tzinfo=OSLO) == timedelta(hours=72)
    assert period.ends_at.astimezone(OSLO).hour == 10
    assert period.skipped == ()


def test_hours_across_the_night_when_the_clocks_go_forward_end_an_hour_later_by_the_clock() -> None:
    found = datetime(2027, 3, 26, 10, 0, tzinfo=OSLO)

    period = compute_period(found, 72, Unit.HOURS)

    assert period.ends_at.astimezone(OSLO) == datetime(2027, 3, 29, 12, tzinfo=OSLO)


@pytest.mark.parametrize(
    ("event", "amount", "unit", "nominal"),
    [
        (date(2026, 1, 31), 1, Unit.MONTHS, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, Unit.MONTHS, date(2028, 2, 29)),
        (date(2028, 2, 29), 1, Unit.YEARS, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, Unit.MONTHS, date(2027, 2, 28)),
        (date(2026, 11, 25), 6, Unit.MONTHS, date(2027, 5, 25)),
        (date(2026, 11, 25), 2, Unit.WEEKS, date(2026, 12, 9)),
    ],
)
def test_weeks_months_and_years_end_on_the_same_day_or_the_last_of_the_month(
    event: date, amount: int, unit: Unit, nominal: date
) -> None:
    period = compute_period(event, amount, unit)

    assert period.nominal_last_day == nominal


def test_a_leap_day_is_counted() -> None:
    period = compute_period(date(2028, 2, 1), 30, Unit.CALENDAR_DAYS)

    assert period.nominal_last_day == date(2028, 3, 2)


def test_a_backward_period_leaves_whole_days_free_before_the_deadline() -> None:
    period = compute_period(
        datetime(2020, 10, 28, 12, tzinfo=OSLO), 6, Unit.CALENDAR_DAYS, Direction.BACKWARD
    )

    assert period.first_day == date(2020, 10, 27)
    assert period.legal_last_day == date(2020, 10, 22)
    assert period.latest_act == date(2020, 10, 21)
    assert period.ends_at == datetime(2020, 10, 22, tzinfo=OSLO)
    assert period.earliest_next_act is None


def test_a_backward_period_does_not_move_from_a_weekend() -> None:
    period = compute_period(date(2026, 6, 12), 6, Unit.CALENDAR_DAYS, Direction.BACKWARD)

    assert period.legal_last_day == date(2026, 6, 6)
    assert period.skipped == ()


def test_a_backward_period_over_easter_still_holds_two_working_days() -> None:
    period = compute_period(date(2026, 4, 7), 6, Unit.CALENDAR_DAYS, Direction.BACKWARD)

    assert period.nominal_last_day == date(2026, 4, 1)
    assert period.legal_last_day == date(2026, 3, 31)


def test_a_period_of_one_day_needs_no_second_working_day() -> None:
    period = compute_period(date(2026, 4, 1), 1, Unit.CALENDAR_DAYS)

    assert period.legal_last_day == date(2026, 4, 7)


@pytest.mark.parametrize(
    ("event", "amount", "unit"),
    [
        (datetime(2026, 1, 1), 10, Unit.CALENDAR_DAYS),  # noqa: DTZ001 - the naive time is the point
        (date(2026, 1, 1), 0, Unit.CALENDAR_DAYS),
        (date(2026, 1, 1), 10, Unit.HOURS),
        (date(1999, 6, 1), 10, Unit.CALENDAR_DAYS),
        (date(2100, 12, 1), 10, Unit.YEARS),
        (date(2026, 12, 1), 10**9, Unit.CALENDAR_DAYS),
        (date(2026, 12, 1), 99_999, Unit.WEEKS),
        (date(1, 1, 1), 10, Unit.CALENDAR_DAYS),
    ],
)
def test_a_period_that_cannot_be_computed_is_refused(
    event: date | datetime, amount: int, unit: Unit
) -> None:
    with pytest.raises(InvalidInputError):
        compute_period(event, amount, unit)


def test_a_period_explains_each_day_it_skips_with_the_article() -> None:
    period = compute_period(date(2026, 3, 23), 10, Unit.CALENDAR_DAYS)

    norwegian = " ".join(period.explain("nb"))
    english = " ".join(period.explain("en"))

    assert "torsdag 2. april 2026 (Skjærtorsdag)" in norwegian
    assert "tirsdag 7. april 2026 kl. 24.00" in norwegian
    assert "Friday 3 April 2026 (Good Friday)" in english
    assert "art. 3(4)" in english
    assert "Wednesday 8 April 2026" in english


@pytest.mark.parametrize(
    ("unit", "direction", "nb", "en"),
    [
        (Unit.WORKING_DAYS, Direction.FORWARD, "ikke virkedager", "not working days"),
        (Unit.CALENDAR_DAYS, Direction.BACKWARD, "regnet bakover", "counted backwards"),
        (Unit.HOURS, Direction.FORWARD, "Timen hendelsen skjer i", "The hour of the event"),
        (Unit.MONTHS, Direction.FORWARD, "3(2)(c)", "3(2)(c)"),
    ],
)
def test_every_kind_of_period_explains_itself_in_both_languages(
    unit: Unit, direction: Direction, nb: str, en: str
) -> None:
    period = compute_period(datetime(2026, 12, 21, 9, tzinfo=OSLO), 6, unit, direction)

    assert nb in " ".join(period.explain("nb"))
    assert en in " ".join(period.explain("en"))


def test_an_unknown_language_is_refused() -> None:
    period = compute_period(date(2026, 3, 23), 10, Unit.CALENDAR_DAYS)

    with pytest.raises(InvalidInputError, match="nb, nn, en"):
        period.explain("fr")


@given(DAYS, AMOUNTS, DAY_UNITS)
def test_a_forward_period_ends_on_a_working_day(event: date, amount: int, unit: Unit) -> None:
    amount = min(amount, 20) if unit is Unit.MONTHS else amount

    period = compute_period(event, amount, unit)

    assert is_working_day(period.legal_last_day)
    assert event < period.nominal_last_day <= period.legal_last_day


@given(DAYS, AMOUNTS)
def test_a_later_event_never_gives_an_earlier_end(event: date, amount: int) -> None:
    today = compute_period(event, amount, Unit.CALENDAR_DAYS)
    tomorrow = compute_period(event + timedelta(days=1), amount, Unit.CALENDAR_DAYS)

    assert today.ends_at <= tomorrow.ends_at


@given(DAYS, AMOUNTS)
def test_one_day_more_never_gives_an_earlier_end(event: date, amount: int) -> None:
    shorter = compute_period(event, amount, Unit.CALENDAR_DAYS)
    longer = compute_period(event, amount + 1, Unit.CALENDAR_DAYS)

    assert shorter.ends_at <= longer.ends_at


@given(DAYS, st.integers(min_value=2, max_value=60), st.sampled_from(list(Direction)))
def test_a_period_of_two_days_or_more_holds_two_working_days(
    event: date, amount: int, direction: Direction
) -> None:
    period = compute_period(event, amount, Unit.CALENDAR_DAYS, direction)

    days = sorted((period.first_day, period.legal_last_day))
    assert working_days_between(days[0], days[1]) >= 2


@given(DAYS, st.integers(min_value=1, max_value=60))
def test_a_backward_period_leaves_at_least_its_days_between_act_and_deadline(
    event: date, amount: int
) -> None:
    period = compute_period(event, amount, Unit.CALENDAR_DAYS, Direction.BACKWARD)

    assert (event - period.latest_act).days >= amount + 1
