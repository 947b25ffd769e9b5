"""What elements of a procedure are, by what the model says of them and never by their names.

A form is known by its number in the catalogue, a gate by its decision and checks, a service task
by its operation and the values it is given.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.bpmn.lint.law.graph import Graph, Vertex
from engine.model.definition import AssignmentInfo, ElementInfo, FormInfo, ProcessInfo
from engine.model.sealing import sealed_role

_TEXT: Final = re.compile(r"\"((?:[^\"\\]|\\.)*)\"")
_TIME_LIMIT: Final = re.compile(r"\btime_limit\s*\(\s*\"([^\"]*)\"")
_NAME: Final = re.compile(r"[a-zA-Z_]\w*", re.ASCII)
_STANDSTILL: Final = re.compile(
    r"time_limit\s*\(\s*\"standstill[^\"]*\"\s*,\s*([a-zA-Z_]\w*)\s*\)", re.ASCII
)
COMPETITION_NOTICES: Final = frozenset({str(n) for n in range(10, 25)} | {"E3"})
RESULT_NOTICES: Final = frozenset({str(n) for n in range(29, 38)} | {"E4"})
"""Subtypes of eForms: 10-24 open a competition, 29-37 tell how it ended; E3 and E4 below the
thresholds of the EEA."""

Indexes = frozenset[int]


@dataclass(slots=True)
class Sayings:
    """Every question gives the vertices of the graph that it holds for."""

    graph: Graph
    forms: Mapping[str, FormInfo]
    processes: Mapping[str, ProcessInfo]
    _texts: dict[str, frozenset[str]] = field(default_factory=dict)
    _filled_in: dict[str, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for vertex in self.work():
            if vertex.element.kind in ("userTask", "manualTask"):
                number = self.catalogue(vertex.element.form)
                self._filled_in.setdefault(number, set()).add(vertex.index)

    def work(self) -> Iterator[Vertex]:
        """Vertices that do something: everything but the exits of boxes."""
        for vertex in self.graph.vertices:
            if not vertex.leaving:
                yield vertex

    def catalogue(self, key: str | None) -> str:
        form = self.forms.get(key or "")
        return (form.catalogue or "") if form else ""

    def form(self, *catalogue: str) -> Indexes:
        """Tasks of people with a form of these numbers."""
        return frozenset().union(*(self._filled_in.get(number, ()) for number in catalogue))

    def sealed(self) -> Indexes:
        """Tasks of people that keep what they say from everybody outside their role."""
        return frozenset(
            vertex.index
            for vertex in self.work()
            if sealed_role((vertex.element.confidentiality or "").strip('"'))
        )

    def gates(self, *decisions: str) -> Indexes:
        return frozenset(
            vertex.index
            for vertex in self.work()
            if vertex.element.gate and vertex.element.gate.decision in decisions
        )

    def checking(self, *rules: str) -> Indexes:
        """Gates that have one of the checks."""
        return frozenset(
            vertex.index
            for vertex in self.work()
            if vertex.element.gate and set(vertex.element.gate.checks) & set(rules)
        )

    def operation(self, name: str) -> Indexes:
        return frozenset(
            vertex.index
            for vertex in self.work()
            if vertex.element.operation and vertex.element.operation.name == name
        )

    def status(self, *statuses: str) -> Indexes:
        """Service tasks that may give a supplier one of the statuses."""
        return frozenset(
            index
            for index in self.operation("set-supplier-status")
            if self.given(index, "status") & set(statuses)
        )

    def notices(self, subtypes: frozenset[str], *catalogue: str) -> Indexes:
        """Service tasks that send a notice of one of the subtypes, from a form of these numbers."""
        return frozenset(
            index
            for index in self.operation("record-notice")
            if self.given(index, "subtype") & subtypes
            and (not catalogue or self._catalogues(index, "form") & set(catalogue))
        )

    def publications(self, *catalogue: str) -> Indexes:
        """Service tasks that publish a form of these numbers, in a notice of whatever subtype."""
        return frozenset(
            index
            for index in self.operation("record-notice")
            if self._catalogues(index, "form") & set(catalogue)
        )

    def contract_notices(self) -> Indexes:
        """Notices that open the competition; amendments of them are of another form."""
        return self.notices(COMPETITION_NOTICES, "F-13")

    def result_notices(self) -> Indexes:
        return self.notices(RESULT_NOTICES)

    def letters(self, *catalogue: str) -> Indexes:
        """Service tasks that send suppliers a letter of a form of these numbers; any, if none."""
        return frozenset(
            index
            for index in self.operation("send-to-suppliers")
            if not catalogue or self._catalogues(index, "letter") & set(catalogue)
        )

    def awards(self) -> Indexes:
        """Gates that decide who wins."""
        return self.gates("D10") & self.form("F-27")

    def signings(self) -> Indexes:
        """Where a contract comes into being."""
        signed = self.form("F-30") - self.gates("D10")
        return signed | self.status("contracted")

    def waits(self) -> Indexes:
        """Timers that hold the path until a time."""
        return frozenset(
            vertex.index
            for vertex in self.work()
            if vertex.element.kind == "intermediateCatchEvent" and vertex.element.event == "timer"
        )

    def cutting_off(self) -> Indexes:
        """Timers at the edge of an activity that end it."""
        return frozenset(
            vertex.index
            for vertex in self.work()
            if vertex.element.kind == "boundaryEvent"
            and vertex.element.event == "timer"
            and vertex.element.interrupting
        )

    def waits_for(self, rule: str) -> Indexes:
        """Those that wait for a time limit whose rule begins so."""
        return frozenset(
            index
            for index in self.waits()
            if any(limit.startswith(rule) for limit in self._limits(index))
        )

    def standstills(self) -> Indexes:
        """Timers that wait for the whole standstill, counted from when letters were sent: nothing
        is added or taken off, and the moment comes from the sending alone."""
        found = set()
        for index in self.waits_for("standstill"):
            timer = self.element(index).timer
            match = _STANDSTILL.fullmatch(timer.value.strip()) if timer else None
            setting = self._set_by(match[1]) if match else frozenset()
            if setting and setting <= self.letters():
                found.add(index)
        return frozenset(found)

    def deadlines(self) -> Indexes:
        """Timers that wait for a date that the notice, an invitation or an amendment sets."""
        dating = self.form("F-13", "F-15", "F-20")
        return frozenset(
            index
            for index in self.waits()
            if (timer := self.element(index).timer) is not None
            and _NAME.fullmatch(timer.value.strip())
            and self._origins(timer.value.strip()) & dating
        )

    def held(self) -> Indexes:
        """Where a procedure can stand for days: tasks of people and waits."""
        return frozenset(
            vertex.index
            for vertex in self.work()
            if vertex.element.kind in ("userTask", "manualTask", "receiveTask")
            or (vertex.element.kind == "intermediateCatchEvent")
        )

    def messages(self, *catalogue: str, interrupting: bool | None = None) -> Indexes:
        """Boundary events for a message with a form of these numbers; any, if none are given."""
        return frozenset(
            vertex.index
            for vertex in self.work()
            if vertex.element.kind == "boundaryEvent"
            and vertex.element.event == "message"
            and (interrupting is None or vertex.element.interrupting == interrupting)
            and (not catalogue or self._form_of_message(vertex) in catalogue)
        )

    def element(self, index: int) -> ElementInfo:
        return self.graph.vertices[index].element

    def around(self, index: int) -> Iterator[ElementInfo]:
        """The element and the activities around it, from the inside out."""
        yield self.element(index)
        for box in reversed(self.graph.vertices[index].boxes):
            yield self.element(box)

    def given(self, index: int, name: str) -> frozenset[str]:
        """Texts that an input of the operation may have."""
        operation = self.element(index).operation
        sources = (
            [each.value for each in operation.inputs if each.variable == name] if operation else []
        )
        return frozenset[str]().union(*(self._written(source) for source in sources))

    def literals(self, source: str) -> frozenset[str]:
        """Texts in the expression and, through every variable it reads, in what is put into it."""
        found: set[str] = set()
        seen: set[str] = set()
        todo = [source]
        while todo:
            written = todo.pop()
            found |= set(_TEXT.findall(written))
            for name in _names(written) - seen:
                seen.add(name)
                todo += self._sources(name)
        return frozenset(found)

    def _origins(self, name: str) -> Indexes:
        """Vertices that give the variable its value, directly or through other variables."""
        found: set[int] = set()
        seen: set[str] = set()
        todo = [name]
        while todo:
            each = todo.pop()
            if each in seen:
                continue
            seen.add(each)
            for index, assignment in self._assigned(each):
                found.add(index)
                todo += _names(assignment.value)
        return frozenset(found)

    def _set_by(self, name: str) -> Indexes:
        """Vertices that give the variable a value; a process that hands it on as it is does not."""
        return frozenset(i for i, each in self._assigned(name) if each.value.strip() != name)

    def _sources(self, name: str) -> list[str]:
        """Expressions whose value the variable takes, what it begins with among them."""
        begins = [
            variable.initial
            for info in self.processes.values()
            for variable in info.variables
            if variable.name == name and variable.initial
        ]
        return [*(each.value for _, each in self._assigned(name)), *begins]

    def _assigned(self, name: str) -> Iterator[tuple[int, AssignmentInfo]]:
        """What is put into the variable, and where."""
        for vertex in self.graph.vertices:
            element = vertex.element
            for each in (*element.outputs, *element.call_inputs, *element.call_outputs):
                if each.variable == name:
                    yield vertex.index, each

    def _limits(self, index: int) -> list[str]:
        timer = self.element(index).timer
        return _TIME_LIMIT.findall(timer.value) if timer else []

    def _catalogues(self, index: int, name: str) -> set[str]:
        return {self.catalogue(key) for key in self.given(index, name)} - {""}

    def _form_of_message(self, vertex: Vertex) -> str:
        message = self.processes[vertex.process].messages.get(vertex.element.message or "")
        return self.catalogue(message.form if message else None)

    def _written(self, source: str) -> frozenset[str]:
        """The texts of an expression, and of what is put into the variables it reads."""
        found = set(_TEXT.findall(source))
        for name in _names(source):
            found |= self._of_variable(name)
        return frozenset(found)

    def _of_variable(self, name: str) -> frozenset[str]:
        if name not in self._texts:
            texts = (_TEXT.findall(source) for source in self._sources(name))
            self._texts[name] = frozenset(text for found in texts for text in found)
        return self._texts[name]


def _names(source: str) -> frozenset[str]:
    return frozenset(_NAME.findall(_TEXT.sub("", source)))
