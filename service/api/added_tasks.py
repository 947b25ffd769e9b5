"""Tasks and meetings of the team that the lead puts in beside the process."""

from typing import Annotated

from pydantic import Field, StringConstraints

from engine.commands.added_tasks import (
    LONGEST_NAME,
    AddTask,
    CallGathering,
    MoveGathering,
    WithdrawAddedTask,
)
from engine.commands.bus import Command
from engine.notifications.recipients import LEAD
from service.api.routing import ACT_PROBLEMS, RequestId, make_router
from service.api.shapes import (
    Asked,
    Id,
    IdInPath,
    IdOrNone,
    Line,
    Moment,
    Prose,
    Reason,
    Role,
    Told,
)
from service.dependencies import Bus, Person

router = make_router("tasks")
MOST_PEOPLE = 100
Name = Annotated[Line, Field(max_length=LONGEST_NAME)]
Place = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]


class AddedTask(Asked):
    """For one member (`assignee`), or for whoever holds the `role`. `comment` is the id of one that
    it is made of."""

    name: Name
    instructions: Prose = ""
    role: Role = LEAD
    assignee: IdOrNone = ""
    due_at: Moment | None = None
    comment: IdOrNone = ""

    def command(self, procurement: str, reason: str) -> Command:
        due = self.due_at.isoformat() if self.due_at else ""
        return AddTask(
            procurement,
            self.name,
            reason,
            self.instructions,
            self.role,
            self.assignee,
            due,
            self.comment,
        )


class GatheringTimes(Asked):
    """Norwegian time where no zone is named; `people` are members of the team. Without a place a
    meeting that is moved is held where it was to be held."""

    starts_at: Moment
    ends_at: Moment
    place: Place = ""
    people: Annotated[list[Id], Field(min_length=1, max_length=MOST_PEOPLE)]

    def move(self, procurement: str, task: str, reason: str) -> Command:
        return MoveGathering(
            procurement,
            task,
            self.starts_at.isoformat(),
            self.ends_at.isoformat(),
            tuple(self.people),
            reason,
            self.place,
        )


class Gathering(GatheringTimes):
    """A meeting of members of the team; whoever calls it notes what came of it."""

    name: Name
    instructions: Prose = ""
    comment: IdOrNone = ""

    def command(self, procurement: str, reason: str) -> Command:
        return CallGathering(
            procurement,
            self.name,
            self.starts_at.isoformat(),
            self.ends_at.isoformat(),
            tuple(self.people),
            reason,
            self.place,
            self.instructions,
            self.comment,
        )


class NewAddedTask(AddedTask):
    reason: Reason


class NewGathering(Gathering):
    reason: Reason


class MovedGathering(GatheringTimes):
    reason: Reason


class Withdrawal(Asked):
    reason: Reason


class AddedDone(Told):
    procurement: str
    task: str


@router.post("/procurements/{procurement}/tasks", status_code=201, responses=ACT_PROBLEMS)
def add(
    procurement: IdInPath, asked: NewAddedTask, bus: Bus, person: Person, request: RequestId
) -> AddedDone:
    """Add a task beside the process: nothing waits for it. For the lead."""
    return _done(bus, asked.command(procurement, asked.reason), person, request)


@router.post("/procurements/{procurement}/gatherings", status_code=201, responses=ACT_PROBLEMS)
def call(
    procurement: IdInPath, asked: NewGathering, bus: Bus, person: Person, request: RequestId
) -> AddedDone:
    """Call a meeting of members of the team, who get it into their calendars. For the lead."""
    return _done(bus, asked.command(procurement, asked.reason), person, request)


@router.post("/procurements/{procurement}/gatherings/{task}/move", responses=ACT_PROBLEMS)
def move(
    procurement: IdInPath,
    task: IdInPath,
    asked: MovedGathering,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> AddedDone:
    """Another time or place, and who is to come; the calendars are updated."""
    return _done(bus, asked.move(procurement, task, asked.reason), person, request)


@router.post("/procurements/{procurement}/tasks/{task}/withdraw", responses=ACT_PROBLEMS)
def withdraw(
    procurement: IdInPath,
    task: IdInPath,
    asked: Withdrawal,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> AddedDone:
    """Call off a task or meeting that was added."""
    return _done(bus, WithdrawAddedTask(procurement, task, asked.reason), person, request)


def _done(bus: Bus, command: Command, person: Person, request: str) -> AddedDone:
    return AddedDone.model_validate(bus.handle(command, person.actor, request=request))
