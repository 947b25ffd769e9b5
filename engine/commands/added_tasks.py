"""Tasks and gatherings that the lead puts in beside the model: nothing waits for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from engine.commands.act import Act
from engine.commands.due import moment_to_come
from engine.commands.environment import Answer, Session, moment_text
from engine.commands.procurements import steer
from engine.errors import InvalidInputError, NotFoundError, TaskNotOpenError
from engine.model.events import AddedTaskWithdrawn, GatheringMoved, TaskAdded
from engine.model.records import ADDED_TASK, GATHERING, CommentRecord, TaskRecord
from engine.notifications.recipients import LEAD
from engine.store import added_tasks, records, tasks
from engine.store.added_tasks import AddedTaskRecord

LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class AddTask:
    """For one member, or for whoever holds the role. `due_at` is ISO 8601, Norwegian time where it
    names no zone; `comment` is one of the procurement that it is made of."""

    procurement: str
    name: str
    reason: str
    instructions: str = ""
    role: str = LEAD
    assignee: str = ""
    due_at: str = ""
    comment: str = ""


def add_task(command: AddTask, session: Session) -> Answer:
    act = steer_running(session, command.procurement, command.reason)
    if command.assignee:
        _require_members(act, [command.assignee])
    elif not _is_held(act, command.role):
        raise InvalidInputError(
            "Nobody in the team holds this role today. Choose another, or a member.",
            role=command.role,
            about="role-empty",
        )
    due = moment_to_come(act, command.due_at) if command.due_at else None
    role = _role_of(act, command.assignee, command.role)
    event = TaskAdded(
        task=uuid4().hex,
        process=act.version.definition.key,
        kind=ADDED_TASK,
        name=_named(command.name),
        instructions=command.instructions.strip(),
        role=role,
        assignee=command.assignee,
        phase=act.phase,
        due_at=moment_text(due),
        comment=_comment_or_none(act, command.comment),
    )
    act.record(event, task=event.task)
    return {"procurement": act.id, "task": event.task}


@dataclass(frozen=True, slots=True)
class CallGathering:
    """Members of the team meet. Both moments are ISO 8601, Norwegian time where they name no zone;
    `place` is a room or the address of a video meeting."""

    procurement: str
    name: str
    starts_at: str
    ends_at: str
    people: tuple[str, ...]
    reason: str
    place: str = ""
    instructions: str = ""
    comment: str = ""


def call_gathering(command: CallGathering, session: Session) -> Answer:
    """Whoever calls it holds it, and notes what came of it."""
    act = steer_running(session, command.procurement, command.reason)
    _require_members(act, command.people)
    starts, ends = _times(act, command.starts_at, command.ends_at)
    event = TaskAdded(
        task=uuid4().hex,
        process=act.version.definition.key,
        kind=GATHERING,
        name=_named(command.name),
        instructions=command.instructions.strip(),
        role=LEAD,
        assignee=session.actor.id,
        phase=act.phase,
        due_at=starts.isoformat(),
        comment=_comment_or_none(act, command.comment),
        starts_at=starts.isoformat(),
        ends_at=ends.isoformat(),
        place=command.place.strip(),
        people=_asked(command.people, session.actor.id),
    )
    act.record(event, task=event.task)
    return {"procurement": act.id, "task": event.task}


@dataclass(frozen=True, slots=True)
class MoveGathering:
    """Another time. Without `people` those come who were asked before, without `place` it is held
    where it was to be held."""

    procurement: str
    task: str
    starts_at: str
    ends_at: str
    people: tuple[str, ...]
    reason: str
    place: str = ""


def move_gathering(command: MoveGathering, session: Session) -> Answer:
    act = steer_running(session, command.procurement, command.reason)
    task, before = _open(act, command.task)
    if before.starts_at is None:
        raise NotFoundError("gathering", command.task)
    people = command.people or tuple(before.people)
    _require_members(act, people)
    starts, ends = _times(act, command.starts_at, command.ends_at)
    event = GatheringMoved(
        task.id,
        task.name,
        starts.isoformat(),
        ends.isoformat(),
        command.place.strip() or before.place,
        _asked(people, task.assignee),
    )
    act.record(event, task=task.id)
    return {"procurement": act.id, "task": task.id}


@dataclass(frozen=True, slots=True)
class WithdrawAddedTask:
    """It is not to be done after all, or not held."""

    procurement: str
    task: str
    reason: str


def withdraw_added_task(command: WithdrawAddedTask, session: Session) -> Answer:
    act = steer_running(session, command.procurement, command.reason)
    task, added = _open(act, command.task)
    people = [*added.people, *([task.assignee] if task.assignee else [])]
    event = AddedTaskWithdrawn(task.id, task.name, list(dict.fromkeys(people)))
    act.record(event, task=task.id)
    return {"procurement": act.id, "task": task.id}


def steer_running(session: Session, procurement: str, reason: str) -> Act:
    """For the lead, with a reason, while the procurement runs."""
    act = steer(session, procurement, reason)
    act.require_running()
    return act


def _open(act: Act, key: str) -> tuple[TaskRecord, AddedTaskRecord]:
    """Raises NotFoundError for a task that was not put in here, TaskNotOpenError for one done."""
    added = added_tasks.find(act.session.work.connection, key)
    if added is None or added.procurement != act.id:
        raise NotFoundError("added task", key)
    task = tasks.get(act.session.work.connection, key)
    if task.status != "open":
        raise TaskNotOpenError(
            f"«{task.name}» is {task.status} already.", task=key, status=task.status, name=task.name
        )
    return task, added


def _named(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInputError(
            f"Say what is to be done in 1 to {LONGEST_NAME} characters.",
            length=len(name),
            about="what-to-do",
            longest=LONGEST_NAME,
        )
    return name


def _asked(people: Iterable[str], holder: str) -> list[str]:
    return list(dict.fromkeys([*people, *([holder] if holder else [])]))


def _require_members(act: Act, people: Iterable[str]) -> None:
    """Each has a seat today that is not bound to one supplier."""
    today = act.session.today
    seated = {seat.person for seat in act.team if not seat.scope and seat.valid_on(today)}
    wanted = set(people)
    if not wanted or not wanted <= seated:
        raise InvalidInputError(
            "Choose members of the team; whoever is not in it must be added first.",
            persons=sorted(wanted - seated),
            about="members-only",
        )


def _is_held(act: Act, role: str) -> bool:
    today = act.session.today
    return any(seat.role == role and not seat.scope and seat.valid_on(today) for seat in act.team)


def _role_of(act: Act, assignee: str, role: str) -> str:
    """The role by which the member works: the one asked for where she or he holds it."""
    if not assignee:
        return role
    today = act.session.today
    held = [
        seat.role
        for seat in act.team
        if seat.person == assignee and not seat.scope and seat.valid_on(today)
    ]
    return role if role in held else held[0]


def common_comment(act: Act, key: str) -> CommentRecord:
    """Raises NotFoundError unless it is a comment of this procurement for the whole team, and
    stands."""
    found = records.find_comment(act.session.work.connection, act.id, key)
    if found is None or found.scope or found.withdrawn_at is not None:
        raise NotFoundError("comment", key)
    return found


def _comment_or_none(act: Act, key: str) -> str:
    return common_comment(act, key).id if key else ""


def _times(act: Act, starts_at: str, ends_at: str) -> tuple[datetime, datetime]:
    starts, ends = moment_to_come(act, starts_at), moment_to_come(act, ends_at)
    if ends <= starts:
        raise InvalidInputError(
            "It ends after it begins. Change one of the times.",
            ends_at=ends_at,
            about="ends-before",
        )
    return starts, ends
