"""When a mail may leave, by what its recipient chose; times of day are Oslo's."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import OSLO
from engine.model.notifications import Occasion, Topic
from engine.notifications.timing import DEFAULT, Pace, Preference, after_quiet, mail_at
from engine.procurement.calendar import is_working_day

NIGHT = Preference(quiet_from=time(20), quiet_to=time(7))
DAILY = Preference(pace=Pace.DAILY, digest_at=time(8))


def oslo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


def test_without_a_choice_everything_is_mailed_at_once() -> None:
    at = datetime(2026, 3, 23, 3, tzinfo=UTC)

    assert [mail_at(DEFAULT, kind, at) for kind in Occasion] == [at] * len(Occasion)


def test_a_kind_that_is_not_wanted_by_mail_is_never_mailed() -> None:
    only_gates = Preference(by_mail=frozenset({Topic.GATE}))
    at = datetime(2026, 3, 23, 8, tzinfo=UTC)

    assert mail_at(only_gates, Occasion.TASK_OPENED, at) is None
    assert mail_at(only_gates, Occasion.DECISION_PROPOSED, at) == at


@pytest.mark.parametrize(
    ("happens", "leaves"),
    [
        ("2026-03-23 19:59", "2026-03-23 19:59"),
        ("2026-03-23 20:00", "2026-03-24 07:00"),
        ("2026-03-24 02:00", "2026-03-24 07:00"),
        ("2026-03-24 06:59", "2026-03-24 07:00"),
        ("2026-03-24 07:00", "2026-03-24 07:00"),
        ("2026-03-28 22:00", "2026-03-29 07:00"),  # the clock goes forward this night
        ("2026-10-24 22:00", "2026-10-25 07:00"),  # and back this one
    ],
)
def test_quiet_hours_that_cross_midnight_hold_a_mail_back(happens: str, leaves: str) -> None:
    assert mail_at(NIGHT, Occasion.TASK_OPENED, oslo(happens)) == oslo(leaves)


def test_quiet_hours_within_a_day_hold_a_mail_back() -> None:
    lunch = Preference(quiet_from=time(11), quiet_to=time(12, 30))

    assert mail_at(lunch, Occasion.OVERDUE, oslo("2026-03-23 11:15")) == oslo("2026-03-23 12:30")
    assert mail_at(lunch, Occasion.OVERDUE, oslo("2026-03-23 12:30")) == oslo("2026-03-23 12:30")


def test_a_digest_leaves_at_the_next_hour_that_was_chosen() -> None:
    assert mail_at(DAILY, Occasion.TASK_OPENED, oslo("2026-03-23 07:59")) == oslo(
        "2026-03-23 08:00"
    )
    assert mail_at(DAILY, Occasion.TASK_OPENED, oslo("2026-03-23 08:00")) == oslo(
        "2026-03-24 08:00"
    )


def test_on_days_off_nothing_leaves_where_that_was_chosen() -> None:
    quiet = Preference(quiet_from=time(20), quiet_to=time(7), only_working_days=True)

    # Maundy Thursday 2 April to Easter Monday 6 April 2026
    assert mail_at(quiet, Occasion.DUE_SOON, oslo("2026-04-01 21:00")) == oslo("2026-04-07 07:00")
    assert mail_at(quiet, Occasion.DUE_SOON, oslo("2026-04-03 12:00")) == oslo("2026-04-07 07:00")


times = st.times().map(lambda each: each.replace(microsecond=0, second=0))
preferences = st.builds(
    Preference,
    pace=st.sampled_from(Pace),
    digest_at=times,
    quiet_from=times,
    quiet_to=times,
    only_working_days=st.booleans(),
)
moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(preference=preferences, at=moments)
def test_no_mail_leaves_before_it_happened_nor_in_quiet_time(
    preference: Preference, at: datetime
) -> None:
    leaves = mail_at(preference, Occasion.TASK_OPENED, at)

    assert leaves is not None
    assert at <= leaves < at + timedelta(days=9)
    assert after_quiet(preference, leaves) == leaves
    if preference.only_working_days:
        assert is_working_day(leaves.astimezone(OSLO).date())
