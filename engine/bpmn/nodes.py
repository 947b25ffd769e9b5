# ruff: noqa: SLF001 - task specs extend the library from inside and use its task tree
"""What the tokens do at the nodes of a model: the library's task specs with the parts replaced
that it gets wrong (docs/decisions/0002-skeleton-state-on-spiffworkflow.md).

Three rules hold for every node here. A task owns its `data`, and values in it are never changed in
place, so tasks may share them. Whatever can fail (an expression, a decision) is computed before the
tree is touched, so that a failure leaves the task as it was. Only real tasks stand in the tree:
successors are made when a task completes, none are predicted.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.specs import WorkflowSpec

from engine.bpmn.instance import (
    CANCELLED,
    FUTURE,
    READY,
    STARTED,
    WAITING,
    Task,
    Tree,
    block,
    is_blocked,
    is_live,
    record,
    withdraw,
)
from engine.bpmn.merging import merged
from engine.errors import EngineError, FeelError
from engine.feel import Expression
from engine.model.definition import ElementInfo

Assignments = tuple[tuple[str, Expression], ...]
"""Variables and what they take."""

NO_ELEMENT = ElementInfo(id="", name="", kind="", scope="")


class Node(BpmnSpecMixin):  # type: ignore[misc]
    """Any place a token can be at. `activity` is true for what is noted when it is cancelled."""

    activity: ClassVar[bool] = False
    chooses: ClassVar[bool] = False

    def __init__(
        self,
        wf_spec: Any,
        name: str,
        element: ElementInfo = NO_ELEMENT,
        process_id: str = "",
        confidentiality: Expression | None = None,
    ) -> None:
        super().__init__(wf_spec, name, lane=element.lane, bpmn_name=element.name)
        self.bpmn_id = element.id or None
        self.element = element
        self.process_id = process_id
        self.confidentiality = confidentiality
        self.assignments: Assignments = ()

    def test(self) -> None:
        """The linter and the parser have looked already."""

    def _predict(self, my_task: Task, *_args: Any, **_kwargs: Any) -> None:
        """Nothing is predicted."""

    def _update(self, my_task: Task) -> None:
        try:
            if self._update_hook(my_task):
                my_task._ready()
        except EngineError as error:
            block(my_task, error)

    def _update_hook(self, my_task: Task) -> bool:
        """The token arrives. True when the task may run."""
        self.take_data(my_task)
        self.classify(my_task)
        return True

    def take_data(self, my_task: Task) -> None:
        data, given = my_task.parent.data, my_task.internal_data.get("given")
        my_task.data = {**data, **given} if given else data

    def classify(self, my_task: Task) -> None:
        """Compute the confidentiality key where the element itself has one."""
        if self.confidentiality is None:
            return
        key = my_task.workflow.world.data(self.confidentiality, my_task.data)
        if not isinstance(key, str) or not key:
            raise FeelError(
                f"The confidentiality key {self.confidentiality.source} of {self.bpmn_id} gave "
                f"{key!r}. It must give the key of the supplier as text.",
                expression=self.confidentiality.source,
            )
        my_task.internal_data["scope"] = key

    def _run(self, my_task: Task) -> bool | None:
        return self._run_hook(my_task)

    def _run_hook(self, my_task: Task) -> bool | None:
        """True when the task is done, None when it waits for something inside it."""
        if self.assignments:
            my_task.data = {**my_task.data, **assigned(self.assignments, my_task, my_task.data)}
        return True

    def _on_complete_hook(self, my_task: Task) -> None:
        my_task.internal_data.pop("given", None)
        record(my_task, "completed")
        if not self.chooses:
            my_task._sync_children(self.outputs, FUTURE)
        disarm(my_task)
        parent = my_task.parent
        if parent is not None and parent.task_spec.owns(my_task) and parent._state == STARTED:
            parent._set_state(READY)

    def keeps_data_inside(self, my_task: Task) -> bool:
        """Whether variables set inside stay inside: in a turn of a multi-instance activity."""
        return "item" in my_task.internal_data

    def owns(self, _child: Task) -> bool:
        """Whether the child in the tree is a part of this task rather than its successor."""
        return False


def assigned(assignments: Assignments, task: Task, variables: Mapping[str, Any]) -> dict[str, Any]:
    """What the assignments give over these variables. Raises `FeelError`."""
    world = task.workflow.world
    return {name: world.data(expression, variables) for name, expression in assignments}


def disarm(task: Task) -> None:
    """When an activity ends, the events on its border can no longer happen."""
    parent = task.parent
    if parent is None or not isinstance(parent.task_spec, Border):
        return
    if isinstance(task.task_spec, parent.task_spec.event_class):
        return
    for sibling in parent.children:
        if sibling is not task and sibling._state == WAITING:
            withdraw(sibling, note=False)


class Border(Node):
    """Stands before an activity that has events on its border: begins it and arms them."""

    event_class: type

    def _on_complete_hook(self, my_task: Task) -> None:
        my_task._sync_children(self.outputs, FUTURE)


class Start(Node):
    """The root of a tree."""

    chooses = True

    def _on_complete_hook(self, my_task: Task) -> None:
        chosen = my_task.internal_data.get("start")
        outputs = [spec for spec in self.outputs if chosen is None or spec.bpmn_id == chosen]
        my_task._sync_children(outputs, FUTURE)


class End(Node):
    """Where all tokens of a tree meet; the last one ends it."""

    def _update_hook(self, my_task: Task) -> bool:
        self.take_data(my_task)
        my_task._set_state(WAITING)
        for earlier in waiting_at(self, my_task.workflow):
            if earlier is not my_task:
                my_task.data = merged([earlier, my_task])
                earlier._set_state(CANCELLED)
        return False

    def settle(self, my_task: Task) -> bool:
        """Let the tree end when nothing else is left in it."""
        tasks = my_task.workflow.tasks.values()
        if any(task is not my_task and is_live(task) for task in tasks):
            return False
        my_task._ready()
        return True

    def _run_hook(self, my_task: Task) -> bool:
        finish(my_task.workflow, my_task.data)
        return True

    def _on_complete_hook(self, my_task: Task) -> None:
        """Nothing follows."""


def finish(tree: Tree, data: dict[str, Any]) -> None:
    """End a tree with these variables and wake the task it belongs to."""
    tree.data = dict(data)
    tree.completed = True
    if tree.parent_task_id is not None and tree.owner._state == STARTED:
        tree.owner._set_state(READY)


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]
    """A process or sub-process. The names of the inner nodes cannot be ids of a model."""

    def __init__(self, name: str) -> None:
        WorkflowSpec.__init__(self, name=name)
        self.bpmn_start_events: list[Any] = []
        self.data_objects: dict[str, Any] = {}
        self.start = Start(self, "$start")
        self.end = End(self, "$end")


class Pass(Node):
    """A node that only lets the token through: start events, plain throw events."""


class Work(Node):
    """A task that somebody does: a person, or the engine for a named operation."""

    activity = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.manual = True


class DecisionTask(Node):
    """A business rule task."""

    activity = True

    def _run_hook(self, my_task: Task) -> bool:
        data = my_task.data
        decision = self.element.decision
        if decision is not None:
            answer = my_task.workflow.world.decide(decision.ref, data)
            data = {**data, decision.result: answer}
        my_task.data = {**data, **assigned(self.assignments, my_task, data)}
        return True


def waiting_at(spec: Node, tree: Tree) -> list[Task]:
    """Tokens that wait at this node of the tree, in the order in which they came."""
    found = [
        task
        for task in tree.tasks.values()
        if task.task_spec is spec and task._state == WAITING and not is_blocked(task)
    ]
    return sorted(found, key=lambda task: task.internal_data.get("arrived", 0))


class Choice(Node):
    """A gateway whose outgoing flows have conditions; `flows` are condition and target."""

    chooses = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.flows: list[tuple[Expression | None, str]] = []

    def choose(self, condition: Expression | None, target: Node) -> None:
        """Add an outgoing flow; without condition it is the default."""
        self.flows.append((condition, target.name))
        self.connect(target)

    def taken(self, my_task: Task) -> Iterator[str]:
        """Targets whose conditions hold."""
        for condition, target in self.flows:
            if condition is not None and my_task.workflow.world.holds(condition, my_task.data):
                yield target

    def defaults(self) -> list[str]:
        targets = [target for condition, target in self.flows if condition is None]
        if not targets:
            raise FeelError(
                f"No condition after the gateway {self.bpmn_id} is true and it has no default "
                "flow. Correct the variables, or draw a default flow.",
                element=self.bpmn_id,
            )
        return targets

    def go(self, my_task: Task, targets: list[str]) -> None:
        specs = my_task.workflow.spec.task_specs
        my_task._sync_children([specs[target] for target in targets], FUTURE)


class ExclusiveGateway(Choice):
    """The first flow, in the order of the file, whose condition is true."""

    def _run_hook(self, my_task: Task) -> bool:
        first = next(self.taken(my_task), None)
        self.go(my_task, [first] if first else self.defaults()[:1])
        return True


class Join(Node):
    """A node that waits for several tokens and goes on with one."""

    def arrive(self, my_task: Task) -> None:
        self.take_data(my_task)
        my_task.internal_data["arrived"] = my_task.workflow.top_workflow.next_arrival()
        my_task._set_state(WAITING)

    def unite(self, tokens: list[Task]) -> None:
        """Let the last of the tokens go on with the data of all."""
        survivor = tokens[-1]
        survivor.data = merged(tokens)
        for task in tokens[:-1]:
            task._set_state(CANCELLED)
        survivor._ready()


class ParallelGateway(Join):
    """Goes on when each incoming flow has brought a token; further ones wait for the next
    round."""

    def _update_hook(self, my_task: Task) -> bool:
        if len(self._inputs) < 2:
            self.take_data(my_task)
            return True
        self.arrive(my_task)
        return False

    def settle(self, my_task: Task) -> bool:
        """Go on when one token from each incoming flow is there."""
        queues: dict[str, list[Task]] = defaultdict(list)
        for token in waiting_at(self, my_task.workflow):
            queues[token.parent.task_spec.name].append(token)
        tokens = []
        for source in self._inputs:
            if not queues[source]:
                return False
            tokens.append(queues[source].pop(0))
        self.unite(sorted(tokens, key=lambda token: token.internal_data["arrived"]))
        return True


class InclusiveGateway(Join, Choice):
    """Takes every flow whose condition is true; waits for every token that can still come."""

    def _update_hook(self, my_task: Task) -> bool:
        if len(self._inputs) < 2:
            self.take_data(my_task)
            return True
        self.arrive(my_task)
        return False

    def settle(self, my_task: Task) -> bool:
        """Go on when no other token of the tree can still reach an empty incoming flow."""
        queues: dict[str, list[Task]] = defaultdict(list)
        for token in waiting_at(self, my_task.workflow):
            queues[token.parent.task_spec.name].append(token)
        tree = my_task.workflow
        filled = {source for source in self._inputs if queues[source]}
        awaited = self._before(tree, set(self._inputs) - filled) - self._before(tree, filled)
        if any(is_live(task) and task.task_spec.name in awaited for task in tree.tasks.values()):
            return False
        tokens = [queue[0] for queue in queues.values() if queue]
        self.unite(sorted(tokens, key=lambda token: token.internal_data["arrived"]))
        return True

    def _before(self, tree: Tree, sources: set[str]) -> set[str]:
        """Nodes from which a token can come to one of these without passing this gateway."""
        seen = set(sources)
        stack = list(sources)
        while stack:
            for name in tree.spec.task_specs[stack.pop()]._inputs:
                if name not in seen and name != self.name:
                    seen.add(name)
                    stack.append(name)
        return seen

    def _run_hook(self, my_task: Task) -> bool:
        self.go(my_task, list(self.taken(my_task)) or self.defaults())
        return True


class EventGateway(Node):
    """The first of the events after it that happens decides the way."""
