"""The drawings of a version, with the tokens of a procurement where it has one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.diagram import ElementState, Heat, planes, render_svg
from engine.model.definition import ProcessDefinition, ProcessInfo
from engine.queries.names import element_of
from engine.queries.view import View
from engine.queries.where import States, Where, sign_of
from engine.queries.worklist import TaskRow
from engine.store import definitions

OPENING = ("subProcess", "transaction", "adHocSubProcess")
_NOTHING: Mapping[str, ElementState] = {}


@dataclass(frozen=True, slots=True)
class Place:
    """An element where `tokens` wait, as the list beside the drawing says it; `tasks` are what
    people have to do there. One that `opens` holds others, where the same is told more closely."""

    element: str
    name: str
    tokens: int
    state: str
    opens: bool
    tasks: tuple[TaskRow, ...] = ()


@dataclass(frozen=True, slots=True)
class StateView:
    """What an element is at; `state` is the gravest, `said` all of it in words."""

    element: str
    name: str
    state: str
    tokens: int
    said: str


@dataclass(frozen=True, slots=True)
class CallView:
    element: str
    process: str


@dataclass(frozen=True, slots=True)
class ProcessStanding:
    """One process of the version for a viewer: states, and which activities open into another."""

    process: str
    name: str
    states: tuple[StateView, ...]
    calls: tuple[CallView, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One plane of a process of the version. `svg` is markup of ours, safe to put into a page."""

    id: str
    process: str
    name: str
    svg: str
    places: tuple[Place, ...]
    is_root: bool


def drawings_of(view: View, digest: str, where: Where | None = None) -> tuple[Drawing, ...]:
    """With tokens: the root and each process that is being run. Without: every one.

    A collapsed sub-process has a drawing of its own behind that of its process.
    """
    definition = view.definition(digest)
    files = definitions.files(view.connection, digest)
    wanted = [
        process
        for process in (definition.root, *definition.processes.values())
        if where is None or process.key == definition.key or process.key in where.active
    ]
    unique = {process.key: process for process in wanted}
    return tuple(
        drawing
        for process in unique.values()
        for drawing in _drawings(view, definition, process, files[process.file], where, set(unique))
    )


def heated_drawings(
    view: View, digest: str, heat: Mapping[str, Mapping[str, Heat]]
) -> tuple[Drawing, ...]:
    """The root and each process that has heat, by process key and element id."""
    definition = view.definition(digest)
    files = definitions.files(view.connection, digest)
    wanted = {definition.key: definition.root}
    wanted |= {key: process for key, process in definition.processes.items() if key in heat}
    return tuple(
        drawing
        for key, process in wanted.items()
        for drawing in _drawings(
            view, definition, process, files[process.file], None, set(wanted), heat.get(key)
        )
    )


def _drawings(
    view: View,
    definition: ProcessDefinition,
    process: ProcessInfo,
    source: bytes,
    where: Where | None,
    drawn: set[str],
    heat: Mapping[str, Heat] | None = None,
) -> Iterator[Drawing]:
    states = where.states.get(process.key, _NOTHING) if where else _NOTHING
    for number, plane in enumerate(planes(source)):
        key = f"{process.key}-{plane}" if number else process.key
        element = element_of(definition, view.language, process.key, plane)
        name = element if number else process_name(view, definition, process.key)
        yield Drawing(
            id=key,
            process=process.key,
            name=name,
            svg=render_svg(
                source,
                plane=plane,
                states=states,
                title=name,
                texts=definition.texts.get(view.language, {}).get(process.key, {}),
                links=_links(process, planes(source), drawn),
                language=view.language,
                heat=heat,
            ),
            places=() if number else places_of(view, definition, process.key, where),
            is_root=process.key == definition.key and not number,
        )


def _links(process: ProcessInfo, found: tuple[str, ...], drawn: set[str]) -> dict[str, str]:
    """Where an activity that opens leads to: the drawing of what it calls or holds."""
    links = {
        element.id: f"#drawing-{element.called}"
        for element in process.elements.values()
        if element.called in drawn
    }
    return links | {plane: f"#drawing-{process.key}-{plane}" for plane in found[1:]}


def process_name(view: View, definition: ProcessDefinition, key: str) -> str:
    name = definition.processes[key].name
    return definition.text(view.language, key, f"{key}.name", name)


def places_of(
    view: View, definition: ProcessDefinition, process: str, where: Where | None
) -> tuple[Place, ...]:
    """Where the tokens of a process are, what failed and what is late, in the model's order. A
    gateway that joins has no name: that a branch waits there for another tells nobody anything."""
    if where is None:
        return ()
    states: States = where.states
    known = states.get(process, _NOTHING)
    return tuple(
        Place(
            element=key,
            name=element_of(definition, view.language, process, key),
            tokens=state.active,
            state=sign_of(state),
            opens=element.called is not None or element.kind in OPENING,
            tasks=where.tasks.get((process, key), ()),
        )
        for key, element in definition.processes[process].elements.items()
        if (state := known.get(key)) is not None
        and state.names
        and state.names[0] != "done"
        and (element.name or sign_of(state) == "failed")
    )


def standing_of(view: View, digest: str, where: Where) -> tuple[ProcessStanding, ...]:
    """Every process of the version, the root first."""
    definition = view.definition(digest)
    keys = dict.fromkeys([definition.key, *definition.processes])
    return tuple(
        ProcessStanding(
            process=key,
            name=process_name(view, definition, key),
            states=_states(view, definition, key, where.states.get(key, _NOTHING)),
            calls=tuple(
                CallView(element.id, element.called)
                for element in definition.processes[key].elements.values()
                if element.called
            ),
        )
        for key in keys
    )


def _states(
    view: View, definition: ProcessDefinition, process: str, known: Mapping[str, ElementState]
) -> tuple[StateView, ...]:
    return tuple(
        StateView(
            element=key,
            name=element_of(definition, view.language, process, key),
            state=sign_of(state),
            tokens=state.active,
            said=state.describe(view.language),
        )
        for key, state in known.items()
        if state.names
    )
