"""What people do with tasks: take, hand over, draft, complete."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from engine.access.policy import Action, allowed
from engine.access.rules import Target, may_be_handed
from engine.bpmn import looking, runtime
from engine.commands import expressions, flow, gates, seating, submissions
from engine.commands.act import Act
from engine.commands.dialogue_forms import Paper, keep_records
from engine.commands.drafting import require_seen
from engine.commands.environment import Answer, Session
from engine.errors import (
    AlreadyClaimedError,
    ForbiddenError,
    InvalidInputError,
    ReasonMissingError,
    RejectedError,
    TaskNotOpenError,
)
from engine.forms.shaping import OPTION, REASON
from engine.model import events as e
from engine.model.definition import ElementInfo, GateInfo, OptionInfo
from engine.model.records import TaskRecord
from engine.store import dialogue, people
from engine.store import tasks as rows


def open_act(session: Session, task: str) -> tuple[Act, TaskRecord]:
    """Lock the task's procurement first, then the task: one order of locks everywhere."""
    procurement, record = session.work.lock_task(task)
    act = Act.on(session, procurement, record.id)
    act.dated = record.due_at is not None
    return act, record


def target_of(act: Act, task: TaskRecord) -> Target:
    """The task as the access policy sees it."""
    return act.target(
        scope=task.scope, candidate=task.candidate, assignee=task.assignee, owner=task.owner
    )


def target_of_author(act: Act, task: str, scope: str, author: str) -> Target:
    """What `author` left on a task, or on the procurement itself where `task` is "", as the access
    policy sees it."""
    if not task:
        return act.target(scope=scope, author=author)
    return replace(target_of(act, rows.get(act.session.work.connection, task)), author=author)


def allow_work(act: Act, task: TaskRecord, action: Action = Action.WORK) -> None:
    """The actor may do this task now; else raises, and says who has it."""
    act.allow(action, target_of(act, task), kind="task", key=task.id)
    require_waiting(act, task)


def require_waiting(act: Act, task: TaskRecord) -> None:
    """Raises NotRunningError or TaskNotOpenError unless the task waits for somebody."""
    act.require_running()
    if task.status not in ("open", "approval"):
        raise TaskNotOpenError(
            f"«{task.name}» is {task.status}; it was closed by someone else or by what happened"
            " since. Look at the procurement to see where it stands.",
            task=task.id,
            status=task.status,
            name=task.name,
        )


@dataclass(frozen=True, slots=True)
class ClaimTask:
    task: str


def claim_task(command: ClaimTask, session: Session) -> Answer:
    act, task = open_act(session, command.task)
    claim(act, task)
    return {"task": task.id, "procurement": act.id}


def claim(act: Act, task: TaskRecord) -> bool:
    """Give the task to the actor; False when the actor has it already."""
    actor = act.session.actor
    if task.assignee and task.assignee != actor.id:
        _refuse_claimed(act, task)
    allow_work(act, task)
    gates.require_fit(act, task, gates.the_actor(act))
    if task.assignee:
        return False
    event = e.TaskClaimed(task.id, actor.id)
    act.record(event, element=task.element, task=task.id)
    return True


def _refuse_claimed(act: Act, task: TaskRecord) -> None:
    readable = allowed(Action.READ_TASK, act.session.actor, target_of(act, task), act.session.today)
    if readable is None:
        return
    holder = people.find_person(act.session.work.connection, task.assignee)
    name = holder.name if holder else task.assignee
    raise AlreadyClaimedError(
        f"«{task.name}» was taken by {name}. Ask {name} to release or delegate it.",
        task=task.id,
        name=task.name,
        holder=name,
    )


@dataclass(frozen=True, slots=True)
class ReleaseTask:
    task: str


def release_task(command: ReleaseTask, session: Session) -> Answer:
    act, task = open_act(session, command.task)
    release(act, task)
    return {"task": task.id, "procurement": act.id}


def release(act: Act, task: TaskRecord) -> bool:
    """Take the task from the actor, for anybody in the role; False when it was not the actor's."""
    allow_work(act, task)
    actor = act.session.actor.id
    if task.assignee != actor:
        return False
    act.record(e.TaskReleased(task.id, actor), element=task.element, task=task.id)
    return True


@dataclass(frozen=True, slots=True)
class DelegateTask:
    """Another member of the team does the work and gives the task back."""

    task: str
    to: str
    reason: str = ""


def delegate_task(command: DelegateTask, session: Session) -> Answer:
    act, task = open_act(session, command.task)
    delegate(act, task, command.to, command.reason)
    return {"task": task.id, "procurement": act.id}


def delegate(act: Act, task: TaskRecord, to: str, reason: str) -> None:
    """Let `to`, a member of the team, do the actor's work."""
    allow_work(act, task)
    if task.proposal is not None:
        raise RejectedError(
            f"«{task.name}» waits for a second pair of eyes, which nobody lends to another. Let a"
            " colleague in the role take it.",
            task=task.id,
            name=task.name,
            about="no-lending",
        )
    if task.owner:
        raise RejectedError(
            f"«{task.name}» was delegated to you. Give it back instead of passing it on.",
            task=task.id,
            name=task.name,
            about="give-back",
        )
    seats = [seat for seat in act.team if seat.person == to and may_be_handed(seat, task.scope)]
    if not any(seat.valid_on(act.session.today) for seat in seats):
        raise InvalidInputError(
            "The person is not in this procurement's team, or only for another supplier, or may not"
            " know what is sealed. Choose a member, or ask the lead to add the person.",
            person=to,
            about="person-not-fit",
        )
    helper = people.find_person(act.session.work.connection, to)
    name = helper.name if helper else to
    gates.require_fit(act, task, gates.Worker(name, frozenset({to})))
    act.reason = reason
    helpers = sorted({*task.helpers, to})
    event = e.TaskDelegated(task.id, act.session.actor.id, to, helpers, task.assignee)
    act.record(event, element=task.element, task=task.id)


@dataclass(frozen=True, slots=True)
class GiveTaskBack:
    task: str
    reason: str = ""


def give_task_back(command: GiveTaskBack, session: Session) -> Answer:
    act, task = open_act(session, command.task)
    allow_work(act, task)
    if not task.owner:
        raise RejectedError(
            f"«{task.name}» was not delegated to you. Release it instead.",
            task=task.id,
            name=task.name,
            about="not-delegated",
        )
    act.reason = command.reason
    event = e.TaskGivenBack(task.id, task.owner, session.actor.id)
    act.record(event, element=task.element, task=task.id)
    seating.release_unless_held(act, replace(task, assignee=task.owner, owner=""))
    return {"task": task.id, "procurement": act.id}


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """Hand in the form and, at a gate, the option with its reason.

    With `base`, the draft as the person last got it, nothing that others have written since is
    left out unread.
    """

    task: str
    submission: dict[str, Any] = field(default_factory=dict)
    option: str = ""
    reason: str = ""
    base: dict[str, Any] | None = None


def complete_task(command: CompleteTask, session: Session) -> Answer:
    act, task = open_act(session, command.task)
    element = act.element(task.process, task.element)
    allow_work(act, task, Action.WORK if element.gate is None else Action.DECIDE)
    if task.status == "approval":
        raise RejectedError(
            f"«{task.name}» is decided and waits for the second pair of eyes: confirm it or send"
            " it back.",
            task=task.id,
            name=task.name,
            about="decided-already",
        )
    if task.owner:
        raise ForbiddenError(
            f"«{task.name}» was delegated to you. Save your work and give it back; its owner"
            " completes it.",
            task=task.id,
            name=task.name,
            about="owner-completes",
        )
    gates.require_other_person(act, task, element, gates.the_actor(act))
    act.reason = command.reason
    if not task.element:
        return _complete_added(act, task)
    if command.base is not None and act.drafted:
        require_seen(act, task, _as_draft(command), command.base)
    variables = looking.variables_of(act.version.process, act.state, task.id)
    content = submissions.checked(act, element.form, command.submission, task.scope, variables)
    first_seq = session.work.next_seq(act.id)
    if element.gate is None:
        submission = _keep(act, task, element, content, variables)
        finish(act, task, element, variables, content, first_seq)
    else:
        option = gates.require_option(element.gate, command.option, command.reason, task)
        checks = gates.evaluated(act, task, element, variables, content)
        gates.require_open(task, option, checks)
        submission = _keep(act, task, element, content, variables)
        if element.gate.four_eyes:
            _propose(act, task, element.gate, option, checks, submission)
        else:
            decide(act, task, element.gate, option, checks, [session.actor.id])
            finish(act, task, element, variables, content, first_seq, option=option)
    if act.drafted:
        rows.drop_drafts(session.work, task.id)
    return {"task": task.id, "procurement": act.id, "submission": submission}


def _complete_added(act: Act, task: TaskRecord) -> Answer:
    """A task that the lead put in ends with a note of what came of it; nothing else moves on."""
    note = act.reason.strip()
    if not note:
        raise ReasonMissingError(
            f"Write what came of «{task.name}»: the note is what it leaves behind.", task=task.id
        )
    act.record(e.TaskCompleted(task.id, "", task.scope, note), task=task.id)
    return {"task": task.id, "procurement": act.id, "submission": ""}


def _as_draft(command: CompleteTask) -> dict[str, Any]:
    return {**command.submission, OPTION: command.option, REASON: command.reason}


def _keep(
    act: Act,
    task: TaskRecord,
    element: ElementInfo,
    content: dict[str, Any],
    variables: Mapping[str, Any],
) -> str:
    key = submissions.keep(
        act, element.form, content, task=task.id, element=task.element, scope=task.scope
    )
    keep_records(act, element.form, Paper(key, content, task.scope, task.process, variables))
    return key


def complete_waiting(act: Act, form: str, scope: str, content: dict[str, Any]) -> None:
    """Complete the task of this branch that asks for the form, where one waits: what it asks for is
    on record already, by an act that needed no task."""
    for task in rows.open_of(act.session.work.connection, act.id):
        element = act.element(task.process, task.element)
        if element.form == form and task.scope == scope and element.gate is None:
            first_seq = act.session.work.next_seq(act.id)
            variables = looking.variables_of(act.version.process, act.state, task.id)
            submissions.keep(act, form, content, task=task.id, element=task.element, scope=scope)
            finish(act, task, element, variables, content, first_seq)
            rows.drop_drafts(act.session.work, task.id)
            return


def _propose(
    act: Act,
    task: TaskRecord,
    gate: GateInfo,
    option: OptionInfo,
    checks: list[dict[str, Any]],
    submission: str,
) -> None:
    event = e.DecisionProposed(
        task.id,
        task.element,
        gate.decision,
        option.value,
        checks,
        gate.four_eyes or "",
        submission,
        task.scope,
    )
    act.record(event, element=task.element, task=task.id)


def decide(
    act: Act,
    task: TaskRecord,
    gate: GateInfo,
    option: OptionInfo,
    checks: list[dict[str, Any]],
    by: list[str],
) -> None:
    """Put the decision on record with its checks as they stood; a round that it closes is over."""
    key = uuid4().hex
    event = e.DecisionMade(
        key,
        task.id,
        task.element,
        gate.decision,
        option.value,
        option.opens,
        by,
        checks,
        task.scope,
    )
    act.record(event, element=task.element, task=task.id)
    if option.closes_round:
        here = dialogue.open_round(act.session.work.connection, act.id, task.process)
        if here is not None:
            act.record(e.RoundClosed(here.id, key), element=task.element, task=task.id)


def finish(
    act: Act,
    task: TaskRecord,
    element: ElementInfo,
    variables: Mapping[str, Any],
    content: Mapping[str, Any],
    first_seq: int,
    *,
    option: OptionInfo | None = None,
) -> None:
    """Complete the task in the process and carry on until people are awaited again."""
    act.session.work.keep_snapshot(act.id, first_seq, act.state)
    fields = {name: content.get(name) for name in _fields(act, element)}
    outputs = expressions.assign(element.outputs, {**variables, **fields}, act.now, act.functions)
    if option is not None and element.gate is not None:
        outputs[element.gate.variable] = option.value
    act.record(
        e.TaskCompleted(task.id, task.element, task.scope), element=task.element, task=task.id
    )
    step = runtime.complete(act.version.process, act.state, task.id, outputs, act.now, act.host())
    flow.carry(act, step)


def _fields(act: Act, element: ElementInfo) -> tuple[str, ...]:
    if element.form is None:
        return ()
    return act.version.definition.forms[element.form].fields
