# ruff: noqa: SLF001 - task specs extend the library from inside and use its task tree
"""Activities that hold others: sub-processes, call activities, loops and multi-instance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn.instance import COMPLETED, FUTURE, Task, is_live, scope_of, withdraw
from engine.bpmn.nodes import Assignments, Node, assigned
from engine.errors import FeelError
from engine.feel import Expression

MAX_BRANCHES = 10_000


class SubProcess(Node):
    """An embedded sub-process (no `inputs` or `outputs`) or a call activity."""

    activity = True

    def __init__(
        self,
        *args: Any,
        inner: str,
        inputs: Assignments = (),
        outputs: Assignments = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.inner = inner
        self.inputs_set = inputs
        self.outputs_set = outputs

    def _run_hook(self, my_task: Task) -> bool | None:
        instance = my_task.workflow.top_workflow
        branch = instance.subprocesses.get(my_task.id)
        if branch is None:
            data = {**my_task.data, **assigned(self.inputs_set, my_task, my_task.data)}
            instance.open_branch(my_task, self.inner, data, scope_of(my_task))
            return None
        if not branch.completed:
            return None
        if self.outputs_set:
            back = assigned(self.outputs_set, my_task, branch.data)
            my_task.data = {**my_task.data, **back}
        else:
            my_task.data = dict(branch.data)
        del instance.subprocesses[my_task.id]
        return True

    def keeps_data_inside(self, my_task: Task) -> bool:
        return bool(self.outputs_set) or super().keeps_data_inside(my_task)


@dataclass(frozen=True, slots=True)
class Loop:
    """How a multi-instance activity runs. Either `collection` or `cardinality` is set."""

    collection: Expression | None
    cardinality: Expression | None
    item: str
    result: Expression | None
    results: str
    until: Expression | None
    sequential: bool


class LoopParent(Node):
    """Stands for a looping activity as a whole; `child` is the spec of one turn of it."""

    activity = True

    def __init__(self, *args: Any, child: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.child = child

    def owns(self, child: Task) -> bool:
        name: str = child.task_spec.name
        return name == self.child

    def turn(self, my_task: Task, index: int, item: Mapping[str, Any] | None) -> None:
        """Begin one turn."""
        child = my_task._add_child(my_task.workflow.spec.task_specs[self.child], FUTURE)
        child.triggered = True
        child.internal_data["index"] = index
        if item is not None:
            child.internal_data["item"] = dict(item)
            child.internal_data["given"] = dict(item)
        child.task_spec._update(child)

    def turns(self, my_task: Task) -> list[Task]:
        return [child for child in my_task.children if self.owns(child)]


class MultiInstance(LoopParent):
    """One turn for each item, all at once or one after another. The variables of a turn stay in
    it, but for the result that the loop collects, in the order of the items."""

    def __init__(self, *args: Any, loop: Loop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loop = loop

    def _run_hook(self, my_task: Task) -> bool | None:
        if "total" not in my_task.internal_data:
            self._begin(my_task)
        else:
            self._collect(my_task)
        state = my_task.internal_data
        if len(state["results"]) < state["total"] and not state.get("satisfied"):
            return None
        for turn in self.turns(my_task):
            if is_live(turn):
                withdraw(turn)
        if self.loop.results:
            results = sorted(state["results"], key=lambda pair: pair[0])
            collected = [value for _, value in results]
            my_task.data = {**my_task.data, self.loop.results: collected}
        return True

    def _begin(self, my_task: Task) -> None:
        items = self._items(my_task)
        state = my_task.internal_data
        state.update(total=len(items), results=[])
        first = items[:1] if self.loop.sequential else items
        if self.loop.sequential:
            state["items"] = items
        for index, item in enumerate(first):
            self._turn(my_task, index, item)

    def _turn(self, my_task: Task, index: int, item: Any) -> None:
        self.turn(my_task, index, {self.loop.item: item} if self.loop.item else {})

    def _items(self, my_task: Task) -> list[Any]:
        world = my_task.workflow.world
        expression = self.loop.collection or self.loop.cardinality
        if expression is None:
            raise FeelError(f"{self.bpmn_id} does not say what it runs for.", expression="")
        value = world.data(expression, my_task.data)
        if self.loop.collection is None and type(value) is int and 0 <= value <= MAX_BRANCHES:
            value = list(range(value))
        if not isinstance(value, list) or len(value) > MAX_BRANCHES:
            raise FeelError(
                f"{expression.source} of {self.bpmn_id} gave no list of at most {MAX_BRANCHES} "
                "items. Set the variable before this activity.",
                expression=expression.source,
                value=type(value).__name__,
            )
        return value

    def _collect(self, my_task: Task) -> None:
        state = my_task.internal_data
        done = [turn for turn in self.turns(my_task) if turn._state == COMPLETED]
        done.sort(key=lambda turn: turn.internal_data["index"])
        results = [*state["results"], *([t.internal_data["index"], self._result(t)] for t in done)]
        satisfied = any(self._satisfied(my_task, turn, results) for turn in done)
        state["results"] = results
        for turn in done:
            my_task.workflow._remove_task(turn.id)
        if satisfied:
            state["satisfied"] = True
        elif self.loop.sequential and done and len(results) < state["total"]:
            self._turn(my_task, len(results), state["items"][len(results)])

    def _result(self, turn: Task) -> Any:
        if self.loop.result is None:
            return None
        return turn.workflow.world.data(self.loop.result, turn.data)

    def _satisfied(self, my_task: Task, turn: Task, results: list[Any]) -> bool:
        if self.loop.until is None:
            return False
        total = my_task.internal_data["total"]
        counts = {
            "numberOfInstances": total,
            "numberOfCompletedInstances": len(results),
            "numberOfActiveInstances": sum(is_live(each) for each in self.turns(my_task)),
        }
        if self.loop.results:
            counts[self.loop.results] = [value for _, value in sorted(results)]
        variables = {**turn.data, **counts}
        holds: bool = turn.workflow.world.holds(self.loop.until, variables)
        return holds


class StandardLoop(LoopParent):
    """Turn after turn while the condition holds, at most `maximum` times. Each turn goes on with
    the variables of the one before."""

    def __init__(
        self,
        *args: Any,
        condition: Expression | None,
        maximum: int | None,
        test_before: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.condition = condition
        self.maximum = maximum
        self.test_before = test_before

    def _run_hook(self, my_task: Task) -> bool | None:
        turns = self.turns(my_task)
        if any(is_live(turn) for turn in turns):
            return None
        count = my_task.internal_data.get("turns", 0)
        data = turns[-1].data if turns else my_task.data
        if (count or self.test_before) and not self._again(my_task, count, data):
            my_task.data = dict(data)
            return True
        my_task.data = dict(data)
        my_task.internal_data["turns"] = count + 1
        for turn in turns:
            my_task.workflow._remove_task(turn.id)
        self.turn(my_task, count, None)
        return None

    def _again(self, my_task: Task, count: int, data: Mapping[str, Any]) -> bool:
        if self.maximum is not None and count >= self.maximum:
            return False
        if self.condition is None:
            return True
        holds: bool = my_task.workflow.world.holds(self.condition, data)
        return holds
