# ruff: noqa: SLF001 - works on the library's task tree, whose fields have no public names
"""Acts on a running process: a state goes in, a `Step` with the next state comes out.

Pure: no database, no clock but `now`, nothing kept between calls. An act that is refused raises
before anything has happened. An automatic task that fails does not undo the act: it is held with
an incident, and everything else goes on.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from engine.bpmn import throwing
from engine.bpmn.catching import correct, is_armed
from engine.bpmn.engine_environment import World
from engine.bpmn.instance import (
    BLOCKED,
    READY,
    Instance,
    Task,
    block,
    is_blocked,
    is_live,
    withdraw,
)
from engine.bpmn.parser import ExecutableProcess
from engine.bpmn.projection import (
    NOTHING_OPEN,
    Opens,
    difference,
    is_open_work,
    opens,
    status,
    view,
)
from engine.bpmn.pruning import prune
from engine.bpmn.skeleton import aware, pack, plain, unpack
from engine.bpmn.stepping import advance, run_now
from engine.errors import (
    EngineError,
    InvalidInputError,
    NotRunningError,
    RejectedError,
    TaskNotOpenError,
)
from engine.model.execution import Delivery, Host, OpenDiff, Step, View

NO_HOST = Host()
_STILL = World(datetime.min.replace(tzinfo=UTC), NO_HOST)
"""A world for looking at a state, in which nothing is computed."""
_OPEN = tuple(each.name for each in fields(OpenDiff))


def start(
    process: ExecutableProcess,
    variables: Mapping[str, Any],
    now: datetime,
    host: Host = NO_HOST,
    *,
    start_event: str | None = None,
) -> Step:
    """Start at the plain start event, or at `start_event` (its message or time has come; what a
    message brought is in `variables`).

    Raises `InvalidInputError` when that start event is not there or there is none to choose.
    """
    chosen = _start_event(process, start_event)
    instance = Instance(process.spec, process.specs, World(now, host), blank=False)
    instance.task_tree.data = plain(variables)
    instance.task_tree.internal_data["start"] = chosen
    return _finish(instance, NOTHING_OPEN)


def complete(
    process: ExecutableProcess,
    state: bytes,
    task_id: str,
    outputs: Mapping[str, Any],
    now: datetime,
    host: Host = NO_HOST,
) -> Step:
    """Complete open work with these variables.

    Raises `TaskNotOpenError` when it is not open (done, cancelled, blocked or never there).
    """

    def act(instance: Instance) -> None:
        task = _open_task(instance, task_id)
        task.data = {**task.data, **plain(outputs)}
        run_now(task)

    return _act(process, state, World(now, host), act)


def fire_timer(
    process: ExecutableProcess,
    state: bytes,
    task_id: str,
    now: datetime,
    host: Host = NO_HOST,
) -> Step:
    """Let a timer fire that is due; one that repeats is armed again under a new id.

    Raises `RejectedError` when it is not armed any more or not due yet.
    """

    def act(instance: Instance) -> None:
        task = instance.find(task_id)
        if task is None or not is_armed(task) or task.task_spec.trigger.timer is None:
            raise RejectedError(
                f"The timer {task_id} is not armed. It has fired, or what it watched has ended.",
                task_id=task_id,
                about="timer-over",
            )
        due_at = aware(task.internal_data["due"])
        if due_at > now:
            raise RejectedError(
                f"The timer {task.task_spec.bpmn_id} is due at {due_at.isoformat()}, not yet.",
                task_id=task_id,
                due_at=due_at.isoformat(),
                about="timer-early",
            )
        task.task_spec.catch(task, {})

    return _act(process, state, World(now, host), act)


def deliver_message(
    process: ExecutableProcess,
    state: bytes,
    delivery: Delivery,
    now: datetime,
    host: Host = NO_HOST,
) -> Step:
    """Give a message to what waits for it in the branch it is for; its payload becomes variables
    there.

    Raises `RejectedError` when nothing waits for it, or when several branches do and none is named.
    """
    name = delivery.name

    def act(instance: Instance) -> None:
        found = throwing.receivers(instance, name, delivery.correlation)
        if delivery.wait is not None:
            found = [task for task in found if task.id.hex == delivery.wait]
        if not found:
            raise RejectedError(
                f"Nothing waits for the message {name} now. See what the process waits for.",
                name=name,
                about="nothing-waits",
            )
        if throwing.branches_differ(found):
            raise RejectedError(
                f"Several branches wait for the message {name}. Say which one it is for.",
                name=name,
                correlations=[task.internal_data.get("correlation") for task in found],
                about="several-wait",
            )
        found[0].task_spec.catch(found[0], plain(delivery.payload))

    return _act(process, state, World(now, host), act)


def deliver_signal(
    process: ExecutableProcess,
    state: bytes,
    name: str,
    payload: Mapping[str, Any],
    now: datetime,
    host: Host = NO_HOST,
) -> Step:
    """Give a signal to everything that waits for it. Raises `RejectedError` when nothing does."""

    def act(instance: Instance) -> None:
        if not throwing.broadcast(instance, name, plain(payload)):
            raise RejectedError(
                f"Nothing waits for the signal {name} now.", signal=name, about="nothing-waits"
            )

    return _act(process, state, World(now, host), act)


def throw_error(
    process: ExecutableProcess,
    state: bytes,
    task_id: str,
    error_code: str,
    outputs: Mapping[str, Any],
    now: datetime,
    host: Host = NO_HOST,
) -> Step:
    """End open work by a declared error: the nearest border event for it takes over, with the
    outputs as variables. Raises `TaskNotOpenError`, and `RejectedError` when nothing catches it."""

    def act(instance: Instance) -> None:
        throwing.raise_error(_open_task(instance, task_id), error_code, plain(outputs))

    return _act(process, state, World(now, host), act)


def escalate(
    process: ExecutableProcess,
    state: bytes,
    task_id: str,
    escalation_code: str,
    outputs: Mapping[str, Any],
    now: datetime,
    host: Host = NO_HOST,
) -> Step:
    """Escalate from open work, which goes on unless the event that catches it interrupts. One
    that nothing catches is reported as thrown. Raises `TaskNotOpenError`."""

    def act(instance: Instance) -> None:
        throwing.escalate(_open_task(instance, task_id), escalation_code, plain(outputs))

    return _act(process, state, World(now, host), act)


def retry(
    process: ExecutableProcess,
    state: bytes,
    task_id: str,
    now: datetime,
    host: Host = NO_HOST,
) -> Step:
    """Try a blocked task again. Raises `TaskNotOpenError` when it is not blocked."""

    def act(instance: Instance) -> None:
        task = instance.find(task_id)
        if task is None or not is_live(task) or not is_blocked(task):
            raise TaskNotOpenError(f"The task {task_id} is not held.", task_id=task_id)
        del task.internal_data[BLOCKED]
        if task._state != READY:
            task.task_spec._update(task)

    return _act(process, state, World(now, host), act)


def hold(
    process: ExecutableProcess,
    state: bytes,
    task_id: str,
    error: EngineError,
    now: datetime,
    host: Host = NO_HOST,
) -> Step:
    """Hold open work whose operation failed; `retry` opens it again. Raises `TaskNotOpenError`."""

    def act(instance: Instance) -> None:
        block(_open_task(instance, task_id), error)

    return _act(process, state, World(now, host), act)


def set_variables(
    process: ExecutableProcess,
    state: bytes,
    variables: Mapping[str, Any],
    now: datetime,
    host: Host = NO_HOST,
    *,
    around: str | None = None,
) -> Step:
    """Correct variables wherever they are known: in the whole process, or only in the branch
    that the task `around` stands in. Timers whose expression reads them move.

    The item of a multi-instance activity keeps its value, and what does not know a variable does
    not learn of it. Raises `TaskNotOpenError` when the task `around` is not there.
    """

    def act(instance: Instance) -> None:
        tree = instance
        if around is not None:
            task = instance.find(around)
            if task is None or not is_live(task):
                raise TaskNotOpenError(f"The task {around} is not open.", task_id=around)
            tree = task.workflow
        correct(tree, plain(variables))

    return _act(process, state, World(now, host), act)


def cancel_all(
    process: ExecutableProcess, state: bytes, now: datetime, host: Host = NO_HOST
) -> Step:
    """Cancel everything that is open and end the process."""

    def act(instance: Instance) -> None:
        data = instance.task_tree.data
        for task in list(instance.tasks.values()):
            if is_live(task):
                withdraw(task)
        instance.data = dict(data)
        instance.completed = instance.terminated = True

    return _act(process, state, World(now, host), act)


def inspect(process: ExecutableProcess, state: bytes) -> View:
    """Everything that is open in a state."""
    return view(unpack(process, state, _STILL))


def diff_open(process: ExecutableProcess, old_state: bytes, new_state: bytes) -> OpenDiff:
    """What to change in the tables of open things when `new_state` takes the place of
    `old_state`, as when an earlier state is restored."""
    old, new = (opens(unpack(process, each, _STILL)) for each in (old_state, new_state))
    return difference(old, new)


def _start_event(process: ExecutableProcess, wanted: str | None) -> str:
    for event in process.starts:
        if event.element_id == wanted or (wanted is None and not event.event):
            return event.element_id
    if wanted is None and len(process.starts) == 1:
        return process.starts[0].element_id
    raise InvalidInputError(
        f"The process {process.key} cannot start at {wanted or 'a plain start event'}. Its start "
        f"events: {', '.join(event.element_id for event in process.starts)}.",
        process=process.key,
        start_event=wanted,
        about="no-such-start",
    )


def _open_task(instance: Instance, task_id: str) -> Task:
    task = instance.find(task_id)
    if task is None or not is_open_work(task):
        raise TaskNotOpenError(
            f"The task {task_id} is not open. It has been done or cancelled; look again.",
            task_id=task_id,
        )
    return task


def _act(
    process: ExecutableProcess, state: bytes, world: World, act: Callable[[Instance], None]
) -> Step:
    instance = unpack(process, state, world)
    if instance.completed:
        raise NotRunningError("The process has ended; nothing can be done in it any more.")
    before = opens(instance)
    act(instance)
    return _finish(instance, before)


def _finish(instance: Instance, before: Opens) -> Step:
    advance(instance)
    prune(instance)
    changes = difference(before, opens(instance))
    step = Step(
        **{name: getattr(changes, name) for name in _OPEN},
        state=pack(instance),
        status=status(instance),
        trail=tuple(instance.trail),
        thrown=tuple(instance.thrown),
        variables=instance.data if instance.completed else {},
    )
    instance.let_go()
    return step
