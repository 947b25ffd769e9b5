"""Questions about a state that change nothing: what a task sees, when it will be due."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.bpmn.engine_environment import Language, World
from engine.bpmn.parser import ExecutableProcess
from engine.bpmn.projection import is_open_work
from engine.bpmn.skeleton import glimpse
from engine.bpmn.timers import compile_timer, due
from engine.errors import TaskNotOpenError
from engine.model.execution import Host


def variables_of(process: ExecutableProcess, state: bytes, task_id: str) -> Mapping[str, Any]:
    """What an open task sees. Raises `TaskNotOpenError`."""
    task = glimpse(process, state, task_id)
    if task is None or not is_open_work(task):
        raise TaskNotOpenError(
            f"The task {task_id} is not open. It has been done or cancelled; look again.",
            task=task_id,
        )
    return task.data


def variables_at(process: ExecutableProcess, state: bytes, wait_id: str) -> Mapping[str, Any]:
    """What is known where a message is awaited; empty when nothing waits there any more."""
    task = glimpse(process, state, wait_id)
    return {} if task is None else task.data


def due_moment(
    source: str, variables: Mapping[str, Any], now: datetime, host: Host
) -> datetime | None:
    """The moment a task's due expression speaks of: a period from now, or a date-time.

    Raises `FeelError` where it gives neither.
    """
    timer = compile_timer("duration", source, Language(functions=frozenset(host.functions)))
    return due(timer, variables, World(now, host)).at
