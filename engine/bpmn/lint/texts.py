"""English beside the bokmål of the model: every text that people see has both."""

from collections.abc import Iterator

from engine.bpmn.document import local_name
from engine.bpmn.lint.rules import finding
from engine.bpmn.lint.subject import Subject
from engine.bpmn.names import BPMN
from engine.finding import Finding


def expected_texts(subject: Subject) -> dict[str, str]:
    """Key and bokmål of every text of the process that people see."""
    found = {f"{subject.key}.name": subject.info.name}
    for phase in subject.info.phases:
        found[f"{phase.id}.phase"] = phase.name
    for lane in subject.document.lanes.values():
        found[f"{lane.id}.name"] = lane.name
    for node in subject.nodes():
        found |= _texts_of_element(subject, node.id)
    for flow in subject.flows():
        found[f"{flow.id}.name"] = flow.name
    for message in subject.info.messages.values():
        found[f"{message.id}.title"] = message.title
    return {key: text for key, text in found.items() if text}


def _texts_of_element(subject: Subject, element_id: str) -> dict[str, str]:
    info = subject.info.elements[element_id]
    found = {f"{info.id}.name": info.name, f"{info.id}.instructions": info.instructions or ""}
    for option in info.gate.options if info.gate else ():
        found[f"{info.id}.option.{option.value}"] = option.name
    return found


def _other_texts(subject: Subject) -> set[str]:
    """Keys that may have English although nothing depends on it: pools and annotations."""
    drawn = subject.document.root.iter(f"{{{BPMN}}}participant", f"{{{BPMN}}}textAnnotation")
    endings = {"participant": "name", "textAnnotation": "text"}
    return {f"{each.get('id', '')}.{endings[local_name(each)]}" for each in drawn}


def english(subject: Subject) -> Iterator[Finding]:
    """Each missing text is named, and each one that belongs to nothing."""
    name = f"processes/{subject.key}/{subject.key}.en.json"
    expected = expected_texts(subject)
    if subject.english is None:
        yield finding("text-missing", subject.document.file, detail=f"{name} is missing")
        return
    for key in expected:
        if not subject.english.get(key, "").strip():
            yield finding("text-missing", name, element_id=key.partition(".")[0], detail=f"`{key}`")
    for key in subject.english.keys() - expected.keys() - _other_texts(subject):
        yield finding("text-not-used", name, element_id=key.partition(".")[0], detail=f"`{key}`")
