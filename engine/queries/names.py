"""What people call the parts of a model, in their language."""

from engine.model.definition import ProcessDefinition


def element_name(definition: ProcessDefinition, language: str, element: str) -> str:
    """The name of an element of any process of the version; its id where it has none."""
    for key, process in definition.processes.items():
        found = process.elements.get(element)
        if found is not None:
            return definition.text(language, key, f"{element}.name", found.name) or element
    return element


def element_of(definition: ProcessDefinition, language: str, process: str, element: str) -> str:
    """The name of an element of one process of the version; its id where it has none."""
    found = definition.processes[process].elements.get(element)
    name = found.name if found and found.name else element
    return definition.text(language, process, f"{element}.name", name)


def option_name(definition: ProcessDefinition, language: str, element: str, value: str) -> str:
    """The name of an option of a gate."""
    for key, process in definition.processes.items():
        found = process.elements.get(element)
        option = found.gate.option(value) if found and found.gate else None
        if option is not None:
            return definition.text(language, key, f"{element}.option.{value}", option.name)
    return value


def answer_name(definition: ProcessDefinition, language: str, decision: str, value: str) -> str:
    """What the model calls an answer of a decision table; the answer itself where it does not."""
    for key, process in definition.processes.items():
        for element in process.elements.values():
            call = element.decision
            if call is not None and call.ref == decision and value in call.answers:
                text_key = f"{element.id}.answer.{value}"
                return definition.text(language, key, text_key, call.answers[value])
    return value


def phase_name(definition: ProcessDefinition, language: str, phase: str) -> str:
    """The name of a phase of the root process."""
    found = (each.name for each in definition.root.phases if each.id == phase)
    return definition.text(language, definition.key, f"{phase}.phase", next(found, phase))
