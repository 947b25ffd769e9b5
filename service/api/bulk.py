"""One act on many tasks: all or nothing."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from engine.commands.bulk import (
    MOST,
    AssignTasks,
    ClaimTasks,
    CommentOnTasks,
    DelegateTasks,
    PutTasksBack,
    ReleaseTasks,
)
from engine.commands.bus import Command
from engine.commands.environment import Answer
from service.api.routing import ACT_PROBLEMS, RequestId, make_router
from service.api.shapes import Asked, Id, Prose, Reason, Told
from service.dependencies import Bus, Person

router = make_router("tasks")

Chosen = Annotated[list[Id], Field(min_length=1, max_length=MOST)]
Rehearse = Annotated[
    bool,
    Query(description="Answer what would happen, or why it would not, and change nothing."),
]


class ManyTasks(Asked):
    """The tasks, and why; the reason goes into the record of each."""

    tasks: Chosen
    reason: Reason = ""


class ManyTasksTo(ManyTasks):
    """The same, and whom they go to."""

    to: Id


class ManyComments(Asked):
    tasks: Chosen
    text: Annotated[Prose, Field(min_length=1)]


class Outcome(Told):
    """`outcome`: claimed, released, kept (yours already, or not yours), assigned, delegated,
    put-back or commented."""

    task: str
    procurement: str
    outcome: str


class Outcomes(Told):
    tasks: list[Outcome]


class FirstComment(Told):
    procurement: str
    comment: str


class Commented(Outcomes):
    """`first` is one of the comments: with `together` all of them are withdrawn by it."""

    first: FirstComment


@router.post("/bulk/claim", responses=ACT_PROBLEMS)
def claim_tasks(
    asked: ManyTasks, bus: Bus, person: Person, request: RequestId, rehearse: Rehearse = False
) -> Outcomes:
    """Take all of these tasks, or none: 409 `bulk-refused` names each that cannot be taken."""
    return _done(bus, ClaimTasks(tuple(asked.tasks), asked.reason), person, request, rehearse)


@router.post("/bulk/release", responses=ACT_PROBLEMS)
def release_tasks(
    asked: ManyTasks, bus: Bus, person: Person, request: RequestId, rehearse: Rehearse = False
) -> Outcomes:
    """Give back all of these tasks that you have taken; those you do not have stay as they are."""
    return _done(bus, ReleaseTasks(tuple(asked.tasks), asked.reason), person, request, rehearse)


@router.post("/bulk/assign", responses=ACT_PROBLEMS)
def assign_tasks(
    asked: ManyTasksTo, bus: Bus, person: Person, request: RequestId, rehearse: Rehearse = False
) -> Outcomes:
    """Let another in the role take all of these tasks over, or none."""
    command = AssignTasks(tuple(asked.tasks), asked.to, asked.reason)
    return _done(bus, command, person, request, rehearse)


@router.post("/bulk/delegate", responses=ACT_PROBLEMS)
def delegate_tasks(
    asked: ManyTasksTo, bus: Bus, person: Person, request: RequestId, rehearse: Rehearse = False
) -> Outcomes:
    """Let another member do the work of all of these tasks and give them back, or of none."""
    command = DelegateTasks(tuple(asked.tasks), asked.to, asked.reason)
    return _done(bus, command, person, request, rehearse)


@router.post("/bulk/put-back", responses=ACT_PROBLEMS)
def put_tasks_back(
    asked: ManyTasks, bus: Bus, person: Person, request: RequestId, rehearse: Rehearse = False
) -> Outcomes:
    """Undo that you assigned or delegated these tasks within the last hour, of all or of none: each
    goes back to whoever had it before, unless something was done with it since."""
    return _done(bus, PutTasksBack(tuple(asked.tasks), asked.reason), person, request, rehearse)


@router.post("/bulk/comment", responses=ACT_PROBLEMS)
def comment_on_tasks(
    asked: ManyComments, bus: Bus, person: Person, request: RequestId, rehearse: Rehearse = False
) -> Commented:
    """Put the same comment on all of these tasks, or on none."""
    command = CommentOnTasks(tuple(asked.tasks), asked.text)
    return Commented.model_validate(_answered(bus, command, person, request, rehearse))


def _done(bus: Bus, command: Command, person: Person, request: str, rehearse: bool) -> Outcomes:
    return Outcomes.model_validate(_answered(bus, command, person, request, rehearse))


def _answered(bus: Bus, command: Command, person: Person, request: str, rehearse: bool) -> Answer:
    if rehearse:
        return bus.rehearse(command, person.actor)
    return bus.handle(command, person.actor, request=request)
