"""Every FEEL expression of a model, with the names that have a value at its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.bpmn.document import Flow, Node, bpmn_children
from engine.bpmn.lint.subject import Subject
from engine.bpmn.xml import Element
from engine.errors import FeelError
from engine.feel import Expression, compile_expression
from engine.finding import Finding
from engine.model.definition import (
    GIVEN_VARIABLES,
    PREFILL_FUNCTIONS,
    REPORT,
    VARIABLE_TYPES,
    ElementInfo,
    TimerInfo,
)

_PERIOD = r"P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"
_MOMENT = r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?"
ISO_PERIOD: Final = re.compile(_PERIOD)
ISO_MOMENT: Final = re.compile(_MOMENT)
ISO_CYCLE: Final = re.compile(rf"R\d*/(({_MOMENT})/)?{_PERIOD}")
_LOOKS_LIKE_ISO: Final = re.compile(r"(R\d*/)?P(T?\d)\S*|R\d*/\S*|\d{4}-\d{2}\S*")
MAX_LENGTH: Final = 10_000
"""Characters an expression may have."""
_ISO_OF_KIND: Final = {"date": ISO_MOMENT, "duration": ISO_PERIOD, "cycle": ISO_CYCLE}
_VARIABLE_NAME: Final = re.compile(r"[a-zA-Z_]\w*", re.ASCII)
_TIME_LIMIT_CALL: Final = re.compile(r"\btime_limit\s*\(\s*(?:\"([^\"]*)\")?")
_FEEL_LANGUAGE: Final = re.compile(r"(?i)feel|^https?://www\.omg\.org/spec/(dmn|feel)/")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that holds an expression. `names` have a value there, and `functions` can be called
    besides those of every place; `label` says which place."""

    place: Node | Flow | Element
    label: str
    source: str
    names: frozenset[str]
    functions: frozenset[str] = frozenset()


def slots(subject: Subject) -> Iterator[Slot]:
    """Every expression of the process."""
    info = subject.info
    for variable in info.variables:
        if variable.initial is not None:
            label = f"initial of `{variable.name}`"
            yield Slot(subject.process, label, variable.initial, frozenset())
    for node in subject.nodes():
        names = names_inside(subject, node.id)
        yield from _task_slots(subject, node, info.elements[node.id], names)
        yield from _loop_slots(subject, node, info.elements[node.id], names)
        yield from _call_slots(subject, node, info.elements[node.id], names)
        yield from _event_slots(subject, node, info.elements[node.id], names)
        for flow in node.outgoing:
            if flow.condition is not None:
                yield Slot(flow, "condition", flow.condition, names_outside(subject, node.id))


def names_outside(subject: Subject, element_id: str) -> frozenset[str]:
    """Names where the element stands: the variables and the items of enclosing loops."""
    element = subject.info.elements.get(element_id)
    names = subject.info.variable_names
    if element is None:
        return names
    return names | {outer.loop.item for outer in subject.info.within(element.scope) if outer.loop}


def names_inside(subject: Subject, element_id: str) -> frozenset[str]:
    """The same, and the element's own item."""
    loop = subject.info.elements[element_id].loop
    return names_outside(subject, element_id) | ({loop.item} if loop else frozenset())


def _task_slots(
    subject: Subject, node: Node, info: ElementInfo, names: frozenset[str]
) -> Iterator[Slot]:
    given = names | _fields(subject, info)
    if info.operation is not None:
        given |= {"result"}
        for each in info.operation.inputs:
            yield Slot(node, f"input `{each.variable}`", each.value, names)
    for each in info.outputs:
        yield Slot(node, f"output `{each.variable}`", each.value, given)
    for each in info.prefills:
        yield Slot(node, f"prefill `{each.variable}`", each.value, names, PREFILL_FUNCTIONS)
    if info.performer is not None:
        yield Slot(node, "performer", info.performer, names)
    if info.due is not None and info.due.start is not None:
        yield Slot(node, "due from", info.due.start, names)
    if info.due is not None and info.due.value and not ISO_PERIOD.fullmatch(info.due.value):
        yield Slot(node, "due", info.due.value, names)


def _fields(subject: Subject, info: ElementInfo) -> frozenset[str]:
    """Fields of the task's form, or of the form of the message that is caught and its id."""
    if info.form is None and info.message is not None:
        message = subject.info.messages.get(info.message)
        report = subject.forms.get(message.form or "") if message else None
        return frozenset((*report.fields, REPORT)) if report else frozenset()
    form = subject.forms.get(info.form or "")
    return frozenset(form.fields) if form else frozenset()


def _loop_slots(
    subject: Subject, node: Node, info: ElementInfo, names: frozenset[str]
) -> Iterator[Slot]:
    if info.loop is not None:
        yield Slot(node, "collection", info.loop.collection, names_outside(subject, node.id))
        if info.loop.result is not None:
            yield Slot(node, "result", info.loop.result, names)
    own = subject.document.nodes[node.id].element
    for marker in bpmn_children(own, "standardLoopCharacteristics"):
        for condition in bpmn_children(marker, "loopCondition"):
            yield Slot(node, "loop condition", "".join(condition.itertext()).strip(), names)
    outer = subject.info.elements.get(info.scope)
    inherited = outer.confidentiality if outer else None
    if info.confidentiality is not None and info.confidentiality != inherited:
        yield Slot(node, "confidentiality", info.confidentiality, names)


def _call_slots(
    subject: Subject, node: Node, info: ElementInfo, names: frozenset[str]
) -> Iterator[Slot]:
    for each in info.call_inputs:
        yield Slot(node, f"in `{each.variable}`", each.value, names)
    called = subject.processes.get(info.called or "")
    if called is not None:
        for each in info.call_outputs:
            yield Slot(node, f"out `{each.variable}`", each.value, called.variable_names | names)


def _event_slots(
    subject: Subject, node: Node, info: ElementInfo, names: frozenset[str]
) -> Iterator[Slot]:
    if info.timer is not None and not is_iso(info.timer):
        yield Slot(node, "timer", info.timer.value, names)
    for definition in node.definitions:
        for condition in bpmn_children(definition, "condition"):
            yield Slot(node, "condition", "".join(condition.itertext()).strip(), names)
    message = subject.info.messages.get(info.message or "")
    if message is not None and message.correlate and node.kind != "startEvent":
        host = info.attached_to if info.attached_to in subject.info.elements else node.id
        inside = names_inside(subject, host or node.id)
        yield Slot(node, "correlate of its message", message.correlate, inside)


def is_iso(timer: TimerInfo) -> bool:
    """Whether the timer is written in ISO 8601, so that it is not an expression."""
    return _ISO_OF_KIND[timer.kind].fullmatch(_unquoted(timer.value)) is not None


def _unquoted(value: str) -> str:
    """A period in quotes is FEEL text that means the same."""
    return value.strip().removeprefix('"').removesuffix('"')


def compiled(subject: Subject, slot: Slot) -> Expression:
    """The expression of the slot. Raises `FeelError`."""
    if len(slot.source) > MAX_LENGTH:
        raise FeelError("The expression is too long. Split it up.", position=MAX_LENGTH)
    functions = subject.known.functions | slot.functions
    return compile_expression(slot.source, slot.names, functions=functions)


def expressions(subject: Subject) -> Iterator[Finding]:
    """Every expression can be read, and every name in it has a value."""
    for slot in slots(subject):
        if not slot.source.strip():
            yield _found(subject, "expression-missing", slot, slot.label)
            continue
        if len(slot.source) > MAX_LENGTH:
            detail = f"{slot.label} has {len(slot.source)} characters, at most {MAX_LENGTH}"
            yield _found(subject, "expression-invalid", slot, detail)
            continue
        if slot.label == "timer" and _LOOKS_LIKE_ISO.fullmatch(_unquoted(slot.source)):
            yield _found(subject, "timer-invalid", slot, f"`{slot.source}`")
            continue
        try:
            compiled(subject, slot)
        except FeelError as error:
            rule = "name-unknown" if error.details.get("name") else "expression-invalid"
            said = f"{slot.label} `{slot.source}`: {str(error).rstrip('.')}"
            yield _found(subject, rule, slot, said)
        yield from _time_limits(subject, slot)


def _time_limits(subject: Subject, slot: Slot) -> Iterator[Finding]:
    for call in _TIME_LIMIT_CALL.finditer(slot.source):
        if call[1] is None:
            yield _found(subject, "legal-period-as-number", slot, f"`{slot.source}`")
        elif call[1] not in subject.known.time_limits:
            yield _found(subject, "time-limit-unknown", slot, f"`{call[1]}`")


def _found(subject: Subject, rule: str, slot: Slot, detail: str) -> Finding:
    place = slot.place
    if isinstance(place, Node | Flow):
        return subject.of(rule, place, detail)
    return subject.at(rule, place, detail)


def languages(subject: Subject) -> Iterator[Finding]:
    """Nothing claims to be written in another language than FEEL."""
    for element in subject.document.root.iter():
        if not isinstance(element.tag, str):
            continue
        for attribute in ("language", "expressionLanguage", "scriptFormat"):
            value = element.get(attribute)
            if value and not _FEEL_LANGUAGE.search(value):
                yield subject.at("expression-language", element, f'{attribute}="{value}"')


def dues(subject: Subject) -> Iterator[Finding]:
    """A due date is a period, or a rule with the moment it counts from."""
    for node in subject.nodes():
        due = subject.info.elements[node.id].due
        if due is None:
            continue
        by_rule = due.rule is not None and due.start is not None
        by_value = due.value is not None and due.rule is None and due.start is None
        if not by_rule and not by_value:
            yield subject.of("due-invalid", node, "either value, or rule and from")
        elif due.rule is not None and due.rule not in subject.known.time_limits:
            yield subject.of("time-limit-unknown", node, f"`{due.rule}`")


def variables(subject: Subject) -> Iterator[Finding]:
    """Variables are declared once, with a known type, before anything is put into them."""
    yield from _declarations(subject)
    for node in subject.nodes():
        info = subject.info.elements[node.id]
        for target in _targets(info):
            if target not in names_inside(subject, node.id):
                yield subject.of("variable-unknown", node, f"`{target}`")
        called = subject.processes.get(info.called or "")
        for each in info.call_inputs:
            if called is not None and each.variable not in called.variable_names:
                detail = f"`{each.variable}` in the called process `{called.key}`"
                yield subject.of("variable-unknown", node, detail)
        if info.loop is not None:
            yield from _item(subject, node, info.loop.item)


def _declarations(subject: Subject) -> Iterator[Finding]:
    seen = set(GIVEN_VARIABLES)
    for variable in subject.info.variables:
        detail = f"`{variable.name}`"
        if variable.name in seen:
            yield subject.at("variable-declared-twice", subject.process, detail)
        seen.add(variable.name)
        if not _VARIABLE_NAME.fullmatch(variable.name):
            yield subject.at("variable-name", subject.process, detail)
        if variable.type not in VARIABLE_TYPES:
            detail = f"`{variable.name}` of type `{variable.type}`"
            yield subject.at("variable-type", subject.process, detail)


def _item(subject: Subject, node: Node, item: str) -> Iterator[Finding]:
    if not _VARIABLE_NAME.fullmatch(item):
        yield subject.of("variable-name", node, f"`{item}`")
    if item in names_outside(subject, node.id):
        yield subject.of("variable-shadowed", node, f"`{item}`")


def _targets(info: ElementInfo) -> Iterator[str]:
    """Variables of the process that the element sets."""
    yield from (each.variable for each in info.outputs)
    yield from (each.variable for each in info.call_outputs)
    if info.gate is not None:
        yield info.gate.variable
    if info.decision is not None:
        yield info.decision.result
    if info.loop is not None and info.loop.results is not None:
        yield info.loop.results


def unused(subject: Subject) -> Iterator[Finding]:
    """Every declared variable is read or set here, or known to a process that is called."""
    used: set[str] = set()
    for slot in slots(subject):
        try:
            used |= compiled(subject, slot).names_used
        except FeelError:
            return
    for info in subject.info.elements.values():
        used |= set(_targets(info))
        called = subject.processes.get(info.called or "")
        used |= called.variable_names if called else set()
        used |= _inputs_of_decision(subject, info)
    for variable in subject.info.variables:
        if variable.name not in used:
            yield subject.at("variable-unused", subject.process, f"`{variable.name}`")


def _inputs_of_decision(subject: Subject, info: ElementInfo) -> frozenset[str]:
    decision = subject.decisions.get(info.decision.ref) if info.decision else None
    return frozenset(decision.inputs) if decision else frozenset()
