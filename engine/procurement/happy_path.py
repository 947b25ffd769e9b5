"""The way a procurement goes when every decision opens: the elements in order, through everything
that is called, with branches side by side and rounds one after the other.

At a gateway the branch is taken whose condition holds when each gate's variable has its first
opening option; where that does not decide, a branch that is no default, and then the one with most
work on its way to an end. Ways back are left out: they are what nobody plans for.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.model.definition import ElementInfo, FlowInfo, ProcessDefinition, ProcessInfo
from engine.procurement.planning import Repeat

Evaluate = Callable[[str, Mapping[str, Any]], Any]
"""(FEEL, variables) → its value as plain data; None where it gives none."""

_STRINGS = re.compile(r'"[^"]*"')
_NAMES = re.compile(r"[A-Za-z_]\w*")
_WEIGHTS = {"userTask": 2, "callActivity": 3, "subProcess": 3, "manualTask": 2}
_SPLITS = ("exclusiveGateway", "inclusiveGateway", "eventBasedGateway")
_FAILING_ENDS = ("error", "terminate", "cancel")


@dataclass(frozen=True, slots=True)
class Stop:
    """An element on the way. `path` are the ids of what encloses it, from the outside in;
    `round` counts from 1 where it is repeated under `repeat`, and is 0 elsewhere."""

    process: str
    element: ElementInfo
    path: tuple[str, ...]
    phase: str
    round: int = 0
    repeat: str = ""

    @property
    def key(self) -> str:
        """The same for the same place in every plan of the version."""
        turn = f"#{self.round}" if self.round else ""
        return "/".join((*self.path, self.element.id)) + turn


@dataclass(frozen=True, slots=True)
class Fork:
    """Ways that go on side by side; the next item waits for all of them."""

    ways: tuple[tuple["Stop | Fork", ...], ...]


Way = tuple[Stop | Fork, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """What decides at gateways and how often things are repeated."""

    definition: ProcessDefinition
    known: Mapping[str, Any]
    evaluate: Evaluate
    repeats: Mapping[str, tuple[Repeat, int, int]]
    """By first element: what is repeated, the turn it is in now, and how many are planned."""
    left_out: frozenset[str] = frozenset()


def happy_path(guide: Guide) -> Way:
    """From the start of the root process to its end."""
    root = guide.definition.root
    return tuple(_scope(guide, root, root.key, (), ""))


def opening_options(definition: ProcessDefinition) -> dict[str, str]:
    """Each gate's variable with the value of its first option that opens."""
    found: dict[str, str] = {}
    for process in definition.processes.values():
        for element in process.elements.values():
            options = element.gate.options if element.gate else ()
            value = next((option.value for option in options if option.opens), None)
            if element.gate is not None and value is not None:
                found.setdefault(element.gate.variable, value)
    return found


def stops_of(way: Way) -> Iterator[Stop]:
    """Every stop, branches one after the other."""
    for item in way:
        if isinstance(item, Stop):
            yield item
        else:
            for branch in item.ways:
                yield from stops_of(branch)


def _scope(
    guide: Guide, process: ProcessInfo, scope: str, path: tuple[str, ...], phase: str
) -> list[Stop | Fork]:
    """The way through a process or sub-process."""
    level = _Level(guide, process, scope, path, phase)
    start = next(
        (
            each.id
            for each in level.elements.values()
            if each.kind == "startEvent" and not each.event
        ),
        None,
    )
    return level.walk(start, None) if start else []


class _Level:
    """The elements directly in one scope and the flows between them, ways back removed."""

    def __init__(
        self, guide: Guide, process: ProcessInfo, scope: str, path: tuple[str, ...], phase: str
    ) -> None:
        self._guide, self._process, self._path, self._phase = guide, process, path, phase
        self.elements = {
            key: each
            for key, each in process.elements.items()
            if each.scope == scope and each.attached_to is None
        }
        self._flows: dict[str, list[FlowInfo]] = {key: [] for key in self.elements}
        for flow in process.flows:
            if flow.source in self.elements and flow.target in self.elements:
                self._flows[flow.source].append(flow)
        self._remove_ways_back()
        self._weights: dict[str, int | None] = {}

    def _remove_ways_back(self) -> None:
        done: set[str] = set()
        under_way: set[str] = set()

        def visit(key: str) -> None:
            under_way.add(key)
            for flow in list(self._flows[key]):
                if flow.target in under_way:
                    self._flows[key].remove(flow)
                elif flow.target not in done:
                    visit(flow.target)
            under_way.discard(key)
            done.add(key)

        for key, element in self.elements.items():
            if element.kind == "startEvent" and key not in done:
                visit(key)

    def walk(self, key: str | None, until: str | None) -> list[Stop | Fork]:
        """From the element `key` to the end, or to before the element `until`."""
        way: list[Stop | Fork] = []
        while key is not None and key != until:
            repeated = self._guide.repeats.get(key)
            if repeated is not None and repeated[0].last in self.elements:
                turns, key = self._turns(*repeated)
                way += turns
                continue
            way += self._at(self.elements[key])
            key = self._after(key, way)
        return way

    def _turns(
        self, repeat: Repeat, now: int, planned: int
    ) -> tuple[list[Stop | Fork], str | None]:
        """What is repeated, once for each turn from the present one on, and what follows."""
        one: list[Stop | Fork] = []
        key: str | None = repeat.first
        while key is not None:
            one += self._at(self.elements[key])
            last, key = key, self._after(key, one)
            if last == repeat.last:
                break
        turns = range(now, max(now, planned) + 1)
        return [_in_turn(item, repeat.id, turn) for turn in turns for item in one], key

    def _at(self, element: ElementInfo) -> list[Stop | Fork]:
        """The element itself and what it encloses."""
        if element.id in self._guide.left_out:
            return []
        path = (*self._path, element.id)
        phase = element.phase or self._phase
        stop = Stop(self._process.key, element, self._path, phase)
        inner: list[Stop | Fork] = []
        if element.kind == "subProcess":
            inner = _scope(self._guide, self._process, element.id, path, phase)
        called = self._guide.definition.processes.get(element.called or "")
        if called is not None and element.id not in self._path:
            inner = _scope(self._guide, called, called.key, path, phase)
        return [stop, *inner]

    def _after(self, key: str, way: list[Stop | Fork]) -> str | None:
        """The next element; branches that run side by side are added to the way first."""
        flows = self._flows[key]
        if not flows:
            return None
        if len(flows) > 1 and self.elements[key].kind in _SPLITS:
            return self._chosen(self._by_time(flows) or flows).target
        if len(flows) == 1:
            return flows[0].target
        join = self._join([flow.target for flow in flows])
        way.append(Fork(tuple(tuple(self.walk(flow.target, join)) for flow in flows)))
        return join

    def _join(self, starts: Sequence[str]) -> str | None:
        """The first element that every branch comes to."""
        reached = [self._ahead(start) for start in starts]
        common = set.intersection(*map(set, reached))
        return next((key for key in reached[0] if key in common), None)

    def _ahead(self, start: str) -> list[str]:
        """What can be reached, the nearest first."""
        found, todo = [start], [start]
        while todo:
            for flow in self._flows[todo.pop(0)]:
                if flow.target not in found:
                    found.append(flow.target)
                    todo.append(flow.target)
        return found

    def _by_time(self, flows: Sequence[FlowInfo]) -> list[FlowInfo]:
        """Flows into a wait for time: it comes for certain, what else is awaited may never come."""
        return [flow for flow in flows if self.elements[flow.target].timer is not None]

    def _chosen(self, flows: Sequence[FlowInfo]) -> FlowInfo:
        ending = [flow for flow in flows if self._weight(flow.target) is not None] or [*flows]
        answers = [(flow, self._answer(flow)) for flow in ending if not flow.is_default]
        for flow, answer in answers:
            if answer is True:
                return flow
        unsure = [flow for flow, answer in answers if answer is None]
        default = [flow for flow in ending if flow.is_default]
        return max(unsure or default or ending, key=lambda flow: self._weight(flow.target) or 0)

    def _answer(self, flow: FlowInfo) -> bool | None:
        """Whether the condition holds; None where it stands on what is not known yet."""
        if flow.condition is None:
            return None
        names = set(_NAMES.findall(_STRINGS.sub("", flow.condition)))
        declared = {
            name
            for each in self._guide.definition.processes.values()
            for name in each.variable_names
        }
        if not (names & declared) or not (names & declared) <= self._guide.known.keys():
            return None
        return bool(self._guide.evaluate(flow.condition, self._guide.known))

    def _weight(self, key: str) -> int | None:
        """How much work lies on the longest way from here to an end; None where none is reached."""
        if key not in self._weights:
            element = self.elements[key]
            after = [
                weight
                for flow in self._flows[key]
                if (weight := self._weight(flow.target)) is not None
            ]
            own = _WEIGHTS.get(element.kind, 0)
            is_end = element.kind == "endEvent" and element.event not in _FAILING_ENDS
            self._weights[key] = own + max(after) if after else (own if is_end else None)
        return self._weights[key]


def _in_turn(item: Stop | Fork, repeat: str, turn: int) -> Stop | Fork:
    if isinstance(item, Stop):
        return replace(item, round=turn, repeat=repeat)
    return Fork(tuple(tuple(_in_turn(each, repeat, turn) for each in way) for way in item.ways))
