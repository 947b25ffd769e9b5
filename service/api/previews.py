"""What an act of the lead would do, before it is done."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from engine.commands.added_tasks import WithdrawAddedTask
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
from service.api.added_tasks import AddedTask, Gathering, GatheringTimes
from service.api.decisions import BesideDecision
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

    def previewed(self, key: str) -> Command:
        """The act itself, as it would be done."""
        make: Mapping[str, Callable[[str, str], Command]] = {
            "suspend": SuspendProcurement,
            "resume": ResumeProcurement,
            "cancel": CancelProcurement,
        }
        return make[self.act](key, NO_REASON)


class PreviewOfRewind(Asked):
    act: Literal["rewind"]
    to_seq: Annotated[int, Field(ge=1, le=2**31 - 1)]

    def previewed(self, key: str) -> Command:
        return RewindProcurement(key, self.to_seq, NO_REASON)


class PreviewOfMember(Asked):
    act: Literal["add-member"]
    person: Id
    role: Role
    deputy_for: IdOrNone = ""
    supplier: KeyOrNone = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def previewed(self, key: str) -> Command:
        seat = Seat(
            self.person,
            self.role,
            self.deputy_for,
            self.supplier,
            self.valid_from.isoformat() if self.valid_from else "",
            self.valid_to.isoformat() if self.valid_to else "",
        )
        return AddMember(key, seat, NO_REASON)


class PreviewOfRemoval(Asked):
    act: Literal["remove-member"]
    seat: Id

    def previewed(self, key: str) -> Command:
        return RemoveMember(key, self.seat, NO_REASON)


class PreviewOfBuyer(Asked):
    act: Literal["add-buyer", "remove-buyer"]
    organisation: Id

    def previewed(self, key: str) -> Command:
        make = AddBuyer if self.act == "add-buyer" else RemoveBuyer
        return make(key, self.organisation, NO_REASON)


class PreviewOfDue(Asked):
    act: Literal["move-due"]
    task: Id
    due_at: Moment

    def previewed(self, key: str) -> Command:
        return MoveTaskDue(self.task, self.due_at.isoformat(), NO_REASON, key)


class PreviewOfAddedTask(AddedTask):
    act: Literal["add-task"]

    def previewed(self, key: str) -> Command:
        return self.command(key, NO_REASON)


class PreviewOfDecision(BesideDecision):
    act: Literal["record-decision"]

    def previewed(self, key: str) -> Command:
        return self.command(key, NO_REASON)


class PreviewOfGathering(Gathering):
    act: Literal["add-gathering"]

    def previewed(self, key: str) -> Command:
        return self.command(key, NO_REASON)


class PreviewOfMove(GatheringTimes):
    act: Literal["move-gathering"]
    task: Id

    def previewed(self, key: str) -> Command:
        return self.move(key, self.task, NO_REASON)


class PreviewOfWithdrawal(Asked):
    act: Literal["withdraw-task"]
    task: Id

    def previewed(self, key: str) -> Command:
        return WithdrawAddedTask(key, self.task, NO_REASON)


Previewed = Annotated[
    PreviewOf
    | PreviewOfAddedTask
    | PreviewOfDecision
    | PreviewOfGathering
    | PreviewOfMove
    | PreviewOfWithdrawal
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
    where they stay; `stopped` are tasks that must wait, `vacant` roles that nobody would hold,
    `mailed` how many people from outside get a mail besides those who are `told`."""

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
    decided: list[str]
    told: list[Hearing]
    mailed: int


@router.post("/procurements/{procurement}/preview", responses=ACT_PROBLEMS)
def preview(
    procurement: IdInPath, asked: Previewed, view: Reader, bus: Bus, person: Person
) -> EffectsTold:
    """What an act would do now; nothing is done. Refused as the act itself would be."""
    seen = see_procurement(view, procurement)
    found = bus.look_ahead(
        asked.previewed(procurement),
        person.actor,
        lambda _answer, connection: effects_of(seen, connection),
    )
    return EffectsTold.model_validate(found)
