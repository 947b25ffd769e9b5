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
    for node in subject.nodes(*_THROWING):
        info = subject.info.elements[node.id]
        if node.event in (*_BY_CODE, "signal") and not _is_caught(subject, info):
            yield subject.of("throw-not-caught", node, f"{node.event} `{info.trigger or ''}`")


def caught(subject: Subject) -> Iterator[Finding]:
    """A boundary event for a certain error or escalation can happen."""
    for node in subject.nodes("boundaryEvent"):
        info = subject.info.elements[node.id]
        if node.event in _BY_CODE and info.trigger and not _is_thrown(subject, info):
            yield subject.of("catch-never-thrown", node, f"{node.event} `{info.trigger}`")


def messages(subject: Subject) -> Iterator[Finding]:
    """Each message of the file is used by something."""
    used = {ref for node in subject.nodes() for ref in _message_refs(node)}
    for key, element in subject.document.definitions.items():
        if local_name(element) == "message" and key not in used:
            yield subject.at("message-unused", element)


def _message_refs(node: Node) -> set[str]:
    return {reference(holder.get("messageRef")) for holder in (node.element, *node.definitions)}


def _is_caught(subject: Subject, thrower: ElementInfo) -> bool:
    return any(
        each.event == thrower.event and each.trigger in (thrower.trigger, None)
        for each in _all(subject)
        if each.kind not in _THROWING
    )


def _is_thrown(subject: Subject, catcher: ElementInfo) -> bool:
    return any(
        each.event == catcher.event and each.trigger == catcher.trigger
        for each in _all(subject)
        if each.kind in _THROWING
    )


def _all(subject: Subject) -> Iterator[ElementInfo]:
    for process in subject.processes.values():
        yield from process.elements.values()
