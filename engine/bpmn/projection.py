# ruff: noqa: SLF001 - works on the library's task tree, whose fields have no public names
"""What is open in an instance, as values, and how two such views differ."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from engine.bpmn.catching import BorderEvent, CatchEvent, is_armed
from engine.bpmn.instance import (
    BLOCKED,
    READY,
    WAITING,
    Instance,
    Task,
    is_blocked,
    is_live,
    loop_index,
    path_of,
    scope_of,
)
from engine.bpmn.parser import WORK_KINDS
from engine.bpmn.skeleton import aware
from engine.model.execution import (
    ActiveElement,
    IncidentFact,
    OpenDiff,
    Status,
    TimerFact,
    View,
    WaitFact,
    WorkItem,
)

F = TypeVar("F", WorkItem, TimerFact, WaitFact, IncidentFact)


def view(instance: Instance) -> View:
    """Everything that is open."""
    live = [task for task in instance.tasks_now() if is_live(task)]
    drawn = Counter(
        (task.task_spec.process_id, task.task_spec.bpmn_id) for task in live if _holds_token(task)
    )
    return View(
        work=tuple(_work(task) for task in live if is_open_work(task)),
        timers=tuple(_timer(task) for task in live if is_armed(task) and _is_timer(task)),
        waits=tuple(_wait(task) for task in live if is_armed(task) and _is_wait(task)),
        incidents=tuple(_incident(task) for task in live if is_blocked(task)),
        active=tuple(ActiveElement(*key, count) for key, count in drawn.items()),
        status=status(instance),
        variables=instance.data if instance.completed else {},
    )


def _holds_token(task: Task) -> bool:
    """Whether a diagram shows a token here: not for what only watches or has begun its turns."""
    spec = task.task_spec
    if spec.bpmn_id is None or (isinstance(spec, BorderEvent) and task._state == WAITING):
        return False
    return not any(spec.owns(child) and is_live(child) for child in task.children)


def status(instance: Instance) -> Status:
    if not instance.completed:
        return "running"
    return "terminated" if instance.terminated else "ended"


def is_open_work(task: Task) -> bool:
    """Whether somebody can do the task now."""
    return bool(task._state == READY and task.task_spec.manual and not is_blocked(task))


def difference(before: View, after: View) -> OpenDiff:
    """What to change in the tables of open things."""
    opened, closed = _changes(before.work, after.work, moved=False)
    timers_armed, timers_gone = _changes(before.timers, after.timers, moved=True)
    waits_armed, waits_gone = _changes(before.waits, after.waits, moved=True)
    incidents, incidents_gone = _changes(before.incidents, after.incidents, moved=True)
    return OpenDiff(
        opened,
        closed,
        timers_armed,
        timers_gone,
        waits_armed,
        waits_gone,
        incidents,
        incidents_gone,
    )


def _changes(
    before: Iterable[F], after: Iterable[F], *, moved: bool
) -> tuple[tuple[F, ...], tuple[str, ...]]:
    """What is new (or, with `moved`, not as it was) and the ids of what is gone."""
    old = {fact.task_id: fact for fact in before}
    new = {fact.task_id: fact for fact in after}
    fresh = tuple(
        fact for key, fact in new.items() if key not in old or (moved and old[key] != fact)
    )
    return fresh, tuple(key for key in old if key not in new)


def _work(task: Task) -> WorkItem:
    spec = task.task_spec
    return WorkItem(
        task_id=task.id.hex,
        element_id=spec.bpmn_id,
        element_name=spec.element.name,
        kind=WORK_KINDS[spec.element.kind],
        lane=spec.element.lane,
        process_id=spec.process_id,
        item=_item(task),
        variables=dict(task.data),
        scope=scope_of(task),
        loop_index=loop_index(task),
        path=path_of(task),
    )


def _item(task: Task) -> Mapping[str, Any]:
    """The loop variables of the task and of what encloses it, the innermost counting."""
    found: dict[str, Any] = {}
    current = task
    while current is not None:
        found = {**current.internal_data.get("item", {}), **found}
        current = getattr(current.workflow, "owner", None)
    return found


def _is_timer(task: Task) -> bool:
    return task.task_spec.trigger.timer is not None


def _is_wait(task: Task) -> bool:
    return task.task_spec.trigger.kind in ("message", "signal")


def _timer(task: Task) -> TimerFact:
    spec: CatchEvent = task.task_spec
    timer = spec.trigger.timer
    return TimerFact(
        task_id=task.id.hex,
        element_id=spec.element.id,
        process_id=spec.process_id,
        due_at=aware(task.internal_data["due"]),
        interrupting=spec.interrupting,
        expression=timer.source if timer else "",
        repeats=task.internal_data["repeats"],
        scope=scope_of(task),
    )


def _wait(task: Task) -> WaitFact:
    spec: CatchEvent = task.task_spec
    return WaitFact(
        task_id=task.id.hex,
        element_id=spec.element.id,
        process_id=spec.process_id,
        kind="message" if spec.trigger.kind == "message" else "signal",
        name=spec.trigger.name,
        correlation=task.internal_data.get("correlation"),
        interrupting=spec.interrupting,
        scope=scope_of(task),
    )


def _incident(task: Task) -> IncidentFact:
    code, message = task.internal_data[BLOCKED]
    return IncidentFact(
        task_id=task.id.hex,
        element_id=task.task_spec.bpmn_id or "",
        process_id=task.task_spec.process_id,
        code=code,
        message=message,
    )
