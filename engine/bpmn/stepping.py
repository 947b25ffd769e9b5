# ruff: noqa: SLF001 - works on the library's task tree, whose fields have no public names
"""Running everything that needs nobody: until only people, timers and messages are left."""

from collections.abc import Iterator
from typing import Final

from engine.bpmn.catching import armed, try_condition
from engine.bpmn.instance import (
    BLOCKED,
    READY,
    WAITING,
    Instance,
    Task,
    block,
    is_blocked,
    is_live,
)
from engine.bpmn.nodes import End, InclusiveGateway, Join, ParallelGateway
from engine.bpmn.pruning import prune
from engine.errors import BudgetError, EngineError, StuckError

PRUNE_EVERY: Final = 50


def advance(instance: Instance) -> None:
    """Run automatic tasks until none is ready.

    A task that fails is blocked and the others go on. When the host's budget of steps is used up,
    all that is still ready is blocked, so that a loop in the model cannot hold up the engine.
    """
    steps = 0
    budget = instance.world.host.budget
    while True:
        batch = list(_runnable(instance))
        if not batch and not _settle(instance):
            _hold_stuck(instance)
            return
        for task in batch:
            if task._state != READY or task.id not in task.workflow.tasks:
                continue
            if steps >= budget:
                _hold(instance, budget)
                return
            steps += 1
            _run(task)
            if steps % PRUNE_EVERY == 0:
                prune(instance)


def _runnable(instance: Instance) -> Iterator[Task]:
    for tree in list(instance.trees()):
        for task in list(tree.tasks.values()):
            if task._state == READY and not task.task_spec.manual and not is_blocked(task):
                yield task


def _run(task: Task) -> None:
    try:
        task.run()
    except EngineError as error:
        block(task, error)


def run_now(task: Task) -> None:
    """Complete a task that somebody has done. Raises what the task raises, nothing changed."""
    task.run()


def _settle(instance: Instance) -> bool:
    """Let joins and ends go on that wait for nothing more, and conditional events happen."""
    moved = False
    for tree in list(instance.trees()):
        for task in list(tree.tasks.values()):
            if task._state != WAITING or BLOCKED in task.internal_data:
                continue
            if isinstance(task.task_spec, ParallelGateway | InclusiveGateway | End):
                moved |= task.task_spec.settle(task)
        for task in armed(tree, "conditional"):
            moved |= try_condition(task)
    return moved


def _hold_stuck(instance: Instance) -> None:
    """Hold joins in a tree where nothing is left that could bring them a token."""
    for tree in list(instance.trees()):
        live = [task for task in tree.tasks.values() if is_live(task)]
        if all(isinstance(task.task_spec, Join | End) for task in live):
            for task in live:
                if isinstance(task.task_spec, Join) and not is_blocked(task):
                    block(task, _stuck(task))


def _stuck(task: Task) -> StuckError:
    element = task.task_spec.bpmn_id
    return StuckError(
        f"The join {element} waits for a token that cannot come any more: a path before it was not "
        "taken, or ended elsewhere. Go back to before it, and join such paths with an exclusive "
        "or inclusive gateway.",
        element=element,
    )


def _hold(instance: Instance, budget: int) -> None:
    error = BudgetError(
        f"More than {budget} automatic steps in one act. Look for a loop that never ends; then "
        "retry to go on.",
        budget=budget,
    )
    for task in list(_runnable(instance)):
        block(task, error)
