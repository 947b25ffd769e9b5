"""When a task is due, moved by whoever steers; never a date that the law sets."""

from dataclasses import dataclass
from datetime import datetime

from engine.access.policy import Action
from engine.clock import utc
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.tasks import open_act, require_waiting, target_of
from engine.errors import InvalidInputError, NotFoundError, ReasonMissingError, RejectedError
from engine.model.events import TaskDueMoved
from engine.model.records import TaskRecord


@dataclass(frozen=True, slots=True)
class MoveTaskDue:
    """`due_at` is ISO 8601; one that names no time zone is Norwegian time. The task must be in
    `procurement`, where that is said."""

    task: str
    due_at: str
    reason: str
    procurement: str = ""


def move_task_due(command: MoveTaskDue, session: Session) -> Answer:
    """Raises RejectedError for a date that the law sets: an amendment moves that, with its notice,
    its letters and its minimum."""
    act, task = open_act(session, command.task)
    act.allow(Action.STEER, target_of(act, task), kind="task", key=task.id)
    if command.procurement not in ("", act.id):
        raise NotFoundError("task", task.id)
    require_waiting(act, task)
    if not command.reason.strip():
        raise ReasonMissingError(
            "This needs a written reason: it goes into the record.", task=task.id
        )
    _require_own_date(task)
    due = _moment(act, command.due_at, task)
    act.reason = command.reason
    act.record(_moved(task, due), task=task.id, element=task.element)
    return {"task": task.id, "due_at": due.isoformat()}


def _moved(task: TaskRecord, due: datetime) -> TaskDueMoved:
    return TaskDueMoved(
        task=task.id,
        due_at=due.isoformat(),
        due_why={},
        was=task.due_at.isoformat() if task.due_at else "",
        role=task.candidate,
        scope=task.scope,
        holders=[each for each in (task.assignee, task.owner) if each],
    )


def _require_own_date(task: TaskRecord) -> None:
    if task.due_why:
        raise RejectedError(
            f"The law says when «{task.name}» is due ({task.due_why.get('citation', '')}); nobody"
            " moves that by hand. If a period is to be longer, report the amendment: the process"
            " then computes it again and tells those who must know.",
            task=task.id,
            name=task.name,
            about="due-by-law",
            citation=task.due_why.get("citation", ""),
        )


def moment_to_come(act: Act, written: str) -> datetime:
    """The moment in UTC; raises InvalidInputError unless it is one to come."""
    try:
        moment = utc(datetime.fromisoformat(written.strip()))
    except (ValueError, OverflowError) as error:
        raise InvalidInputError(
            f"{written!r} is no date and time. Write it as 2026-11-24T12:00.",
            moment=written,
            about="no-moment",
        ) from error
    if moment <= act.now:
        raise InvalidInputError(
            "That moment is past. Choose one to come.", moment=written, about="moment-past"
        )
    return moment


def _moment(act: Act, written: str, task: TaskRecord) -> datetime:
    """The moment in UTC; raises InvalidInputError unless it is one to come, and another."""
    due = moment_to_come(act, written)
    if due == task.due_at:
        raise InvalidInputError(
            f"«{task.name}» is due then already. Choose another moment.",
            due_at=written,
            about="due-already",
            task_name=task.name,
        )
    return due
