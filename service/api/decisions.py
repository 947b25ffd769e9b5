"""What the lead decides beside the process."""

from typing import Annotated

from pydantic import Field

from engine.commands.bus import Command
from engine.commands.recorded_decisions import LONGEST, RecordDecision
from service.api.routing import ACT_PROBLEMS, RequestId, make_router
from service.api.shapes import Asked, IdInPath, IdOrNone, Line, Reason, Told
from service.dependencies import Bus, Person

router = make_router("procurements")


class BesideDecision(Asked):
    """`name` says what was decided; `comment` is the id of one that it is made of."""

    name: Annotated[Line, Field(max_length=LONGEST)]
    comment: IdOrNone = ""

    def command(self, procurement: str, reason: str) -> Command:
        return RecordDecision(procurement, self.name, reason, self.comment)


class NewDecision(BesideDecision):
    reason: Reason


class DecisionDone(Told):
    procurement: str
    decision: str


@router.post("/procurements/{procurement}/decisions", status_code=201, responses=ACT_PROBLEMS)
def record(
    procurement: IdInPath, asked: NewDecision, bus: Bus, person: Person, request: RequestId
) -> DecisionDone:
    """Record a decision beside the process: it opens nothing, and no check rests on it. For the
    lead."""
    command = asked.command(procurement, asked.reason)
    return DecisionDone.model_validate(bus.handle(command, person.actor, request=request))
