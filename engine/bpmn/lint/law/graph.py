"""One graph of a procedure: its process with everything it calls drawn into it.

A sub-process or call activity is a box with an entry and an exit; a process that is called twice
stands in the graph twice, so that what happened before the one call is not taken for what happened
before the other. A multi-instance activity is one turn.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.bpmn.document import Document, Flow, Node
from engine.bpmn.names import SUB_PROCESSES
from engine.model.definition import ElementInfo, ProcessInfo

MAX_VERTICES = 20_000
_BY_CODE = ("error", "escalation")


class TooLargeError(Exception):
    """The graph or its states are more than is looked at; said by the rule `law-not-decided`."""


@dataclass(frozen=True, slots=True)
class Vertex:
    """An element where it stands: `boxes` are the entries of the activities around it, the
    outermost first. `leaving` marks the exit of a box."""

    index: int
    process: str
    element: ElementInfo
    boxes: tuple[int, ...]
    leaving: bool = False
    is_box: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """`flow` is None inside the machinery of a box or boundary event; `aside` marks the way into a
    boundary event that does not interrupt, which starts a token beside the others."""

    target: int
    flow: Flow | None = None
    aside: bool = False


@dataclass(slots=True)
class Graph:
    """`ends` are the end events of the procedure itself; `exits` the exit of each entry; `joins`
    the vertices that wait for all their incoming flows."""

    vertices: list[Vertex] = field(default_factory=list)
    edges: list[list[Edge]] = field(default_factory=list)
    incoming: list[list[int]] = field(default_factory=list)
    exits: dict[int, int] = field(default_factory=dict)
    attached: dict[int, list[int]] = field(default_factory=dict)
    start: int = -1
    ends: frozenset[int] = frozenset()
    joins: frozenset[int] = frozenset()

    def name(self, index: int) -> str:
        return self.vertices[index].element.id

    def beside(self, index: int) -> Iterator[int]:
        """Boundary events that can strike while the vertex is at work: of the boxes around it."""
        for box in self.vertices[index].boxes:
            yield from self.attached.get(box, ())


def build_graph(
    root: str, processes: Mapping[str, ProcessInfo], documents: Mapping[str, Document]
) -> Graph:
    """The graph of the procedure `root`. Raises `TooLargeError`."""
    builder = _Builder(processes, documents)
    starts, ends = builder.scope(root, root, (), (root,))
    graph = builder.graph
    graph.start = starts[0] if starts else -1
    graph.ends = frozenset(ends)
    graph.incoming = [[] for _ in graph.vertices]
    for source, edges in enumerate(graph.edges):
        for edge in edges:
            graph.incoming[edge.target].append(source)
    graph.joins = frozenset(
        vertex.index
        for vertex in graph.vertices
        if vertex.element.kind == "parallelGateway" and len(graph.incoming[vertex.index]) > 1
    )
    return graph


class _Builder:
    def __init__(
        self, processes: Mapping[str, ProcessInfo], documents: Mapping[str, Document]
    ) -> None:
        self.graph = Graph()
        self._processes = processes
        self._documents = documents

    def scope(
        self, process: str, scope: str, boxes: tuple[int, ...], calls: tuple[str, ...]
    ) -> tuple[list[int], list[int]]:
        """Draw one level and everything inside it; its starts and its ends."""
        nodes = self._documents[process].of_scope(scope)
        entries = {node.id: self._node(process, node, boxes, calls) for node in nodes}
        for node in nodes:
            source = self.graph.exits.get(entries[node.id], entries[node.id])
            for flow in node.outgoing:
                if flow.target in entries:
                    self.graph.edges[source].append(Edge(entries[flow.target], flow))
            if node.attached_to in entries:
                self._attach(entries[node.id], entries[node.attached_to])
        starts = [entries[node.id] for node in nodes if node.kind == "startEvent"]
        ends = [entries[node.id] for node in nodes if node.kind == "endEvent"]
        return starts, ends

    def _node(
        self, process: str, node: Node, boxes: tuple[int, ...], calls: tuple[str, ...]
    ) -> int:
        element = self._processes[process].elements[node.id]
        inside = self._inside(process, element, calls)
        entry = self._vertex(process, element, boxes, is_box=inside is not None)
        if inside is None:
            return entry
        called, scope = inside
        starts, ends = self.scope(called, scope, (*boxes, entry), (*calls, called))
        leaving = self._vertex(process, element, boxes, leaving=True, is_box=True)
        self.graph.exits[entry] = leaving
        self.graph.edges[entry] += [Edge(each) for each in starts]
        for end in ends:
            if self.graph.vertices[end].element.event != "error":
                self.graph.edges[end].append(Edge(leaving))
        return entry

    def _inside(
        self, process: str, element: ElementInfo, calls: tuple[str, ...]
    ) -> tuple[str, str] | None:
        """Process and scope of what the element holds; None for one that holds nothing, or whose
        process is one of those that called it."""
        if element.kind in SUB_PROCESSES:
            return process, element.id
        called = element.called
        if called is not None and called in self._processes and called not in calls:
            return called, called
        return None

    def _vertex(
        self,
        process: str,
        element: ElementInfo,
        boxes: tuple[int, ...],
        *,
        leaving: bool = False,
        is_box: bool = False,
    ) -> int:
        index = len(self.graph.vertices)
        if index >= MAX_VERTICES:
            raise TooLargeError
        self.graph.vertices.append(Vertex(index, process, element, boxes, leaving, is_box))
        self.graph.edges.append([])
        return index

    def _attach(self, boundary: int, host: int) -> None:
        """What is thrown inside leads to its boundary event; anything else may come at once."""
        element = self.graph.vertices[boundary].element
        aside = not element.interrupting
        thrown = self._thrown(element, host) if element.event in _BY_CODE else []
        for source in thrown or [host]:
            self.graph.edges[source].append(Edge(boundary, aside=aside))
        if not thrown:
            self.graph.attached.setdefault(host, []).append(boundary)

    def _thrown(self, element: ElementInfo, host: int) -> list[int]:
        return [
            vertex.index
            for vertex in self.graph.vertices[host:]
            if host in vertex.boxes
            and vertex.element.kind in ("endEvent", "intermediateThrowEvent")
            and vertex.element.event == element.event
            and element.trigger in (None, vertex.element.trigger)
        ]
