"""Short ways to write the models that the tests of decisions speak of."""

from engine.feel.dmn import (
    Decision,
    DecisionTable,
    InputClause,
    InputData,
    ModelSource,
    OutputClause,
    Rule,
)
from engine.feel.dmn.model import Aggregation, HitPolicy


def table(
    *rules: str,
    hit_policy: HitPolicy = "UNIQUE",
    aggregation: Aggregation | None = None,
    inputs: tuple[str, ...] = ("value",),
    outputs: tuple[OutputClause, ...] = (OutputClause("procedure"),),
    allowed: str | None = None,
) -> DecisionTable:
    """Rules are written `input | … -> output | … # annotation`."""
    return DecisionTable(
        hit_policy=hit_policy,
        aggregation=aggregation,
        inputs=tuple(InputClause(name, allowed=allowed) for name in inputs),
        outputs=outputs,
        rules=tuple(_rule(number, text) for number, text in enumerate(rules, 1)),
    )


def _rule(number: int, text: str) -> Rule:
    logic, _, annotation = text.partition("#")
    tests, _, outputs = logic.partition("->")
    return Rule(f"r{number}", _cells(tests), _cells(outputs), annotation.strip())


def _cells(text: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in text.split("|"))


def model(decision_table: DecisionTable, *, value_type: str | None = None) -> ModelSource:
    """A model of one decision, `Procedure`, over the input `value`."""
    return ModelSource(
        "Thresholds",
        (
            InputData("value-id", "value", value_type),
            Decision("procedure-id", "Procedure", decision_table, ("value-id",)),
        ),
    )
