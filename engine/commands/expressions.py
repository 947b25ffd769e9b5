"""Evaluating a model's FEEL for the acts of people: outputs, inputs, dues."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from engine.feel import Expression, Scope, compile_expression, to_data
from engine.model.definition import AssignmentInfo

HOST_FUNCTIONS = ("time_limit",)


def evaluate(
    source: str,
    variables: Mapping[str, Any],
    now: datetime,
    functions: Mapping[str, Callable[..., Any]],
) -> Any:
    """The expression's value as plain data; raises FeelError."""
    return to_data(_value(source, variables, now, functions))


def evaluate_raw(
    source: str,
    variables: Mapping[str, Any],
    now: datetime,
    functions: Mapping[str, Callable[..., Any]],
) -> Any:
    """The expression's value with FEEL's own types: dates, durations, decimals."""
    return _value(source, variables, now, functions)


def assign(
    assignments: Iterable[AssignmentInfo],
    variables: Mapping[str, Any],
    now: datetime,
    functions: Mapping[str, Callable[..., Any]],
) -> dict[str, Any]:
    """Each assignment's variable with its value, all over the same variables."""
    return {
        assignment.variable: evaluate(assignment.value, variables, now, functions)
        for assignment in assignments
    }


def _value(
    source: str,
    variables: Mapping[str, Any],
    now: datetime,
    functions: Mapping[str, Callable[..., Any]],
) -> Any:
    expression = _compiled(source, frozenset(variables))
    return expression.evaluate(variables, Scope(now=now, functions=functions))


@lru_cache(maxsize=4096)
def _compiled(source: str, names: frozenset[str]) -> Expression:
    return compile_expression(source, names, functions=HOST_FUNCTIONS)
