"""One act on many tasks: all or nothing, one record each, one reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from engine.commands.act import Act
from engine.commands.assignment import assign
from engine.commands.comments import comment_on
from engine.commands.environment import Answer, Session
from engine.commands.putting_back import put_back
from engine.commands.tasks import claim, delegate, open_act, release
from engine.errors import BulkRefusedError, EngineError, InvalidInputError, NotFoundError
from engine.model.records import TaskRecord
from engine.store import tasks

MOST: Final = 200
OnTask = Callable[[Act, TaskRecord], str]
"""What is done with one task; the answer says in a word what came of it."""


@dataclass(frozen=True, slots=True)
class ClaimTasks:
    tasks: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseTasks:
    """Give back what one has taken."""

    tasks: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AssignTasks:
    """`to` takes all of them over."""

    tasks: tuple[str, ...]
    to: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DelegateTasks:
    """`to` does the work and gives each task back."""

    tasks: tuple[str, ...]
    to: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PutTasksBack:
    """Take back that one has handed them to another, a moment ago."""

    tasks: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CommentOnTasks:
    tasks: tuple[str, ...]
    text: str


def claim_tasks(command: ClaimTasks, session: Session) -> Answer:
    """Those the actor has already stay as they are."""

    def one(act: Act, task: TaskRecord) -> str:
        act.reason = command.reason
        return "claimed" if claim(act, task) else "kept"

    return _each(session, command.tasks, one)


def release_tasks(command: ReleaseTasks, session: Session) -> Answer:
    """Those that the actor does not have stay as they are."""

    def one(act: Act, task: TaskRecord) -> str:
        act.reason = command.reason
        return "released" if release(act, task) else "kept"

    return _each(session, command.tasks, one)


def assign_tasks(command: AssignTasks, session: Session) -> Answer:
    def one(act: Act, task: TaskRecord) -> str:
        assign(act, task, command.to, command.reason)
        return "assigned"

    return _each(session, command.tasks, one)


def delegate_tasks(command: DelegateTasks, session: Session) -> Answer:
    def one(act: Act, task: TaskRecord) -> str:
        delegate(act, task, command.to, command.reason)
        return "delegated"

    return _each(session, command.tasks, one)


def put_tasks_back(command: PutTasksBack, session: Session) -> Answer:
    def one(act: Act, task: TaskRecord) -> str:
        put_back(act, task, command.reason)
        return "put-back"

    return _each(session, command.tasks, one)


def comment_on_tasks(command: CommentOnTasks, session: Session) -> Answer:
    """`first` is the first comment with its procurement: they are taken back together."""
    first: list[tuple[str, str]] = []

    def one(act: Act, task: TaskRecord) -> str:
        first.append((act.id, comment_on(act, task, command.text)))
        return "commented"

    done = _each(session, command.tasks, one)
    procurement, comment = first[0]
    return {**done, "first": {"procurement": procurement, "comment": comment}}


def _each(session: Session, keys: tuple[str, ...], one: OnTask) -> Answer:
    """Do it with every task, or say of each that refuses why; the transaction then undoes the rest.

    Raises NotFoundError for a task that is not for the actor, BulkRefusedError for all others.
    """
    done, refused = [], []
    for key in _in_order_of_locks(session, keys):
        act, task = open_act(session, key)
        try:
            outcome = one(act, task)
        except NotFoundError:
            raise
        except EngineError as error:
            refused.append((key, task.name, error))
        else:
            done.append({"task": key, "procurement": act.id, "outcome": outcome})
    if refused:
        raise BulkRefusedError(len(done) + len(refused), refused)
    return {"tasks": done}


def _in_order_of_locks(session: Session, keys: tuple[str, ...]) -> list[str]:
    """Each task once, those of one procurement together, in the same order for everybody: two who
    act on the same tasks wait for each other and never lock each other out."""
    wanted = set(keys)
    if not 0 < len(wanted) <= MOST:
        raise InvalidInputError(
            f"Choose between 1 and {MOST} tasks; these are {len(wanted)}.",
            chosen=len(wanted),
            most=MOST,
            about="tasks-chosen",
        )
    of = tasks.procurements_of(session.work.connection, wanted)
    return sorted(wanted, key=lambda key: (of.get(key, ""), key))
