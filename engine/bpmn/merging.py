"""Data of tokens that meet.

Each token carries its own variables. Where tokens meet, a variable that only one of them changed
since they parted takes that value; of two that changed it the later one wins. Values are replaced
whole: a list or context is never mixed from two tokens.
"""

from collections.abc import Sequence
from typing import Any

from engine.bpmn.instance import Task, is_live


def merged(arrivals: Sequence[Task]) -> dict[str, Any]:
    """The variables of tokens that meet, given in the order in which they came."""
    first, *others = arrivals
    data = first.data
    for other in others:
        data = _merge(_parting(first, other).data, data, other.data)
    return dict(data)


def seen_by(task: Task) -> dict[str, Any]:
    """The variables as a token that waits can know them: its own, and what the other open tokens
    around it have changed since they parted from it."""
    data = dict(task.data)
    current = task
    while current is not None:
        for other in list(current.workflow.tasks.values()):
            if other is not current and _is_open_token(other):
                base = _parting(current, other).data
                data = _merge(base, data, _with_inner(other))
        current = getattr(current.workflow, "owner", None)
    return data


def _is_open_token(task: Task) -> bool:
    return bool(is_live(task) and task.parent is not None and not task.parent.task_spec.owns(task))


def _with_inner(task: Task) -> dict[str, Any]:
    """The data of a token with what was changed inside its sub-process so far."""
    branch = task.workflow.top_workflow.subprocesses.get(task.id)
    data: dict[str, Any] = task.data
    if branch is None or task.task_spec.keeps_data_inside(task):
        return data
    for inner in list(branch.tasks.values()):
        if is_live(inner):
            data = _merge(branch.task_tree.data, data, _with_inner(inner))
    return data


def _merge(base: dict[str, Any], one: dict[str, Any], two: dict[str, Any]) -> dict[str, Any]:
    changed = {name: value for name, value in two.items() if _differs(base, name, value)}
    return {**one, **changed}


def _differs(base: dict[str, Any], name: str, value: Any) -> bool:
    if name not in base:
        return True
    before = base[name]
    return before is not value and before != value


def _parting(one: Task, two: Task) -> Task:
    """The nearest task that both come from."""
    seen = set()
    current = one
    while current is not None:
        seen.add(current.id)
        current = current.parent
    current = two
    while current.id not in seen:
        current = current.parent
    return current
