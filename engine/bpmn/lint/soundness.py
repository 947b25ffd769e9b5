"""Whether a process always ends, and what never runs: its tokens played through, level by level.

Conditions are not read: a choice may go either way. A sub-process, a called process and a
multi-instance activity are one step. Paths that do not meet are not played in every order: of the
tokens that can move, the one that is furthest behind does.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.bpmn.document import Node
from engine.bpmn.lint.structure import nodes_that_end, reached_from_start
from engine.bpmn.lint.subject import Subject
from engine.bpmn.names import SUB_PROCESSES
from engine.finding import Finding

MAX_STATES: Final = 10_000
"""States of one level that are looked at; beyond, the finding says that it is not decided."""
_SHOWN: Final = 12

Marking = tuple[str, ...]
"""Where the tokens are: ids of flows, sorted; a flow with two tokens stands there twice."""


class _TooManyStatesError(Exception):
    pass


@dataclass(slots=True)
class _Run:
    """Everything that can happen on one level. `before` leads back to the start: the marking and
    the elements in between."""

    after: dict[Marking, list[Marking]] = field(default_factory=dict)
    before: dict[Marking, tuple[Marking, tuple[str, ...]] | None] = field(default_factory=dict)
    fired: set[str] = field(default_factory=set)
    stuck: list[Marking] = field(default_factory=list)
    ended: list[Marking] = field(default_factory=list)
    doubled: dict[str, Marking] = field(default_factory=dict)


def soundness(subject: Subject) -> Iterator[Finding]:
    """Dead ends of the token game on each level of the process."""
    levels = [subject.key]
    levels += [node.id for node in subject.nodes() if node.kind in SUB_PROCESSES]
    for scope in levels:
        yield from _level(subject, scope)


def _level(subject: Subject, scope: str) -> Iterator[Finding]:
    nodes = {node.id: node for node in subject.document.of_scope(scope)}
    if not _is_whole(nodes):
        return
    try:
        run = _Game(nodes).play()
    except _TooManyStatesError:
        yield subject.at("unsound-not-decided", subject.process, f"in `{scope}`")
        return
    yield from _stuck(subject, nodes, run)
    yield from _endless(subject, nodes, run)
    for key, marking in run.doubled.items():
        yield subject.of("unsound-lack-of-synchronisation", nodes[key], _path(run, marking))
    reached = reached_from_start(subject.document, list(nodes.values()))
    for key, node in nodes.items():
        if key in reached and key not in run.fired:
            yield subject.of("unsound-unreachable", node)


def _is_whole(nodes: Mapping[str, Node]) -> bool:
    """Whether the level has a start, and no fault that the rules of structure name."""
    starts = [node for node in nodes.values() if node.kind == "startEvent"]
    whole = all(
        (node.outgoing or node.kind == "endEvent")
        and (node.incoming or node.kind in ("startEvent", "boundaryEvent"))
        and all(flow.target in nodes for flow in node.outgoing)
        and all(flow.source in nodes for flow in node.incoming)
        and (node.attached_to is None or node.attached_to in nodes)
        for node in nodes.values()
    )
    return bool(starts) and whole


def _stuck(subject: Subject, nodes: Mapping[str, Node], run: _Run) -> Iterator[Finding]:
    """One finding for each join that waits for ever, with the shortest way there."""
    seen: set[str] = set()
    for marking in run.stuck:
        waiting = sorted({_target(nodes, place) for place in marking})
        for key in waiting:
            if key not in seen:
                seen.add(key)
                yield subject.of("unsound-deadlock", nodes[key], _path(run, marking))


def _endless(subject: Subject, nodes: Mapping[str, Node], run: _Run) -> Iterator[Finding]:
    """Markings from which no end and no dead end can be reached any more: a loop for ever."""
    back: dict[Marking, list[Marking]] = {}
    for marking, following in run.after.items():
        for each in following:
            back.setdefault(each, []).append(marking)
    ending = set(run.ended) | set(run.stuck)
    todo = list(ending)
    while todo:
        for each in back.get(todo.pop(), ()):
            if each not in ending:
                ending.add(each)
                todo.append(each)
    leading = nodes_that_end(list(nodes.values()))
    for marking in run.after:
        node = nodes[_target(nodes, marking[0])] if marking else None
        if node is not None and marking not in ending and node.id in leading:
            yield subject.of("unsound-no-end", node, _path(run, marking))
            return


def _target(nodes: Mapping[str, Node], place: str) -> str:
    return next(
        flow.target for node in nodes.values() for flow in node.outgoing if flow.id == place
    )


def _path(run: _Run, marking: Marking) -> str:
    """The elements from the start to the marking, in the order they ran."""
    parts: list[tuple[str, ...]] = []
    step = run.before.get(marking)
    while step is not None:
        marking, ids = step
        parts.append(ids)
        step = run.before.get(marking)
    names = [key for ids in reversed(parts) for key in ids]
    shown = names[-_SHOWN:]
    return ("… → " if len(shown) < len(names) else "") + " → ".join(shown)


class _Game:
    """The tokens of one level."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self._nodes = nodes
        self._flows = {flow.id: flow for node in nodes.values() for flow in node.outgoing}
        self._boundary: dict[str, list[Node]] = {}
        for node in nodes.values():
            if node.attached_to:
                self._boundary.setdefault(node.attached_to, []).append(node)
        self._rank = self._ranks()
        self._behind = self._upstream()

    def play(self) -> _Run:
        run = _Run()
        start = next(node for node in self._nodes.values() if node.kind == "startEvent")
        begins: list[tuple[Node, Marking]] = [(start, self._out(start))]
        begins += [(node, self._out(node)) for node in self._asides()]
        todo: deque[Marking] = deque()
        for node, marking in begins:
            run.fired.add(node.id)
            root: Marking = ("", node.id)
            run.before.setdefault(marking, (root, (node.id,)))
            todo.append(marking)
        while todo:
            marking = todo.popleft()
            if marking in run.after:
                continue
            if len(run.after) >= MAX_STATES:
                raise _TooManyStatesError
            steps = list(self._steps(marking, run))
            run.after[marking] = [after for after, _ in steps]
            if not marking:
                run.ended.append(marking)
            elif not steps:
                run.stuck.append(marking)
            for after, ids in steps:
                if after not in run.before:
                    run.before[after] = (marking, ids)
                todo.append(after)
        return run

    def _asides(self) -> Iterator[Node]:
        """Boundary events that start a token beside the others: played on their own."""
        for node in self._nodes.values():
            if node.attached_to and not node.interrupting:
                yield node

    def _steps(self, marking: Marking, run: _Run) -> Iterator[tuple[Marking, tuple[str, ...]]]:
        """What the rearmost token that can move does; alternatives of one choice, or one step."""
        by_node: dict[str, list[str]] = {}
        for place in marking:
            by_node.setdefault(self._flows[place].target, []).append(place)
        for key in sorted(by_node, key=lambda each: self._rank[each]):
            node = self._nodes[key]
            places = by_node[key]
            if self._waits(node, places):
                continue
            yield from self._fire(node, places, marking, run)
            return
        for key, places in by_node.items():
            node = self._nodes[key]
            if node.kind == "inclusiveGateway" and not self._still_coming(key, by_node):
                yield from self._fire(node, places, marking, run)
                return

    def _waits(self, node: Node, places: list[str]) -> bool:
        if len(node.incoming) < 2:
            return False
        if node.kind == "parallelGateway":
            return len(set(places)) < len(node.incoming)
        return node.kind == "inclusiveGateway"

    def _still_coming(self, key: str, by_node: Mapping[str, list[str]]) -> bool:
        """Whether a token elsewhere could still reach the join on a flow that has none."""
        empty = {flow.source for flow in self._nodes[key].incoming if flow.id not in by_node[key]}
        return any(
            other != key and (empty & {other} or empty & self._behind[other]) for other in by_node
        )

    def _fire(
        self, node: Node, places: list[str], marking: Marking, run: _Run
    ) -> Iterator[tuple[Marking, tuple[str, ...]]]:
        joins = node.kind in ("parallelGateway", "inclusiveGateway") and len(node.incoming) > 1
        if not joins and len(places) > 1 and node.id not in run.doubled:
            run.doubled[node.id] = marking
        used = sorted(set(places)) if joins else [places[0], *places[1:]]
        rest = list(marking)
        for place in used:
            rest.remove(place)
        run.fired.add(node.id)
        if node.kind == "endEvent" and node.event in ("terminate", "error"):
            yield (), (node.id,)
            return
        for ids, out in self._outcomes(node):
            run.fired |= set(ids)
            yield _marking([*rest, *out]), ids

    def _outcomes(self, node: Node) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Elements that run, and the flows that get a token."""
        out = self._out(node)
        if node.kind in ("exclusiveGateway", "eventBasedGateway"):
            yield from (((node.id,), (place,)) for place in out)
        elif node.kind == "inclusiveGateway" and len(out) > 1:
            for chosen in _subsets(out):
                yield (node.id,), chosen
        else:
            yield (node.id,), out
        for event in self._boundary.get(node.id, ()):
            if event.interrupting:
                yield (node.id, event.id), self._out(event)

    def _out(self, node: Node) -> Marking:
        return tuple(sorted(flow.id for flow in node.outgoing))

    def _following(self, node: Node) -> Iterator[str]:
        yield from (flow.target for flow in node.outgoing)
        for event in self._boundary.get(node.id, ()):
            yield event.id

    def _ranks(self) -> Mapping[str, int]:
        """The place of each element when every one stands before what follows it, loops aside."""
        seen: set[str] = set()
        finished: list[str] = []
        roots = [node.id for node in self._nodes.values() if node.kind == "startEvent"]
        for root in roots:
            stack = [(root, self._following(self._nodes[root]))]
            seen.add(root)
            while stack:
                key, following = stack[-1]
                after = next((each for each in following if each not in seen), None)
                if after is None:
                    finished.append(key)
                    stack.pop()
                else:
                    seen.add(after)
                    stack.append((after, self._following(self._nodes[after])))
        finished.reverse()
        rank = {key: place for place, key in enumerate(finished)}
        return {key: rank.get(key, len(rank)) for key in self._nodes}

    def _upstream(self) -> Mapping[str, frozenset[str]]:
        """For each element those that can come after it; worked out where there is an inclusive
        join, which has to know."""
        wanted = any(
            node.kind == "inclusiveGateway" and len(node.incoming) > 1
            for node in self._nodes.values()
        )
        found: dict[str, frozenset[str]] = {}
        for key in self._nodes if wanted else ():
            seen: set[str] = set()
            todo = list(self._following(self._nodes[key]))
            while todo:
                each = todo.pop()
                if each not in seen:
                    seen.add(each)
                    todo += self._following(self._nodes[each])
            found[key] = frozenset(seen)
        return found


def _marking(places: list[str]) -> Marking:
    """Two tokens on a flow stand for any number."""
    return tuple(
        sorted(place for each in set(places) for place in [each] * min(places.count(each), 2))
    )


def _subsets(places: Marking) -> Iterator[Marking]:
    """Every choice of at least one flow; of very many, each alone, all, and all but one."""
    if len(places) > 6:
        yield from ((place,) for place in places)
        yield places
        yield from (tuple(p for p in places if p != left) for left in places)
        return
    for mask in range(1, 1 << len(places)):
        yield tuple(place for bit, place in enumerate(places) if mask >> bit & 1)
