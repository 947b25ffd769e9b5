"""What our namespace says in a model, read into `engine.model.definition`.

`SHAPES` says which of our elements may stand where with which attributes; the linter refuses
everything else, so that reading may take what it finds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine.bpmn.document import (
    Document,
    Lane,
    Node,
    bpmn_children,
    children,
    definition_names,
    extension_elements,
    local_name,
    namespace,
    reference,
)
from engine.bpmn.names import ACTIVITIES, EVENTS, PIVOTAL, SPIFF
from engine.bpmn.xml import Element
from engine.model.definition import (
    AssignmentInfo,
    DecisionCallInfo,
    DueInfo,
    ElementInfo,
    GateInfo,
    LaneInfo,
    LoopInfo,
    MessageInfo,
    OperationInfo,
    OptionInfo,
    PhaseInfo,
    ProcessInfo,
    TimerInfo,
    VariableInfo,
    Withheld,
)
from engine.model.sealing import TENDERS, sealed_scope

BOOLEAN: Final = ("true", "false")


@dataclass(frozen=True, slots=True)
class Shape:
    """Where an element of ours may stand (`on`: BPMN names, or the name of our own parent) and
    its attributes: True for those it must have. `values` limits an attribute."""

    on: frozenset[str]
    attributes: Mapping[str, bool]
    many: bool = False
    values: Mapping[str, tuple[str, ...]] | None = None


def _on(*names: str) -> frozenset[str]:
    return frozenset(names)


_CATCHING = _on("startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask")
_SENDING = _on("serviceTask", "sendTask", "intermediateThrowEvent", "endEvent")
_HUMAN = _on("userTask", "manualTask")

SHAPES: Final[Mapping[str, Shape]] = {
    "process": Shape(
        _on("process"), {"procedure": False, "startable": False}, values={"startable": BOOLEAN}
    ),
    "waive": Shape(_on("process"), {"rule": True, "reason": True}, many=True),
    "phase": Shape(_on("process"), {"id": True, "name": True}, many=True),
    "variable": Shape(_on("process"), {"name": True, "type": True, "initial": False}, many=True),
    "role": Shape(_on("lane"), {"id": True}),
    "inPhase": Shape(ACTIVITIES | EVENTS, {"ref": True}),
    "output": Shape(
        _HUMAN | _CATCHING | _SENDING | _on("businessRuleTask"),
        {"variable": True, "value": True},
        many=True,
    ),
    "prefill": Shape(_HUMAN, {"field": True, "value": True}, many=True),
    "due": Shape(_HUMAN, {"value": False, "rule": False, "from": False}),
    "separation": Shape(_HUMAN, {"notSameAs": True}),
    "performer": Shape(_HUMAN, {"value": True}),
    "withhold": Shape(_HUMAN, {"form": True, "field": True}, many=True),
    "gate": Shape(_on("userTask"), {"decision": True, "variable": True, "fourEyes": False}),
    "check": Shape(_on("gate"), {"rule": True}, many=True),
    "option": Shape(
        _on("gate"),
        {"value": True, "name": True, "opens": False, "reason": False, "closes": False},
        many=True,
        values={"opens": BOOLEAN, "reason": ("required", "optional"), "closes": ("round",)},
    ),
    "participation": Shape(_on("userTask"), {"groups": True}),
    "loop": Shape(
        ACTIVITIES, {"collection": True, "item": True, "result": False, "results": False}
    ),
    "confidentiality": Shape(
        ACTIVITIES,
        {"perSupplier": False, "sealedFor": False, "allTenders": False},
        values={"allTenders": ("true",)},
    ),
    "operation": Shape(_SENDING, {"name": True}),
    "input": Shape(_on("operation"), {"name": True, "value": True}, many=True),
    "decision": Shape(_on("businessRuleTask"), {"ref": True, "result": True}),
    "answer": Shape(_on("decision"), {"value": True, "name": True}, many=True),
    "message": Shape(
        _on("message"), {"title": True, "form": False, "roles": True, "correlate": False}
    ),
    "in": Shape(_on("callActivity"), {"variable": True, "value": True}, many=True),
    "out": Shape(_on("callActivity"), {"variable": True, "value": True}, many=True),
}


def pivotal(element: Element, *names: str) -> Iterator[Element]:
    """Our extension elements of `element` with one of these names."""
    for holder in bpmn_children(element, "extensionElements"):
        yield from children(holder, PIVOTAL, *names)


def _first(element: Element, name: str) -> Element | None:
    return next(pivotal(element, name), None)


def read_process(document: Document, key: str) -> ProcessInfo:
    """Everything the process `key` of the file says."""
    element = document.processes[key]
    own = _first(element, "process")
    lanes = {lane.id: lane for lane in document.lanes.values() if lane.process == key}
    roles_by_lane = {lane_id: role_of(lane) for lane_id, lane in lanes.items()}
    return ProcessInfo(
        key=key,
        name=element.get("name", ""),
        file=document.file,
        procedure=None if own is None else own.get("procedure"),
        startable=own is not None and own.get("startable") == "true",
        phases=tuple(
            PhaseInfo(phase.get("id", ""), phase.get("name", ""))
            for phase in pivotal(element, "phase")
        ),
        variables=tuple(
            VariableInfo(each.get("name", ""), each.get("type", ""), each.get("initial"))
            for each in pivotal(element, "variable")
        ),
        lanes=tuple(
            LaneInfo(lane.id, lane.name, role)
            for lane in lanes.values()
            if (role := roles_by_lane[lane.id])
        ),
        elements=_elements(document, key, roles_by_lane),
        messages=_messages(document, key),
    )


def role_of(lane: Lane) -> str:
    """The role a lane stands for; empty where it does not say."""
    role = _first(lane.element, "role")
    return "" if role is None else role.get("id", "")


def _elements(
    document: Document, process: str, roles: Mapping[str, str]
) -> Mapping[str, ElementInfo]:
    found: dict[str, ElementInfo] = {}
    names = definition_names(document, "message")
    triggers = _trigger_names(document)
    for node in document.nodes.values():
        if node.process == process:
            found[node.id] = _element(node, found.get(node.scope), roles, names, triggers)
    return found


def _trigger_names(document: Document) -> Mapping[str, str]:
    """By id: the name of each signal, the code of each error and escalation."""
    codes = {"signal": "name", "error": "errorCode", "escalation": "escalationCode"}
    return {
        key: element.get(codes[kind]) or element.get("name", "")
        for key, element in document.definitions.items()
        if (kind := local_name(element)) in codes
    }


def _element(
    node: Node,
    outer: ElementInfo | None,
    roles: Mapping[str, str],
    messages: Mapping[str, str],
    triggers: Mapping[str, str],
) -> ElementInfo:
    element = node.element
    lane = node.lane or (outer.lane if outer else None)
    schema, ui = form_files(element)
    phase = _attribute(element, "inPhase", "ref")
    secret = _confidentiality(element)
    return ElementInfo(
        id=node.id,
        name=node.name,
        kind=node.kind,
        scope=node.scope,
        line=node.line,
        event=node.event,
        lane=lane,
        role=(roles.get(lane) or None) if lane else None,
        phase=phase or (outer.phase if outer else None),
        form=_stem(schema, ".schema.json"),
        ui=ui,
        instructions=_instructions(element),
        outputs=_assignments(pivotal(element, "output"), "variable"),
        prefills=_assignments(pivotal(element, "prefill"), "field"),
        gate=_gate(element),
        due=_due(element),
        separation=_words(_attribute(element, "separation", "notSameAs")),
        performer=_attribute(element, "performer", "value"),
        withheld=tuple(
            Withheld(each.get("form", ""), each.get("field", ""))
            for each in pivotal(element, "withhold")
        ),
        participation=_words(_attribute(element, "participation", "groups")),
        operation=_operation(element),
        decision=_decision(element),
        loop=_loop(element),
        confidentiality=secret or (outer.confidentiality if outer else None),
        called=reference(element.get("calledElement")) or None
        if node.kind == "callActivity"
        else None,
        call_inputs=_assignments(pivotal(element, "in"), "variable"),
        call_outputs=_assignments(pivotal(element, "out"), "variable"),
        message=_message_name(node, messages),
        trigger=_trigger(node, triggers),
        timer=_timer(node),
        attached_to=node.attached_to,
        interrupting=node.interrupting,
    )


def _confidentiality(element: Element) -> str | None:
    """FEEL for the key: of a supplier, of the role that keeps it from all others, or of what speaks
    of all tenders at once."""
    if _attribute(element, "confidentiality", "allTenders") is not None:
        return f'"{TENDERS}"'
    opener = _attribute(element, "confidentiality", "sealedFor")
    if opener is not None:
        return f'"{sealed_scope(opener)}"'
    return _attribute(element, "confidentiality", "perSupplier")


def _attribute(element: Element, name: str, attribute: str) -> str | None:
    found = _first(element, name)
    return None if found is None else found.get(attribute)


def _words(text: str | None) -> tuple[str, ...]:
    return tuple((text or "").split())


def _stem(name: str | None, ending: str) -> str | None:
    return name.removesuffix(ending) if name else None


def form_files(element: Element) -> tuple[str | None, str | None]:
    """The names of the schema file and the UI file of a task, as the SpiffWorkflow tools write."""
    found: dict[str, str] = {}
    for child in extension_elements(element):
        if namespace(child) == SPIFF and local_name(child) == "properties":
            found |= {each.get("name", ""): each.get("value", "") for each in child}
    return found.get("formJsonSchemaFilename"), found.get("formUiSchemaFilename")


def _instructions(element: Element) -> str | None:
    for child in extension_elements(element):
        if namespace(child) == SPIFF and local_name(child) == "instructionsForEndUser":
            return "".join(child.itertext()).strip() or None
    return None


def _assignments(elements: Iterator[Element], target: str) -> tuple[AssignmentInfo, ...]:
    return tuple(AssignmentInfo(each.get(target, ""), each.get("value", "")) for each in elements)


def _gate(element: Element) -> GateInfo | None:
    gate = _first(element, "gate")
    if gate is None:
        return None
    checks = [check.get("rule", "") for check in children(gate, PIVOTAL, "check")]
    if _first(element, "participation") is not None:
        checks.append("participation-answered")
    return GateInfo(
        decision=gate.get("decision", ""),
        variable=gate.get("variable", ""),
        checks=tuple(dict.fromkeys(checks)),
        options=tuple(
            OptionInfo(
                value=option.get("value", ""),
                name=option.get("name", ""),
                opens=option.get("opens") == "true",
                reason_required=option.get("reason") == "required",
                closes_round=option.get("closes") == "round",
            )
            for option in children(gate, PIVOTAL, "option")
        ),
        four_eyes=gate.get("fourEyes"),
    )


def _due(element: Element) -> DueInfo | None:
    due = _first(element, "due")
    if due is None:
        return None
    return DueInfo(value=due.get("value"), rule=due.get("rule"), start=due.get("from"))


def _operation(element: Element) -> OperationInfo | None:
    operation = _first(element, "operation")
    if operation is None:
        return None
    return OperationInfo(
        operation.get("name", ""), _assignments(children(operation, PIVOTAL, "input"), "name")
    )


def _decision(element: Element) -> DecisionCallInfo | None:
    decision = _first(element, "decision")
    if decision is None:
        return None
    answers = children(decision, PIVOTAL, "answer")
    return DecisionCallInfo(
        decision.get("ref", ""),
        decision.get("result", ""),
        {each.get("value", ""): each.get("name", "") for each in answers},
    )


def _loop(element: Element) -> LoopInfo | None:
    loop = _first(element, "loop")
    if loop is None:
        return None
    marker = next(bpmn_children(element, "multiInstanceLoopCharacteristics"), None)
    return LoopInfo(
        collection=loop.get("collection", ""),
        item=loop.get("item", ""),
        result=loop.get("result"),
        results=loop.get("results"),
        sequential=marker is not None and marker.get("isSequential") in ("true", "1"),
    )


def _message_name(node: Node, messages: Mapping[str, str]) -> str | None:
    holders = (node.element, *node.definitions)
    refs = (reference(holder.get("messageRef")) for holder in holders)
    return next((messages.get(ref, "") for ref in refs if ref), None)


def _trigger(node: Node, triggers: Mapping[str, str]) -> str | None:
    for definition in node.definitions:
        for kind in ("signalRef", "errorRef", "escalationRef"):
            name = triggers.get(reference(definition.get(kind)))
            if name:
                return name
    return None


def _timer(node: Node) -> TimerInfo | None:
    for definition in node.definitions:
        if local_name(definition) != "timerEventDefinition":
            continue
        for kind in ("date", "duration", "cycle"):
            for value in bpmn_children(definition, f"time{kind.capitalize()}"):
                return TimerInfo(kind, "".join(value.itertext()).strip())
    return None


def _messages(document: Document, process: str) -> Mapping[str, MessageInfo]:
    awaited = _awaited(document, process)
    found = {}
    for key, element in document.definitions.items():
        extension = _first(element, "message")
        if local_name(element) != "message" or key not in awaited:
            continue
        of: Mapping[str, str] = {} if extension is None else extension.attrib
        found[element.get("name", "")] = MessageInfo(
            id=key,
            name=element.get("name", ""),
            title=of.get("title", ""),
            form=of.get("form"),
            roles=_words(of.get("roles")),
            correlate=of.get("correlate"),
        )
    return found


def _awaited(document: Document, process: str) -> set[str]:
    """Ids of the messages that something in the process waits for."""
    return {
        reference(holder.get("messageRef"))
        for node in document.nodes.values()
        if node.process == process
        and node.kind not in ("intermediateThrowEvent", "endEvent", "sendTask")
        for holder in (node.element, *node.definitions)
    }
