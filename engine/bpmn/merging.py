"""Data of tokens that meet.

Each token carries its own variables. Where tokens meet, a variable that only one of them changed
since they parted takes that value; of two that changed it the later one wins. Values are replaced
whole: a list or context is never mixed from two tokens.
"""

from collections.abc import Sequence
from typing import Any

from engine.bpmn.instance import Task


def merged(arrivals: Sequence[Task]) -> dict[str, Any]:
    """The variables of tokens that meet, given in the order in which they came."""
    first, *others = arrivals
    data = first.data
    for other in others:
        data = _merge(_parting(first, other).data, data, other.data)
    return dict(data)


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
