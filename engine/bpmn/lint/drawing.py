"""What is drawn: pools, lanes, and a place in the picture for everything."""

from collections.abc import Iterator

from engine.bpmn.diagram.geometry import read_planes
from engine.bpmn.document import line_of
from engine.bpmn.lint.rules import finding
from engine.bpmn.lint.subject import Subject
from engine.bpmn.names import BPMN
from engine.errors import InvalidInputError
from engine.finding import Finding


def pools(subject: Subject) -> Iterator[Finding]:
    """One pool runs; others are drawings."""
    own = 0
    for element in subject.document.root.iter(f"{{{BPMN}}}participant"):
        if not element.get("processRef"):
            yield subject.at("pool-only-drawn", element)
            continue
        own += 1
        if own > 1:
            yield subject.at("pool-with-process", element)


def drawing(subject: Subject) -> Iterator[Finding]:
    """The file has a diagram that shows every element, and lanes."""
    document = subject.document
    if not document.drawn:
        yield finding("diagram-missing", document.file, line_of(document.root))
    else:
        for node in subject.nodes():
            if node.id not in document.drawn:
                yield subject.of("shape-missing", node)
        for flow in subject.flows():
            if flow.id not in document.drawn:
                yield subject.of("shape-missing", flow)
    try:
        read_planes(document.root)
    except InvalidInputError as error:
        line = int(error.details.get("line", 0))
        yield finding("diagram-invalid", document.file, line, detail=str(error).rstrip("."))
    if not document.lanes:
        yield subject.at("lanes-missing", subject.process)
