"""Ids, references and the shape of the graph: everything can be reached, everything ends."""

import re
from collections.abc import Iterator

from engine.bpmn.document import (
    Document,
    Node,
    definition_names,
    local_name,
    reference,
)
from engine.bpmn.lint.dominators import immediate_dominators
from engine.bpmn.lint.subject import Subject
from engine.bpmn.names import ACTIVITIES, BPMN, FLOW_NODES
from engine.bpmn.xml import Element
from engine.finding import Finding

MAX_OF_A_KIND = 1_000
_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_RESERVED = frozenset({"Start", "End", "Root"})
_RESERVED_ENDINGS = (
    "[child]",
    ".EndJoin",
    "BoundaryEventSplit",
    "BoundaryEventJoin",
    "StartEventSplit",
    "StartEventJoin",
)
_NEED_ID = FLOW_NODES | {
    "sequenceFlow",
    "lane",
    "process",
    "message",
    "signal",
    "error",
    "escalation",
    "participant",
}
_REFERENCES = {
    "messageRef": "message",
    "signalRef": "signal",
    "errorRef": "error",
    "escalationRef": "escalation",
}


def size(subject: Subject) -> Iterator[Finding]:
    """The process is of a size that all other checks get through in a moment."""
    counts = {
        "elements": len(subject.document.nodes),
        "flows": len(subject.document.flows),
        "lanes": len(subject.document.lanes),
        "variables": len(subject.info.variables),
        "phases": len(subject.info.phases),
        "messages, signals and errors": len(subject.document.definitions),
    }
    for what, count in counts.items():
        if count > MAX_OF_A_KIND:
            detail = f"{count} {what}, at most {MAX_OF_A_KIND}"
            yield subject.at("process-too-large", subject.process, detail)


def ids(subject: Subject) -> Iterator[Finding]:
    """Every element that is spoken of has an id: unique, readable, and not one the engine uses."""
    document = subject.document
    for element in document.twice:
        yield subject.at("id-not-unique", element, f"`{element.get('id')}`")
    for element in document.root.iter(f"{{{BPMN}}}*"):
        name, key = local_name(element), element.get("id")
        if name not in _NEED_ID:
            continue
        if not key:
            yield subject.at("id-missing", element, name)
        elif key in _RESERVED or key.endswith(_RESERVED_ENDINGS):
            yield subject.at("id-reserved", element, f"`{key}`")
        elif name != "sequenceFlow" and not _KEBAB.fullmatch(key):
            yield subject.at("id-not-kebab-case", element, f"`{key}`")


def references(subject: Subject) -> Iterator[Finding]:
    """Whatever an element points at is there, and is of the right kind."""
    document = subject.document
    yield from _flow_references(subject)
    for node in subject.nodes():
        if node.default and node.default not in {flow.id for flow in node.outgoing}:
            yield subject.of("reference-dangling", node, f"default flow `{node.default}`")
        host = document.nodes.get(node.attached_to or "")
        if node.kind == "boundaryEvent" and (host is None or host.kind not in ACTIVITIES):
            yield subject.of("reference-dangling", node, f"attached to `{node.attached_to}`")
    for lane in document.lanes.values():
        for key in lane.nodes:
            if key not in document.nodes:
                yield subject.of("reference-dangling", lane, f"holds `{key}`")
    yield from _interface_references(subject)
    yield from _drawing_references(subject)


def _flow_references(subject: Subject) -> Iterator[Finding]:
    nodes = subject.document.nodes
    for flow in subject.flows():
        for end in (flow.source, flow.target):
            node = nodes.get(end)
            if node is None:
                yield subject.of("reference-dangling", flow, f"element `{end}`")
            elif node.scope != flow.scope:
                yield subject.of("flow-crosses-border", flow, f"element `{end}`")


def _interface_references(subject: Subject) -> Iterator[Finding]:
    known = {kind: definition_names(subject.document, kind) for kind in set(_REFERENCES.values())}
    for element in subject.document.root.iter(f"{{{BPMN}}}*"):
        for attribute, kind in _REFERENCES.items():
            ref = reference(element.get(attribute))
            if ref and ref not in known[kind] and local_name(element) != "messageFlow":
                yield subject.at("reference-dangling", element, f"{kind} `{ref}`")


def _drawing_references(subject: Subject) -> Iterator[Finding]:
    """Associations, message flows and incoming/outgoing tags, which other tools rely on."""
    ids_of = subject.document.ids
    for element in subject.document.root.iter(f"{{{BPMN}}}*"):
        name = local_name(element)
        if name in ("association", "messageFlow"):
            refs = [element.get("sourceRef"), element.get("targetRef")]
        elif name in ("incoming", "outgoing"):
            refs = [element.text]
        elif name == "participant" and element.get("processRef"):
            refs = [element.get("processRef")]
        else:
            continue
        for ref in refs:
            if reference(ref) not in ids_of:
                yield subject.at("reference-dangling", element, f"{name} `{reference(ref)}`")


def starts_and_ends(subject: Subject) -> Iterator[Finding]:
    """One start per level, at least one end, nothing into a start or out of an end."""
    for scope, element in _scopes(subject):
        nodes = subject.document.of_scope(scope)
        starts = [node for node in nodes if node.kind == "startEvent"]
        if not starts:
            yield subject.at("start-missing", element, f"in `{scope}`")
        for extra in starts[1:]:
            yield subject.of("start-not-single", extra)
        if not any(node.kind == "endEvent" for node in nodes):
            yield subject.at("end-missing", element, f"in `{scope}`")
        yield from _plain_starts(subject, scope, starts)
        yield from _ends_of_flows(subject, nodes)


def _plain_starts(subject: Subject, scope: str, starts: list[Node]) -> Iterator[Finding]:
    if scope == subject.key and subject.info.startable:
        return
    yield from (
        subject.of("start-not-plain", start, start.event) for start in starts if start.event
    )


def _ends_of_flows(subject: Subject, nodes: list[Node]) -> Iterator[Finding]:
    for node in nodes:
        if node.kind == "startEvent" and node.incoming:
            yield subject.of("start-has-incoming", node)
        if node.kind == "endEvent" and node.outgoing:
            yield subject.of("end-has-outgoing", node)
        if node.kind == "boundaryEvent" and node.incoming:
            yield subject.of("boundary-has-incoming", node)
        if node.kind != "endEvent" and not node.outgoing:
            yield subject.of("node-dead-end", node)


def reachability(subject: Subject) -> Iterator[Finding]:
    """Every element lies on a path from a start, and from every element a path leads to an end."""
    for scope, _ in _scopes(subject):
        nodes = subject.document.of_scope(scope)
        reached = reached_from_start(subject.document, nodes)
        ending = nodes_that_end(nodes)
        for node in nodes:
            if node.id not in reached:
                yield subject.of("node-unreachable", node)
            elif node.id not in ending and node.outgoing:
                yield subject.of("no-way-to-end", node)


def reached_from_start(document: Document, nodes: list[Node]) -> set[str]:
    boundary: dict[str, list[str]] = {}
    for node in nodes:
        if node.attached_to:
            boundary.setdefault(node.attached_to, []).append(node.id)
    reached: set[str] = set()
    todo = [node.id for node in nodes if node.kind == "startEvent"]
    while todo:
        key = todo.pop()
        if key in reached or key not in document.nodes:
            continue
        reached.add(key)
        todo += [flow.target for flow in document.nodes[key].outgoing]
        todo += boundary.get(key, [])
    return reached


def nodes_that_end(nodes: list[Node]) -> set[str]:
    """Ids of the nodes from which an end, or a dead end that is reported anyway, can be reached;
    also by way of an event at their edge that ends them."""
    by_id = {node.id: node for node in nodes}
    ending: set[str] = set()
    todo = [node.id for node in nodes if not node.outgoing]
    while todo:
        key = todo.pop()
        if key in ending or key not in by_id:
            continue
        ending.add(key)
        node = by_id[key]
        todo += [flow.source for flow in node.incoming]
        if node.attached_to and node.interrupting:
            todo.append(node.attached_to)
    return ending


def joins(subject: Subject) -> Iterator[Finding]:
    """A join fits the split that its paths come from (by dominators of the graph)."""
    for scope, _ in _scopes(subject):
        nodes = subject.document.of_scope(scope)
        dominator = immediate_dominators(nodes)
        for node in nodes:
            if not node.kind.endswith("Gateway"):
                continue
            if len(node.incoming) <= 1 and len(node.outgoing) <= 1:
                yield subject.of("gateway-without-choice", node)
            split = subject.document.nodes.get(dominator.get(node.id, ""))
            if split and len(node.incoming) > 1 and _mismatch(split, node):
                yield subject.of("gateway-mismatch", node, f"split at `{split.id}`")


def _mismatch(split: Node, join: Node) -> bool:
    choices = ("exclusiveGateway", "eventBasedGateway")
    return join.kind == "parallelGateway" and split.kind in choices and len(split.outgoing) > 1


def _scopes(subject: Subject) -> Iterator[tuple[str, Element]]:
    for scope, element in subject.document.scopes():
        node = subject.document.nodes.get(scope)
        is_own = scope == subject.key or (node is not None and node.process == subject.key)
        if is_own and not (node is not None and node.kind == "adHocSubProcess"):
            yield scope, element
