"""Gateways that choose: their conditions cover every value, and every option of a gate leads on."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from engine.bpmn.document import Flow, Node
from engine.bpmn.lint.expressions import Slot, compiled, names_outside
from engine.bpmn.lint.subject import Subject
from engine.errors import FeelError
from engine.feel import Expression, Scope
from engine.finding import Finding
from engine.model.definition import GateInfo

_ANY_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)
_TEXT: Final = re.compile(r"\"((?:[^\"\\]|\\.)*)\"")

_COMPARISON: Final = re.compile(r"([^=<>!]+)(=|!=|<=|>=|<|>)([^=<>!]+)")
_OPPOSITE: Final = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True, slots=True)
class _Choice:
    flow: Flow
    expression: Expression


def conditions(subject: Subject) -> Iterator[Finding]:
    """Every way out of a choosing gateway has a condition or is the default, never both."""
    for gateway in subject.nodes("exclusiveGateway", "inclusiveGateway"):
        if len(gateway.outgoing) < 2:
            continue
        for flow in gateway.outgoing:
            is_default = flow.id == gateway.default
            if is_default and flow.condition is not None:
                yield subject.of("default-with-condition", flow)
            if not is_default and flow.condition is None:
                yield subject.of("gateway-condition-missing", flow, f"out of `{gateway.id}`")


def exhaustive(subject: Subject) -> Iterator[Finding]:
    """A gateway without default cannot be left without a way out."""
    gates = _gate_values(subject)
    for gateway in subject.nodes("exclusiveGateway", "inclusiveGateway"):
        choices = _choices(subject, gateway)
        if len(gateway.outgoing) < 2 or gateway.default or choices is None:
            continue
        if not _covers_everything(choices, gates):
            yield subject.of("gateway-not-exhaustive", gateway)


def gate_flows(subject: Subject) -> Iterator[Finding]:
    """The gateway after a gate has a flow for each option, and none for anything else."""
    for node in subject.nodes("userTask"):
        gate = subject.info.elements[node.id].gate
        target = _gateway_after(subject, node)
        if gate is None or target is None:
            continue
        choices = _choices(subject, target)
        if choices is None:
            continue
        yield from _foreign_values(subject, gate, choices)
        if target.default:
            continue
        for option in gate.options:
            taken = any(_holds(each, {gate.variable: option.value}) for each in choices)
            if not taken:
                detail = f"`{option.value}` of `{node.id}`"
                yield subject.of("gate-option-without-flow", target, detail)


def _foreign_values(
    subject: Subject, gate: GateInfo, choices: Sequence[_Choice]
) -> Iterator[Finding]:
    values = {option.value for option in gate.options}
    for choice in choices:
        if choice.expression.names_used != {gate.variable}:
            continue
        for value in _TEXT.findall(choice.expression.source):
            if value not in values:
                yield subject.of("gate-flow-without-option", choice.flow, f'"{value}"')


def _gateway_after(subject: Subject, node: Node) -> Node | None:
    if len(node.outgoing) != 1:
        return None
    target = subject.document.nodes.get(node.outgoing[0].target)
    return target if target is not None and target.kind == "exclusiveGateway" else None


def _choices(subject: Subject, gateway: Node) -> list[_Choice] | None:
    """The conditions of the gateway; None where one cannot be read, which is reported elsewhere."""
    found = []
    names = names_outside(subject, gateway.id)
    for flow in gateway.outgoing:
        if flow.condition is None:
            continue
        try:
            expression = compiled(subject, Slot(flow, "condition", flow.condition, names))
        except FeelError:
            return None
        found.append(_Choice(flow, expression))
    return found


def _gate_values(subject: Subject) -> Mapping[str, Sequence[object]]:
    """Variables whose values are known beforehand: truth values, and those that only gates set."""
    known: dict[str, list[object]] = {
        variable.name: [True, False]
        for variable in subject.info.variables
        if variable.type == "boolean"
    }
    for element in subject.info.elements.values():
        if element.gate is not None:
            values = known.setdefault(element.gate.variable, [])
            values += [option.value for option in element.gate.options]
    outputs = {each.variable for info in subject.info.elements.values() for each in info.outputs}
    truth = {each.name for each in subject.info.variables if each.type == "boolean"}
    return {name: values for name, values in known.items() if name in truth or name not in outputs}


def _covers_everything(choices: Sequence[_Choice], known: Mapping[str, Sequence[object]]) -> bool:
    if _is_complement(choices):
        return True
    used = frozenset[str]().union(*(choice.expression.names_used for choice in choices))
    if len(used) != 1 or not used <= known.keys():
        return False
    (name,) = used
    return all(any(_holds(choice, {name: value}) for choice in choices) for value in known[name])


def _is_complement(choices: Sequence[_Choice]) -> bool:
    """`x` and `not(x)`, or two comparisons of the same things of which one must be true."""
    sources = ["".join(choice.expression.source.split()) for choice in choices]
    if any(f"not({source})" in sources for source in sources):
        return True
    compared = {found.groups() for source in sources if (found := _COMPARISON.fullmatch(source))}
    return any(
        (left, other, right) in compared
        for left, sign, right in compared
        for other in _complements(left, sign, right)
    )


def _complements(left: str, sign: str, right: str) -> tuple[str, ...]:
    """Signs that make the comparison true whenever `sign` makes it false; a count is never
    negative."""
    if left.startswith("count(") and right == "0" and sign == "=":
        return ("!=", ">")
    return (_OPPOSITE[sign],)


def _holds(choice: _Choice, values: Mapping[str, object]) -> bool:
    """Whether the condition is true for these values, whatever the other names are."""
    if not choice.expression.names_used <= values.keys():
        return False
    try:
        scope = Scope(now=_ANY_MOMENT)
        return choice.expression.evaluate(values, scope) is True
    except FeelError:
        return False
