"""Which elements of BPMN run. Whatever is not known to run rightly is refused, never ignored."""

from collections.abc import Iterator, Mapping
from typing import Final

from engine.bpmn.document import (
    Node,
    bpmn_children,
    extension_elements,
    local_name,
    namespace,
    reference,
)
from engine.bpmn.extensions import pivotal
from engine.bpmn.lint.subject import Subject
from engine.bpmn.names import BPMN, EVENT_DEFINITIONS, SPIFF
from engine.bpmn.xml import Element
from engine.finding import Finding

RUNS: Final = frozenset(
    {
        "definitions",
        "process",
        "laneSet",
        "lane",
        "childLaneSet",
        "flowNodeRef",
        "extensionElements",
        "documentation",
        "incoming",
        "outgoing",
        "sequenceFlow",
        "conditionExpression",
        "message",
        "signal",
        "error",
        "escalation",
        "textAnnotation",
        "text",
        "association",
        "group",
        "category",
        "categoryValue",
        "categoryValueRef",
        "collaboration",
        "participant",
        "messageFlow",
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "loopCondition",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "timerEventDefinition",
        "timeDate",
        "timeDuration",
        "timeCycle",
        "messageEventDefinition",
        "signalEventDefinition",
        "errorEventDefinition",
        "escalationEventDefinition",
        "conditionalEventDefinition",
        "condition",
        "terminateEventDefinition",
    }
)
"""Elements that run or are harmless to a run. The attributes and places are checked below."""

REFUSED: Final[Mapping[str, str]] = {
    "task": "element-not-supported",
    "complexGateway": "complex-gateway",
    "adHocSubProcess": "ad-hoc-sub-process",
    "transaction": "transaction",
    "cancelEventDefinition": "cancel-event",
    "compensateEventDefinition": "compensation",
    "linkEventDefinition": "link-event",
    "scriptTask": "script",
    "script": "script",
    "dataObject": "data-element",
    "dataObjectReference": "data-element",
    "dataStore": "data-element",
    "dataStoreReference": "data-element",
    "dataInput": "data-element",
    "dataOutput": "data-element",
    "dataInputAssociation": "data-element",
    "dataOutputAssociation": "data-element",
    "ioSpecification": "data-element",
    "property": "data-element",
    "loopCardinality": "loop-own-data",
    "loopDataInputRef": "loop-own-data",
    "loopDataOutputRef": "loop-own-data",
    "inputDataItem": "loop-own-data",
    "outputDataItem": "loop-own-data",
    "completionCondition": "loop-own-data",
    "complexBehaviorDefinition": "loop-own-data",
    "import": "element-not-supported",
    "interface": "element-not-supported",
    "itemDefinition": "element-not-supported",
    "correlationProperty": "element-not-supported",
    "correlationSubscription": "element-not-supported",
    "correlationKey": "element-not-supported",
    "choreography": "element-not-supported",
    "globalTask": "element-not-supported",
    "potentialOwner": "element-not-supported",
    "humanPerformer": "element-not-supported",
    "performer": "element-not-supported",
}
"""Elements that cannot run, and the rule that says what to draw instead."""

REMEDIES: Final[Mapping[str, str]] = {
    "task": "Say what kind of task it is: a user task, a service task, …",
    "import": "Put everything into one file, or call another process.",
    "interface": "Use a service task with `pivotal:operation`.",
    "itemDefinition": "Declare types with `pivotal:variable`.",
    "correlationProperty": "Use correlate in `pivotal:message`.",
    "correlationSubscription": "Use correlate in `pivotal:message`.",
    "correlationKey": "Use correlate in `pivotal:message`.",
    "potentialOwner": "Place the task in the lane of the role.",
    "humanPerformer": "Place the task in the lane of the role.",
    "performer": "Place the task in the lane of the role.",
}

EVENTS_THAT_RUN: Final[Mapping[str, frozenset[str]]] = {
    "startEvent": frozenset({"", "timer", "message"}),
    "intermediateCatchEvent": frozenset({"timer", "message", "signal", "conditional"}),
    "intermediateThrowEvent": frozenset({"", "message", "signal", "escalation"}),
    "endEvent": frozenset({"", "message", "signal", "error", "escalation", "terminate"}),
    "boundaryEvent": frozenset(
        {"timer", "message", "signal", "error", "escalation", "conditional"}
    ),
}

_GATEWAYS_THAT_SPLIT = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}
)
_ONLY_VALUES: Final[Mapping[str, tuple[str, str, str]]] = {
    "isForCompensation": ("false", "compensation", ""),
    "instantiate": ("false", "instantiate", ""),
    "triggeredByEvent": ("false", "event-sub-process", ""),
    "startQuantity": ("1", "element-not-supported", "Remove startQuantity."),
    "completionQuantity": ("1", "element-not-supported", "Remove completionQuantity."),
    "behavior": ("All", "loop-own-data", ""),
    "noneBehaviorEventRef": ("", "loop-own-data", ""),
    "oneBehaviorEventRef": ("", "loop-own-data", ""),
}
"""Attributes that change what an element does: the one value that runs, else the rule."""

_INTERFACES = {
    "message": "messageRef",
    "signal": "signalRef",
    "error": "errorRef",
    "escalation": "escalationRef",
}


def known_elements(subject: Subject) -> Iterator[Finding]:
    """Every element and every attribute that changes its meaning is one that runs."""
    for element in subject.document.root.iter(f"{{{BPMN}}}*"):
        name = local_name(element)
        if name in REFUSED:
            yield subject.at(REFUSED[name], element, name, REMEDIES.get(name, ""))
        elif name not in RUNS:
            yield subject.at("element-unknown", element, name)
        for attribute in element.attrib:
            if attribute in _ONLY_VALUES:
                yield from _changed_meaning(subject, element, str(attribute))


def _changed_meaning(subject: Subject, element: Element, attribute: str) -> Iterator[Finding]:
    runs, rule, remedy = _ONLY_VALUES[attribute]
    if (element.get(attribute) or "").strip() == runs:
        return
    if local_name(element) == "eventBasedGateway" and attribute == "instantiate":
        rule = "event-gateway-instantiates"
    yield subject.at(rule, element, f'{attribute}="{element.get(attribute)}"', remedy)


def scripts(subject: Subject) -> Iterator[Finding]:
    """No code from a model: neither SpiffWorkflow's scripts nor its service tasks."""
    allowed = ("properties", "instructionsForEndUser")
    code = ("preScript", "postScript", "unitTests", "serviceTaskOperator", "script")
    for element in subject.document.root.iter(f"{{{SPIFF}}}*"):
        name, parent = local_name(element), element.getparent()
        if parent is None or namespace(parent) == SPIFF:
            continue
        if name in code:
            yield subject.at("script", element, f"spiffworkflow:{name}")
        elif name not in allowed:
            yield subject.at("spiff-extension", element, f"spiffworkflow:{name}")
    for node in subject.nodes():
        yield from _spiff_properties(subject, node)


def _spiff_properties(subject: Subject, node: Node) -> Iterator[Finding]:
    read = ("formJsonSchemaFilename", "formUiSchemaFilename")
    for holder in extension_elements(node.element):
        if namespace(holder) != SPIFF:
            continue
        if node.kind not in ("userTask", "manualTask"):
            yield subject.of("spiff-extension", node, f"spiffworkflow:{local_name(holder)}")
        elif local_name(holder) == "properties":
            for each in holder:
                if isinstance(each.tag, str) and each.get("name") not in read:
                    yield subject.of("spiff-extension", node, f"property {each.get('name')}")


def events(subject: Subject) -> Iterator[Finding]:
    """Each event waits for or throws one thing that runs, and names it."""
    for node in subject.nodes(*EVENTS_THAT_RUN):
        if len(node.definitions) > 1:
            yield subject.of("event-multiple", node)
        if any(True for _ in bpmn_children(node.element, "eventDefinitionRef")):
            yield subject.of("element-not-supported", node, "eventDefinitionRef")
        known = all(local_name(each) in EVENT_DEFINITIONS for each in node.definitions)
        refused = any(local_name(each) in REFUSED for each in node.definitions)
        if known and not refused and node.event not in EVENTS_THAT_RUN[node.kind]:
            what = f"{node.event or 'plain'} {node.kind}"
            yield subject.of("element-not-supported", node, what)
        yield from _interface(subject, node)
        if node.kind == "boundaryEvent" and node.event == "error" and not node.interrupting:
            yield subject.of("element-not-supported", node, "an error always interrupts")


def _interface(subject: Subject, node: Node) -> Iterator[Finding]:
    attribute = _INTERFACES.get(node.event)
    if attribute is None or reference(node.definitions[0].get(attribute)):
        return
    catches_all = node.kind == "boundaryEvent" and node.event in ("error", "escalation")
    sends = node.event == "message" and any(True for _ in pivotal(node.element, "operation"))
    if not catches_all and not sends:
        yield subject.of("interface-missing", node, node.event)


def splits(subject: Subject) -> Iterator[Finding]:
    """Only gateways split, and only where there is a choice does a condition stand."""
    for node in subject.nodes():
        if len(node.outgoing) > 1 and node.kind not in _GATEWAYS_THAT_SPLIT:
            yield subject.of("implicit-split", node)
        chooses = node.kind in ("exclusiveGateway", "inclusiveGateway") and len(node.outgoing) > 1
        if chooses:
            continue
        for flow in node.outgoing:
            if flow.condition is not None:
                yield subject.of("condition-without-choice", flow, f"after `{node.id}`")
        if node.default:
            yield subject.of("condition-without-choice", node, "a default flow")


def event_gateways(subject: Subject) -> Iterator[Finding]:
    """Behind an event-based gateway only catching elements wait, each for it alone."""
    for gateway in subject.nodes("eventBasedGateway"):
        targets = [subject.document.nodes.get(flow.target) for flow in gateway.outgoing]
        for node in targets:
            if node and node.kind not in ("intermediateCatchEvent", "receiveTask"):
                yield subject.of("event-gateway-target", node)
            elif node and len(node.incoming) > 1:
                yield subject.of("event-gateway-target", node, "another flow leads there too")


def loops(subject: Subject) -> Iterator[Finding]:
    """Multi-instance says what it runs over; a standard loop can end."""
    for node in subject.nodes():
        several = next(bpmn_children(node.element, "multiInstanceLoopCharacteristics"), None)
        again = next(bpmn_children(node.element, "standardLoopCharacteristics"), None)
        has_loop = subject.info.elements[node.id].loop is not None
        if several is not None and not has_loop:
            yield subject.of("loop-without-collection", node)
        if several is None and has_loop:
            yield subject.of("loop-without-marker", node)
        if again is not None and not _can_end(again):
            yield subject.of("loop-never-ends", node)


def _can_end(loop: Element) -> bool:
    maximum = loop.get("loopMaximum", "")
    return maximum.isdigit() or any(True for _ in bpmn_children(loop, "loopCondition"))


def timers(subject: Subject) -> Iterator[Finding]:
    """A timer has one moment, and repeats only where repeating works."""
    for node in subject.nodes():
        if node.event != "timer":
            continue
        timer = subject.info.elements[node.id].timer
        if timer is None or not timer.value:
            yield subject.of("timer-invalid", node, "it is empty")
        elif timer.kind == "cycle" and (node.kind != "boundaryEvent" or node.interrupting):
            yield subject.of("cycle-timer", node)
