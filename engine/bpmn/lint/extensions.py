"""Our own namespace: each element where it means something, with the attributes it has."""

from collections.abc import Iterator, Mapping

from engine.bpmn.document import extension_elements, local_name, namespace
from engine.bpmn.extensions import SHAPES, Shape
from engine.bpmn.lint.subject import Subject
from engine.bpmn.names import BPMN, PIVOTAL
from engine.bpmn.xml import Element
from engine.finding import Finding


def our_namespace(subject: Subject) -> Iterator[Finding]:
    """Nothing in our namespace is unknown, misplaced, repeated or misspelt."""
    for element in subject.document.root.iter(f"{{{PIVOTAL}}}*"):
        holder = _holder(element)
        shape = SHAPES.get(local_name(element))
        if shape is None:
            yield subject.at("extension-unknown", element, f"pivotal:{local_name(element)}")
        elif holder not in shape.on:
            detail = f"pivotal:{local_name(element)} on {holder or 'nothing'}"
            yield subject.at("extension-unknown", element, detail)
        else:
            yield from _attributes(subject, element, shape)
    for element in subject.document.root.iter(f"{{{BPMN}}}*"):
        yield from _repeated(subject, extension_elements(element))
        for attribute in element.attrib:
            if str(attribute).startswith(f"{{{PIVOTAL}}}"):
                yield subject.at("extension-unknown", element, f"attribute {attribute}")


def _holder(element: Element) -> str:
    """The name of the BPMN element that is extended, or of our own parent element."""
    parent = element.getparent()
    if parent is None:
        return ""
    if namespace(parent) == PIVOTAL:
        return local_name(parent)
    if namespace(parent) == BPMN and local_name(parent) == "extensionElements":
        grandparent = parent.getparent()
        return "" if grandparent is None else local_name(grandparent)
    return ""


def _attributes(subject: Subject, element: Element, shape: Shape) -> Iterator[Finding]:
    name = local_name(element)
    values: Mapping[str, tuple[str, ...]] = shape.values or {}
    for attribute, required in shape.attributes.items():
        if required and not (element.get(attribute) or "").strip():
            yield subject.at("extension-attribute", element, f"pivotal:{name} lacks {attribute}")
    for attribute, value in element.attrib.items():
        if attribute not in shape.attributes:
            detail = f"pivotal:{name} has no attribute {attribute}"
            yield subject.at("extension-attribute", element, detail)
        elif attribute in values and value not in values[str(attribute)]:
            allowed = " or ".join(values[str(attribute)])
            detail = f'{attribute}="{value}" must be {allowed}'
            yield subject.at("extension-attribute", element, detail)
    if (element.text or "").strip():
        yield subject.at("extension-attribute", element, f"pivotal:{name} holds text")
    yield from _repeated(subject, iter(element))


def _repeated(subject: Subject, children: Iterator[Element]) -> Iterator[Finding]:
    seen: set[str] = set()
    for child in children:
        name = local_name(child)
        shape = SHAPES.get(name)
        if namespace(child) != PIVOTAL or shape is None or shape.many:
            continue
        if name in seen:
            yield subject.at("extension-attribute", child, f"pivotal:{name} stands twice")
        seen.add(name)
