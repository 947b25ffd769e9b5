"""The clock's part: fire what is due, remind of what will be, send what is queued.

The tables are the truth, not this.
"""

from datetime import datetime

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from engine.clock import SystemClock
from engine.commands.absences import BeginAbsence
from engine.commands.ballots import CountBallots
from engine.commands.deliveries import DropAbandoned
from engine.commands.notifications import Remind
from engine.commands.outbox import MarkDispatched
from engine.commands.rule_changes import NoteRules
from engine.commands.team import EndSeats
from engine.commands.timers import FireDueTimers, FireTimer
from engine.commands.usage import CountUse
from engine.errors import EngineError
from engine.model.actor import SYSTEM
from engine.model.notifications import DueReminder
from engine.procurement.periods import oslo_day
from engine.procurement.ruledata import rule_set
from engine.queries.waiting import (
    absences_to_begin,
    due_reminders,
    due_timers,
    queued_letters,
    uncounted,
    uncounted_polls,
    under_other_rules,
    with_ended_seats,
)
from service.outbox import Postman, deliver
from service.reading import read_files
from service.wiring import Parts

BATCH = 200
COUNT_SECONDS = 60
TOGETHER = 200
"""Timers that fire in one transaction: fewer commits, and on SQLite a person's act waits as long,
up to a fifth of a second while an outage is made good."""
log = structlog.get_logger()


def start_scheduler(parts: Parts) -> BackgroundScheduler:
    """Wake every few seconds; what a wake does is idempotent, so missing one loses nothing."""
    scheduler = BackgroundScheduler(timezone="UTC")
    at_once = SystemClock().now()  # by the clock that the scheduler itself keeps
    scheduler.add_job(
        tick,
        "interval",
        args=[parts],
        seconds=parts.settings.tick_seconds,
        max_instances=1,
        coalesce=True,
    )
    scheduler.add_job(
        note_rules,
        "interval",
        args=[parts],
        hours=1,
        next_run_time=at_once,
        max_instances=1,
        coalesce=True,
    )
    scheduler.add_job(
        drop_abandoned,
        "interval",
        args=[parts],
        hours=1,
        max_instances=1,
        coalesce=True,
    )
    scheduler.add_job(
        count_uses,
        "interval",
        args=[parts],
        seconds=COUNT_SECONDS,
        next_run_time=at_once,
        max_instances=1,
        coalesce=True,
    )
    scheduler.add_job(  # by itself: a slow mail server holds up no timer
        Postman(parts).round,
        "interval",
        seconds=parts.settings.tick_seconds,
        max_instances=1,
        coalesce=True,
    )
    scheduler.add_job(  # by itself: a file that takes long holds up nothing else
        read_files,
        "interval",
        args=[parts],
        seconds=parts.settings.tick_seconds,
        max_instances=1,
        coalesce=True,
    )
    scheduler.start()
    return scheduler


def tick(parts: Parts) -> int:
    """Fire every due timer once, in due order, then remind and send; answers how many fired."""
    fired = fire_due(parts)
    keep_teams(parts)
    count_polls(parts)
    remind_due(parts, parts.clock.now())
    send_queued(parts)
    return fired


def keep_teams(parts: Parts) -> int:
    """Begin absences whose first day has come, and end seats whose last day is over; answers how
    many absences and procurements that concerned."""
    today = oslo_day(parts.clock.now())
    with parts.store.reader() as connection:
        begun = [BeginAbsence(each.id) for each in absences_to_begin(connection, today)]
        over = [EndSeats(each) for each in with_ended_seats(connection, today, BATCH)]
    commands: list[BeginAbsence | EndSeats] = [*begun, *over]
    for command in commands:
        try:
            parts.bus.handle(command, SYSTEM)
        except EngineError as error:
            log.warning("team not kept", command=repr(command), code=error.code)
    return len(begun) + len(over)


def count_polls(parts: Parts) -> int:
    """Count polls that have closed; answers how many."""
    with parts.store.reader() as connection:
        closed = uncounted_polls(connection, parts.clock.now(), BATCH)
    counted = 0
    for procurement, poll in closed:
        try:
            counted += parts.bus.handle(CountBallots(procurement, poll), SYSTEM)["counted"]
        except EngineError as error:
            log.warning("poll not counted", poll=poll, code=error.code)
    return counted


def note_rules(parts: Parts) -> int:
    """Tell the leads of running procurements that the law has changed; answers how many."""
    noted, seen = 0, set[str]()
    with parts.store.reader() as connection:
        current = rule_set(oslo_day(parts.clock.now())).id
        found = under_other_rules(connection, current, BATCH)
    while new := [each for each in found if each not in seen]:
        for procurement in new:
            seen.add(procurement)
            try:
                noted += parts.bus.handle(NoteRules(procurement), SYSTEM)["noted"]
            except EngineError as error:
                log.warning("rules not noted", procurement=procurement, code=error.code)
        with parts.store.reader() as connection:
            found = under_other_rules(connection, current, BATCH)
    return noted


def drop_abandoned(parts: Parts) -> int:
    """Forget pieces of files that suppliers began to send and never handed in; answers how many
    files."""
    return int(parts.bus.handle(DropAbandoned(), SYSTEM)["dropped"])


def count_uses(parts: Parts) -> int:
    """Count what has come into the records since the last time; answers how many procurements.

    Each in a transaction of its own, so that no person waits long for it.
    """
    seen = set[str]()
    while True:
        with parts.store.reader() as connection:
            behind = [each for each in uncounted(connection, BATCH + len(seen)) if each not in seen]
        if not behind:
            return len(seen)
        for procurement in behind:
            seen.add(procurement)
            try:
                while parts.bus.handle(CountUse(procurement), SYSTEM)["left"]:
                    pass
            except EngineError as error:
                log.warning("record not counted", procurement=procurement, code=error.code)


def fire_due(parts: Parts) -> int:
    """Fire every timer that is due, many in one transaction; answers how many.

    One that cannot fire is left for the next wake and does not hold up the others.
    """
    fired, left = 0, set[str]()
    while True:
        tried: int
        done: int
        try:
            done = tried = parts.bus.handle(FireDueTimers(TOGETHER, tuple(left)), SYSTEM)["fired"]
        except Exception as error:  # noqa: BLE001 - one by one it is found out which of them it is
            log.warning("timers failed together", error=str(error))
            tried, done = _fire_apart(parts, left)
        fired += done
        if not tried:
            return fired


def _fire_apart(parts: Parts, left: set[str]) -> tuple[int, int]:
    """Fire some that are due one by one and add them to `left`; how many were tried and fired."""
    with parts.store.reader() as connection:
        due = due_timers(connection, parts.clock.now(), TOGETHER, left)
    fired = 0
    for timer in due:
        left.add(timer.id)
        try:
            answer = parts.bus.handle(FireTimer(timer.procurement, timer.id), SYSTEM)
            fired += bool(answer["fired"])
        except Exception as error:
            log.exception("timer failed", timer=timer.id, exc_info=error)
    return len(due), fired


def remind_due(parts: Parts, now: datetime) -> int:
    """Remind of every task whose moment has come, each once; answers how many persons were told."""
    told, seen = 0, set[DueReminder]()
    while True:
        with parts.store.reader() as connection:
            due = [each for each in due_reminders(connection, now, BATCH) if each not in seen]
        if not due:
            return told
        for each in due:
            seen.add(each)
            try:
                command = Remind(each.procurement, each.task, each.kind, each.due_at)
                told += parts.bus.handle(command, SYSTEM)["told"]
            except EngineError as error:
                log.warning("reminder failed", task=each.task, code=error.code, error=str(error))


def send_queued(parts: Parts) -> int:
    """Deliver letters, oldest first; one that cannot be delivered is tried again."""
    with parts.store.reader() as connection:
        letters = queued_letters(connection, BATCH)
    sent = 0
    for letter in letters:
        try:
            deliver(letter, parts.settings)
            parts.bus.handle(MarkDispatched(letter.procurement, letter.id), SYSTEM)
            sent += 1
        except (OSError, EngineError) as error:
            log.warning("letter not sent", letter=letter.id, error=str(error))
    return sent
