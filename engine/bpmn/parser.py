"""From BPMN documents to task specs that run: compiled once per version, shared by all instances.

SpiffWorkflow's own parser is not used: it drops what it does not know, orders flows by their place
in the drawing, recurses over the model and compiles nothing. What may stand in a model is the
linter's business; this module builds what the linter lets through.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from engine.bpmn.activities import Loop, LoopParent, MultiInstance, StandardLoop, SubProcess
from engine.bpmn.catching import BorderEvent, CatchEvent, EventKind, Trigger
from engine.bpmn.document import (
    Document,
    bpmn_children,
    definition_names,
    local_name,
    read_document,
    reference,
)
from engine.bpmn.document import Node as Drawn
from engine.bpmn.engine_environment import Language
from engine.bpmn.extensions import pivotal, read_process
from engine.bpmn.lint.elements import EVENTS_THAT_RUN
from engine.bpmn.lint.rules import finding
from engine.bpmn.nodes import (
    Border,
    Choice,
    DecisionTask,
    EventGateway,
    ExclusiveGateway,
    InclusiveGateway,
    Node,
    ParallelGateway,
    Pass,
    ProcessSpec,
    Work,
)
from engine.bpmn.throwing import SendTask, Throw, ThrowEvent, ThrowKind
from engine.bpmn.timers import compile_timer
from engine.bpmn.xml import Element, read_xml
from engine.errors import DeploymentRefusedError, FeelError, NotFoundError
from engine.feel import Expression
from engine.finding import Finding
from engine.model.definition import AssignmentInfo, ElementInfo, ProcessInfo
from engine.model.execution import StartEventInfo, WorkKind

WORK_KINDS: Final[Mapping[str, WorkKind]] = {
    "userTask": "user",
    "manualTask": "manual",
    "task": "manual",
    "serviceTask": "service",
    "sendTask": "send",
}
_GATEWAYS: Final[Mapping[str, type[Node]]] = {
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "eventBasedGateway": EventGateway,
}
_CODES: Final = {"error": "errorCode", "escalation": "escalationCode"}


@dataclass(frozen=True, slots=True)
class ExecutableProcess:
    """A process with all it calls, ready to run; immutable, and shared between threads.

    `elements` is keyed by process id and element id. `expressions` holds every compiled expression
    by where it stands, such as `gate-flow.condition`.
    """

    key: str
    spec: ProcessSpec
    specs: Mapping[str, ProcessSpec]
    elements: Mapping[tuple[str, str], ElementInfo]
    starts: tuple[StartEventInfo, ...]
    expressions: Mapping[str, Expression] = field(repr=False)


def build_process(
    root_process_id: str,
    documents: Mapping[str, bytes | Document],
    *,
    infos: Mapping[str, ProcessInfo] = MappingProxyType({}),
    names: Collection[str] | None = None,
    functions: Collection[str] = (),
) -> ExecutableProcess:
    """Build the process `root_process_id` of these files and all it calls.

    `infos` are of processes that were read before, `names` the variables expressions may read
    (None: any), `functions` those of the host. Raises `DeploymentRefusedError` for a file that is
    no safe XML, `NotFoundError` for a process that is called but not there, `FeelError` for an
    expression that is none.
    """
    language = Language(None if names is None else frozenset(names), frozenset(functions))
    found: dict[str, Document] = {}
    for file, source in documents.items():
        document = source if isinstance(source, Document) else _document(source, file)
        found.update(dict.fromkeys(document.processes, document))
    builder = _Builder(found, infos, language)
    builder.add(root_process_id)
    return ExecutableProcess(
        key=root_process_id,
        spec=builder.specs[root_process_id],
        specs=builder.specs,
        elements=builder.elements,
        starts=tuple(builder.starts(root_process_id)),
        expressions=builder.expressions,
    )


def _document(source: bytes, file: str) -> Document:
    root, findings = read_xml(source, file)
    if root is None:
        raise DeploymentRefusedError(findings)
    return read_document(root, file)


class _Builder:
    """All processes of one version, from the root down."""

    def __init__(
        self,
        documents: Mapping[str, Document],
        infos: Mapping[str, ProcessInfo],
        language: Language,
    ) -> None:
        self._documents = documents
        self._infos = infos
        self._language = language
        self.specs: dict[str, ProcessSpec] = {}
        self.elements: dict[tuple[str, str], ElementInfo] = {}
        self.expressions: dict[str, Expression] = {}

    def add(self, process_id: str) -> None:
        """Build a process and, in turn, those it calls."""
        waiting = [process_id]
        while waiting:
            current = waiting.pop()
            if current in self.specs:
                continue
            document = self._documents.get(current)
            if document is None:
                raise NotFoundError("process", current)
            info = self._infos.get(current) or read_process(document, current)
            waiting += self._process(document, info)

    def _process(self, document: Document, info: ProcessInfo) -> Iterable[str]:
        self.elements.update(((info.key, key), each) for key, each in info.elements.items())
        for scope, _ in document.scopes():
            node = document.nodes.get(scope)
            if scope == info.key or (node is not None and node.process == info.key):
                name = info.key if scope == info.key else f"{info.key}/{scope}"
                self.specs[name] = _Scope(self, document, info, scope, name).build()
        return [each.called for each in info.elements.values() if each.called]

    def starts(self, process_id: str) -> Iterable[StartEventInfo]:
        """How the process can be started."""
        document = self._documents[process_id]
        names = _interface_names(document)
        for node in document.of_scope(process_id):
            if node.kind != "startEvent":
                continue
            timer = self.elements[process_id, node.id].timer
            yield StartEventInfo(
                node.id, node.event, _name(node, names), timer.value if timer else ""
            )

    def compile(self, place: str, source: str | None) -> Expression | None:
        """Compile what stands at `place`; None where nothing does."""
        if source is None or not source.strip():
            return None
        return self.must(place, source)

    def must(self, place: str, source: str) -> Expression:
        try:
            expression = self._language.compile(source)
        except FeelError as error:
            error.details["place"] = place
            raise
        self.expressions[place] = expression
        return expression

    @property
    def language(self) -> Language:
        return self._language


class _Scope:
    """One process or sub-process: a spec of its own."""

    def __init__(
        self, builder: _Builder, document: Document, info: ProcessInfo, scope: str, name: str
    ) -> None:
        self._builder = builder
        self._document = document
        self._info = info
        self._scope = scope
        self._names = _interface_names(document)
        self._spec = ProcessSpec(name)
        self._inside: dict[str, Node] = {}
        """The spec that leads on from an element."""
        self._entries: dict[str, Node] = {}
        """The spec that a flow into an element goes to."""

    def build(self) -> ProcessSpec:
        drawn = self._document.of_scope(self._scope)
        for node in drawn:
            self._add(node)
        for node in drawn:
            if node.attached_to:
                self._attach(node)
        for node in drawn:
            self._connect(node)
        return self._spec

    def _add(self, node: Drawn) -> None:
        marker = next(_markers(node), None)
        spec = self._node(node, node.id) if marker is None else self._looping(node, marker)
        self._inside[node.id] = self._entries[node.id] = spec

    def _attach(self, event: Drawn) -> None:
        activity = event.attached_to or ""
        main = self._inside[activity]
        border = self._entries[activity]
        if border is main:
            border = Border(self._spec, f"{activity} [border]")
            border.connect(main)
            self._entries[activity] = border
        border.connect(self._inside[event.id])

    def _connect(self, node: Drawn) -> None:
        spec = self._inside[node.id]
        if node.kind == "startEvent":
            self._spec.start.connect(spec)
        for flow in node.outgoing:
            target = self._entries[flow.target]
            if isinstance(spec, Choice):
                spec.choose(self._condition(node, flow.id, flow.condition), target)
            else:
                spec.connect(target)
        if not node.outgoing:
            spec.connect(self._spec.end)

    def _condition(self, node: Drawn, flow: str, source: str | None) -> Expression | None:
        if flow == node.default or not source:
            return None
        return self._builder.must(f"{flow}.condition", source)

    def _info_of(self, node: Drawn) -> ElementInfo:
        return self._info.elements[node.id]

    def _common(self, node: Drawn, *, inner: bool = True) -> dict[str, Any]:
        element = self._info_of(node)
        outer = self._info.elements.get(node.scope)
        own = element.confidentiality if inner else None
        if outer is not None and outer.confidentiality == own:
            own = None
        return {
            "element": element,
            "process_id": self._info.key,
            "confidentiality": self._builder.compile(f"{node.id}.confidentiality", own),
        }

    def _node(self, node: Drawn, name: str) -> Node:
        spec = self._bare(node, name)
        if not spec.manual and not _brings_report(node):
            spec.assignments = self._assignments(f"{node.id}.output", self._info_of(node).outputs)
        return spec

    def _bare(self, node: Drawn, name: str) -> Node:
        common = self._common(node)
        if node.kind in _GATEWAYS:
            return _GATEWAYS[node.kind](self._spec, name, **common)
        if node.kind in ("subProcess", "callActivity") and not _triggered_by_event(node):
            return self._sub_process(node, name, common)
        if node.kind == "businessRuleTask":
            return DecisionTask(self._spec, name, **common)
        if node.kind == "sendTask":
            return SendTask(self._spec, name, throw=self._throw(node), **common)
        if node.kind in WORK_KINDS:
            return Work(self._spec, name, **common)
        return self._event(node, name, common)

    def _sub_process(self, node: Drawn, name: str, common: Mapping[str, Any]) -> Node:
        element: ElementInfo = common["element"]
        return SubProcess(
            self._spec,
            name,
            inner=element.called or f"{self._info.key}/{node.id}",
            inputs=self._assignments(f"{node.id}.in", element.call_inputs),
            outputs=self._assignments(f"{node.id}.out", element.call_outputs),
            **common,
        )

    def _assignments(
        self, place: str, assignments: Iterable[AssignmentInfo]
    ) -> tuple[tuple[str, Expression], ...]:
        return tuple(
            (each.variable, self._builder.must(f"{place}.{each.variable}", each.value))
            for each in assignments
        )

    def _event(self, node: Drawn, name: str, common: Mapping[str, Any]) -> Node:
        if node.event not in EVENTS_THAT_RUN.get(node.kind, ()) and node.kind != "receiveTask":
            raise DeploymentRefusedError([self._unsupported(node)])
        if node.kind in ("endEvent", "intermediateThrowEvent") and self._info_of(node).operation:
            return SendTask(self._spec, name, throw=self._throw(node), **common)
        if node.kind == "startEvent":
            return Pass(self._spec, name, **common)
        if node.kind in ("endEvent", "intermediateThrowEvent"):
            return ThrowEvent(self._spec, name, throw=self._throw(node), **common)
        kind = BorderEvent if node.attached_to else CatchEvent
        return kind(self._spec, name, trigger=self._trigger(node), **common)

    def _unsupported(self, node: Drawn) -> Finding:
        return finding(
            "element-not-supported",
            self._document.file,
            node.line,
            element_id=node.id,
            element_name=node.name,
            detail=f"{node.kind} {node.event}".strip(),
        )

    def _throw(self, node: Drawn) -> Throw:
        kind: ThrowKind = "message" if node.kind == "sendTask" else node.event  # type: ignore[assignment]
        name = _name(node, self._names)
        if kind == "message" and not name:
            return Throw()
        return Throw(kind, name, self._correlate(node) if kind == "message" else None)

    def _trigger(self, node: Drawn) -> Trigger:
        kind: EventKind = _trigger_kind(node)  # type: ignore[assignment]
        expression = None
        timer = self._info_of(node).timer
        if kind == "message":
            expression = self._correlate(node)
        elif kind == "conditional":
            expression = self._builder.must(f"{node.id}.condition", _condition_text(node))
        return Trigger(
            kind,
            _name(node, self._names),
            None if timer is None else self._timer(node, timer.kind, timer.value),
            expression,
        )

    def _timer(self, node: Drawn, kind: Any, value: str) -> Any:
        timer = compile_timer(kind, value, self._builder.language)
        if timer.compiled is not None:
            self._builder.expressions[f"{node.id}.timer"] = timer.compiled
        return timer

    def _correlate(self, node: Drawn) -> Expression | None:
        for holder in (node.element, *node.definitions):
            key = reference(holder.get("messageRef"))
            message = self._document.definitions.get(key)
            for extension in () if message is None else pivotal(message, "message"):
                return self._builder.compile(f"{key}.correlate", extension.get("correlate"))
        return None

    def _looping(self, node: Drawn, marker: Element) -> LoopParent:
        child = f"{node.id} [turn]"
        self._node(node, child)
        common = self._common(node, inner=False) | {"child": child}
        if local_name(marker) == "standardLoopCharacteristics":
            maximum = marker.get("loopMaximum")
            return StandardLoop(
                self._spec,
                node.id,
                condition=self._builder.compile(f"{node.id}.loop", _text(marker, "loopCondition")),
                maximum=int(maximum) if maximum else None,
                test_before=marker.get("testBefore") in ("true", "1"),
                **common,
            )
        return MultiInstance(self._spec, node.id, loop=self._loop(node, marker), **common)

    def _loop(self, node: Drawn, marker: Element) -> Loop:
        info = self._info_of(node).loop
        place = f"{node.id}.loop"
        compile_ = self._builder.compile
        return Loop(
            collection=compile_(f"{place}.collection", info.collection if info else None),
            cardinality=compile_(f"{place}.cardinality", _text(marker, "loopCardinality")),
            item=info.item if info else "",
            result=compile_(f"{place}.result", info.result if info else None),
            results=(info.results or "") if info else "",
            until=compile_(f"{place}.until", _text(marker, "completionCondition")),
            sequential=marker.get("isSequential") in ("true", "1"),
        )


def _trigger_kind(node: Drawn) -> str:
    return "message" if node.kind == "receiveTask" else node.event


def _brings_report(node: Drawn) -> bool:
    """Whether a message is awaited: what such an event sets is taken from the report of it."""
    throws = node.kind in ("intermediateThrowEvent", "endEvent")
    return _trigger_kind(node) == "message" and not throws


def _triggered_by_event(node: Drawn) -> bool:
    return node.element.get("triggeredByEvent") in ("true", "1")


def _markers(node: Drawn) -> Iterator[Element]:
    return bpmn_children(
        node.element, "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"
    )


def _text(element: Element, name: str) -> str | None:
    for child in bpmn_children(element, name):
        return "".join(child.itertext()).strip()
    return None


def _condition_text(node: Drawn) -> str:
    for definition in node.definitions:
        text = _text(definition, "condition")
        if text is not None:
            return text
    return ""


def _interface_names(document: Document) -> Mapping[str, str]:
    """What a reference of an event definition stands for: a name, or a code."""
    names = {
        **definition_names(document, "message"),
        **definition_names(document, "signal"),
    }
    for kind, attribute in _CODES.items():
        for key, element in document.definitions.items():
            if local_name(element) == kind:
                names[key] = element.get(attribute) or element.get("name", "")
    return names


def _name(node: Drawn, names: Mapping[str, str]) -> str:
    """The message, signal or code that an event speaks of; empty for none."""
    for holder in (node.element, *node.definitions):
        for kind in ("message", "signal", "error", "escalation"):
            key = reference(holder.get(f"{kind}Ref"))
            if key:
                return names.get(key, "")
    return ""
