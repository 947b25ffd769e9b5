"""Why a decision came out as it did: a plain record for the log and for the screen."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.errors import BudgetError, FeelError
from engine.feel.data import to_data
from engine.feel.values import Function, Range, Value

MAX_STEPS = 100
MAX_PARTS = 1_000


@dataclass(frozen=True, slots=True)
class TableStep:
    """One evaluation of a decision table; rules are (number from 1, id, annotation)."""

    name: str
    ident: str
    hit_policy: str
    inputs: tuple[tuple[str, str], ...]
    """Expression and label of each input."""
    values: tuple[Value, ...]
    rules: tuple[tuple[int, str, str], ...]
    default: bool
    output: Value

    def as_data(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "id": self.ident,
            "kind": "decision table",
            "hit_policy": self.hit_policy,
            "inputs": [
                {"expression": expression, "label": label, "value": show(value)}
                for (expression, label), value in zip(self.inputs, self.values, strict=True)
            ],
            "rules": [
                {"number": number, "id": ident, "annotation": annotation}
                for number, ident, annotation in self.rules
            ],
            "default": self.default,
            "output": show(self.output),
        }


@dataclass(frozen=True, slots=True)
class DecisionStep:
    """The result of one decision and what it required."""

    name: str
    ident: str
    kind: str
    inputs: tuple[tuple[str, Value], ...]
    output: Value

    def as_data(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "id": self.ident,
            "kind": self.kind,
            "inputs": [{"name": name, "value": show(value)} for name, value in self.inputs],
            "output": show(self.output),
        }


Step: TypeAlias = TableStep | DecisionStep


@dataclass(slots=True)
class Trace:
    """The steps of one evaluation. Of each element the first `MAX_STEPS` are kept, the rest
    counted: a table in a loop does not push out the decision that loops."""

    steps: list[Step] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, step: Step, /) -> None:
        key = (step.name, step.ident)
        self.counts[key] += 1
        if self.counts[key] <= MAX_STEPS:
            self.steps.append(step)

    def as_data(self) -> list[dict[str, Any]]:
        left_out = [
            {"name": name, "id": ident, "kind": "left out", "count": count - MAX_STEPS}
            for (name, ident), count in self.counts.items()
            if count > MAX_STEPS
        ]
        return [*(step.as_data() for step in self.steps), *left_out]


def show(value: Value) -> Any:
    """The value as data; functions and ranges, which are no data, as text."""
    if type(value) is Function:
        return f"function({', '.join(value.parameters)})"
    if type(value) is Range:
        start = "[" if value.low_included else "("
        end = "]" if value.high_included else ")"
        return f"{start}{show(value.low)}..{show(value.high)}{end}"
    try:
        return to_data(value, max_parts=MAX_PARTS)
    except BudgetError:
        return "(too large to keep)"
    except FeelError:
        return "(contains a function or range)"
