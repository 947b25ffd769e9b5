"""Evaluates one expression with a fixed clock: what nearly every test of the language does."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from engine.feel import Scope, compile_expression

NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
SCOPE = Scope(NOON)


def evaluate(
    source: str,
    variables: Mapping[str, Any] | None = None,
    *,
    functions: Mapping[str, Callable[..., Any]] | None = None,
    budget: int = 200_000,
) -> Any:
    known = variables or {}
    lent = functions or {}
    scope = Scope(NOON, lent, budget)
    return compile_expression(source, known.keys(), functions=lent.keys()).evaluate(known, scope)
