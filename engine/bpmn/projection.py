# ruff: noqa: SLF001 - works on the library's task tree, whose fields have no public names
"""What is open in an instance, as values, and how two such views differ."""

from collections import Counter
from collections.abc import Callable, Mapping
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


Standing = tuple[Task, Any]
"""A task that is open and, as plain values, what may become another while it stays so."""


@dataclass(frozen=True, slots=True)
class Opens:
    """What is open, by id; facts are made only of what is new or changed."""

    work: Mapping[str, Task]
    timers: Mapping[str, Standing]
    waits: Mapping[str, Standing]
    incidents: Mapping[str, Standing]


NOTHING_OPEN = Opens({}, {}, {}, {})


def opens(instance: Instance) -> Opens:
    """What is open now; it does not change with the instance."""
    live = [(task.id.hex, task) for task in instance.tasks_now() if is_live(task)]
    awaited = [(key, task) for key, task in live if is_armed(task)]
    return Opens(
        work={key: task for key, task in live if is_open_work(task)},
        timers={key: (task, _due(task)) for key, task in awaited if _is_timer(task)},
        waits={key: (task, _correlation(task)) for key, task in awaited if _is_wait(task)},
        incidents={
            key: (task, task.internal_data[BLOCKED]) for key, task in live if is_blocked(task)
        },
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
        timers=tuple(_timer(task) for task, _ in found.timers.values()),
        waits=tuple(_wait(task) for task, _ in found.waits.values()),
        incidents=tuple(_incident(task) for task, _ in found.incidents.values()),
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
        timers_armed=_fresh(before.timers, after.timers, _timer),
        timers_gone=_gone(before.timers, after.timers),
        waits_armed=_fresh(before.waits, after.waits, _wait),
        waits_gone=_gone(before.waits, after.waits),
        incidents=_fresh(before.incidents, after.incidents, _incident),
        incidents_gone=_gone(before.incidents, after.incidents),
    )


def _fresh(
    before: Mapping[str, Standing], after: Mapping[str, Standing], fact: Callable[[Task], F]
) -> tuple[F, ...]:
    """What is new or not as it was."""
    return tuple(
        fact(task)
        for key, (task, values) in after.items()
        if key not in before or before[key][1] != values
    )


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


def _due(task: Task) -> tuple[str, str, Any]:
    return scope_of(task), task.internal_data["due"], task.internal_data["repeats"]


def _correlation(task: Task) -> tuple[str, str | None]:
    return scope_of(task), task.internal_data.get("correlation")


def _timer(task: Task) -> TimerFact:
    spec: CatchEvent = task.task_spec
    timer = spec.trigger.timer
    scope, due, repeats = _due(task)
    return TimerFact(
        task_id=task.id.hex,
        element_id=spec.element.id,
        process_id=spec.process_id,
        due_at=aware(due),
        interrupting=spec.interrupting,
        expression=timer.source if timer else "",
        repeats=repeats,
        scope=scope,
    )


def _wait(task: Task) -> WaitFact:
    spec: CatchEvent = task.task_spec
    scope, correlation = _correlation(task)
    return WaitFact(
        task_id=task.id.hex,
        element_id=spec.element.id,
        process_id=spec.process_id,
        kind="message" if spec.trigger.kind == "message" else "signal",
        name=spec.trigger.name,
        correlation=correlation,
        interrupting=spec.interrupting,
        scope=scope,
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
