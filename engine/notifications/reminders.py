"""When somebody is reminded of a task: by the calendar of the law, each once."""

from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Final

from engine.clock import OSLO
from engine.model import events as e
from engine.model.notifications import Occasion, Reminder
from engine.procurement.calendar import ONE_DAY, previous_working_day

WORKING_DAYS_AHEAD: Final = 2
MORNING: Final = time(8)


def reminders(event: e.Event, now: datetime) -> tuple[Reminder, ...]:
    """The reminders that a task gets with its due date; none that lie before `now` already."""
    if not isinstance(event, e.TaskOpened | e.TaskAdded | e.TaskDueMoved) or not event.due_at:
        return ()
    due = datetime.fromisoformat(event.due_at)
    planned = (
        Reminder(event.task, Occasion.DUE_SOON, due_soon_at(due), due),
        Reminder(event.task, Occasion.OVERDUE, due, due),
    )
    return tuple(each for each in planned if each.at > now)


@lru_cache(maxsize=1024)
def due_soon_at(due: datetime) -> datetime:
    """08:00 in Oslo on the second working day before the last one on which it is in time.

    24:00 belongs to the day that ends then; `due` is aware, the answer too.
    """
    day = (due - timedelta(microseconds=1)).astimezone(OSLO).date()
    for _ in range(WORKING_DAYS_AHEAD):
        day = previous_working_day(day - ONE_DAY)
    return datetime.combine(day, MORNING, OSLO).astimezone(due.tzinfo)
