"""Working hours between two moments, by the Norwegian calendar and the clock in Oslo."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import OSLO
from engine.procurement.calendar import working_days_between
from engine.procurement.working_time import closes, opens, working_time


def oslo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-23 09:00", "2026-03-23 11:30", 2.5),
        ("2026-03-23 06:00", "2026-03-23 23:00", 8),  # only office hours count
        ("2026-03-23 15:00", "2026-03-24 09:00", 2),  # overnight
        ("2026-03-20 12:00", "2026-03-23 12:00", 8),  # over a weekend
        ("2026-03-21 10:00", "2026-03-22 10:00", 0),  # within one
        ("2026-04-01 12:00", "2026-04-07 12:00", 8),  # Easter: Thursday to Monday are off
        ("2026-05-16 08:00", "2026-05-18 16:00", 8),  # 17 May
        ("2026-12-24 08:00", "2026-12-28 08:00", 8),  # Christmas Eve is a working day
        ("2026-03-27 15:00", "2026-03-30 09:00", 2),  # summer time begins in between
        ("2026-10-23 15:00", "2026-10-26 09:00", 2),  # and ends
        ("2025-12-31 08:00", "2026-01-02 16:00", 16),  # over the turn of the year
        ("2026-03-23 09:00", "2026-03-23 09:00", 0),
        ("2026-03-24 09:00", "2026-03-23 09:00", 0),  # backwards
    ],
)
def test_only_office_hours_of_working_days_count(start: str, end: str, hours: float) -> None:
    assert working_time(oslo(start), oslo(end)) == timedelta(hours=hours)


def test_moments_are_taken_at_the_clock_of_oslo() -> None:
    start = datetime(2026, 7, 1, 13, tzinfo=UTC)  # 15.00 in Oslo

    assert working_time(start, start + timedelta(hours=5)) == timedelta(hours=1)


moments = st.integers(0, 98 * 365 * 86_400).map(
    lambda seconds: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@settings(max_examples=300, deadline=None)
@given(start=moments, days=st.integers(0, 400), seconds=st.integers(0, 86_400), cut=st.floats(0, 1))
def test_a_span_is_the_sum_of_its_parts_and_that_of_its_days(
    start: datetime, days: int, seconds: int, cut: float
) -> None:
    end = start + timedelta(days=days, seconds=seconds)
    middle = start + timedelta(seconds=int((end - start).total_seconds() * cut))

    whole = working_time(start, end)

    assert whole == working_time(start, middle) + working_time(middle, end)
    assert whole <= end - start
    days_within = working_days_between(start.astimezone(OSLO).date(), end.astimezone(OSLO).date())
    assert whole <= days_within * (closes() - opens())
