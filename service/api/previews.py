"""What an act of the lead would do, before it is done."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from engine.commands.bus import Command
from engine.commands.buyers import AddBuyer, RemoveBuyer
from engine.commands.due import MoveTaskDue
from engine.commands.procurements import (
    CancelProcurement,
    ResumeProcurement,
    Seat,
    SuspendProcurement,
)
from engine.commands.rewind import RewindProcurement
from engine.commands.team import AddMember, RemoveMember
from engine.queries.effects import effects_of
from engine.queries.view import see_procurement
from service.api.routing import ACT_PROBLEMS, make_router
from service.api.shapes import (
    Asked,
    Id,
    IdInPath,
    IdOrNone,
    KeyOrNone,
    Moment,
    Role,
    Task,
    Told,
    WhyOrNone,
)
from service.dependencies import Bus, Person, Reader

router = make_router("procurements")

NO_REASON = "–"  # a preview is not recorded, and what an act does never rests on its reason


class PreviewOf(Asked):
    """The act, by the last part of its address."""

    act: Literal["suspend", "resume", "cancel"]


class PreviewOfRewind(Asked):
    act: Literal["rewind"]
    to_seq: Annotated[int, Field(ge=1, le=2**31 - 1)]


class PreviewOfMember(Asked):
    act: Literal["add-member"]
    person: Id
    role: Role
    deputy_for: IdOrNone = ""
    supplier: KeyOrNone = ""
    valid_from: date | None = None
    valid_to: date | None = None


class PreviewOfRemoval(Asked):
    act: Literal["remove-member"]
    seat: Id


class PreviewOfBuyer(Asked):
    act: Literal["add-buyer", "remove-buyer"]
    organisation: Id


class PreviewOfDue(Asked):
    act: Literal["move-due"]
    task: Id
    due_at: Moment


Previewed = Annotated[
    PreviewOf
    | PreviewOfRewind
    | PreviewOfMember
    | PreviewOfRemoval
    | PreviewOfBuyer
    | PreviewOfDue,
    Field(discriminator="act"),
]


class DeadlineTold(Told):
    element: str
    due_at: datetime
    late: bool
    why: WhyOrNone


class MovedTask(Told):
    before: Task
    after: Task


class MovedDeadline(Told):
    before: DeadlineTold
    after: DeadlineTold


class SeatTold(Told):
    person: str
    name: str
    role: str
    deputy_for: str
    valid_from: date | None
    valid_to: date | None


class Hearing(Told):
    """Somebody who is told: by a letter, or by a notice of this `kind` about `subject`."""

    name: str
    kind: str
    subject: str


class EffectsTold(Told):
    """What would happen, as far as you may see it. `status` and `phase` are before and after, null
    where they stay; `stopped` are tasks that must wait, `vacant` roles that nobody would hold."""

    status: tuple[str, str] | None
    phase: tuple[str, str] | None
    closed: list[Task]
    opened: list[Task]
    moved: list[MovedTask]
    stopped: list[Task]
    resumed: list[Task]
    deadlines_gone: list[DeadlineTold]
    deadlines_new: list[DeadlineTold]
    deadlines_moved: list[MovedDeadline]
    deadlines_running: list[DeadlineTold]
    closed_waits: list[str]
    opened_waits: list[str]
    buyers_added: list[str]
    buyers_removed: list[str]
    seats_added: list[SeatTold]
    seats_removed: list[SeatTold]
    vacant: list[str]
    undone_forms: list[str]
    undone_decisions: list[str]
    told: list[Hearing]


@router.post("/procurements/{procurement}/preview", responses=ACT_PROBLEMS)
def preview(
    procurement: IdInPath, asked: Previewed, view: Reader, bus: Bus, person: Person
) -> EffectsTold:
    """What an act would do now; nothing is done. Refused as the act itself would be."""
    seen = see_procurement(view, procurement)
    found = bus.look_ahead(
        _command(procurement, asked),
        person.actor,
        lambda _answer, connection: effects_of(seen, connection),
    )
    return EffectsTold.model_validate(found)


def _command(key: str, asked: Previewed) -> Command:
    if isinstance(asked, PreviewOfRewind):
        return RewindProcurement(key, asked.to_seq, NO_REASON)
    if isinstance(asked, PreviewOfDue):
        return MoveTaskDue(asked.task, asked.due_at.isoformat(), NO_REASON, key)
    if isinstance(asked, PreviewOfBuyer):
        make = AddBuyer if asked.act == "add-buyer" else RemoveBuyer
        return make(key, asked.organisation, NO_REASON)
    if isinstance(asked, PreviewOfRemoval):
        return RemoveMember(key, asked.seat, NO_REASON)
    if isinstance(asked, PreviewOfMember):
        seat = Seat(
            asked.person,
            asked.role,
            asked.deputy_for,
            asked.supplier,
            asked.valid_from.isoformat() if asked.valid_from else "",
            asked.valid_to.isoformat() if asked.valid_to else "",
        )
        return AddMember(key, seat, NO_REASON)
    if asked.act == "resume":
        return ResumeProcurement(key, NO_REASON)
    if asked.act == "cancel":
        return CancelProcurement(key, NO_REASON)
    return SuspendProcurement(key, NO_REASON)
