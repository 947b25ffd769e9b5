"""English, and nynorsk if there is any, beside the bokmål of the model: every text has them."""

from collections.abc import Iterator

from engine.bpmn.document import local_name
from engine.bpmn.letters import letter_texts
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
    for value, name in info.decision.answers.items() if info.decision else ():
        found[f"{info.id}.answer.{value}"] = name
    return found | letter_texts(info, subject.forms)


def _other_texts(subject: Subject) -> set[str]:
    """Keys that may have English although nothing depends on it: pools and annotations."""
    drawn = subject.document.root.iter(f"{{{BPMN}}}participant", f"{{{BPMN}}}textAnnotation")
    endings = {"participant": "name", "textAnnotation": "text"}
    return {f"{each.get('id', '')}.{endings[local_name(each)]}" for each in drawn}


def english(subject: Subject) -> Iterator[Finding]:
    """Each missing text is named, and each one that belongs to nothing."""
    name = _file(subject, "en")
    if "en" not in subject.texts:
        yield finding("text-missing", subject.document.file, detail=f"{name} is missing")
        return
    yield from _translated(subject, "en")


def nynorsk(subject: Subject) -> Iterator[Finding]:
    """The same, where there is nynorsk at all; bokmål is shown where there is none."""
    if "nn" in subject.texts:
        yield from _translated(subject, "nn")


def _translated(subject: Subject, language: str) -> Iterator[Finding]:
    name, texts = _file(subject, language), subject.texts[language]
    expected = expected_texts(subject)
    for key in expected:
        if not texts.get(key, "").strip():
            yield finding("text-missing", name, element_id=key.partition(".")[0], detail=f"`{key}`")
    for key in texts.keys() - expected.keys() - _other_texts(subject):
        yield finding("text-not-used", name, element_id=key.partition(".")[0], detail=f"`{key}`")


def _file(subject: Subject, language: str) -> str:
    return f"processes/{subject.key}/{subject.key}.{language}.json"
