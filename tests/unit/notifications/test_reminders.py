"""When somebody is reminded of a due date."""

from datetime import UTC, datetime

import pytest

from engine.clock import OSLO
from engine.model.events import TaskClaimed, TaskDueMoved, TaskOpened
from engine.model.notifications import Occasion
from engine.notifications.reminders import due_soon_at, reminders


def oslo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


def opened(due: str) -> TaskOpened:
    return TaskOpened("t", "e", "Navn", "user", "p", "legal", "", "", due)


@pytest.mark.parametrize(
    ("due", "soon"),
    [
        ("2026-03-27 12:00", "2026-03-25 08:00"),  # a Friday
        ("2026-03-28 00:00", "2026-03-25 08:00"),  # 24:00 on that Friday
        ("2026-03-30 16:00", "2026-03-26 08:00"),  # a Monday
        ("2026-04-07 16:00", "2026-03-31 08:00"),  # the Tuesday after Easter
    ],
)
def test_due_soon_is_the_morning_two_working_days_before_the_last(due: str, soon: str) -> None:
    assert due_soon_at(oslo(due)) == oslo(soon)


def test_a_task_with_a_due_date_gets_two_reminders() -> None:
    found = reminders(opened("2026-03-27T11:00:00+00:00"), datetime(2026, 3, 1, tzinfo=UTC))

    assert [(each.kind, each.at) for each in found] == [
        (Occasion.DUE_SOON, oslo("2026-03-25 08:00")),
        (Occasion.OVERDUE, oslo("2026-03-27 12:00")),
    ]


def test_who_gets_a_task_that_is_due_soon_already_is_not_told_twice() -> None:
    now = datetime(2026, 3, 26, 9, tzinfo=UTC)

    assert [each.kind for each in reminders(opened("2026-03-27T11:00:00+00:00"), now)] == [
        Occasion.OVERDUE
    ]


def test_a_moved_due_date_brings_reminders_of_its_own() -> None:
    moved = TaskDueMoved("t", "2026-03-27T11:00:00+00:00", {})

    assert len(reminders(moved, datetime(2026, 3, 1, tzinfo=UTC))) == 2


def test_nothing_else_brings_reminders() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)

    assert reminders(opened(""), now) == ()
    assert reminders(TaskClaimed("t", "kari"), now) == ()
