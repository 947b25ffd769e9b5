"""FEEL expressions and DMN decisions: parser, evaluator, budget. Pure; the clock and host functions
come in a `Scope`."""

from engine.feel.budget import DEFAULT_BUDGET, Scope
from engine.feel.data import from_data, to_data
from engine.feel.expression import (
    Expression,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
    evaluate_condition,
)
from engine.feel.values import Function, Months, Range, Value

__all__ = [
    "DEFAULT_BUDGET",
    "Expression",
    "Function",
    "Months",
    "Range",
    "Scope",
    "UnaryTests",
    "Value",
    "compile_expression",
    "compile_unary_tests",
    "evaluate_condition",
    "from_data",
    "to_data",
]
