"""Happenings: a supplier withdraws, a complaint comes in, a deadline must move."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.access.policy import Action, allowed
from engine.bpmn import looking, runtime
from engine.commands import expressions, flow, submissions
from engine.commands.act import Act
from engine.commands.dialogue_forms import Paper, keep_records
from engine.commands.environment import Answer, Session
from engine.errors import NotFoundError
from engine.model.definition import REPORT, MessageInfo
from engine.model.events import MessageReceived
from engine.model.execution import Delivery
from engine.model.records import WaitRecord
from engine.store import records


@dataclass(frozen=True, slots=True)
class ReportMessage:
    """Report to the waiting place `wait`, or to the only one that waits for `message`."""

    procurement: str
    message: str
    submission: dict[str, Any] = field(default_factory=dict)
    wait: str = ""
    reason: str = ""


def report_message(command: ReportMessage, session: Session) -> Answer:
    act = Act.open(session, command.procurement)
    info = _info(act, command.message)
    wait = _wait(act, command)
    target = act.target(scope=wait.scope, roles=frozenset(info.roles))
    act.allow(Action.REPORT, target, kind="procurement", key=act.id)
    act.require_running()
    act.reason = command.reason
    submission = deliver(act, wait, info.name, command.submission)
    return {"procurement": act.id, "submission": submission}


def deliver(act: Act, wait: WaitRecord, message: str, report: Mapping[str, Any]) -> str:
    """Give the report to the place that waits for it; the submission's id is the answer.

    What comes from outside is put into the form by the platform, for those who may report.
    """
    info, work = _info(act, message), act.session.work
    first_seq = work.next_seq(act.id)
    known = looking.variables_at(act.version.process, act.state, wait.id)
    roles = frozenset(info.roles) if act.session.actor.participation else None
    content = submissions.checked(act, info.form, report, wait.scope, known, roles)
    submission = submissions.keep(
        act, info.form, content, task="", element=wait.element, scope=wait.scope
    )
    payload = _payload(act, wait, info, {**known, REPORT: submission}, content)
    paper = Paper(submission, content, wait.scope, "", {**known, **payload})
    keep_records(act, info.form, paper)
    act.record(
        MessageReceived(info.name, wait.id, wait.element, wait.scope, submission),
        element=wait.element,
    )
    work.keep_snapshot(act.id, first_seq, act.state)
    step = runtime.deliver_message(
        act.version.process,
        act.state,
        Delivery(info.name, payload, wait=wait.id),
        act.now,
        act.host(),
    )
    flow.carry(act, step)
    return submission


def waiting_for(act: Act, message: str) -> WaitRecord | None:
    """A place that waits for the message now, None where nothing does."""
    waiting = records.waits_of(act.session.work.connection, act.id)
    return next((each for each in waiting if each.message == message), None)


def _payload(
    act: Act,
    wait: WaitRecord,
    info: MessageInfo,
    known: Mapping[str, Any],
    content: Mapping[str, Any],
) -> dict[str, Any]:
    """The variables that the event takes from the report; the report itself is a record."""
    fields = act.version.definition.forms[info.form].fields if info.form else ()
    given = {**known, **{name: content.get(name) for name in fields}}
    for process in act.version.definition.processes.values():
        element = process.elements.get(wait.element)
        if element is not None and element.message == info.name:
            return expressions.assign(element.outputs, given, act.now, act.functions)
    return {}


def _info(act: Act, name: str) -> MessageInfo:
    for process in act.version.definition.processes.values():
        if name in process.messages:
            return process.messages[name]
    raise _nothing(act, "message", name)


def _wait(act: Act, command: ReportMessage) -> WaitRecord:
    waiting = [
        each
        for each in records.waits_of(act.session.work.connection, act.id)
        if each.message == command.message and command.wait in ("", each.id)
    ]
    if len(waiting) != 1:
        raise _nothing(act, "place that waits for the message", command.message)
    return waiting[0]


def _nothing(act: Act, kind: str, key: str) -> NotFoundError:
    """Says what is missing only to those who may know that the procurement is there."""
    actor = act.session.actor
    reads = allowed(Action.READ, actor, act.target(), act.session.today) is not None
    return (
        NotFoundError(kind, key)
        if reads or actor.is_system
        else NotFoundError("procurement", act.id)
    )
