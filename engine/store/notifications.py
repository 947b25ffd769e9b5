"""What persons are told, and the reminders that wait: rows beside the record."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from engine.model.notifications import NEVER_MAILED, DueReminder, Notification, Occasion, Reminder
from engine.store.schema import notification, procurement, reminder
from engine.store.unit_of_work import UnitOfWork

_DUE: Final = (
    sa.select(reminder.c.procurement, reminder.c.task, reminder.c.kind, reminder.c.due_at)
    .join(procurement, procurement.c.id == reminder.c.procurement)
    .where(reminder.c.at <= sa.bindparam("now"), procurement.c.status != "suspended")
    .order_by(reminder.c.at, reminder.c.task)
    .limit(sa.bindparam("count"))
)
_ARMED: Final = sa.select(sa.func.count()).where(
    reminder.c.task == sa.bindparam("task"),
    reminder.c.kind == sa.bindparam("kind"),
    reminder.c.due_at == sa.bindparam("due_at"),
)


def tell(
    work: UnitOfWork, procurement: str, told: Iterable[Notification], *, by: str, at: datetime
) -> None:
    """Keep what persons are told; `by` is who caused it, "" for the platform."""
    for each in told:
        work.writer.insert(
            notification,
            person=each.person,
            procurement=procurement,
            kind=each.kind,
            task=each.task,
            subject=each.subject,
            by=by,
            at=at,
            read_at=None,
            mail_at=at if each.kind not in NEVER_MAILED else None,
            mail="",
        )


def arm(work: UnitOfWork, procurement: str, reminders: Iterable[Reminder]) -> None:
    """Keep reminders until their moments come."""
    for each in reminders:
        work.writer.insert(
            reminder,
            task=each.task,
            kind=each.kind,
            at=each.at,
            due_at=each.due_at,
            procurement=procurement,
        )


def due_reminders(connection: sa.Connection, now: datetime, limit: int) -> tuple[DueReminder, ...]:
    """Reminders whose moment has come, in order; those of a suspended procurement wait."""
    rows = connection.execute(_DUE, {"now": now, "count": limit})
    return tuple(DueReminder(row[0], row[1], Occasion(row[2]), row[3]) for row in rows)


def disarm(work: UnitOfWork, due: DueReminder) -> bool:
    """Take the reminder away; tells whether it was there, so that each strikes once."""
    key = {"task": due.task, "kind": due.kind, "due_at": due.due_at}
    if not work.connection.scalar(_ARMED, key):
        return False
    work.writer.delete(reminder, **key)
    return True


def is_told(connection: sa.Connection, kind: Occasion, subject: str) -> bool:
    """Whether anybody was told this of the subject before."""
    query = sa.select(sa.func.count()).where(
        notification.c.kind == kind, notification.c.subject == subject
    )
    return bool(connection.scalar(query))


def mark_read(
    work: UnitOfWork, person: str, at: datetime, keys: Collection[int] | None, up_to: int
) -> int:
    """Mark the person's unread notifications as read: these, or all up to an id; how many were."""
    chosen = notification.c.id <= up_to if keys is None else notification.c.id.in_(keys)
    statement = (
        sa.update(notification)
        .where(notification.c.person == person, notification.c.read_at.is_(None), chosen)
        .values(read_at=at)
    )
    return work.connection.execute(statement).rowcount
