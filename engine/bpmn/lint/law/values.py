"""What is known of the variables on each path, so that paths nobody can take are not judged.

Gates give their variable one of their options; an output, a call input or an initial value that
can be worked out from known values gives a known value; everything else is unknown, and a
condition that reads it is taken to go either way.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from engine.bpmn.lint.law.graph import Edge, Graph, TooLargeError, Vertex
from engine.errors import FeelError
from engine.feel import Expression, Scope, compile_expression
from engine.model.definition import AssignmentInfo, FormInfo, ProcessInfo

MAX_STATES: Final = 60_000
_NOW: Final = datetime(2000, 1, 1, tzinfo=UTC)
_BRANCH: Final = re.compile(r"\b(?:then|else)\s+(if |.*?(?=\s+else\s|$))", re.DOTALL)
_TEXT: Final = re.compile(r"\"([^\"]*)\"")
UNKNOWN: Final = object()

Values = tuple[tuple[str, Any], ...]
"""Known variables and their values, by name; lists are written as their FEEL source."""


@dataclass(slots=True)
class States:
    """The graph once for each thing that is known: `of` are the states of each vertex, `edges`
    lead from state to state, `vertex` and `known` say where a state is and what is known there.
    `live` are the variables of which a choice after each vertex can depend."""

    graph: Graph
    reader: "Reader"
    live: Sequence[frozenset[str]]
    vertex: list[int] = field(default_factory=list)
    edges: list[list[tuple[int, Edge]]] = field(default_factory=list)
    known: list[Mapping[str, Any]] = field(default_factory=list)
    of: dict[int, list[int]] = field(default_factory=dict)

    def refused(self, state: int, target: int) -> bool:
        """Whether the step out of a gate can be taken when its opening was refused: by an option
        that does not open it, or by any where the option makes no difference afterwards."""
        gate = self.graph.vertices[self.vertex[state]].element.gate
        if gate is None or all(option.opens for option in gate.options):
            return False
        if gate.variable not in self.live[self.vertex[target]]:
            return True
        chosen = gate.option(str(self.known[target].get(gate.variable, "")))
        return chosen is not None and not chosen.opens

    def may_give(self, state: int, source: str, text: str) -> bool:
        """Whether the expression may give the text in this state."""
        expression = self.reader.expression(source)
        value = self.reader.value(expression, self.known[state]) if expression else UNKNOWN
        return value == text or (value is UNKNOWN and f'"{text}"' in source)


@dataclass(frozen=True, slots=True)
class _Assignment:
    """`choices` are possible values (None: unknown); else `expression` gives the value."""

    variable: str
    choices: tuple[Any, ...] | None = None
    expression: Expression | None = None


class Reader:
    """Compiles what stands in the models, once each."""

    def __init__(self, processes: Mapping[str, ProcessInfo], functions: frozenset[str]) -> None:
        self._functions = functions
        names = {"result"}
        for info in processes.values():
            names |= info.variable_names
            names |= {each.loop.item for each in info.elements.values() if each.loop}
        self._names = frozenset(names)
        self._known: dict[str, Expression | None] = {}
        self._values: dict[tuple[str, Values], Any] = {}

    def expression(self, source: str) -> Expression | None:
        """None where it reads what is no variable, such as fields of a form."""
        if source not in self._known:
            try:
                self._known[source] = compile_expression(
                    source, self._names, functions=self._functions
                )
            except FeelError:
                self._known[source] = None
        return self._known[source]

    def value(self, expression: Expression, values: Mapping[str, Any]) -> Any:
        """What the expression gives, or `UNKNOWN`. Only plain values are kept."""
        used = expression.names_used
        if not used <= values.keys() or "time_limit" in expression.source:
            return UNKNOWN
        key = (expression.source, tuple((name, values[name]) for name in sorted(used)))
        if key not in self._values:
            self._values[key] = self._evaluated(expression, {n: values[n] for n in used})
        return self._values[key]

    def _evaluated(self, expression: Expression, values: Mapping[str, Any]) -> Any:
        given = {name: list(value) if value == () else value for name, value in values.items()}
        try:
            found = expression.evaluate(given, Scope(now=_NOW))
        except FeelError:
            return UNKNOWN
        if isinstance(found, list):
            return () if not found else UNKNOWN
        return found if found is None or isinstance(found, bool | str | int) else UNKNOWN


def explore(
    graph: Graph,
    processes: Mapping[str, ProcessInfo],
    forms: Mapping[str, FormInfo],
    functions: frozenset[str],
) -> States:
    """Every state that can be reached from the start. Raises `TooLargeError`."""
    return _Explorer(graph, processes, forms, functions).run()


def _branches(source: str) -> tuple[str, ...]:
    """The texts that `if … then "a" else "b"` can give, if it can give nothing else."""
    parts = _BRANCH.findall(source)
    texts = [_TEXT.fullmatch(part.strip()) for part in parts if not part.startswith("if ")]
    if not source.startswith("if ") or not texts:
        return ()
    return tuple(dict.fromkeys(each[1] for each in texts if each)) if all(texts) else ()


class _Explorer:
    def __init__(
        self,
        graph: Graph,
        processes: Mapping[str, ProcessInfo],
        forms: Mapping[str, FormInfo],
        functions: frozenset[str],
    ) -> None:
        self._graph = graph
        self._processes = processes
        self._forms = forms
        self._read = Reader(processes, functions)
        self._sets = [self._assignments(vertex) for vertex in graph.vertices]
        self._conditions = [self._choices(index) for index in range(len(graph.vertices))]
        self._inside = self._written_inside()
        self._live = self._liveness()
        self._states = States(graph, self._read, self._live)
        self._found: dict[tuple[int, Values], int] = {}
        self._apart = {index: self._set_apart(index) for index in sorted(graph.joins)}

    def run(self) -> States:
        start = self._graph.start
        todo = [self._state(start, self._kept(start, self._initial()))] if start >= 0 else []
        keys = [(start, self._kept(start, self._initial()))] if start >= 0 else []
        while todo:
            state, (index, values) = todo.pop(), keys.pop()
            for edge, after in self._steps(index, values):
                before = len(self._found)
                target = self._state(edge.target, after)
                self._states.edges[state].append((target, edge))
                if len(self._found) > before:
                    todo.append(target)
                    keys.append((edge.target, after))
        return self._states

    def _state(self, index: int, values: Values) -> int:
        key = (index, values)
        if key not in self._found:
            number = len(self._found)
            if number >= MAX_STATES:
                raise TooLargeError
            self._found[key] = number
            self._states.vertex.append(index)
            self._states.edges.append([])
            self._states.known.append(dict(values))
            self._states.of.setdefault(index, []).append(number)
        return self._found[key]

    def _initial(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for info in self._processes.values():
            for variable in info.variables:
                if variable.initial is None:
                    found.setdefault(variable.name, None)
                    continue
                expression = self._read.expression(variable.initial)
                value = self._read.value(expression, {}) if expression else UNKNOWN
                found[variable.name] = value
        return {name: value for name, value in found.items() if value is not UNKNOWN}

    def _steps(self, index: int, values: Values) -> Iterator[tuple[Edge, Values]]:
        """Where a token goes on from the vertex, with what is known then."""
        for after in self._after(index, dict(values)):
            for edge in self._taken(index, after):
                kept = self._kept(edge.target, after)
                if edge.target in self._graph.joins:
                    kept = tuple(each for each in kept if each[0] not in self._apart[edge.target])
                yield edge, kept

    def _after(self, index: int, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """What is known after the vertex has done its work; one for each option of a gate."""
        before = dict(values)
        for name in self._inside.get(index, ()):
            values.pop(name, None)
        results: list[dict[str, Any]] = [values]
        for each in self._sets[index]:
            results = [
                {**{n: v for n, v in known.items() if n != each.variable}, **new}
                for known in results
                for new in self._new(each, before)
            ]
        yield from results

    def _new(self, each: _Assignment, before: Mapping[str, Any]) -> list[dict[str, Any]]:
        if each.choices is not None:
            return [{each.variable: value} for value in each.choices]
        value = self._read.value(each.expression, before) if each.expression else UNKNOWN
        if value is not UNKNOWN:
            return [{each.variable: value}]
        texts = _branches(each.expression.source) if each.expression else ()
        return [{each.variable: text} for text in texts] or [{}]

    def _taken(self, index: int, values: Mapping[str, Any]) -> list[Edge]:
        """Edges that may be taken: of an exclusive choice those whose condition may be true, and
        none after the first that must be."""
        edges = self._graph.edges[index]
        conditions = self._conditions[index]
        if not conditions:
            return edges
        taken: list[Edge] = []
        default: list[Edge] = []
        sure = False
        exclusive = self._graph.vertices[index].element.kind == "exclusiveGateway"
        for edge, (condition, is_default) in zip(edges, conditions, strict=True):
            if is_default:
                default.append(edge)
                continue
            value = self._read.value(condition, values) if condition else UNKNOWN
            if value is not False and not (sure and exclusive):
                taken.append(edge)
            sure = sure or value is True
        return taken if sure else [*taken, *default]

    def _kept(self, index: int, values: Mapping[str, Any]) -> Values:
        live = self._live[index]
        return tuple(sorted((n, v) for n, v in values.items() if n in live))

    def _assignments(self, vertex: Vertex) -> list[_Assignment]:
        element = vertex.element
        if vertex.is_box:
            given = element.call_outputs if vertex.leaving else element.call_inputs
            if vertex.leaving and element.loop is not None:
                return [_Assignment(element.loop.results)] if element.loop.results else []
            return [self._assignment(each) for each in given]
        fields = self._fields(vertex)
        found = [self._assignment(each, fields) for each in element.outputs]
        if element.gate is not None:
            options = tuple(option.value for option in element.gate.options)
            found.append(_Assignment(element.gate.variable, options))
        if element.decision is not None:
            found.append(_Assignment(element.decision.result))
        if element.loop is not None:
            found = [_Assignment(each.variable) for each in found]
            found += [_Assignment(element.loop.results)] if element.loop.results else []
        return found

    def _assignment(
        self, each: AssignmentInfo, fields: frozenset[str] = frozenset()
    ) -> _Assignment:
        """What is read from a field of the form is unknown, also where a variable has its name."""
        expression = self._read.expression(each.value)
        if expression is not None and expression.names_used & fields:
            expression = None
        return _Assignment(each.variable, expression=expression)

    def _fields(self, vertex: Vertex) -> frozenset[str]:
        key = vertex.element.form
        message = self._processes[vertex.process].messages.get(vertex.element.message or "")
        form = self._forms.get(key or (message.form if message else None) or "")
        return frozenset(form.fields) if form else frozenset()

    def _choices(self, index: int) -> list[tuple[Expression | None, bool]]:
        element = self._graph.vertices[index].element
        edges = self._graph.edges[index]
        if element.kind not in ("exclusiveGateway", "inclusiveGateway") or len(edges) < 2:
            return []
        return [
            (
                self._read.expression(edge.flow.condition)
                if edge.flow is not None and edge.flow.condition
                else None,
                edge.flow is not None and not edge.flow.condition,
            )
            for edge in edges
        ]

    def _written_inside(self) -> Mapping[int, frozenset[str]]:
        """Variables of which nothing is known at a vertex: at the exit of a box those that a
        multi-instance activity sets inside, or a called process without giving them back; at a
        boundary event whatever the activity may have set; and everywhere, those that are set
        beside the main path."""
        beside = self._written_beside()
        found: dict[int, frozenset[str]] = {}
        inside: dict[int, set[str]] = {}
        for vertex in self._graph.vertices:
            written = {each.variable for each in self._sets[vertex.index]}
            for box in vertex.boxes:
                inside.setdefault(box, set()).update(written)
            if written & beside:
                found[vertex.index] = frozenset(written & beside)
        for entry, leaving in self._graph.exits.items():
            element = self._graph.vertices[entry].element
            if element.loop is not None or element.call_outputs:
                names = frozenset(inside.get(entry, ()))
                found[leaving] = found.get(leaving, frozenset()) | names
        for host, boundaries in self._graph.attached.items():
            for boundary in boundaries:
                names = frozenset(inside.get(host, ()))
                found[boundary] = found.get(boundary, frozenset()) | names
        self._sets = [
            [each if each.variable not in beside else _Assignment(each.variable) for each in sets]
            for sets in self._sets
        ]
        return found

    def _set_apart(self, join: int) -> frozenset[str]:
        """Variables that are set on one of the paths that meet at the join, of which the others
        know nothing: everything set since the nearest split that all of them come from."""
        boxes = self._graph.vertices[join].boxes
        regions = [
            region
            for split in range(len(self._graph.vertices))
            if self._graph.vertices[split].boxes == boxes and self._splits(split)
            if self._graph.start not in (region := self._between(split, join))
        ]
        region = min(regions, key=len, default=frozenset(range(len(self._graph.vertices))))
        return frozenset(each.variable for index in region for each in self._sets[index])

    def _splits(self, index: int) -> bool:
        kind = self._graph.vertices[index].element.kind
        return kind in ("parallelGateway", "inclusiveGateway") and len(self._graph.edges[index]) > 1

    def _between(self, split: int, join: int) -> frozenset[int]:
        """Vertices before the join, up to the split."""
        seen: set[int] = set()
        todo = list(self._graph.incoming[join])
        while todo:
            index = todo.pop()
            if index not in seen and index != split:
                seen.add(index)
                todo += self._graph.incoming[index]
        return frozenset(seen)

    def _written_beside(self) -> set[str]:
        """Variables set on a path that begins at a boundary event that does not interrupt."""
        todo = [edge.target for edges in self._graph.edges for edge in edges if edge.aside]
        seen: set[int] = set()
        while todo:
            index = todo.pop()
            if index not in seen:
                seen.add(index)
                todo += [edge.target for edge in self._graph.edges[index]]
        main: set[int] = set()
        todo = [self._graph.start] if self._graph.start >= 0 else []
        while todo:
            index = todo.pop()
            if index not in main:
                main.add(index)
                todo += [edge.target for edge in self._graph.edges[index] if not edge.aside]
        return {each.variable for index in seen - main for each in self._sets[index]}

    def _liveness(self) -> Sequence[frozenset[str]]:
        """Variables whose value at the vertex can still matter to a choice."""
        names: dict[str, int] = {}

        def bits(wanted: Iterable[str]) -> int:
            return sum(1 << names.setdefault(name, len(names)) for name in set(wanted))

        count = len(self._graph.vertices)
        read = [bits(self._reads(index)) for index in range(count)]
        live = list(read)
        todo = list(range(count))
        while todo:
            index = todo.pop()
            after = read[index]
            for edge in self._graph.edges[index]:
                after |= live[edge.target]
            before = self._before(index, after, bits)
            if before | live[index] != live[index]:
                live[index] |= before
                todo += self._graph.incoming[index]
        known = list(names)
        return [
            frozenset(known[place] for place in range(mask.bit_length()) if mask >> place & 1)
            for mask in live
        ]

    def _reads(self, index: int) -> Iterator[str]:
        """Names that a choice reads there, or the status that is given to a supplier."""
        operation = self._graph.vertices[index].element.operation
        inputs = operation.inputs if operation else ()
        statuses = [
            self._read.expression(each.value) for each in inputs if each.variable == "status"
        ]
        for expression in (*(condition for condition, _ in self._conditions[index]), *statuses):
            if expression is not None:
                yield from expression.names_used

    def _before(self, index: int, after: int, bits: Any) -> int:
        """What matters before the vertex, of what matters after it."""
        before, needed = after, 0
        for each in self._sets[index]:
            mask = bits([each.variable])
            if after & mask:
                before &= ~mask
                needed |= bits(each.expression.names_used) if each.expression else 0
        return before | needed
