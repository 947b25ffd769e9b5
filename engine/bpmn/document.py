"""A BPMN file as nodes and flows: what the linter, the compiler and the diagram look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from engine.bpmn.names import BPMN, BPMNDI, EVENT_DEFINITIONS, FLOW_NODES, SUB_PROCESSES
from engine.bpmn.xml import Element

_PREFIX = f"{{{BPMN}}}"


def local_name(element: Element) -> str:
    """The name without its namespace; empty for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: Element) -> str:
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag[0] == "{" else ""


def bpmn_children(element: Element, *names: str) -> Iterator[Element]:
    """Children in the BPMN namespace, of these names or of any."""
    return children(element, BPMN, *names)


def children(element: Element, space: str, *names: str) -> Iterator[Element]:
    """Children in the namespace `space`, of these names or of any."""
    found: Iterator[Element] = element.iterchildren(*_tags(space, names or ("*",)))
    return found


@cache
def _tags(space: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{{{space}}}{name}" for name in names)


def extension_elements(element: Element) -> Iterator[Element]:
    """Whatever stands directly in the `extensionElements` of `element`, comments left out."""
    for holder in bpmn_children(element, "extensionElements"):
        yield from (child for child in holder if isinstance(child.tag, str))


def reference(value: str | None) -> str:
    """An id as BPMN refers to it: without white space or prefix (`bpmn:x` means `x`)."""
    return (value or "").strip().rpartition(":")[2]


def line_of(element: Element) -> int:
    return element.sourceline or 0


@dataclass(slots=True)
class Flow:
    """A sequence flow; `condition` is the text of its condition, None where there is none."""

    id: str
    name: str
    line: int
    source: str
    target: str
    scope: str
    condition: str | None
    element: Element


@dataclass(slots=True)
class Node:
    """A flow node. `scope` is the id of the enclosing sub-process or process, `event` what an
    event is about, `lane` the id of the innermost lane that holds it itself."""

    id: str
    name: str
    kind: str
    line: int
    scope: str
    process: str
    element: Element
    event: str = ""
    definitions: tuple[Element, ...] = ()
    lane: str | None = None
    default: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)


@dataclass(slots=True)
class Lane:
    id: str
    name: str
    line: int
    process: str
    element: Element
    nodes: tuple[str, ...]
    has_children: bool


@dataclass(slots=True)
class Document:
    """One file. `ids` holds every element with an id outside the diagram; `twice` the ids that
    occur more than once. `drawn` are the ids that have a shape or an edge."""

    file: str
    root: Element
    processes: dict[str, Element] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    by_scope: dict[str, list[Node]] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    lanes: dict[str, Lane] = field(default_factory=dict)
    ids: dict[str, Element] = field(default_factory=dict)
    twice: list[Element] = field(default_factory=list)
    definitions: dict[str, Element] = field(default_factory=dict)
    drawn: frozenset[str] = frozenset()

    def of_scope(self, scope: str) -> list[Node]:
        """The nodes directly in a process or sub-process."""
        return self.by_scope.get(scope, [])

    def scopes(self) -> Iterator[tuple[str, Element]]:
        """Ids and elements of every process and sub-process, the outer ones first."""
        yield from self.processes.items()
        for node in self.nodes.values():
            if node.kind in SUB_PROCESSES:
                yield node.id, node.element

    def enclosing(self, node: Node) -> Iterator[Node]:
        """The node and its enclosing sub-processes, from the inside out."""
        inner: Node | None = node
        while inner is not None:
            yield inner
            inner = self.nodes.get(inner.scope)


def read_document(root: Element, file: str) -> Document:
    """Read the tree of one BPMN file; what is wrong in it is for the linter to say."""
    document = Document(file, root)
    _read_ids(document)
    for child in bpmn_children(root):
        name, key = local_name(child), child.get("id", "")
        if name == "process":
            document.processes[key] = child
            _read_scope(document, child, key, key)
        elif key:
            document.definitions[key] = child
    _connect(document)
    return document


def _read_ids(document: Document) -> None:
    drawn = set()
    for element in document.root.iter(f"{_PREFIX}*", f"{{{BPMNDI}}}*"):
        if namespace(element) == BPMNDI:
            drawn.add(reference(element.get("bpmnElement")))
            continue
        key = element.get("id")
        if key and key in document.ids:
            document.twice.append(element)
        elif key:
            document.ids[key] = element
    document.drawn = frozenset(drawn - {""})


def _read_scope(document: Document, holder: Element, scope: str, process: str) -> None:
    for child in bpmn_children(holder):
        kind, key = local_name(child), child.get("id", "")
        if kind == "sequenceFlow":
            document.flows[key] = _flow(child, scope)
        elif kind == "laneSet":
            _read_lanes(document, child, process)
        elif kind in FLOW_NODES:
            document.nodes[key] = _node(child, kind, scope, process)
            if kind in SUB_PROCESSES:
                _read_scope(document, child, key, process)


def _flow(element: Element, scope: str) -> Flow:
    condition = next(bpmn_children(element, "conditionExpression"), None)
    return Flow(
        id=element.get("id", ""),
        name=element.get("name", ""),
        line=line_of(element),
        source=reference(element.get("sourceRef")),
        target=reference(element.get("targetRef")),
        scope=scope,
        condition=None if condition is None else "".join(condition.itertext()).strip(),
        element=element,
    )


def _node(element: Element, kind: str, scope: str, process: str) -> Node:
    definitions = tuple(
        child for child in bpmn_children(element) if local_name(child).endswith("EventDefinition")
    )
    event = EVENT_DEFINITIONS.get(local_name(definitions[0]), "?") if definitions else ""
    switch = "isInterrupting" if kind == "startEvent" else "cancelActivity"
    return Node(
        id=element.get("id", ""),
        name=element.get("name", ""),
        kind=kind,
        line=line_of(element),
        scope=scope,
        process=process,
        element=element,
        event=event,
        definitions=definitions,
        default=reference(element.get("default")) or None,
        attached_to=reference(element.get("attachedToRef")) or None,
        interrupting=element.get(switch, "true").strip().lower() not in ("false", "0"),
    )


def _read_lanes(document: Document, lane_set: Element, process: str) -> None:
    for element in bpmn_children(lane_set, "lane"):
        key = element.get("id", "")
        children = list(bpmn_children(element, "childLaneSet"))
        document.lanes[key] = Lane(
            id=key,
            name=element.get("name", ""),
            line=line_of(element),
            process=process,
            element=element,
            nodes=tuple(reference(ref.text) for ref in bpmn_children(element, "flowNodeRef")),
            has_children=bool(children),
        )
        for inner in children:
            _read_lanes(document, inner, process)


def _connect(document: Document) -> None:
    for node in document.nodes.values():
        document.by_scope.setdefault(node.scope, []).append(node)
    for flow in document.flows.values():
        if flow.source in document.nodes:
            document.nodes[flow.source].outgoing.append(flow)
        if flow.target in document.nodes:
            document.nodes[flow.target].incoming.append(flow)
    for lane in document.lanes.values():
        for key in lane.nodes:
            inside = document.nodes.get(key)
            if inside is not None:
                inside.lane = lane.id


def definition_names(document: Document, kind: str) -> Mapping[str, str]:
    """Name by id of the messages, signals, errors or escalations of the file."""
    return {
        key: element.get("name", "")
        for key, element in document.definitions.items()
        if local_name(element) == kind
    }
