"""The drawings of a version, with the tokens of a procurement where it has one."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
import sqlalchemy as sa

from engine.bpmn.diagram import ElementState, render_svg
from engine.model.definition import ProcessDefinition, ProcessInfo
from engine.queries.view import Seen, View
from engine.store import definitions
from engine.store.schema import audit_event

Places = Mapping[str, Mapping[str, int]]
Passed = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Place:
    """An element where `tokens` wait, as the list beside the drawing says it."""

    name: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """One process of the version. `svg` is markup of ours, safe to put into a page."""

    process: str
    name: str
    svg: str
    places: tuple[Place, ...]
    is_root: bool


def drawings_of(
    view: View, digest: str, active: Places, passed: frozenset[str] | None = None
) -> tuple[Drawing, ...]:
    """With tokens: the root and each process that is being run. Without: every one.

    `passed` are the ids of elements that have been done.
    """
    definition = view.definition(digest)
    files = definitions.files(view.connection, digest)
    wanted = [
        process
        for process in (definition.root, *definition.processes.values())
        if passed is None or process.key == definition.key or process.key in active
    ]
    unique = {process.key: process for process in wanted}
    return tuple(
        _drawing(
            view,
            definition,
            process,
            files[process.file],
            active.get(process.key, {}),
            passed or frozenset(),
            set(unique),
        )
        for process in unique.values()
    )


def _drawing(
    view: View,
    definition: ProcessDefinition,
    process: ProcessInfo,
    source: bytes,
    active: Mapping[str, int],
    passed: frozenset[str],
    drawn: set[str],
) -> Drawing:
    name = definition.text(view.language, process.key, f"{process.key}.name", process.name)
    states = {element: ElementState(done=True) for element in passed & set(process.elements)}
    states |= {element: ElementState(active=count) for element, count in active.items()}
    texts = definition.texts.get(view.language, {}).get(process.key, {})
    links = {
        element.id: f"#drawing-{element.called}"
        for element in process.elements.values()
        if element.called in drawn
    }
    return Drawing(
        process=process.key,
        name=name,
        svg=render_svg(
            source,
            states=states,
            title=name,
            texts=texts,
            links=links,
            language=view.language,
        ),
        places=tuple(
            Place(_element_name(view, definition, process, element), count)
            for element, count in active.items()
        ),
        is_root=process.key == definition.key,
    )


def _element_name(
    view: View, definition: ProcessDefinition, process: ProcessInfo, element: str
) -> str:
    found = process.elements.get(element)
    name = found.name if found and found.name else element
    return definition.text(view.language, process.key, f"{element}.name", name)


def passed_elements(seen: Seen) -> frozenset[str]:
    """Elements that have been done and not undone by going back, and that the reader may see."""
    query = (
        sa.select(audit_event.c.seq, audit_event.c.body)
        .where(
            audit_event.c.chain == seen.row.id,
            audit_event.c.type.in_(("ElementsPassed", "ProcurementRewound")),
        )
        .order_by(audit_event.c.seq)
    )
    done: dict[int, set[str]] = {}
    for row in seen.view.connection.execute(query):
        body = orjson.loads(row.body)
        if body["type"] == "ProcurementRewound":
            to_seq = body["data"]["to_seq"]
            done = {seq: names for seq, names in done.items() if seq < to_seq}
        else:
            done[row.seq] = {
                part[0]
                for part in body["data"]["trail"]
                if part[1] == "completed" and seen.sees(part[2])
            }
    return frozenset(name for names in done.values() for name in names)
