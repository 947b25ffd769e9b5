# ruff: noqa: SLF001 - works on the library's task tree, whose fields have no public names
"""A running process: the library's task trees, one for the process and one for each open
sub-process or called process, and what an act on them leaves behind."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow

from engine.bpmn.engine_environment import World
from engine.errors import EngineError
from engine.model.execution import ElementFact, Outcome, Thrown

Task = Any
"""`SpiffWorkflow.task.Task`; the library is not typed."""

Tree = Any
"""An `Instance` or a `Branch`."""

LIVE = TaskState.NOT_FINISHED_MASK
FUTURE = TaskState.FUTURE
WAITING = TaskState.WAITING
READY = TaskState.READY
STARTED = TaskState.STARTED
COMPLETED = TaskState.COMPLETED
CANCELLED = TaskState.CANCELLED
BLOCKED = "blocked"


class Instance(BpmnWorkflow):  # type: ignore[misc]
    """The root. Nothing here walks the tree, so that its depth and history cost nothing."""

    def __init__(self, spec: Any, specs: Mapping[str, Any], world: World, *, blank: bool) -> None:
        self.world = world
        self.scope = ""
        self.terminated = False
        self.arrivals = 0
        self.trail: list[ElementFact] = []
        self.thrown: list[Thrown] = []
        super().__init__(spec, specs, script_engine=world, deserializing=blank)

    def _task_completed_notify(self, task: Task) -> None:
        """The stepping looks after waiting tasks itself."""

    def trees(self) -> Iterator[Tree]:
        yield self
        yield from self.subprocesses.values()

    def tasks_now(self) -> Iterator[Task]:
        """Every task of every tree; a snapshot, so that the trees may change meanwhile."""
        for tree in list(self.trees()):
            yield from list(tree.tasks.values())

    def find(self, task_id: str) -> Task | None:
        """The task with this hexadecimal id, None where there is none or it is no id."""
        try:
            key = UUID(hex=task_id)
        except ValueError:
            return None
        return next((tree.tasks[key] for tree in self.trees() if key in tree.tasks), None)

    def open_branch(self, task: Task, spec_name: str, data: dict[str, Any], scope: str) -> "Branch":
        """Begin the sub-process or called process of `task`."""
        branch = Branch(self.subprocess_specs[spec_name], task, blank=False)
        branch.scope = scope
        branch.task_tree.data = data
        self.subprocesses[task.id] = branch
        return branch

    def let_go(self) -> None:
        """Cut what its parts hold of each other, once nobody needs it any more: all of it is gone
        at once then, and not when garbage is next collected."""
        for tree in self.trees():
            tree.tasks.clear()
            tree.task_tree = tree.last_task = None
        self.subprocesses.clear()
        self.event_manager = None

    def next_arrival(self) -> int:
        """A number that grows, to tell what came first."""
        self.arrivals += 1
        return self.arrivals


class Branch(BpmnSubWorkflow):  # type: ignore[misc]
    """The tree of an open sub-process or call activity."""

    def __init__(self, spec: Any, owner: Task, *, blank: bool) -> None:
        self.owner = owner
        self.scope = ""
        super().__init__(spec, owner.id, owner.workflow.top_workflow, deserializing=blank)

    @property
    def world(self) -> World:
        world: World = self.top_workflow.world
        return world

    @property
    def parent_workflow(self) -> Tree:
        return self.owner.workflow

    def _calculate_depth(self) -> int:
        depth: int = self.owner.workflow.depth + 1
        return depth

    def _task_completed_notify(self, task: Task) -> None:
        """The stepping looks after waiting tasks itself."""


def is_live(task: Task) -> bool:
    return bool(task._state & LIVE)


def is_blocked(task: Task) -> bool:
    return BLOCKED in task.internal_data


def block(task: Task, error: EngineError) -> None:
    """Hold the task until somebody retries it; other branches go on."""
    task.internal_data[BLOCKED] = [error.code, str(error)]
    if task._state == FUTURE:
        task._set_state(WAITING)
    record(task, "failed")


def loop_index(task: Task) -> int | None:
    """Which branch of its multi-instance or loop activity the task is, from 0."""
    index: int | None = task.internal_data.get("index")
    return index


def path_of(task: Task) -> tuple[str, ...]:
    """The enclosing activities from the outside in."""
    path = []
    tree = task.workflow
    while tree.parent_task_id is not None:
        owner = tree.owner
        index = loop_index(owner)
        name = owner.task_spec.bpmn_id
        path.append(name if index is None else f"{name}#{index}")
        tree = owner.workflow
    return tuple(reversed(path))


def scope_of(task: Task) -> str:
    """The confidentiality key of the task."""
    key: str = task.internal_data.get("scope") or task.workflow.scope
    return key


def record(task: Task, outcome: Outcome) -> None:
    """Note that the element of the task finished; what is not drawn is not noted."""
    spec = task.task_spec
    if spec.bpmn_id is None:
        return
    task.workflow.top_workflow.trail.append(
        ElementFact(
            task_id=task.id.hex,
            element_id=spec.bpmn_id,
            process_id=spec.process_id,
            kind=spec.element.kind,
            outcome=outcome,
            path=path_of(task),
            loop_index=loop_index(task),
            scope=scope_of(task),
        )
    )


def withdraw(task: Task, *, note: bool = True) -> None:
    """Cancel a live task with everything that is open below it, noting the activities."""
    instance = task.workflow.top_workflow
    stack = [task]
    while stack:
        current = stack.pop()
        branch = instance.subprocesses.pop(current.id, None)
        if branch is not None:
            stack.extend(each for each in branch.tasks.values() if is_live(each))
        stack.extend(current.children)
        if is_live(current):
            if note and current.task_spec.activity:
                record(current, "cancelled")
            current._set_state(CANCELLED)
