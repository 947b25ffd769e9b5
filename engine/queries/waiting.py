"""What the clock and the outbox have to do next, and what a reader's procurements wait for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from engine.model.notifications import DueReminder
from engine.model.records import LetterRecord
from engine.queries.overview import DeadlineView, deadlines_of
from engine.queries.reader import readable, reader_values
from engine.queries.view import View, see_procurement
from engine.search.files import SLOW
from engine.store import absences, notifications, records, usage
from engine.store.absences import AbsenceRecord
from engine.store.definitions import get_blob
from engine.store.schema import attachment, audit_event, file_text, poll, procurement, timer


@dataclass(frozen=True, slots=True)
class DueTimer:
    id: str
    procurement: str
    due_at: datetime


def due_timers(
    connection: sa.Connection, now: datetime, limit: int, left: Collection[str]
) -> tuple[DueTimer, ...]:
    """Timers of running procurements that should have fired by `now`, in due order; without those
    in `left`. Those of a suspended procurement wait until it is resumed."""
    query = (
        sa.select(timer.c.id, timer.c.procurement, timer.c.due_at)
        .join(procurement, procurement.c.id == timer.c.procurement)
        .where(
            timer.c.due_at <= now, procurement.c.status == "running", timer.c.id.not_in(list(left))
        )
        .order_by(timer.c.due_at, timer.c.id)
        .limit(limit)
    )
    return tuple(DueTimer(*row) for row in connection.execute(query))


def uncounted_polls(
    connection: sa.Connection, now: datetime, limit: int
) -> tuple[tuple[str, str], ...]:
    """(procurement, poll) of those that have closed and wait to be counted, the first first."""
    query = (
        sa.select(poll.c.procurement, poll.c.id)
        .where(poll.c.closes_at <= now, poll.c.counted_at.is_(None))
        .order_by(poll.c.closes_at, poll.c.id)
        .limit(limit)
    )
    return tuple((row.procurement, row.id) for row in connection.execute(query))


def under_other_rules(connection: sa.Connection, current: str, limit: int) -> tuple[str, ...]:
    """Running procurements whose pinned rules are not the set `current`, not yet on record."""
    query = (
        sa.select(procurement.c.id)
        .where(
            procurement.c.status == "running",
            procurement.c.rule_set.not_in(("", current)),
            procurement.c.rules_noted != current,
        )
        .order_by(procurement.c.id)
        .limit(limit)
    )
    return tuple(connection.scalars(query))


def due_reminders(connection: sa.Connection, now: datetime, limit: int) -> tuple[DueReminder, ...]:
    """Reminders of tasks whose moment has come by `now`, in order."""
    return notifications.due_reminders(connection, now, limit)


def queued_letters(connection: sa.Connection, limit: int) -> tuple[LetterRecord, ...]:
    """Letters that have not left yet, oldest first."""
    return tuple(records.queued_letters(connection, limit))


def absences_to_begin(connection: sa.Connection, today: date) -> tuple[AbsenceRecord, ...]:
    """Absences whose first day has come, and in which nobody has taken over yet."""
    return tuple(absences.to_begin(connection, today))


def with_ended_seats(connection: sa.Connection, today: date, limit: int) -> tuple[str, ...]:
    """Procurements with a seat whose last day is over."""
    return tuple(absences.with_ended_seats(connection, today, limit))


def uncounted(connection: sa.Connection, limit: int) -> tuple[str, ...]:
    """Procurements whose record has grown since it was counted for figures."""
    return tuple(usage.uncounted(connection, limit))


def last_recorded(connection: sa.Connection) -> datetime | None:
    """When the newest entry of any record was made; None where nothing is on record."""
    newest = sa.select(audit_event.c.at).order_by(audit_event.c.id.desc()).limit(1)
    found = connection.scalar(newest)
    return None if found is None else datetime.fromisoformat(found)


@dataclass(frozen=True, slots=True)
class Coming:
    """What a procurement waits for."""

    procurement: str
    title: str
    deadline: DeadlineView


def coming(view: View, limit: int) -> tuple[Coming, ...]:
    """The next moments that running procurements of the reader wait for, the nearest first."""
    chosen = readable(procurement.c.id, where=(procurement.c.status == "running",)).subquery()
    nearest = (
        sa.select(chosen.c.id)
        .join(timer, timer.c.procurement == chosen.c.id)
        .group_by(chosen.c.id)
        .order_by(sa.func.min(timer.c.due_at))
        .limit(limit)
    )
    found = [
        Coming(seen.row.id, seen.row.title, each)
        for key in view.connection.scalars(nearest, reader_values(view))
        for seen in (see_procurement(view, key),)
        for each in deadlines_of(seen)
    ]
    return tuple(sorted(found, key=lambda each: each.deadline.due_at)[:limit])


def unread_files(connection: sa.Connection, limit: int) -> list[tuple[str, str]]:
    """SHA-256 and media type of attached files that nobody has read yet."""
    query = (
        sa.select(attachment.c.blob, attachment.c.media_type)
        .outerjoin(file_text, file_text.c.blob == attachment.c.blob)
        .where(
            file_text.c.blob.is_(None),
            sa.or_(*(attachment.c.media_type.startswith(each) for each in SLOW)),
        )
        .distinct()
        .order_by(attachment.c.blob)
        .limit(limit)
    )
    return [(row.blob, row.media_type) for row in connection.execute(query)]


def file_content(connection: sa.Connection, blob: str) -> bytes:
    """The bytes with this SHA-256; raises NotFoundError."""
    return get_blob(connection, blob)
