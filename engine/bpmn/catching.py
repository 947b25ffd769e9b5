# ruff: noqa: SLF001 - task specs extend the library from inside and use its task tree
"""Events that are awaited: catch events, receive tasks, and events on the border of an activity."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from engine.bpmn.instance import (
    FUTURE,
    READY,
    WAITING,
    Task,
    Tree,
    block,
    is_blocked,
    is_live,
    withdraw,
)
from engine.bpmn.merging import seen_by
from engine.bpmn.nodes import Border, EventGateway, Node
from engine.bpmn.timers import TimerExpression, due, next_due
from engine.errors import EngineError
from engine.feel import Expression

EventKind = Literal["timer", "message", "signal", "conditional", "error", "escalation"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """What an event is about. `name` is the name of a message or signal, or the code of an error
    or escalation (empty for any)."""

    kind: EventKind
    name: str = ""
    timer: TimerExpression | None = None
    expression: Expression | None = None
    """The correlation of a message, or the condition of a conditional event."""


class CatchEvent(Node):
    """Waits at its place until what it is about happens."""

    activity: ClassVar[bool] = True

    def __init__(self, *args: Any, trigger: Trigger, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trigger = trigger

    def _update_hook(self, my_task: Task) -> bool:
        self.take_data(my_task)
        my_task._set_state(WAITING)
        self.classify(my_task)
        self.arm(my_task)
        return False

    def arm(self, my_task: Task) -> None:
        """Begin to wait. Raises `FeelError` when the time or correlation cannot be told."""
        trigger, world = self.trigger, my_task.workflow.world
        if trigger.timer is not None:
            since = my_task.internal_data.get("armed") or world.now.isoformat()
            when = due(trigger.timer, my_task.data, world.at(datetime.fromisoformat(since)))
            left = my_task.internal_data.get("repeats", when.repeats)
            my_task.internal_data.update(
                armed=since, due=when.at.isoformat(), repeats=left, period=when.period
            )
        elif trigger.kind == "message" and trigger.expression is not None:
            my_task.internal_data["correlation"] = world.data(trigger.expression, my_task.data)

    def catch(
        self, my_task: Task, variables: Mapping[str, Any], carried: Mapping[str, Any] | None = None
    ) -> None:
        """It happened: let the token go on. `variables` came with the event, `carried` are those
        of the path that threw it."""
        my_task.data = {**my_task.data, **(carried or {}), **variables}
        if isinstance(my_task.parent.task_spec, EventGateway):
            for other in my_task.parent.children:
                if other is not my_task and is_live(other):
                    withdraw(other, note=False)
        my_task._ready()

    @property
    def interrupting(self) -> bool | None:
        """Whether it ends the activity on whose border it stands; None where there is none."""
        return None


class BorderEvent(CatchEvent):
    """An event on the border of an activity. One that does not interrupt can happen again."""

    activity = False

    @property
    def interrupting(self) -> bool:
        return self.element.interrupting

    def catch(
        self, my_task: Task, variables: Mapping[str, Any], carried: Mapping[str, Any] | None = None
    ) -> None:
        siblings = [
            task
            for task in my_task.parent.children
            if task is not my_task and is_live(task) and not already_caught(task)
        ]
        if self.element.interrupting:
            for sibling in siblings:
                withdraw(sibling, note=not isinstance(sibling.task_spec, BorderEvent))
        else:
            successor = self._await_again(my_task)
            for each in [*siblings, *successor]:
                set_within(each, variables)
        my_task.data = {**my_task.data, **(carried or {}), **variables}
        my_task._ready()

    def _await_again(self, my_task: Task) -> list[Task]:
        """The task that waits for the next time, unless this was the last."""
        again = self._next_time(my_task) if self.trigger.timer is not None else {}
        if again is None:
            return []
        successor = my_task.parent._add_child(self, FUTURE)
        successor.triggered = True
        successor.data = my_task.data
        successor.internal_data.update(my_task.internal_data, **again)
        successor._set_state(WAITING)
        return [successor]

    def _next_time(self, my_task: Task) -> dict[str, Any] | None:
        """When a timer that repeats fires again; None when it does not."""
        state = my_task.internal_data
        repeats, period, fired = state["repeats"], state["period"], state["due"]
        if not period or (repeats is not None and repeats <= 1):
            return None
        return {
            "armed": fired,
            "due": next_due(datetime.fromisoformat(fired), period).isoformat(),
            "repeats": None if repeats is None else repeats - 1,
        }


Border.event_class = BorderEvent


def already_caught(task: Task) -> bool:
    """Whether the task is a border event on its way: that it happened cannot be undone."""
    return isinstance(task.task_spec, BorderEvent) and task._state == READY


def set_within(task: Task, variables: Mapping[str, Any]) -> None:
    """Give new values of variables to a task and everything in it that knows them, so that what
    happens on the border of an activity is known inside. Timers that read them move."""
    known = {name: value for name, value in variables.items() if _takes(task, name)}
    if not known:
        return
    task.data = {**task.data, **known}
    move_timer(task, known.keys())
    for turn in task.children:
        if task.task_spec.owns(turn):
            set_within(turn, known)
    branch = task.workflow.top_workflow.subprocesses.get(task.id)
    if branch is not None:
        correct(branch, known)


def correct(tree: Tree, variables: Mapping[str, Any]) -> None:
    """Give new values of variables to all tasks of a tree that know them, finished ones too, and
    to the trees inside it."""
    for task in list(tree.tasks.values()):
        set_within(task, variables)


def _takes(task: Task, name: str) -> bool:
    return name in task.data and name not in task.internal_data.get("item", {})


def move_timer(task: Task, changed: Collection[str]) -> None:
    """Compute an armed timer again if its expression reads one of these variables. A period still
    counts from when the timer was armed first."""
    if not is_armed(task) or task.task_spec.trigger.timer is None:
        return
    compiled = task.task_spec.trigger.timer.compiled
    if compiled is None or compiled.names_used.isdisjoint(changed):
        return
    try:
        task.task_spec.arm(task)
    except EngineError as error:
        block(task, error)


def is_armed(task: Task) -> bool:
    """Whether the task waits for its event."""
    return (
        task._state == WAITING and isinstance(task.task_spec, CatchEvent) and not is_blocked(task)
    )


def armed(tree: Tree, kind: EventKind) -> Iterator[Task]:
    for task in list(tree.tasks.values()):
        if is_armed(task) and task.task_spec.trigger.kind == kind:
            yield task


def catcher_of(task: Task, kind: EventKind, code: str) -> tuple[Task, list[Task]] | None:
    """The border event that catches an error or escalation raised inside or at `task`, and the
    activities that are left on the way, from the inside out. The exact code goes before any."""
    left: list[Task] = []
    current: Task | None = task
    while current is not None:
        left.append(current)
        found = _at_border(current, kind, code)
        if found is not None:
            return found, left
        parent = current.parent
        if parent is not None and parent.task_spec.owns(current):
            current = parent
        else:
            current = getattr(current.workflow, "owner", None)
    return None


def _at_border(activity: Task, kind: EventKind, code: str) -> Task | None:
    parent = activity.parent
    if parent is None or not isinstance(parent.task_spec, Border):
        return None
    if isinstance(activity.task_spec, BorderEvent):
        return None
    events = [
        task for task in parent.children if is_armed(task) and task.task_spec.trigger.kind == kind
    ]
    by_code = {task.task_spec.trigger.name: task for task in events}
    return by_code.get(code) or by_code.get("")


def try_condition(task: Task) -> bool:
    """Let a conditional event happen if its condition has become true."""
    expression = task.task_spec.trigger.expression
    try:
        holds = task.workflow.world.holds(expression, seen_by(task))
    except EngineError as error:
        block(task, error)
        return False
    before = task.internal_data.get("held", False)
    task.internal_data["held"] = holds
    if holds and not before:
        task.task_spec.catch(task, {})
        return True
    return False
