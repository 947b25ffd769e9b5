"""What the clock and the outbox have to do next."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.model.notifications import DueReminder
from engine.model.records import LetterRecord
from engine.store import notifications, records, usage
from engine.store.schema import procurement, timer


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


def uncounted(connection: sa.Connection, limit: int) -> tuple[str, ...]:
    """Procurements whose record has grown since it was counted for figures."""
    return tuple(usage.uncounted(connection, limit))
