"""Where a procurement stands: what each element of its models is at, as far as the reader may know.

What belongs to a supplier's branch that the reader may not see shows as one token on the activity
that the branches stand in: neither how far they are nor how many they are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import orjson
import sqlalchemy as sa

from engine.bpmn import runtime
from engine.bpmn.diagram import ElementState
from engine.model.definition import ProcessDefinition
from engine.model.execution import ActiveElement
from engine.model.execution import View as Open
from engine.queries.view import Seen
from engine.queries.worklist import TaskRow
from engine.store import records
from engine.store.schema import audit_event, task

States = Mapping[str, Mapping[str, ElementState]]
"""Process key → element id → what it is at. Every process that has begun has an entry."""

Marks = dict[str, dict[str, ElementState]]

_PASSES = ("ElementsPassed", "ProcurementRewound")


@dataclass(frozen=True, slots=True)
class Where:
    """`states` for the drawings; `open_tasks` by process and element, for the list beside them."""

    states: States
    tasks: Mapping[tuple[str, str], tuple[TaskRow, ...]]

    @property
    def active(self) -> dict[str, dict[str, int]]:
        """Process key → element id → tokens, where there are any."""
        found = {
            process: {key: state.active for key, state in elements.items() if state.active}
            for process, elements in self.states.items()
        }
        return {process: elements for process, elements in found.items() if elements}


def sign_of(state: ElementState) -> str:
    """The state that tells most: failed, late, waiting for a moment or message, active, done."""
    gravest = state.names[0]
    return "waiting" if gravest == "active" and state.waiting else gravest


def where_of(seen: Seen, open_tasks: Iterable[TaskRow]) -> Where:
    """Where it stands now, or stood at the moment shown; `open_tasks` are those the reader sees."""
    definition = seen.view.definition(seen.row.definition)
    found = open_of(seen)
    states: Marks = {definition.key: {}}
    if found is not None:
        _mark_tokens(states, _visible(seen, definition, found.active))
        _mark_waits(states, seen, found)
    tasks = _by_place(seen, open_tasks)
    for (process, element), rows in tasks.items():
        if any(row.late for row in rows):
            _mark(states, process, element, _late)
    _mark_done(states, definition, passed_elements(seen))
    return Where(states, tasks)


def open_of(seen: Seen) -> Open | None:
    """Everything that is open in the process; None where it does not go on."""
    if not seen.row.state or seen.row.status not in {"running", "suspended"}:
        return None
    compiled = seen.view.definitions.get(seen.view.connection, seen.row.definition)
    return runtime.inspect(compiled.process, seen.row.state)


def _mark(
    states: Marks, process: str, element: str, change: Callable[[ElementState], ElementState]
) -> None:
    known = states.setdefault(process, {})
    known[element] = change(known.get(element, ElementState()))


def _mark_tokens(states: Marks, tokens: Iterable[tuple[str, str, int]]) -> None:
    for process, element, count in tokens:
        known = states.setdefault(process, {})
        state = known.get(element, ElementState())
        known[element] = replace(state, active=state.active + count)


def _waiting(state: ElementState) -> ElementState:
    return replace(state, waiting=True)


def _failed(state: ElementState) -> ElementState:
    return replace(state, failed=True)


def _late(state: ElementState) -> ElementState:
    return replace(state, late=True)


def _visible(
    seen: Seen, definition: ProcessDefinition, active: Iterable[ActiveElement]
) -> Iterator[tuple[str, str, int]]:
    hidden: set[tuple[str, str]] = set()
    for each in active:
        if seen.sees(each.scope):
            yield each.process_id, each.element_id, each.count
        else:
            hidden.add(_outside(definition, each))
    for process, element in sorted(hidden):
        yield process, element, 1


def _outside(definition: ProcessDefinition, each: ActiveElement) -> tuple[str, str]:
    """The activity with a branch for each supplier that the token is within, or stands on."""
    process = definition.key
    for turn in each.path:
        element, _, index = turn.partition("#")
        info = definition.processes[process].elements[element]
        if index or info.confidentiality:
            return process, element
        process = info.called or process
    return each.process_id, each.element_id


def _mark_waits(states: Marks, seen: Seen, found: Open) -> None:
    """Where a moment or a message is awaited, and what could not be done by itself."""
    standing = {(each.process_id, each.element_id) for each in found.active}
    awaited = [(each.process_id, each.element_id, each.scope) for each in found.timers]
    awaited += [(each.process_id, each.element_id, each.scope) for each in found.waits]
    for process, element, scope in awaited:
        if (process, element) in standing and seen.sees(scope):
            _mark(states, process, element, _waiting)
    failed = {each.task for each in records.open_incidents(seen.view.connection, seen.row.id)}
    held = [(each.process_id, each.element_id, each.scope) for each in found.incidents]
    held += [
        (each.process_id, each.element_id, each.scope)
        for each in found.work
        if each.task_id in failed
    ]
    for process, element, scope in held:
        if seen.sees(scope):
            _mark(states, process, element, _failed)


def _by_place(
    seen: Seen, open_tasks: Iterable[TaskRow]
) -> dict[tuple[str, str], tuple[TaskRow, ...]]:
    rows = list(open_tasks)
    query = sa.select(task.c.id, task.c.process, task.c.element).where(
        task.c.id.in_(sorted(row.id for row in rows))
    )
    places = {key: place for key, *place in seen.view.connection.execute(query)}
    found: dict[tuple[str, str], tuple[TaskRow, ...]] = {}
    for row in rows:
        process, element = places[row.id]
        if process:
            found[process, element] = (*found.get((process, element), ()), row)
    return found


def _mark_done(
    states: dict[str, dict[str, ElementState]],
    definition: ProcessDefinition,
    passed: frozenset[str],
) -> None:
    """What has been done, in processes that have begun: ids are their own in each process alone."""
    waiting, begun = [definition.key], {definition.key}
    while waiting:
        process = waiting.pop()
        elements = definition.processes[process].elements
        known = states.setdefault(process, {})
        for key, info in elements.items():
            reached = key in passed or key in known
            if reached and info.called and info.called not in begun:
                begun.add(info.called)
                waiting.append(info.called)
            if key in passed and not known.get(key, ElementState()).names:
                known[key] = ElementState(done=True)


def passed_elements(seen: Seen) -> frozenset[str]:
    """Elements that have been done and not undone by going back, and that the reader may see."""
    query = (
        sa.select(audit_event.c.seq, audit_event.c.body)
        .where(audit_event.c.chain == seen.row.id, audit_event.c.type.in_(_PASSES))
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
