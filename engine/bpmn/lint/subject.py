"""What a check looks at: one process, and the deployment it stands in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.bpmn.document import Document, Flow, Lane, Node, line_of
from engine.bpmn.lint.known import Known
from engine.bpmn.lint.rules import finding
from engine.bpmn.xml import Element
from engine.finding import Finding
from engine.model.definition import DecisionInfo, FormInfo, ProcessInfo


@dataclass(frozen=True, slots=True)
class Subject:
    """`processes` are all processes of the deployment by key, this one among them; `texts` those
    of `<key>.<language>.json`, by language, where there is such a file."""

    document: Document
    info: ProcessInfo
    known: Known
    processes: Mapping[str, ProcessInfo] = field(default_factory=dict)
    forms: Mapping[str, FormInfo] = field(default_factory=dict)
    decisions: Mapping[str, DecisionInfo] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.info.key

    @property
    def process(self) -> Element:
        return self.document.processes[self.key]

    def nodes(self, *kinds: str) -> Iterator[Node]:
        for node in self.document.nodes.values():
            if node.process == self.key and (not kinds or node.kind in kinds):
                yield node

    def flows(self) -> Iterator[Flow]:
        yield from self.document.flows.values()

    def of(self, rule: str, place: Node | Flow | Lane, detail: str = "") -> Finding:
        """A finding about a node, flow or lane."""
        return finding(
            rule,
            self.document.file,
            place.line,
            element_id=place.id,
            element_name=place.name,
            detail=detail,
        )

    def at(self, rule: str, element: Element, detail: str = "", remedy: str = "") -> Finding:
        """A finding about any element; one without an id borrows that of its nearest ancestor."""
        named = next((e for e in (element, *element.iterancestors()) if e.get("id")), element)
        return finding(
            rule,
            self.document.file,
            line_of(element),
            element_id=named.get("id", ""),
            element_name=named.get("name", ""),
            detail=detail,
            remedy=remedy,
        )
