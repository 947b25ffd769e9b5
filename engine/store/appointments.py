"""Due dates in the calendars of those who have the tasks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from engine.store.schema import appointment, appointment_look
from engine.store.unit_of_work import UnitOfWork

_LOOKS: Final = (
    sa.select(appointment_look.c.id, appointment_look.c.task)
    .order_by(appointment_look.c.id)
    .limit(sa.bindparam("count"))
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Appointment:
    """What one person's calendar was told of one task's due date; `active` until it is taken out.
    `sequence` grows with each message; `mail` is the newest. `version` is that of the gathering
    that was told, 0 for a mere due date."""

    task: str
    person: str
    due_at: datetime
    sequence: int
    active: bool
    mail: str
    version: int = 0


def look_at(work: UnitOfWork, task: str) -> None:
    """Let the task's appointments be looked at after this transaction."""
    work.writer.insert(appointment_look, task=task)


def looks(work: UnitOfWork, limit: int) -> list[str]:
    """Tasks to look at, each once; they are taken off the list."""
    rows = work.connection.execute(_LOOKS, {"count": limit}).all()
    for row in rows:
        work.writer.delete(appointment_look, id=row.id)
    return list(dict.fromkeys(row.task for row in rows))


def of_task(connection: sa.Connection, task: str) -> dict[str, Appointment]:
    """By person."""
    columns = [appointment.c[name] for name in Appointment.__slots__]
    query = sa.select(*columns).where(appointment.c.task == task)
    return {row.person: Appointment(*row) for row in connection.execute(query)}


def of_mail(connection: sa.Connection, mail: str) -> Appointment | None:
    """What this mail tells; None when a newer one tells it otherwise."""
    columns = [appointment.c[name] for name in Appointment.__slots__]
    row = connection.execute(sa.select(*columns).where(appointment.c.mail == mail)).one_or_none()
    return None if row is None else Appointment(*row)


def keep(work: UnitOfWork, changed: Appointment) -> None:
    work.writer.delete(appointment, task=changed.task, person=changed.person)
    work.writer.insert(
        appointment, **{name: getattr(changed, name) for name in Appointment.__slots__}
    )
