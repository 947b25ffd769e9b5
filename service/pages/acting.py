"""The lead's acts on a procurement: each is looked over before it is done, and says why."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.access.policy import Action
from engine.commands.added_tasks import (
    AddTask,
    CallGathering,
    MoveGathering,
    WithdrawAddedTask,
)
from engine.commands.bus import Command, CommandBus
from engine.commands.buyers import AddBuyer, RemoveBuyer
from engine.commands.due import MoveTaskDue
from engine.commands.procurements import (
    CancelProcurement,
    ResumeProcurement,
    Seat,
    SuspendProcurement,
)
from engine.commands.recorded_decisions import RecordDecision
from engine.commands.rewind import RewindProcurement
from engine.commands.team import AddMember, RemoveMember
from engine.errors import EngineError, ForbiddenError, InvalidInputError, NotFoundError
from engine.model.records import ADDED_KINDS, GATHERING
from engine.notifications.recipients import LEAD
from engine.queries.conversation import CommentView, find_comment
from engine.queries.definitions import roles_of
from engine.queries.effects import Effects, effects_of
from engine.queries.happenings import HappeningView, happenings_of
from engine.queries.head import Head, head_of
from engine.queries.overview import OPEN, DeadlineView, deadlines_of, visible_tasks
from engine.queries.people import OrganisationCard, PersonCard, organisations, persons_of
from engine.queries.record import Point, points_of
from engine.queries.team import SeatView, seats_of
from engine.queries.view import Seen, see_procurement
from engine.queries.worklist import TaskRow
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.pages.lacking import Faults, lacking
from service.pages.posting import NOTHING_SENT, Posted, Sent
from service.pages.rendering import go
from service.pages.visit import Here, Visit

router = APIRouter(include_in_schema=False)

Make = Callable[[str, Posted, str], Command]
"""The command from the procurement's id, what was sent, and the reason."""

AMENDMENT: Final = "amendment"
"""The form of the happening that changes a running competition, its periods among it."""

REASON: Final = {"_reason": "reason.record"}
ANY_REASON: Final = (
    "–"  # a rehearsal is not recorded, and what an act does never rests on its reason
)


@dataclass(frozen=True, slots=True)
class Act:
    """`fields` must be filled in before anything can be looked over: the key of each one's label,
    in the order of the form. `tab` is where one comes from and goes back to; `danger` marks what
    cannot be taken back."""

    make: Make
    fields: Mapping[str, str] = field(default_factory=dict)
    tab: str = ""
    danger: bool = False


def _rewind(key: str, sent: Posted, reason: str) -> Command:
    if not sent["to"].isdecimal():
        raise InvalidInputError("Choose the point to go back to.", to=sent["to"], about="no-point")
    return RewindProcurement(key, int(sent["to"]), reason)


def _add_member(key: str, sent: Posted, reason: str) -> Command:
    seat = Seat(
        sent["person"],
        sent["role"],
        sent["deputy_for"],
        valid_from=sent["valid_from"],
        valid_to=sent["valid_to"],
    )
    return AddMember(key, seat, reason)


def _add_task(key: str, sent: Posted, reason: str) -> Command:
    return AddTask(
        key,
        sent["name"],
        reason,
        sent["instructions"],
        sent["role"] or LEAD,
        sent["person"],
        sent["due_at"],
        sent["comment"],
    )


def _call_gathering(key: str, sent: Posted, reason: str) -> Command:
    return CallGathering(
        key,
        sent["name"],
        sent["starts_at"],
        sent["ends_at"],
        sent.every("people"),
        reason,
        sent["place"],
        sent["instructions"],
        sent["comment"],
    )


def _move_gathering(key: str, sent: Posted, reason: str) -> Command:
    return MoveGathering(
        key,
        sent["task"],
        sent["starts_at"],
        sent["ends_at"],
        sent.every("people"),
        reason,
        sent["place"],
    )


TIMES: Final = {"starts_at": "gathering.starts", "ends_at": "gathering.ends"}

ACTS: Final[Mapping[str, Act]] = {
    "suspend": Act(lambda key, _sent, reason: SuspendProcurement(key, reason)),
    "resume": Act(lambda key, _sent, reason: ResumeProcurement(key, reason)),
    "cancel": Act(lambda key, _sent, reason: CancelProcurement(key, reason), danger=True),
    "rewind": Act(_rewind, {"to": "rewind.to"}, danger=True),
    "move-due": Act(
        lambda key, sent, reason: MoveTaskDue(sent["task"], sent["due_at"], reason, key),
        {"task": "task", "due_at": "due.new"},
    ),
    "add-task": Act(_add_task, {"name": "added.name"}),
    "add-gathering": Act(
        _call_gathering, {"name": "gathering.name", **TIMES, "people": "gathering.people"}
    ),
    "record-decision": Act(
        lambda key, sent, reason: RecordDecision(key, sent["name"], reason, sent["comment"]),
        {"name": "decided.name"},
        "/decisions",
    ),
    "move-gathering": Act(_move_gathering, {"task": "gathering", **TIMES}),
    "withdraw-task": Act(
        lambda key, sent, reason: WithdrawAddedTask(key, sent["task"], reason),
        {"task": "task"},
        danger=True,
    ),
    "add-member": Act(_add_member, {"person": "person", "role": "role"}, "/team"),
    "add-buyer": Act(
        lambda key, sent, reason: AddBuyer(key, sent["organisation"], reason),
        {"organisation": "organisation"},
        "/team",
    ),
    "remove-buyer": Act(
        lambda key, sent, reason: RemoveBuyer(key, sent["organisation"], reason),
        {"organisation": "organisation"},
        "/team",
    ),
    "remove-member": Act(
        lambda key, sent, reason: RemoveMember(key, sent["member"], reason),
        {"member": "person"},
        "/team",
        danger=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the fields of the acts choose from; `members` are id and name of who is in the team in
    her or his own right; `buyers` are those that buy together with the lead, `others` those that
    could; `tasks` are those whose date a person may set, and `deadlines` what the
    process waits for, which only an amendment among `happenings` moves."""

    points: tuple[Point, ...]
    seats: tuple[SeatView, ...]
    members: tuple[tuple[str, str], ...]
    persons: tuple[PersonCard, ...]
    buyers: tuple[OrganisationCard, ...]
    others: tuple[OrganisationCard, ...]
    roles: tuple[str, ...]
    tasks: tuple[TaskRow, ...]
    deadlines: tuple[DeadlineView, ...]
    happenings: tuple[HappeningView, ...]
    added: tuple[TaskRow, ...]
    comment: CommentView | None


OFFERED: Final[Mapping[str, Callable[[Choices], Collection[object]]]] = {
    "rewind": lambda choices: choices.points,
    "move-gathering": lambda choices: [row for row in choices.added if row.kind == GATHERING],
    "withdraw-task": lambda choices: choices.added,
    "add-buyer": lambda choices: choices.others,
    "remove-buyer": lambda choices: choices.buyers,
}
"""What an act must have to be done with, where a procurement may have nothing of the kind."""


@dataclass(frozen=True, slots=True)
class ActPage:
    """`effects` is None until what is needed has been filled in; `seal` names them, so that nothing
    else is done than what was looked over. `instead` is the happening to report instead."""

    head: Head
    act: str
    rule: Act
    choices: Choices
    sent: defaultdict[str, str]
    people: tuple[str, ...]
    reason: str
    effects: Effects | None
    seal: str
    changed: bool
    instead: HappeningView | None
    faults: Faults
    problem: Explanation | None

    @property
    def address(self) -> str:
        return f"/procurements/{self.head.id}"

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to do this with."""
        offered = OFFERED.get(self.act)
        return offered is not None and not offered(self.choices)


@router.get("/procurements/{key}/acts/{act}")
def prepare(key: str, act: str, here: Here, bus: Bus) -> HTMLResponse:
    """What is asked for; where nothing is, what would happen."""
    asked = tuple(here.request.query_params.multi_items())
    return _show(here, bus, key, act, replace(NOTHING_SENT, pairs=asked))


@router.post("/procurements/{key}/acts/{act}")
def look_over_or_do(key: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """Look over what was filled in; do it when what would happen is what was looked over."""
    if sent.action != "do":
        return _show(here, bus, key, act, sent)
    rule, seen = _rule(act), _steered(here, key)
    reason = sent["_reason"].strip()
    if lacking({**rule.fields, **REASON}, sent, here.text):
        return _show(here, bus, key, act, sent)
    try:
        effects = _look_ahead(bus, here, seen, rule, sent)
        if _seal(effects) != sent["_seal"]:
            return _show(here, bus, key, act, sent, changed=True)
        bus.handle(rule.make(key, sent, reason), here.person.actor, request=sent.request)
    except EngineError as error:
        return _show(here, bus, key, act, sent, error)
    return go(f"/procurements/{key}{rule.tab}", done=act)


def _rule(act: str) -> Act:
    if act not in ACTS:
        raise NotFoundError("page", act)
    return ACTS[act]


def _steered(here: Visit, key: str) -> Seen:
    """The procurement, for those who steer it; raises NotFoundError or ForbiddenError."""
    seen = see_procurement(here.view, key)
    if not seen.may(Action.STEER, seen.target()):
        raise ForbiddenError(
            f"{here.view.actor.name} does not lead {seen.row.reference}; ask its lead.",
            action=str(Action.STEER),
            kind="procurement",
            key=key,
            about="not-the-lead",
            reference=seen.row.reference,
        )
    return seen


def _look_ahead(bus: CommandBus, here: Visit, seen: Seen, rule: Act, sent: Posted) -> Effects:
    command = rule.make(seen.row.id, sent, sent["_reason"].strip() or ANY_REASON)
    return bus.look_ahead(
        command, here.person.actor, lambda _answer, connection: effects_of(seen, connection)
    )


def _seal(effects: Effects) -> str:
    """Names what would happen: a new id that the rehearsal makes up is no part of it."""
    told = [
        effects.status,
        effects.phase,
        [row.id for row in (*effects.closed, *effects.stopped, *effects.resumed)],
        [(row.name, row.candidate, row.due_at) for row in effects.opened],
        [(move.after.id, move.after.assignee, move.after.due_at) for move in effects.moved],
        [each.id for each in effects.deadlines_gone],
        [(each.before.id, each.after.due_at) for each in effects.deadlines_moved],
        [(seat.person, seat.role) for seat in (*effects.seats_added, *effects.seats_removed)],
        effects.buyers_added,
        effects.buyers_removed,
        effects.undone_forms,
        effects.undone_decisions,
        effects.decided,
        [(each.name, each.kind, each.subject) for each in effects.told],
        effects.mailed,
    ]
    return sha256(repr(told).encode()).hexdigest()


def _show(
    here: Visit,
    bus: CommandBus,
    key: str,
    act: str,
    sent: Posted,
    error: EngineError | None = None,
    *,
    changed: bool = False,
) -> HTMLResponse:
    rule, seen = _rule(act), _steered(here, key)
    effects: Effects | None = None
    asked = {"": {}, "look": rule.fields}.get(sent.action, {**rule.fields, **REASON})
    faults = lacking(asked, sent, here.text)
    if not lacking(rule.fields, sent, here.text):
        try:
            effects = _look_ahead(bus, here, seen, rule, sent)
        except EngineError as refusal:
            error = error or refusal
    problem = explain(error, here.text) if error else None
    page = ActPage(
        head=head_of(seen),
        act=act,
        rule=rule,
        choices=_choices(seen, sent),
        sent=defaultdict(str, sent.pairs),
        people=sent.every("people"),
        reason=sent["_reason"].strip(),
        effects=effects,
        seal=_seal(effects) if effects else "",
        changed=changed,
        instead=_instead(seen, error),
        faults=faults,
        problem=problem,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return here.show("procurements/act.html", page, status=problem.status if problem else status)


def _instead(seen: Seen, error: EngineError | None) -> HappeningView | None:
    """The happening that the refusal says is to be reported instead."""
    message = error.details.get("happening") if error else None
    return next((each for each in happenings_of(seen) if each.message == message), None)


def _choices(seen: Seen, sent: Posted) -> Choices:
    view, seats = seen.view, seats_of(seen)
    members = {seat.person: seat.name for seat in seats if not seat.deputy_for}
    known = organisations(view.connection)
    return Choices(
        points=points_of(seen),
        seats=seats,
        members=tuple(sorted(members.items(), key=lambda pair: pair[1])),
        buyers=tuple(each for each in known if each.id in seen.parties),
        others=tuple(
            each for each in known if each.id not in {seen.row.organisation, *seen.parties}
        ),
        persons=persons_of(view, seen.parties | {seen.row.organisation}),
        roles=tuple(need.role for need in roles_of(view, view.definition(seen.row.definition))),
        tasks=tuple(row for row in visible_tasks(seen, *OPEN) if not row.why),
        deadlines=deadlines_of(seen),
        happenings=tuple(each for each in happenings_of(seen) if each.form == AMENDMENT),
        added=tuple(row for row in visible_tasks(seen, *OPEN) if row.kind in ADDED_KINDS),
        comment=find_comment(seen, sent["comment"]) if sent["comment"] else None,
    )
