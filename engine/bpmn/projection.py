# ruff: noqa: SLF001 - works on the library's task tree, whose fields have no public names
"""What is open in an instance, as values, and how two such views differ."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
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

F = TypeVar("F", TimerFact, WaitFact, IncidentFact)


@dataclass(frozen=True, slots=True)
class Opens:
    """What is open, by id; work items are made only of what is new."""

    work: Mapping[str, Task]
    timers: Mapping[str, TimerFact]
    waits: Mapping[str, WaitFact]
    incidents: Mapping[str, IncidentFact]


NOTHING_OPEN = Opens({}, {}, {}, {})


def opens(instance: Instance) -> Opens:
    """What is open now; it does not change with the instance."""
    live = [(task.id.hex, task) for task in instance.tasks_now() if is_live(task)]
    awaited = [(key, task) for key, task in live if is_armed(task)]
    return Opens(
        work={key: task for key, task in live if is_open_work(task)},
        timers={key: _timer(task) for key, task in awaited if _is_timer(task)},
        waits={key: _wait(task) for key, task in awaited if _is_wait(task)},
        incidents={key: _incident(task) for key, task in live if is_blocked(task)},
    )


def view(instance: Instance) -> View:
    """Everything that is open, and where tokens stand."""
    found = opens(instance)
    drawn = Counter(
        (task.task_spec.process_id, task.task_spec.bpmn_id, scope_of(task), path_of(task))
        for task in instance.tasks_now()
        if is_live(task) and _holds_token(task)
    )
    return View(
        work=tuple(_work(task) for task in found.work.values()),
        timers=tuple(found.timers.values()),
        waits=tuple(found.waits.values()),
        incidents=tuple(found.incidents.values()),
        active=tuple(
            ActiveElement(process, element, count, scope, path)
            for (process, element, scope, path), count in drawn.items()
        ),
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


def difference(before: Opens, after: Opens) -> OpenDiff:
    """What to change in the tables of open things."""
    return OpenDiff(
        opened=tuple(_work(task) for key, task in after.work.items() if key not in before.work),
        closed=_gone(before.work, after.work),
        timers_armed=_fresh(before.timers, after.timers),
        timers_gone=_gone(before.timers, after.timers),
        waits_armed=_fresh(before.waits, after.waits),
        waits_gone=_gone(before.waits, after.waits),
        incidents=_fresh(before.incidents, after.incidents),
        incidents_gone=_gone(before.incidents, after.incidents),
    )


def _fresh(before: Mapping[str, F], after: Mapping[str, F]) -> tuple[F, ...]:
    """What is new or not as it was."""
    return tuple(fact for key, fact in after.items() if before.get(key) != fact)


def _gone(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key for key in before if key not in after)


def _work(task: Task) -> WorkItem:
    spec = task.task_spec
    return WorkItem(
        task_id=task.id.hex,
        element_id=spec.bpmn_id,
        element_name=spec.element.name,
        kind=WORK_KINDS.get(spec.element.kind, "send"),
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
        scope=scope_of(task),
    )
