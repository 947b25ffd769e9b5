"""What is thrown is caught, what is caught is thrown, and what is defined is used."""

from collections.abc import Iterator

from engine.bpmn.document import Node, local_name, reference
from engine.bpmn.lint.subject import Subject
from engine.finding import Finding
from engine.model.definition import ElementInfo

_THROWING = ("intermediateThrowEvent", "endEvent")
_BY_CODE = ("error", "escalation")


def thrown(subject: Subject) -> Iterator[Finding]:
    """An error, escalation or signal reaches somebody: here, in a caller or in a called process."""
    caught = {(each.event, each.trigger) for each in _all(subject) if each.kind not in _THROWING}
    for node in subject.nodes(*_THROWING):
        trigger = subject.info.elements[node.id].trigger
        speaks = node.event in (*_BY_CODE, "signal")
        if speaks and not {(node.event, trigger), (node.event, None)} & caught:
            yield subject.of("throw-not-caught", node, f"{node.event} `{trigger or ''}`")


def caught(subject: Subject) -> Iterator[Finding]:
    """A boundary event for a certain error or escalation can happen."""
    thrown = {(each.event, each.trigger) for each in _all(subject) if each.kind in _THROWING}
    for node in subject.nodes("boundaryEvent"):
        trigger = subject.info.elements[node.id].trigger
        if node.event in _BY_CODE and trigger and (node.event, trigger) not in thrown:
            yield subject.of("catch-never-thrown", node, f"{node.event} `{trigger}`")


def declarations(subject: Subject) -> Iterator[Finding]:
    """A variable that several processes declare is one variable, and begins once."""
    others = {
        (each.name, process.key): each
        for process in subject.processes.values()
        for each in process.variables
        if process.key != subject.key
    }
    own = {each.name: each for each in subject.info.variables}
    for (name, key), other in others.items():
        mine = own.get(name)
        initials = {mine.initial, other.initial} - {None} if mine else set()
        if mine and (mine.type != other.type or len(initials) > 1):
            yield subject.at("variable-conflict", subject.process, f"`{name}` in `{key}`")


def messages(subject: Subject) -> Iterator[Finding]:
    """Each message of the file is used by something."""
    used = {ref for node in subject.nodes() for ref in _message_refs(node)}
    for key, element in subject.document.definitions.items():
        if local_name(element) == "message" and key not in used:
            yield subject.at("message-unused", element)


def _message_refs(node: Node) -> set[str]:
    return {reference(holder.get("messageRef")) for holder in (node.element, *node.definitions)}


def _all(subject: Subject) -> Iterator[ElementInfo]:
    for process in subject.processes.values():
        yield from process.elements.values()
