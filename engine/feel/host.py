"""Functions that the engine lends to expressions, such as `time_limit`."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import FeelError
from engine.feel.budget import Run
from engine.feel.data import from_data
from engine.feel.values import Function, Value

HOST_CALL_COST = 10


def host_function(name: str) -> Callable[[Mapping[str, Any], Run], Function]:
    """A closure that finds the function of that name in the scope of the run."""

    def find(_variables: Mapping[str, Any], run: Run) -> Function:
        found = run.scope.functions.get(name)
        if found is None:
            raise FeelError(
                f"The function '{name}' is not available here. Use it where the engine offers it.",
                name=name,
            )
        return Function((_parameters(found),), lambda run, values: _call(name, found, values, run))

    return find


def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def _call(name: str, function: Callable[..., Any], values: list[Value], run: Run) -> Value:
    run.spend(HOST_CALL_COST)
    try:
        inspect.signature(function).bind(*values)
    except TypeError as error:
        expected = ", ".join(_parameters(function))
        raise FeelError(
            f"The function '{name}' takes ({expected}); {len(values)} argument(s) were given.",
            name=name,
        ) from error
    return from_data(function(*values))
