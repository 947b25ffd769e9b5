"""What a person does with what he or she is told, and reminders that the clock brings."""

from dataclasses import dataclass
from datetime import datetime

from engine.access.policy import Action
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.mails import require_own
from engine.model.notifications import DueReminder, Occasion
from engine.model.records import TaskRecord
from engine.notifications.recipients import reminded
from engine.store import notifications, tasks


@dataclass(frozen=True, slots=True)
class MarkRead:
    """One's own notifications `keys`, or all up to the id `up_to` where `keys` is None."""

    keys: tuple[int, ...] | None = None
    up_to: int = 0


def mark_read(command: MarkRead, session: Session) -> Answer:
    """Only one's own, and on nobody's record."""
    require_own(session)
    person = session.actor.id
    return {
        "read": notifications.mark_read(
            session.work, person, session.now, command.keys, command.up_to
        )
    }


@dataclass(frozen=True, slots=True)
class Remind:
    """Remind those who have `task` that it is due soon, or overdue."""

    procurement: str
    task: str
    kind: Occasion
    due_at: datetime


def remind(command: Remind, session: Session) -> Answer:
    """Once for each due date, and only if the task still waits and its due date is this one."""
    act = Act.open(session, command.procurement)
    act.allow(Action.FIRE, act.target(), kind="procurement", key=act.id)
    due = DueReminder(act.id, command.task, command.kind, command.due_at)
    if not notifications.disarm(session.work, due):
        return {"told": 0}
    task = tasks.get(session.work.connection, command.task)
    told = reminded(task, command.kind, act.around()) if _still_waits(act, task, command) else ()
    notifications.tell(session.work, act.id, told, by="", at=session.now)
    return {"told": len(told)}


def _still_waits(act: Act, task: TaskRecord, command: Remind) -> bool:
    """A reminder that it is due soon says nothing any more once it is overdue."""
    waits = task.status in ("open", "approval") and act.procurement.status == "running"
    is_past = command.due_at <= act.now
    return waits and task.due_at == command.due_at and is_past == (command.kind is Occasion.OVERDUE)
