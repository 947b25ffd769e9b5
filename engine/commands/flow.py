"""Carrying a runtime step into rows and record, and running the operations it opens."""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from engine.bpmn import runtime
from engine.bpmn.looking import due_moment
from engine.commands import expressions, intakes
from engine.commands.act import Act
from engine.commands.meetings import take_back_times
from engine.commands.operations import OPERATIONS
from engine.errors import EngineError
from engine.model import events as e
from engine.model.definition import DueInfo, ElementInfo
from engine.model.execution import (
    ElementFact,
    IncidentFact,
    OpenDiff,
    Step,
    TimerFact,
    WaitFact,
    WorkItem,
)
from engine.store import records, tasks

HUMAN = ("user", "manual")
HUMAN_ELEMENTS = ("userTask", "manualTask", "task")
SERVICES = ("service", "send")
_HELD_AGAIN = "This was waiting to be tried again at the point gone back to. Try it again."


def carry(act: Act, step: Step) -> None:
    """Record what `step` did, then run the operations it opened until only people are awaited."""
    waiting = deque(_record(act, step))
    while waiting:
        item = waiting.popleft()
        following = _perform(act, item)
        if following is not None:
            step = following
            waiting.extend(_record(act, step))
    if step.status != "running":
        _drop_added(act)
        take_back_times(act)
        act.record(e.ProcurementEnded(step.status))
    act.keep_state()


def _record(act: Act, step: Step) -> list[WorkItem]:
    """Record one step; the service tasks it opened are the answer."""
    act.state = step.state
    if step.trail:
        act.record(
            e.ElementsPassed([[fact.element_id, fact.outcome, fact.scope] for fact in step.trail])
        )
        _advance(act, step.trail)
    asked = [fact.scope for fact in step.trail if fact.kind == "businessRuleTask"]
    act.record_traces(asked)
    gone = {fact.task_id: fact for fact in step.trail}
    for closed in step.closed:
        fact = gone.get(closed)
        if fact is not None and fact.outcome == "cancelled" and fact.kind in HUMAN_ELEMENTS:
            act.record(
                e.TaskCancelled(closed, fact.element_id), element=fact.element_id, task=closed
            )
    cancelled = {fact.task_id for fact in step.trail if fact.outcome == "cancelled"}
    _lapse(act, cancelled.union(step.incidents_gone))
    _disarm(act, step.timers_gone)
    _arm(act, step.timers_armed)
    _close_waits(act, step.waits_gone)
    _open_waits(act, step.waits_armed)
    for item in step.opened:
        if item.kind in HUMAN:
            open_task(act, item)
    for thrown in step.thrown:
        act.record(e.MessageThrown(thrown.name, thrown.element_id, {}), element=thrown.element_id)
    for incident in step.incidents:
        raise_incident(act, incident)
    return [item for item in step.opened if item.kind in SERVICES]


def _arm(act: Act, timers: Sequence[TimerFact]) -> None:
    if not timers:
        return
    known = records.known_timers(act.session.work.connection, act.id)
    for timer in timers:
        due, why = timer.due_at.isoformat(), act.why(timer.due_at)
        event: e.TimerArmed | e.TimerMoved = (
            e.TimerMoved(timer.task_id, timer.element_id, due, why, timer.scope)
            if timer.task_id in known
            else e.TimerArmed(timer.task_id, timer.element_id, due, why)
        )
        act.record(event, element=timer.element_id)
        intakes.follow(act, timer)


def _disarm(act: Act, timers: Sequence[str]) -> None:
    if not timers:
        return
    known = records.known_timers(act.session.work.connection, act.id)
    for timer in timers:
        act.record(e.TimerDisarmed(timer), element=known.get(timer, ""))


def _open_waits(act: Act, waits: Sequence[WaitFact]) -> None:
    if not waits:
        return
    known = records.known_waits(act.session.work.connection, act.id)
    for wait in waits:
        if wait.task_id in known:
            act.record(e.WaitClosed(wait.task_id), element=wait.element_id)
        event = e.WaitOpened(
            wait.task_id, wait.element_id, wait.name, _key(wait.correlation), wait.scope
        )
        act.record(event, element=wait.element_id)


def _key(correlation: Any) -> str:
    return "" if correlation is None else str(correlation)


def _close_waits(act: Act, waits: Sequence[str]) -> None:
    if not waits:
        return
    known = records.known_waits(act.session.work.connection, act.id)
    for wait in waits:
        act.record(e.WaitClosed(wait), element=known.get(wait, ""))


def open_task(act: Act, item: WorkItem) -> None:
    """Put a piece of work on somebody's list, with its due date and the reason for it."""
    element = act.element(item.process_id, item.element_id)
    phase = _phase(act, item.process_id, item.element_id, item.path) or act.phase
    _enter(act, phase)
    due, why = _due(act, element.due, item.variables)
    event = e.TaskOpened(
        task=item.task_id,
        element=item.element_id,
        name=element.name,
        kind=item.kind,
        process=item.process_id,
        role=element.role or "procurement-lead",
        scope=item.scope,
        phase=phase,
        due_at="" if due is None else due.isoformat(),
        due_why=why,
        assignee=_performer(act, element, item.variables),
    )
    act.record(event, element=item.element_id, task=item.task_id)


def _performer(act: Act, element: ElementInfo, variables: Mapping[str, Any]) -> str:
    """The one person the task is for; nobody in particular when that person is not in the team."""
    if element.performer is None:
        return ""
    person = expressions.evaluate(element.performer, variables, act.now, act.functions)
    today = act.session.today
    seated = any(seat.person == person and seat.valid_on(today) for seat in act.team)
    return str(person) if seated else ""


def _advance(act: Act, trail: Sequence[ElementFact]) -> None:
    """Enter the furthest phase that was passed into, also where nothing waits for a person."""
    order = [phase.id for phase in act.version.definition.root.phases]
    passed = {
        _phase(act, fact.process_id, fact.element_id, fact.path)
        for fact in trail
        if fact.outcome == "completed"
    }
    ahead = order.index(act.phase) + 1 if act.phase in order else 0
    for phase in reversed(order[ahead:]):
        if phase in passed:
            _enter(act, phase)
            return


def _enter(act: Act, phase: str) -> None:
    if phase != act.phase:
        act.phase = phase
        act.record(e.PhaseEntered(phase))


def _phase(act: Act, process_id: str, element_id: str, path: Sequence[str]) -> str:
    """The phase named nearest to the element, on its way in from the top level."""
    process, phase = act.version.definition.key, ""
    for turn in path:
        info = act.element(process, turn.partition("#")[0])
        phase = info.phase or phase
        process = info.called or process
    return act.element(process_id, element_id).phase or phase


def _due(
    act: Act, due: DueInfo | None, variables: Mapping[str, Any]
) -> tuple[datetime | None, dict[str, Any]]:
    """When a task is due and, where the law says so, why."""
    if due is None:
        return None, {}
    moment: datetime | None
    if due.rule is not None:
        start = due.start and expressions.evaluate(due.start, variables, act.now, act.functions)
        moment = act.time_limit(due.rule, start or act.now)
    else:
        moment = due_moment(due.value or "", variables, act.now, act.host())
    return moment, act.why(moment)


def _perform(act: Act, item: WorkItem) -> Step | None:
    """Run a service task's operation; a failure becomes an incident and loses nothing."""
    element = act.element(item.process_id, item.element_id)
    try:
        result = _operate(act, item, element)
        outputs = expressions.assign(
            element.outputs, {**item.variables, "result": result}, act.now, act.functions
        )
        return runtime.complete(
            act.version.process, act.state, item.task_id, outputs, act.now, act.host()
        )
    except EngineError as error:
        raise_incident(act, _failed(item, error.code, str(error)))
        return None


def _operate(act: Act, item: WorkItem, element: ElementInfo) -> dict[str, Any]:
    info = element.operation
    if info is None:
        return {}
    inputs = expressions.assign(info.inputs, item.variables, act.now, act.functions)
    result = OPERATIONS[info.name](act, item, inputs)
    event = e.OperationPerformed(
        item.task_id, item.element_id, info.name, inputs, result, item.scope
    )
    act.record(event, element=item.element_id, task=item.task_id)
    return result


def _failed(item: WorkItem, code: str, message: str) -> IncidentFact:
    return IncidentFact(item.task_id, item.element_id, item.process_id, code, message, item.scope)


def raise_incident(act: Act, incident: IncidentFact) -> None:
    """Something automatic could not be done: it stands on the procurement until it is mended."""
    event = e.IncidentRaised(
        uuid4().hex,
        incident.task_id,
        incident.element_id,
        incident.code,
        incident.message,
        incident.scope,
    )
    act.record(event, element=incident.element_id, task=incident.task_id)


def _lapse(act: Act, gone: Collection[str]) -> None:
    """Close the incidents of what is not waited for any longer."""
    if not gone:
        return
    for each in records.open_incidents(act.session.work.connection, act.id):
        if each.task in gone:
            event = e.IncidentLapsed(each.id, each.task, each.element)
            act.record(event, element=each.element, task=each.task)


def resume_services(act: Act, items: list[WorkItem]) -> None:
    """Run again the operations of service tasks that failed before."""
    for item in items:
        following = _perform(act, item)
        if following is not None:
            carry(act, following)


def abandon(act: Act) -> None:
    """Close everything that waits, because the procurement was broken off."""
    step = runtime.cancel_all(act.version.process, act.state, act.now)
    _record(act, step)
    _drop_added(act)
    act.keep_state()


def _drop_added(act: Act) -> None:
    """What was put in beside the model ends with the procurement."""
    for task in tasks.open_of(act.session.work.connection, act.id):
        if not task.element:
            act.record(e.TaskCancelled(task.id, ""), task=task.id)


def restore(act: Act, difference: OpenDiff) -> None:
    """Make rows and lists agree with an earlier live process."""
    connection = act.session.work.connection
    for task in tasks.known(connection, difference.closed):
        act.record(e.TaskCancelled(task, ""), task=task)
    _lapse(act, {*difference.closed, *difference.incidents_gone})
    _disarm(act, difference.timers_gone)
    _close_waits(act, difference.waits_gone)
    known = tasks.known(connection, [item.task_id for item in difference.opened])
    for item in difference.opened:
        if item.task_id in known:
            role = known[item.task_id]
            event = e.TaskReopened(item.task_id, item.element_id, role, item.scope)
            act.record(event, element=item.element_id, task=item.task_id)
        elif item.kind in HUMAN:
            open_task(act, item)
        else:
            raise_incident(act, _failed(item, "gone-back", _HELD_AGAIN))
    for held in difference.incidents:
        raise_incident(act, held)
    _arm(act, difference.timers_armed)
    _open_waits(act, difference.waits_armed)
