"""Procurements: the list, one with all that its page shows, starting one, and steering it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from engine.access.policy import Action
from engine.clock import OSLO
from engine.commands.bus import Command
from engine.commands.buyers import AddBuyer, RemoveBuyer
from engine.commands.choice import ChoiceMade
from engine.commands.incidents import RetryIncident
from engine.commands.messages import ReportMessage
from engine.commands.procurements import (
    CancelProcurement,
    ResumeProcurement,
    Seat,
    StartProcurement,
    SuspendProcurement,
)
from engine.commands.rewind import RewindProcurement
from engine.commands.team import AddMember, RemoveMember
from engine.queries.conversation import attachments_of, comments_of
from engine.queries.deployed import form_source
from engine.queries.happenings import happening_page
from engine.queries.people import organisations, persons_of, startable_organisations
from engine.queries.portfolio import PortfolioFilter, Sort, Standing, portfolio
from engine.queries.procurement import (
    next_reference,
    procurement_page,
)
from engine.queries.view import see_procurement
from service.api.conversation import attachments_told, comments_told, submission_told
from service.api.routing import ACT_PROBLEMS, AsOf, RequestId, make_router
from service.api.shapes import (
    Asked,
    Attachment,
    Check,
    Comment,
    Content,
    FormSource,
    Id,
    IdInPath,
    IdOrNone,
    Key,
    KeyOrNone,
    Line,
    Names,
    ProcurementDone,
    Reason,
    Reasoned,
    Role,
    Submission,
    Task,
    Told,
    WhyOrNone,
)
from service.dependencies import Bus, Person, Reader
from service.questions import clean_answers

router = make_router("procurements")


class ProcurementLine(Told):
    id: str
    reference: str
    title: str
    organisation: str
    process_name: str
    status: str
    phase: str
    open_tasks: int
    late_tasks: int
    next_due: datetime | None
    created_at: datetime


class Phase(Told):
    """`state` is done, now or ahead."""

    id: str
    name: str
    state: str


class SeatTold(Told):
    """A place in the team. `deputy_for` is a name; `supplier` the key a seat is bound to."""

    id: str
    person: str
    name: str
    role: str
    deputy_for: str
    supplier: str
    valid_from: date | None
    valid_to: date | None


class Supplier(Told):
    key: str
    name: str
    status: str
    reason: str


class Decision(Told):
    """A decision with its checks as they stood then; `undone` when a rewind set it aside. One
    beside the process has no `decision` or `option`: `element` says what was decided, and `comment`
    what it was made of."""

    id: str
    decision: str
    element: str
    option: str
    opens: bool
    reason: str
    by: list[str]
    checks: list[Check]
    supplier: str
    at: datetime
    seq: int
    undone: bool
    comment: Comment | None


class Deadline(Told):
    """A moment the process waits for."""

    id: str
    element: str
    due_at: datetime
    late: bool
    why: WhyOrNone


class Happening(Told):
    """What you can report now; `wait` tells branches of the same message apart."""

    wait: str
    message: str
    title: str
    supplier: str
    has_form: bool


class HappeningDetail(Told):
    """The form that reports a happening."""

    procurement: str
    wait: str
    message: str
    title: str
    supplier: str
    form: FormSource | None


class Incident(Told):
    """Something automatic that failed and needs the lead."""

    id: str
    element: str
    problem: str
    explanation: str


class RowTold(Told):
    """`amount` in `unit`; money in øre without VAT."""

    amount: int
    unit: str
    valid_from: date
    valid_to: date | None
    citation: str


class RuleChangeTold(Told):
    """A rule that is another today than for this procurement, which keeps `before`."""

    rule_id: str
    before: RowTold | None
    after: RowTold | None


class ProcurementDetail(Told):
    """A procurement as far as the reader may see it. `together_with` are the other buyers of a
    joint one, which `organisation` leads. `model_of` is the organisation whose model it runs on, ""
    where it is its own. `active` counts tokens by process and element;
    `waiting_for` are the names or roles that have the ball. `as_of` is the moment shown, null for
    how it stands now."""

    id: str
    reference: str
    title: str
    organisation: str
    together_with: list[str]
    procedure: str
    status: str
    outcome: str
    phase: str
    process: str
    process_name: str
    digest: str
    version: int
    model_of: str
    created_at: datetime
    rules_at: str
    rule_set: str
    rule_changes: list[RuleChangeTold]
    phases: list[Phase]
    open_tasks: list[Task]
    done_tasks: list[Task]
    waiting_for: list[str]
    late: int
    team: list[SeatTold]
    suppliers: list[Supplier]
    decisions: list[Decision]
    submissions: list[Submission]
    deadlines: list[Deadline]
    happenings: list[Happening]
    incidents: list[Incident]
    comments: list[Comment]
    attachments: list[Attachment]
    active: Mapping[str, Mapping[str, int]]
    my_roles: Names
    as_of: datetime | None
    may_steer: bool
    may_comment: bool


class Organisation(Told):
    id: str
    name: str


class Candidate(Told):
    """A person who can be given a seat."""

    id: str
    name: str
    organisation: str
    organisation_name: str
    roles: list[str]


class Starting(Told):
    """Where you may start procurements, whom you can seat, and the next free reference; `buyers`
    are all organisations here, for joint procurements."""

    organisations: list[Organisation]
    buyers: list[Organisation]
    persons: list[Candidate]
    next_reference: str


class NewBuyer(Reasoned):
    organisation: Id


class NewSeat(Asked):
    """A place in the team; a deputy names for whom, a supplier's seat names the supplier."""

    person: Id
    role: Role
    deputy_for: IdOrNone = ""
    supplier: KeyOrNone = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def seat(self) -> Seat:
        return Seat(
            self.person,
            self.role,
            self.deputy_for,
            self.supplier,
            self.valid_from.isoformat() if self.valid_from else "",
            self.valid_to.isoformat() if self.valid_to else "",
        )


class NewMember(NewSeat):
    reason: Reason = ""


class NewChoice(Asked):
    """A choice of procedure that the forms F-04 and F-09 begin with: `answers` as for
    `POST /choice`, the procedure that was chosen, and the reason as it was edited."""

    answers: Content
    procedure: Key
    reason: Reason = ""

    def made(self) -> ChoiceMade:
        """Raises `InvalidSubmissionError`."""
        return ChoiceMade(clean_answers(self.answers), self.procedure, self.reason)


class NewProcurement(Asked):
    """Whoever starts it leads it, unless the team names a lead."""

    process: Key
    title: Line
    reference: Annotated[Line, Field(max_length=120, description="For instance 2026/114.")]
    organisation: Id
    team: Annotated[tuple[NewSeat, ...], Field(max_length=200)] = ()
    joint_with: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    digest: Annotated[
        IdOrNone, Field(description="A version of the process; the newest when empty.")
    ] = ""
    choice: NewChoice | None = None


class Started(ProcurementDone):
    reference: str


class Report(Asked):
    """A message to the place `wait`, or to the only one that waits for it."""

    message: Key
    wait: IdOrNone = ""
    submission: Content = Field(default_factory=dict)
    reason: Reason = ""


class Reported(ProcurementDone):
    submission: str


class Rewind(Asked):
    """Back to right before entry `to_seq` of the record."""

    to_seq: Annotated[int, Field(ge=1, le=2**31 - 1)]
    reason: Reason = ""


class Rewound(ProcurementDone):
    """`undone` counts the forms and decisions that no longer count."""

    undone: int


class Seated(ProcurementDone):
    member: str


@router.get("/procurements")
def list_procurements(
    view: Reader, limit: Annotated[int, Query(ge=1, le=200)] = 200
) -> list[ProcurementLine]:
    """Procurements you may see, the newest first; `GET /portfolio` narrows and orders them."""
    found = portfolio(view, PortfolioFilter(Standing.ALL), Sort.NEWEST, limit=limit).rows
    return [ProcurementLine.model_validate(row) for row in found]


@router.post("/procurements", status_code=201, responses=ACT_PROBLEMS)
def start(asked: NewProcurement, bus: Bus, person: Person, request: RequestId) -> Started:
    """Start a procurement with its team."""
    command = StartProcurement(
        process=asked.process,
        title=asked.title,
        organisation=asked.organisation,
        reference=asked.reference,
        team=tuple(each.seat() for each in asked.team),
        joint_with=asked.joint_with,
        digest=asked.digest,
        choice=asked.choice.made() if asked.choice else None,
    )
    return Started.model_validate(bus.handle(command, person.actor, request=request))


@router.get("/starting")
def show_starting(view: Reader) -> Starting:
    """What is needed to start one; `GET /processes` tells which processes can be started."""
    mine = startable_organisations(view)
    ids = frozenset(each.id for each in mine)
    return Starting(
        organisations=[Organisation.model_validate(each) for each in mine],
        buyers=[Organisation.model_validate(each) for each in organisations(view.connection)],
        persons=[Candidate.model_validate(each) for each in persons_of(view, ids)],
        next_reference=next_reference(view, view.now.astimezone(OSLO).year),
    )


@router.get("/procurements/{procurement}")
def show_procurement(procurement: IdInPath, view: Reader, as_of: AsOf = None) -> ProcurementDetail:
    """Where it stands, who has the ball, by when and why, what was decided, what may be done."""
    page = procurement_page(view, procurement, as_of)
    overview, head = page.overview, page.overview.head
    balls = (ball.name or ball.role for ball in overview.balls)
    told: dict[str, Any] = {
        **{name: getattr(head, name) for name in head.__slots__},
        **{name: getattr(overview, name) for name in overview.__slots__ if name != "head"},
        **{name: getattr(page, name) for name in page.__slots__ if name != "overview"},
        "active": overview.where.active,
        "waiting_for": list(dict.fromkeys(balls)),
        "submissions": [submission_told(each, head.my_roles) for each in page.submissions],
    }
    return ProcurementDetail.model_validate(told)


@router.get("/procurements/{procurement}/comments")
def list_comments(procurement: IdInPath, view: Reader) -> list[Comment]:
    """Comments on the procurement as a whole, oldest first."""
    seen = see_procurement(view, procurement)
    return comments_told(comments_of(seen, "", seen.target()))


@router.get("/procurements/{procurement}/attachments")
def list_attachments(procurement: IdInPath, view: Reader) -> list[Attachment]:
    """Files of the procurement as a whole, oldest first."""
    seen = see_procurement(view, procurement)
    return attachments_told(attachments_of(seen, "", seen.target()))


@router.get("/procurements/{procurement}/candidates")
def list_candidates(procurement: IdInPath, view: Reader) -> list[Candidate]:
    """Persons who can be given a seat in the team; nobody for those who do not steer it."""
    seen = see_procurement(view, procurement)
    if not seen.may(Action.STEER, seen.target()):
        return []
    found = persons_of(view, seen.parties | {seen.row.organisation})
    return [Candidate.model_validate(each) for each in found]


@router.get("/procurements/{procurement}/happenings/{wait}")
def show_happening(procurement: IdInPath, wait: IdInPath, view: Reader) -> HappeningDetail:
    """A happening that you can report now, with its form."""
    page = happening_page(view, procurement, wait)
    source = form_source(view, procurement, page.form) if page.form else None
    return HappeningDetail(
        procurement=procurement,
        wait=page.wait,
        message=page.message,
        title=page.title,
        supplier=page.supplier,
        form=FormSource.model_validate(source) if source else None,
    )


@router.post("/procurements/{procurement}/messages", responses=ACT_PROBLEMS)
def report(
    procurement: IdInPath, asked: Report, bus: Bus, person: Person, request: RequestId
) -> Reported:
    """Report what happened: a withdrawal, a complaint, an amended deadline."""
    command = ReportMessage(procurement, asked.message, asked.submission, asked.wait, asked.reason)
    return Reported.model_validate(bus.handle(command, person.actor, request=request))


@router.post("/procurements/{procurement}/suspend", responses=ACT_PROBLEMS)
def suspend(
    procurement: IdInPath, asked: Reasoned, bus: Bus, person: Person, request: RequestId
) -> ProcurementDone:
    """Let nothing be done until it is resumed. Legal periods run on."""
    return _done(bus, SuspendProcurement(procurement, asked.reason), person, request)


@router.post("/procurements/{procurement}/resume", responses=ACT_PROBLEMS)
def resume(
    procurement: IdInPath, asked: Reasoned, bus: Bus, person: Person, request: RequestId
) -> ProcurementDone:
    """Take a suspended procurement up again."""
    return _done(bus, ResumeProcurement(procurement, asked.reason), person, request)


@router.post("/procurements/{procurement}/cancel", responses=ACT_PROBLEMS)
def cancel(
    procurement: IdInPath, asked: Reasoned, bus: Bus, person: Person, request: RequestId
) -> ProcurementDone:
    """Break off where the process has no cancellation of its own; else report that happening."""
    return _done(bus, CancelProcurement(procurement, asked.reason), person, request)


@router.post("/procurements/{procurement}/rewind", responses=ACT_PROBLEMS)
def rewind(
    procurement: IdInPath, asked: Rewind, bus: Bus, person: Person, request: RequestId
) -> Rewound:
    """Go back to an earlier point. What was done since stays on record and no longer counts."""
    command = RewindProcurement(procurement, asked.to_seq, asked.reason)
    return Rewound.model_validate(bus.handle(command, person.actor, request=request))


@router.post("/procurements/{procurement}/incidents/{incident}/retry", responses=ACT_PROBLEMS)
def retry(
    procurement: IdInPath, incident: IdInPath, bus: Bus, person: Person, request: RequestId
) -> ProcurementDone:
    """Try again what failed by itself."""
    return _done(bus, RetryIncident(procurement, incident), person, request)


@router.post("/procurements/{procurement}/team", status_code=201, responses=ACT_PROBLEMS)
def add_member(
    procurement: IdInPath, asked: NewMember, bus: Bus, person: Person, request: RequestId
) -> Seated:
    """Give a person a seat in the team."""
    command = AddMember(procurement, asked.seat(), asked.reason)
    return Seated.model_validate(bus.handle(command, person.actor, request=request))


@router.post("/procurements/{procurement}/team/{seat}/remove", responses=ACT_PROBLEMS)
def remove_member(
    procurement: IdInPath,
    seat: IdInPath,
    asked: Reasoned,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """Take a seat away; what the person had taken goes back to the role."""
    return _done(bus, RemoveMember(procurement, seat, asked.reason), person, request)


@router.post("/procurements/{procurement}/buyers", status_code=201, responses=ACT_PROBLEMS)
def add_buyer(
    procurement: IdInPath, asked: NewBuyer, bus: Bus, person: Person, request: RequestId
) -> ProcurementDone:
    """Let another organisation buy together; its people may be given seats from now on."""
    command = AddBuyer(procurement, asked.organisation, asked.reason)
    return _done(bus, command, person, request)


@router.post("/procurements/{procurement}/buyers/{organisation}/remove", responses=ACT_PROBLEMS)
def remove_buyer(
    procurement: IdInPath,
    organisation: IdInPath,
    asked: Reasoned,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """Let it take part no more, once none of its people has a seat."""
    return _done(bus, RemoveBuyer(procurement, organisation, asked.reason), person, request)


def _done(bus: Bus, command: Command, person: Person, request: str) -> ProcurementDone:
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))
