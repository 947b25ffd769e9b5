"""Questions about paths: can this be reached without that, and what lies between."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.bpmn.lint.law.graph import Graph, Vertex
from engine.bpmn.lint.law.values import States

Path = tuple[str, ...]
_PASSING: Final = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "startEvent", "endEvent"}
)
"""Elements that do nothing themselves."""


@dataclass(slots=True)
class Paths:
    """A join goes on when a token has come on each of its flows on which one can come at all."""

    states: States
    _sources: dict[tuple[tuple[int, ...], bool], frozenset[int]] = field(default_factory=dict)

    @property
    def graph(self) -> Graph:
        return self.states.graph

    def to_without(
        self,
        targets: Collection[int],
        avoiding: Collection[int],
        *,
        only: Collection[int] | None = None,
        opening: bool = False,
    ) -> Path | None:
        """The shortest path from the start to a target that passes none of `avoiding`; of the
        states of the targets `only` these count, if given. `opening` says that a gate among them
        counts as passed only where it was opened: a path may lead over its refusal."""
        start = self.states.of.get(self.graph.start, [])
        return self._search(
            start, targets, frozenset(avoiding), aside=True, only=only, opening=opening
        )

    def from_without(
        self,
        source: int,
        targets: Collection[int],
        avoiding: Collection[int],
        *,
        aside: bool = True,
        strikes: bool = True,
        only: Collection[int] | None = None,
        opening: bool = False,
    ) -> Path | None:
        """The same from a vertex on, which itself counts as passed. `strikes` says whether what can
        happen to the activities around it is looked at too, `only` which states count."""
        begin = [
            target
            for state in self.states.of.get(source, ())
            for target, edge in self.states.edges[state]
            if aside or not edge.aside
        ]
        striking = [
            state
            for boundary in self.graph.beside(source)
            if strikes and (aside or self.graph.vertices[boundary].element.interrupting)
            for state in self.states.of.get(boundary, ())
        ]
        path = self._search(
            [*begin, *striking],
            targets,
            frozenset(avoiding),
            aside=aside,
            only=only,
            opening=opening,
        )
        return None if path is None else (self.graph.name(source), *path)

    def from_option(
        self,
        gate: int,
        values: Collection[str],
        targets: Collection[int],
        avoiding: Collection[int],
        only: Collection[int],
    ) -> bool:
        """Whether a target can follow the gate when one of these options was chosen."""
        element = self.graph.vertices[gate].element
        name = element.gate.variable if element.gate else ""
        begin = [
            target
            for state in self.states.of.get(gate, ())
            for target, _ in self.states.edges[state]
            if self.states.known[target].get(name) in values
        ]
        found = self._search(begin, targets, frozenset(avoiding), aside=False, only=only)
        return found is not None

    def led_to(self, gate: int, values: Collection[str]) -> frozenset[int]:
        """The first things that are done, or the ends that are come to, after one of the options.
        Nothing where no choice after the gate depends on it, or where the branch of a loop ends
        with it, whose result says what was chosen."""
        element = self.graph.vertices[gate].element
        name = element.gate.variable if element.gate else ""
        todo = [
            target
            for state in self.states.of.get(gate, ())
            for target, edge in self.states.edges[state]
            if not edge.aside and self.states.known[target].get(name) in values
        ]
        seen: set[int] = set()
        found: set[int] = set()
        while todo:
            state = todo.pop()
            if state in seen:
                continue
            seen.add(state)
            vertex = self.graph.vertices[self.states.vertex[state]]
            if vertex.leaving and vertex.element.loop is not None:
                return frozenset()
            if vertex.index in self.graph.ends or not self._passes(vertex):
                found.add(vertex.index)
            else:
                todo += [target for target, edge in self.states.edges[state] if not edge.aside]
        return frozenset(found)

    @staticmethod
    def _passes(vertex: Vertex) -> bool:
        return vertex.is_box or vertex.element.kind in _PASSING

    def reached(self, sources: Iterable[int], avoiding: Collection[int] = ()) -> frozenset[int]:
        """Vertices that can come after one of the sources, on any path."""
        begin = [
            target
            for source in sources
            for state in self.states.of.get(source, ())
            for target, _ in self.states.edges[state]
        ]
        seen = self._closure(begin, frozenset(avoiding), aside=True)
        return frozenset(self.states.vertex[state] for state in seen)

    def after(self, begin: tuple[int, ...], *, aside: bool) -> frozenset[int]:
        """Vertices where a token can be that begins at one of these states, these included."""
        key = begin, aside
        if key not in self._sources:
            possible = self._closure(begin, frozenset(), aside=aside)
            self._sources[key] = frozenset(self.states.vertex[state] for state in possible)
        return self._sources[key]

    def _search(
        self,
        begin: Iterable[int],
        targets: Collection[int],
        avoiding: frozenset[int],
        *,
        aside: bool,
        only: Collection[int] | None = None,
        opening: bool = False,
    ) -> Path | None:
        wanted, begin = frozenset(targets) - avoiding, tuple(begin)
        joins = _Joins(self, begin, aside=aside)
        before: dict[int, int | None] = dict.fromkeys(begin)
        todo = deque(before)
        while todo:
            state = todo.popleft()
            vertex = self.states.vertex[state]
            if vertex in wanted and (only is None or state in only):
                return self._named(state, before)
            for target, edge in self.states.edges[state]:
                if target in before or (edge.aside and not aside):
                    continue
                if vertex in avoiding and not self._passed_by(state, target, opening=opening):
                    continue
                arrived = (
                    joins.arrived(vertex, target) if edge.target in self.graph.joins else (target,)
                )
                for each in arrived:
                    if each not in before:
                        before[each] = state
                        todo.append(each)
        return None

    def _passed_by(self, state: int, target: int, *, opening: bool) -> bool:
        """Whether the step leaves the vertex without its work being done: what is at its edge
        strikes, or, where only opening counts, the gate is refused."""
        struck = self.graph.vertices[self.states.vertex[target]].element.kind == "boundaryEvent"
        return struck or (opening and self.states.refused(state, target))

    def _closure(
        self, begin: Iterable[int], avoiding: frozenset[int], *, aside: bool
    ) -> frozenset[int]:
        seen: set[int] = set()
        todo = [state for state in begin if self.states.vertex[state] not in avoiding]
        while todo:
            state = todo.pop()
            if state in seen:
                continue
            seen.add(state)
            todo += [
                target
                for target, edge in self.states.edges[state]
                if edge.target not in avoiding and (aside or not edge.aside)
            ]
        return frozenset(seen)

    def _named(self, state: int, before: Mapping[int, int | None]) -> Path:
        names: list[str] = []
        place: int | None = state
        while place is not None:
            name = self.graph.name(self.states.vertex[place])
            if not names or names[-1] != name:
                names.append(name)
            place = before[place]
        return tuple(reversed(names))


class _Joins:
    """Tokens that wait at joins during one search."""

    def __init__(self, paths: Paths, begin: tuple[int, ...], *, aside: bool) -> None:
        self._paths = paths
        self._begin = begin
        self._aside = aside
        self._come: dict[int, dict[int, list[int]]] = {}

    def arrived(self, source: int, target: int) -> list[int]:
        """All states that wait at the join once the last of its flows has its token."""
        vertex = self._paths.states.vertex[target]
        come = self._come.setdefault(vertex, {})
        come.setdefault(source, []).append(target)
        incoming = self._paths.graph.incoming[vertex]
        missing = [each for each in incoming if each not in come]
        if missing and not self._paths.after(self._begin, aside=self._aside).isdisjoint(missing):
            return []
        return [state for states in come.values() for state in states]
