"""The record as people read it: entries in order, what one supplier said kept from the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import orjson
import sqlalchemy as sa

from engine.access.policy import Action
from engine.audit.chain import Head, SealedEntry, instant
from engine.audit.checkpoint import VerifierKey
from engine.audit.verify import Verdict, verify_procurement
from engine.clock import OSLO
from engine.errors import ForbiddenError, NotFoundError
from engine.model.definition import ProcessDefinition
from engine.queries.discretion import Discretion, discretion_of, nameless_to
from engine.queries.names import answer_name, element_name, option_name, phase_name
from engine.queries.verification import checkpoints
from engine.queries.view import Seen, View, find_procurement, names_of
from engine.store import records, tasks
from engine.store.firms import supplier_names
from engine.store.schema import audit_event, task

PAGE: Final = 100
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry. `hidden` when it is confidential to a supplier whom the reader may not know of:
    then it has its number, moment and type, and nothing else. `element` is the name people see,
    `supplier` that of the supplier whose branch it speaks of. `by` is "" for somebody from outside
    whose name is not for the reader, and `taking_part_as` tells the role instead."""

    seq: int
    at: datetime
    type: str
    hidden: bool
    by: str = ""
    on_behalf_of: str = ""
    element: str = ""
    supplier: str = ""
    task: str = ""
    data: Mapping[str, Any] | None = None
    names: Mapping[str, str] | None = None
    reason: str = ""
    rule: str = ""
    hash: str = ""
    taking_part_as: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """A page of the record, newest first; `older` is the seq to continue below, 0 at the end."""

    entries: tuple[LogEntry, ...]
    older: int


class Group(StrEnum):
    """What an entry is about, for choosing among them."""

    DECISIONS = "decisions"
    WORK = "work"
    FORMS = "forms"
    DEADLINES = "deadlines"
    SUPPLIERS = "suppliers"
    TEAM = "team"
    TALK = "talk"
    STEERING = "steering"
    MACHINERY = "machinery"


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which entries are wanted; what is empty leaves none out. `by` is the id of who acted; days
    are those in Oslo, both included. `brief` leaves out what the machinery did by itself."""

    group: Group | None = None
    by: str = ""
    since: date | None = None
    until: date | None = None
    brief: bool = False


EVERYTHING: Final = LogFilter()


def log_of(seen: Seen, *, below: int = 0, limit: int = PAGE, wanted: LogFilter = EVERYTHING) -> Log:
    """The newest entries that are wanted, or those below number `below`."""
    where = [audit_event.c.chain == seen.row.id, *_wanted(wanted)]
    if below:
        where.append(audit_event.c.seq < below)
    query = (
        sa.select(audit_event.c.seq, audit_event.c.body, audit_event.c.hash)
        .where(*where)
        .order_by(audit_event.c.seq.desc())
        .limit(limit + 1)
    )
    rows = seen.view.connection.execute(query).all()
    entries = _entries(seen, rows[:limit])
    if wanted.by:  # who stands behind a hidden entry is hidden too, and who is not named
        entries = tuple(entry for entry in entries if not entry.hidden and entry.by)
    return Log(entries, rows[limit - 1].seq if len(rows) > limit else 0)


def _wanted(wanted: LogFilter) -> "Iterator[sa.ColumnElement[bool]]":
    if wanted.brief:
        yield audit_event.c.type.not_in(GROUPS[Group.MACHINERY])
    if wanted.group is not None:
        yield audit_event.c.type.in_(GROUPS[wanted.group])
    if wanted.by:
        yield audit_event.c.actor == wanted.by
    if wanted.since is not None:
        yield audit_event.c.at >= instant(_midnight(wanted.since))
    if wanted.until is not None:
        yield audit_event.c.at < instant(_midnight(wanted.until + ONE_DAY))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, OSLO)


def who_acted(seen: Seen) -> tuple[tuple[str, str], ...]:
    """Everybody who has an entry that the reader may see: id and name, by name."""
    query = sa.select(audit_event.c.seq, audit_event.c.actor, audit_event.c.body).where(
        audit_event.c.chain == seen.row.id
    )
    rows = seen.view.connection.execute(query).all()
    bodies = [orjson.loads(row.body) for row in rows]
    scopes = _scopes_of_tasks(seen, {body["subject"]["task"] for body in bodies})
    visible = _visible_bodies(seen, bodies, scopes)
    nameless = nameless_to(seen)
    found = {
        body["actor"]["id"]: body["actor"]["name"]
        for body in visible
        if body["actor"]["name"] and body["actor"]["id"] not in nameless
    }
    return tuple(sorted(found.items(), key=lambda pair: pair[1]))


def milestones_of(seen: Seen) -> tuple[LogEntry, ...]:
    """What mattered most, in the order it happened, without what is hidden from the reader."""
    query = (
        sa.select(audit_event.c.seq, audit_event.c.body, audit_event.c.hash)
        .where(audit_event.c.chain == seen.row.id, audit_event.c.type.in_(MILESTONES))
        .order_by(audit_event.c.seq)
    )
    found = _entries(seen, seen.view.connection.execute(query).all())
    return tuple(entry for entry in found if not entry.hidden)


def entries_of_task(seen: Seen, key: str) -> tuple[LogEntry, ...]:
    """What happened with one task, oldest first. The reader has been let in to the task."""
    opened = seen.view.connection.scalar(sa.select(task.c.opened_at).where(task.c.id == key))
    if opened is None:
        raise NotFoundError("task", key)
    query = (
        sa.select(audit_event.c.seq, audit_event.c.body, audit_event.c.hash)
        .where(
            audit_event.c.chain == seen.row.id,
            audit_event.c.type.in_(_OF_TASKS),
            audit_event.c.at >= opened.isoformat()[:19],
        )
        .order_by(audit_event.c.seq)
    )
    rows = [
        row
        for row in seen.view.connection.execute(query)
        if orjson.loads(row.body)["subject"]["task"] == key
    ]
    return _entries(seen, rows, lift=True)


MILESTONES: Final = (
    "ProcurementStarted",
    "PhaseEntered",
    "DecisionMade",
    "DecisionRecorded",
    "RulesPinned",
    "DocumentsFrozen",
    "NoticeRecorded",
    "LettersSent",
    "MessageReceived",
    "TimerFired",
    "SealLifted",
    "IntakeOpened",
    "DeliveriesOpened",
    "ProcurementSuspended",
    "ProcurementResumed",
    "ProcurementRewound",
    "ProcurementCancelled",
    "ProcurementEnded",
)
GROUPS: Final[Mapping[Group, tuple[str, ...]]] = MappingProxyType(
    {
        Group.DECISIONS: (
            "DecisionProposed",
            "DecisionReturned",
            "DecisionMade",
            "DecisionRecorded",
        ),
        Group.WORK: (
            "TaskOpened",
            "TaskReopened",
            "TaskAdded",
            "GatheringMoved",
            "AddedTaskWithdrawn",
            "TaskClaimed",
            "TaskReleased",
            "TaskAssigned",
            "TaskPutBack",
            "TaskDelegated",
            "TaskGivenBack",
            "TaskDueMoved",
            "TaskCompleted",
            "TaskCancelled",
        ),
        Group.FORMS: ("FormPrepared", "SubmissionRecorded", "SealLifted", "DocumentsFrozen"),
        Group.DEADLINES: (
            "TimerArmed",
            "TimerMoved",
            "TimerDisarmed",
            "TimerFired",
            "TaskDueMoved",
            "RulesPinned",
        ),
        Group.SUPPLIERS: (
            "SupplierRegistered",
            "SupplierStatusSet",
            "IntakeOpened",
            "IntakeMoved",
            "IntakeClosed",
            "DeliveryReceived",
            "DeliveryWithdrawn",
            "OpeningBegun",
            "DeliveriesOpened",
            "IdentityLookedUp",
            "NoticeRecorded",
            "LetterQueued",
            "LettersSent",
            "LetterDispatched",
            "LetterReturned",
            "SlotOffered",
            "SlotWithdrawn",
            "MeetingBooked",
            "MeetingMoved",
            "MeetingCancelled",
            "MeetingHeld",
            "RoundPlanned",
            "RoundClosed",
            "MinutesWritten",
            "MinutesAnswered",
            "MinutesSettled",
            "PassagesMarked",
            "ItemNoted",
            "ItemDropped",
            "QuestionAsked",
            "QuestionAnswered",
            "QuestionRefused",
            "InformationReleased",
            "DocumentHanded",
            "InquiryMade",
            "InquiryAnswered",
        ),
        Group.TEAM: (
            "MemberAdded",
            "MemberRemoved",
            "SeatEnded",
            "ImpartialityAssessed",
            "SupplierListChanged",
        ),
        Group.TALK: ("CommentAdded", "CommentWithdrawn", "AttachmentAdded", "AttachmentWithdrawn"),
        Group.STEERING: (
            "ProcurementStarted",
            "PhaseEntered",
            "MessageReceived",
            "ProcurementSuspended",
            "ProcurementResumed",
            "ProcurementRewound",
            "ProcurementCancelled",
            "ProcurementEnded",
            "OutcomeSet",
            "IncidentRaised",
            "IncidentRetried",
            "IncidentLapsed",
        ),
        Group.MACHINERY: (
            "ElementsPassed",
            "LetterQueued",
            "LetterDispatched",
            "TimerArmed",
            "TimerDisarmed",
            "WaitOpened",
            "WaitClosed",
            "MessageThrown",
            "OperationPerformed",
            "DecisionTableEvaluated",
        ),
    }
)
_OF_TASKS: Final = (
    *GROUPS[Group.WORK],
    *GROUPS[Group.DECISIONS],
    *GROUPS[Group.TALK],
    "SubmissionRecorded",
)


def _entries(seen: Seen, rows: Any, *, lift: bool = False) -> tuple[LogEntry, ...]:
    bodies = [(row.seq, orjson.loads(row.body), bytes(row.hash).hex()) for row in rows]
    scopes = _scopes_of_tasks(seen, {body["subject"]["task"] for _, body, _ in bodies})
    found = _visible_bodies(seen, [body for _, body, _ in bodies], scopes, lift=lift)
    visible = {body["seq"] for body in found}
    connection = seen.view.connection
    suppliers = supplier_names(connection, seen.row.id)
    persons = names_of(seen.view, {id_ for _, body, _ in bodies for id_ in _persons_in(body)})
    names = {**persons, **suppliers}
    definition = seen.view.definition(seen.row.definition)
    discretion = discretion_of(seen)
    return tuple(
        _discreet(
            _entry(
                seen.view,
                definition,
                seq,
                body,
                digest,
                names,
                suppliers.get(_branch(body, scopes), ""),
            ),
            body,
            discretion,
        )
        if seq in visible
        else LogEntry(seq, datetime.fromisoformat(body["at"]), body["type"], hidden=True)
        for seq, body, digest in bodies
    )


def _discreet(entry: LogEntry, body: Mapping[str, Any], discretion: Discretion) -> LogEntry:
    """The entry without what is not for the reader."""
    entry = replace(entry, data=discretion.words(entry.type, entry.data or {}))
    if discretion.names(body):
        return entry
    return replace(entry, by="", taking_part_as=discretion.nameless[body["actor"]["id"]])


def _branch(body: Mapping[str, Any], scopes: Mapping[str, str]) -> str:
    """The supplier whose branch the entry belongs to, "" for none."""
    scope = body["data"].get("scope")
    return scope if isinstance(scope, str) and scope else scopes.get(body["subject"]["task"], "")


def _visible_bodies(
    seen: Seen,
    bodies: list[dict[str, Any]],
    scopes: Mapping[str, str],
    *,
    lift: bool = False,
) -> Iterator[dict[str, Any]]:
    """Those that speak of no supplier whom the reader may not know of; `lift` lets all pass.
    `scopes` are the tasks' by their id."""
    known: dict[str, bool] = {}

    def visible(scope: str) -> bool:
        if scope not in known:
            known[scope] = lift or seen.sees(scope)
        return known[scope]

    return (body for body in bodies if all(visible(each) for each in _scopes_in(body, scopes)))


def _entry(
    view: View,
    definition: ProcessDefinition,
    seq: int,
    body: Mapping[str, Any],
    digest: str,
    names: Mapping[str, str],
    supplier: str,
) -> LogEntry:
    subject = body["subject"]
    behalf = body["actor"]["on_behalf_of"]
    return LogEntry(
        seq=seq,
        at=datetime.fromisoformat(body["at"]),
        type=body["type"],
        hidden=False,
        by=body["actor"]["name"],
        on_behalf_of=names.get(behalf, behalf),
        element=element_name(definition, view.language, subject["element"])
        or str(body["data"].get("name", "")),
        supplier=supplier,
        task=subject["task"],
        data=_spoken(definition, view.language, body),
        names={key: names[key] for key in _named_in(body) if key in names},
        reason=body["reason"],
        rule=body["rule"],
        hash=digest,
    )


def _spoken(
    definition: ProcessDefinition, language: str, body: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The entry's data, its option and phase as people call them."""
    data = dict(body["data"])
    if isinstance(data.get("option"), str):
        data["option"] = option_name(
            definition, language, body["subject"]["element"], data["option"]
        )
    if isinstance(data.get("phase"), str):
        data["phase"] = phase_name(definition, language, data["phase"])
    if body["type"] == "DecisionTableEvaluated" and data["trace"]:
        data |= _answered(definition, language, data["decision"], data["trace"][-1])
    return data


def _answered(
    definition: ProcessDefinition, language: str, decision: str, last: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What the table is called, what it answered as people call it, and the rules that say why."""

    def named(value: Any) -> Any:
        if isinstance(value, list):
            return [named(each) for each in value]
        if isinstance(value, dict):
            return {key: named(each) for key, each in value.items()}
        if isinstance(value, str):
            return answer_name(definition, language, decision, value)
        return value

    grounds = (rule.get("annotation") for rule in last.get("rules", ()))
    return {
        "table": last["name"],
        "answer": named(last.get("output")),
        "grounds": [each for each in grounds if each],
    }


def _scopes_of_tasks(seen: Seen, ids: set[str]) -> Mapping[str, str]:
    query = sa.select(task.c.id, task.c.scope).where(task.c.id.in_(sorted(ids - {""})))
    return {row.id: row.scope for row in seen.view.connection.execute(query)}


def _scopes_in(body: Mapping[str, Any], tasks: Mapping[str, str]) -> Iterator[str]:
    """Every supplier the entry speaks of: all must be visible for it to be shown."""
    data = body["data"]
    for name in ("scope", "supplier"):
        if isinstance(data.get(name), str):
            yield data[name]
    if isinstance(data.get("letters"), list):
        yield from (letter[1] for letter in data["letters"])
    if isinstance(data.get("trail"), list):
        yield from (part[2] for part in data["trail"] if len(part) > 2)
    inputs = data.get("inputs")
    if isinstance(inputs, dict):
        yield from _suppliers_in(inputs)
    yield tasks.get(body["subject"]["task"], "")


def _suppliers_in(inputs: Mapping[str, Any]) -> Iterator[str]:
    supplier = inputs.get("supplier")
    if isinstance(supplier, str):
        yield supplier
    for each in inputs.get("suppliers") or ():
        if isinstance(each, dict) and isinstance(each.get("id"), str):
            yield each["id"]


def _named_in(body: Mapping[str, Any]) -> Iterator[str]:
    yield from _persons_in(body)
    if isinstance(body["data"].get("supplier"), str):
        yield body["data"]["supplier"]


def _persons_in(body: Mapping[str, Any]) -> Iterator[str]:
    data = body["data"]
    yield body["actor"]["on_behalf_of"]
    for name in ("person", "assignee", "owner", "proposed_by", "deputy_for"):
        if isinstance(data.get(name), str):
            yield data[name]
    yield from (each for each in data.get("by", ()) if isinstance(each, str))


@dataclass(frozen=True, slots=True)
class Point:
    """A moment the lead can go back to: right before entry `seq`, which `what` was done in."""

    seq: int
    at: datetime
    by: str
    type: str
    element: str


def points_of(seen: Seen, limit: int = 30) -> tuple[Point, ...]:
    """The newest points to go back to, newest first."""
    query = (
        sa.select(audit_event.c.seq, audit_event.c.body, audit_event.c.snapshot)
        .where(audit_event.c.chain == seen.row.id, records.is_point())
        .order_by(audit_event.c.seq.desc())
        .limit(limit)
    )
    definition = seen.view.definition(seen.row.definition)
    found: list[Point] = []
    later = None
    for row in seen.view.connection.execute(query):
        point = _point(seen, definition, row)
        if found and row.snapshot == later and not point.element and point.at == found[-1].at:
            # one act, which completed the task of the later point: the whole of it is undone
            after = found.pop()
            point = replace(point, type=after.type, element=after.element)
        found.append(point)
        later = row.snapshot
    return tuple(found)


def _point(seen: Seen, definition: ProcessDefinition, row: Any) -> Point:
    body = orjson.loads(row.body)
    return Point(
        seq=row.seq,
        at=datetime.fromisoformat(body["at"]),
        by=body["actor"]["name"],
        type=body["type"],
        element=element_name(definition, seen.view.language, body["subject"]["element"]),
    )


@dataclass(frozen=True, slots=True)
class Audit:
    """The verdict on one procurement's record, and the newest signed checkpoint."""

    procurement: str
    reference: str
    title: str
    verdict: Verdict
    head: str
    checkpoint: str
    checkpoints: int
    key: str


def audit_of(view: View, key: str, verifier: VerifierKey) -> Audit:
    """Verify the whole record; raises NotFoundError for those who may not read it."""
    seen = find_procurement(view, key)
    if not seen.may(Action.READ_RECORD, seen.target()):
        raise NotFoundError("procurement", key)
    notes = list(checkpoints(view.connection, key))
    row = seen.row
    verdict = verify_procurement(
        row.reference,
        _sealed(view, key, row.reference),
        Head(row.audit_seq, row.audit_head),
        notes,
        [verifier],
    )
    return Audit(
        procurement=key,
        reference=row.reference,
        title=row.title,
        verdict=verdict,
        head=row.audit_head.hex(),
        checkpoint=notes[-1] if notes else "",
        checkpoints=len(notes),
        key=str(verifier),
    )


def require_whole_record(view: View, key: str) -> str:
    """The reference, for those who may see everything in the record, all suppliers' included.

    Raises NotFoundError, or ForbiddenError for those who may read only a part of it.
    """
    seen = find_procurement(view, key)
    if not seen.may(Action.READ_RECORD, seen.target()):
        raise NotFoundError("procurement", key)
    scopes = [each.key for each in records.suppliers(view.connection, key)]
    scopes += tasks.scopes_of(view.connection, key)
    if not all(seen.may(Action.READ_RECORD, seen.target(each)) for each in scopes):
        raise ForbiddenError(
            f"The record of {seen.row.reference} holds what suppliers said in confidence, or what"
            " is sealed. Ask the procurement lead, or a records officer or auditor who takes no"
            " part in it, to export it.",
            action=str(Action.READ_RECORD),
            rules=["member-reads", "mandated-reader"],
            about="record-confidential",
            reference=seen.row.reference,
        )
    return seen.row.reference


def _sealed(view: View, chain: str, reference: str) -> Iterator[SealedEntry]:
    columns = [audit_event.c[name] for name in ("seq", "at", "type", "actor", "body", "hash")]
    query = sa.select(*columns).where(audit_event.c.chain == chain).order_by(audit_event.c.seq)
    for row in view.connection.execute(query.execution_options(yield_per=500)):
        yield SealedEntry(
            seq=row.seq,
            procurement=reference,
            at=row.at,
            type=row.type,
            actor=row.actor,
            body=bytes(row.body),
            hash=bytes(row.hash),
        )
