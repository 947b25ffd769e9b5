"""Which facts may change whose calendar holds the due date of a task."""

from typing import Any, Final

from engine.model import events as e

_CHANGES: Final = (
    e.TaskClaimed,
    e.TaskReleased,
    e.TaskAssigned,
    e.TaskPutBack,
    e.TaskDelegated,
    e.TaskGivenBack,
    e.DecisionProposed,
    e.DecisionReturned,
    e.TaskCompleted,
    e.TaskReopened,
)
_ALWAYS: Final = (e.TaskCancelled, e.TaskDueMoved, e.GatheringMoved, e.AddedTaskWithdrawn)


def task_to_look_at(event: Any, *, dated: bool) -> str:
    """The task whose appointments need a look, "" for none; `dated` tells that the task that is
    acted on has a due date."""
    if isinstance(event, e.TaskOpened | e.TaskAdded):
        return event.task if event.assignee and event.due_at else ""
    if isinstance(event, _ALWAYS) or (dated and isinstance(event, _CHANGES)):
        return str(event.task)
    return ""
