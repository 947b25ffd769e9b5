"""Starting, pausing and breaking off procurements."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, Final
from uuid import uuid4

from engine.access.policy import Action
from engine.access.rules import Target
from engine.bpmn import runtime
from engine.commands import expressions, flow
from engine.commands.act import Act
from engine.commands.choice import ChoiceMade, prepare_choice
from engine.commands.environment import Answer, Session
from engine.commands.meetings import take_back_times
from engine.commands.seating import sit, stand_in
from engine.commands.telling import tell_cancelled
from engine.errors import (
    InvalidInputError,
    NotFoundError,
    ReasonMissingError,
    RejectedError,
    ReportInsteadError,
)
from engine.model import events as e
from engine.model.actor import Membership
from engine.model.knowledge import MODEL
from engine.model.records import DeploymentRecord, ProcurementRecord
from engine.store import absences, definitions, people, records

CANCEL_MESSAGE: Final = "cancel-procurement"
_ROLE: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in the team: person, role, and if a deputy, for whom and from when to when."""

    person: str
    role: str
    deputy_for: str = ""
    scope: str = ""
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True, slots=True)
class StartProcurement:
    """Start the newest version of `process` (or the version with `digest`) for an organisation."""

    process: str
    title: str
    organisation: str
    reference: str
    team: tuple[Seat, ...] = ()
    joint_with: tuple[str, ...] = ()
    digest: str = ""
    id: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    choice: ChoiceMade | None = None


def start_procurement(command: StartProcurement, session: Session) -> Answer:
    grounds = session.require(
        Action.START,
        Target(command.organisation),
        kind="organisation",
        key=command.organisation,
    )
    version = _version(session, command)
    _require_title(command)
    _require_free_reference(session, command.reference)
    key = command.id or uuid4().hex
    connection = session.work.connection
    session.work.open_new_procurement(key, command.reference, command.organisation)
    compiled = session.environment.definitions.get(connection, version.digest)
    procedure = compiled.definition.root.procedure or ""
    row = ProcurementRecord(
        id=key,
        reference=command.reference,
        organisation=command.organisation,
        title=command.title,
        definition=version.digest,
        procedure=procedure,
        status="running",
        phase="",
        outcome="",
        rules_at=session.today.isoformat(),
        rule_set="",
        rules_noted="",
        frozen_documents="",
        supplier_list=0,
        value=None,
        created_at=session.now,
        version=0,
        state=b"",
        audit_seq=0,
        audit_head=bytes(32),
    )
    act = Act(session, row, compiled, (), frozenset(command.joint_with), b"", "", grounds)
    act.record(
        e.ProcurementStarted(
            key,
            command.reference,
            command.title,
            command.organisation,
            list(command.joint_with),
            version.digest,
            procedure,
            row.rules_at,
        )
    )
    if version.organisation != command.organisation:
        act.record(_borrowed(session, version))
    for seat in _with_lead(command.team, session):
        seat_member(act, seat)
    if command.choice is not None:
        prepare_choice(act, command.choice)
    given = {
        "title": command.title,
        "reference": command.reference,
        "procedure": procedure,
        "started_at": session.now.isoformat(),
    }
    variables = {**_initial(act, command.variables), **given}
    flow.carry(act, runtime.start(compiled.process, variables, session.now, act.host()))
    return {"procurement": key, "reference": command.reference}


def _version(session: Session, command: StartProcurement) -> DeploymentRecord:
    """Of the organisation's own and of those that are shared with it."""
    connection, homes = session.work.connection, [command.organisation]
    if command.digest:
        found = definitions.open_to(connection, command.digest, homes)
    else:
        found = definitions.newest(connection, command.process, homes)
    if found is None:
        raise NotFoundError("process", command.digest or command.process)
    if not found.startable:
        raise RejectedError(
            f"{found.name} is a block that other processes call; it is not started by itself.",
            process=found.key,
            about="block-not-started",
            found_name=found.name,
        )
    return found


def _borrowed(session: Session, version: DeploymentRecord) -> e.MatterReused:
    """Whose model it is that another organisation starts, also once it is shared no longer."""
    owner = people.find_organisation(session.work.connection, version.organisation)
    name = owner.name if owner else version.organisation
    number = str(version.number)
    return e.MatterReused(uuid4().hex, "", MODEL, version.digest, version.name, name, number)


def _require_title(command: StartProcurement) -> None:
    if not command.title.strip() or not command.reference.strip():
        raise InvalidInputError(
            "A procurement needs a title and a reference, for instance 2026/114.",
            title=command.title,
            reference=command.reference,
            about="title-missing",
        )


def _require_free_reference(session: Session, reference: str) -> None:
    if records.is_reference_taken(session.work.connection, reference):
        raise RejectedError(
            f"The reference {reference} is taken. Choose another, for instance the next number.",
            reference=reference,
            about="reference-taken",
        )


def _with_lead(team: tuple[Seat, ...], session: Session) -> tuple[Seat, ...]:
    """Whoever starts it leads it, unless the team names a lead."""
    if any(seat.role == "procurement-lead" and not seat.deputy_for for seat in team):
        return team
    return (Seat(session.actor.id, "procurement-lead"), *team)


def _initial(act: Act, given: Mapping[str, Any]) -> dict[str, Any]:
    """What every declared variable begins as, those of called processes included; the root's
    word counts where two declare the same name."""
    definition = act.version.definition
    others = [info for key, info in definition.processes.items() if key != definition.key]
    values: dict[str, Any] = {}
    for variable in chain(definition.root.variables, *(info.variables for info in others)):
        if variable.name not in values:
            values[variable.name] = _begins_as(act, variable.initial)
    return {**values, **given}


def _begins_as(act: Act, initial: str | None) -> Any:
    if initial is None:
        return None
    return expressions.evaluate(initial, {}, act.now, act.functions)


def seat_member(act: Act, seat: Seat) -> str:
    """Add one seat to the team; raises InvalidInputError when the person cannot hold it."""
    first, last = _days(seat)
    person = people.find_person(act.session.work.connection, seat.person)
    if person is None or not person.active:
        raise NotFoundError("person", seat.person)
    if not _ROLE.fullmatch(seat.role):
        raise InvalidInputError(
            "A role is written in small letters and hyphens, such as need-owner.",
            role=seat.role,
            about="role-written",
        )
    allowed = {act.procurement.organisation, *act.parties}
    if person.organisation not in allowed:
        raise InvalidInputError(
            f"{person.name} belongs to an organisation that does not take part. Make the"
            " procurement joint first, or choose someone else.",
            person=person.name,
            about="person-elsewhere",
        )
    if seat.deputy_for == seat.person:
        raise InvalidInputError(
            f"{person.name} cannot be her or his own deputy. Choose another person.",
            person=person.name,
            about="own-deputy",
        )
    member = Membership(
        uuid4().hex,
        seat.person,
        seat.role,
        seat.deputy_for,
        seat.scope,
        first,
        last,
    )
    sit(act, member)
    connection = act.session.work.connection
    for absence in absences.of_persons(connection, [seat.person], act.session.today):
        stand_in(act, absence)
    return member.id


def _days(seat: Seat) -> tuple[date | None, date | None]:
    """The first and last day of the seat; raises InvalidInputError for what are no such days."""
    try:
        first = date.fromisoformat(seat.valid_from) if seat.valid_from else None
        last = date.fromisoformat(seat.valid_to) if seat.valid_to else None
    except ValueError as error:
        raise InvalidInputError(
            "A seat's first and last day are written as 2026-02-28.",
            valid_from=seat.valid_from,
            valid_to=seat.valid_to,
            about="seat-written",
        ) from error
    if first and last and last < first:
        raise InvalidInputError(
            f"The seat ends on {last.isoformat()}, before it begins on {first.isoformat()}. Change"
            " one of the days.",
            valid_from=seat.valid_from,
            valid_to=seat.valid_to,
            about="seat-days",
            first=first.isoformat(),
            last=last.isoformat(),
        )
    return first, last


@dataclass(frozen=True, slots=True)
class SuspendProcurement:
    procurement: str
    reason: str


def suspend_procurement(command: SuspendProcurement, session: Session) -> Answer:
    """Nothing can be done until it is resumed; legal periods run on, and timers fire afterwards."""
    act = steer(session, command.procurement, command.reason)
    act.require_running()
    act.record(e.ProcurementSuspended())
    return {"procurement": act.id}


@dataclass(frozen=True, slots=True)
class ResumeProcurement:
    procurement: str
    reason: str


def resume_procurement(command: ResumeProcurement, session: Session) -> Answer:
    act = steer(session, command.procurement, command.reason)
    if act.procurement.status != "suspended":
        raise RejectedError(
            f"{act.procurement.reference} is not suspended.",
            reference=act.procurement.reference,
            about="not-suspended",
        )
    act.record(e.ProcurementResumed())
    return {"procurement": act.id}


@dataclass(frozen=True, slots=True)
class CancelProcurement:
    """Break off where the model has no cancellation of its own."""

    procurement: str
    reason: str


def cancel_procurement(command: CancelProcurement, session: Session) -> Answer:
    act = steer(session, command.procurement, command.reason)
    if act.procurement.status not in ("running", "suspended"):
        act.require_running()
    waits = records.waits_of(session.work.connection, act.id)
    if any(wait.message == CANCEL_MESSAGE for wait in waits):
        raise ReportInsteadError(
            "A competition is under way: report the happening «cancel» instead, so that the"
            " suppliers are told and a result notice is sent (FOA § 25-4, § 21-6).",
            reference=act.procurement.reference,
            happening=CANCEL_MESSAGE,
        )
    act.record(e.ProcurementCancelled())
    flow.abandon(act)
    take_back_times(act)
    tell_cancelled(act)
    return {"procurement": act.id}


def steer(session: Session, procurement: str, reason: str) -> Act:
    act = Act.open(session, procurement)
    act.allow(Action.STEER, act.target(), kind="procurement", key=procurement)
    if not reason.strip():
        raise ReasonMissingError(
            "This needs a written reason: it goes into the record.", procurement=procurement
        )
    act.reason = reason
    return act
