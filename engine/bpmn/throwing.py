"""Events that a process throws: messages, signals, escalations, errors, and the ends of a tree."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.bpmn.catching import armed, catcher_of
from engine.bpmn.instance import Task, is_live, scope_of, withdraw
from engine.bpmn.nodes import Node, Work, assigned, finish
from engine.errors import EngineError, UncaughtError
from engine.feel import Expression
from engine.model.execution import Thrown

ThrowKind = Literal["", "message", "signal", "escalation", "error", "terminate"]


@dataclass(frozen=True, slots=True)
class Throw:
    """What is thrown; `name` of the message or signal, or the code of an error or escalation."""

    kind: ThrowKind = ""
    name: str = ""
    correlate: Expression | None = None


class ThrowEvent(Node):
    """An intermediate throw event or an end event."""

    def __init__(self, *args: Any, throw: Throw, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.throw = throw

    def _run_hook(self, my_task: Task) -> bool:
        before = my_task.data
        my_task.data = {**before, **assigned(self.assignments, my_task, before)}
        try:
            happen(my_task, self.throw)
        except EngineError:
            my_task.data = before
            raise
        return True


class SendTask(Work):
    """The engine runs the named operation of a send task or throw event, which may send a letter;
    then the event happens."""

    def __init__(self, *args: Any, throw: Throw, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.throw = throw

    def _run_hook(self, my_task: Task) -> bool:
        happen(my_task, self.throw)
        return True


def happen(task: Task, throw: Throw) -> None:
    """Raises `FeelError` or `UncaughtError` before anything has changed."""
    if throw.kind == "message":
        _throw_message(task, throw)
    elif throw.kind == "signal":
        _throw_signal(task, throw.name)
    elif throw.kind == "escalation":
        escalate(task, throw.name, {})
    elif throw.kind == "error":
        raise_error(task, throw.name, {})
    elif throw.kind == "terminate":
        _terminate(task)


def _note(task: Task, kind: Any, name: str, *, caught: bool, correlation: Any = None) -> None:
    task.workflow.top_workflow.thrown.append(
        Thrown(
            kind=kind,
            name=name,
            task_id=task.id.hex,
            element_id=task.task_spec.bpmn_id,
            process_id=task.task_spec.process_id,
            variables=dict(task.data),
            correlation=correlation,
            caught=caught,
            scope=scope_of(task),
        )
    )


def _throw_message(task: Task, throw: Throw) -> None:
    world = task.workflow.world
    correlation = world.data(throw.correlate, task.data) if throw.correlate else None
    found = receivers(task.workflow.top_workflow, throw.name, correlation)
    caught = bool(found) and not branches_differ(found)
    _note(task, "message", throw.name, caught=caught, correlation=correlation)
    if caught:
        found[0].task_spec.catch(found[0], {})


def receivers(instance: Any, name: str, correlation: Any) -> list[Task]:
    """Tasks that wait for this message in the branch that `correlation` names, the innermost
    first; None stands for any branch."""
    found = [
        task
        for tree in instance.trees()
        for task in armed(tree, "message")
        if task.task_spec.trigger.name == name
        and (correlation is None or task.internal_data.get("correlation") in (None, correlation))
    ]
    return sorted(found, key=lambda task: -task.workflow.depth)


def branches_differ(waiting: list[Task]) -> bool:
    """Whether tasks that wait for a message wait for it in several branches."""
    keys = [task.internal_data.get("correlation") for task in waiting]
    return any(key != keys[0] for key in keys)


def _throw_signal(task: Task, name: str) -> None:
    caught = broadcast(task.workflow.top_workflow, name, {})
    _note(task, "signal", name, caught=caught)


def broadcast(instance: Any, name: str, variables: Mapping[str, Any]) -> bool:
    """Give the signal to everything in the instance that waits for it; whether anything did."""
    waiting = [
        task
        for tree in list(instance.trees())
        for task in armed(tree, "signal")
        if task.task_spec.trigger.name == name
    ]
    for task in waiting:
        if is_live(task):
            task.task_spec.catch(task, variables)
    return bool(waiting)


def escalate(task: Task, code: str, variables: Mapping[str, Any]) -> None:
    """Give the escalation to the nearest border event that catches it; else it leaves."""
    found = catcher_of(task, "escalation", code)
    _note(task, "escalation", code, caught=found is not None)
    if found is not None:
        event, left = found
        event.task_spec.catch(event, variables, _carried(task, left))


def raise_error(task: Task, code: str, variables: Mapping[str, Any]) -> None:
    """Give the error to the nearest border event that catches it.

    Raises `UncaughtError` when none does, so that an error is never lost.
    """
    found = catcher_of(task, "error", code)
    if found is None:
        raise UncaughtError(
            f"The error {code or '(without code)'} of {task.task_spec.bpmn_id} is caught nowhere. "
            "Draw an error event on the border of an enclosing activity.",
            element=task.task_spec.bpmn_id,
            error=code,
        )
    event, left = found
    event.task_spec.catch(event, variables, _carried(task, left))


def _carried(task: Task, left: list[Task]) -> dict[str, Any]:
    """Variables an error or escalation brings out of the activities it leaves: those of the
    thrower, but nothing out of a branch of a loop or a call that returns only some."""
    if any(activity.task_spec.keeps_data_inside(activity) for activity in left):
        return {}
    return dict(task.data)


def _terminate(task: Task) -> None:
    tree = task.workflow
    for other in list(tree.tasks.values()):
        if other is not task and is_live(other):
            withdraw(other)
    if tree.parent_task_id is None:
        tree.terminated = True
    finish(tree, task.data)
