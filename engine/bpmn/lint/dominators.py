"""Which element every path to another one passes last."""

from collections.abc import Iterable

from engine.bpmn.document import Node


def immediate_dominators(nodes: list[Node]) -> dict[str, str]:
    """Cooper, Harvey and Kennedy, «A Simple, Fast Dominance Algorithm», over one level."""
    by_id = {node.id: node for node in nodes}
    order = _reverse_postorder(nodes, by_id)
    rank = {key: number for number, key in enumerate(order)}
    found = {order[0]: order[0]} if order else {}
    changed = True
    while changed:
        changed = False
        for key in order[1:]:
            before = [p for p in _predecessors(by_id[key], by_id) if p in found]
            if not before:
                continue
            best = before[0]
            for other in before[1:]:
                best = _meet(best, other, found, rank)
            if found.get(key) != best:
                found[key] = best
                changed = True
    return found


def _predecessors(node: Node, by_id: dict[str, Node]) -> list[str]:
    before = [flow.source for flow in node.incoming if flow.source in by_id]
    return [*before, node.attached_to] if node.attached_to else before


def _meet(left: str, right: str, found: dict[str, str], rank: dict[str, int]) -> str:
    while left != right:
        while rank[left] > rank[right]:
            left = found[left]
        while rank[right] > rank[left]:
            right = found[right]
    return left


def _reverse_postorder(nodes: list[Node], by_id: dict[str, Node]) -> list[str]:
    start = next((node.id for node in nodes if node.kind == "startEvent"), None)
    if start is None:
        return []
    boundary: dict[str, list[str]] = {}
    for node in nodes:
        if node.attached_to:
            boundary.setdefault(node.attached_to, []).append(node.id)
    seen = {start}
    finished: list[str] = []
    stack = [(start, iter(_successors(by_id[start], boundary)))]
    while stack:
        key, following = stack[-1]
        after = next((each for each in following if each in by_id and each not in seen), None)
        if after is None:
            finished.append(key)
            stack.pop()
        else:
            seen.add(after)
            stack.append((after, iter(_successors(by_id[after], boundary))))
    return finished[::-1]


def _successors(node: Node, boundary: dict[str, list[str]]) -> Iterable[str]:
    return [*(flow.target for flow in node.outgoing), *boundary.get(node.id, [])]
