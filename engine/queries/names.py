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


def phase_name(definition: ProcessDefinition, language: str, phase: str) -> str:
    """The name of a phase of the root process."""
    found = (each.name for each in definition.root.phases if each.id == phase)
    return definition.text(language, definition.key, f"{phase}.phase", next(found, phase))
