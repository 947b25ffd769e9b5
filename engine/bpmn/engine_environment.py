"""The world in which a process computes: FEEL over its variables, at one moment, with what the
host lends. The only place of the runtime that calls `engine.feel`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment

from engine.errors import DecisionError, FeelError
from engine.feel import (
    Expression,
    Scope,
    compile_expression,
    evaluate_condition,
    to_data,
)
from engine.model.execution import Host


@dataclass(frozen=True, slots=True)
class World:
    """One act: the moment `now` (aware) and the host."""

    now: datetime
    host: Host

    @property
    def scope(self) -> Scope:
        return Scope(self.now, self.host.functions)

    def at(self, moment: datetime) -> "World":
        """The same world at another moment."""
        return World(moment, self.host)

    def value(self, expression: Expression, variables: Mapping[str, Any]) -> Any:
        """The value as FEEL has it. Raises `FeelError`."""
        return expression.evaluate(variables, self.scope)

    def data(self, expression: Expression, variables: Mapping[str, Any]) -> Any:
        """The value as JSON-able data. Raises `FeelError`."""
        return _storable(to_data(self.value(expression, variables)), expression.source)

    def holds(self, expression: Expression, variables: Mapping[str, Any]) -> bool:
        """Strictly true or false. Raises `FeelError` otherwise."""
        return evaluate_condition(expression, variables, self.scope)

    def decide(self, ref: str, variables: Mapping[str, Any]) -> Any:
        """What the decision `ref` answers, as data. Raises `DecisionError` when there is none."""
        if self.host.decide is None:
            raise DecisionError(
                f"The decision {ref} cannot be made here: no decisions are at hand. "
                "Deploy the decision table with the process.",
                decision=ref,
            )
        answer = _storable(to_data(self.host.decide(ref, variables, self.scope)), ref)
        if answer is None:
            raise DecisionError(
                f"The decision {ref} gave no answer for these variables. Add a rule that covers "
                "them, or a default output.",
                decision=ref,
            )
        return answer


def _storable(value: Any, source: str) -> Any:
    """The value, if the state can hold it: a text may hold half a character, which no file can."""
    try:
        orjson.dumps(value)
    except TypeError as error:
        raise FeelError(
            f"What {source} gives cannot be stored: {error}.", expression=source
        ) from error
    return value


@dataclass(frozen=True, slots=True)
class Language:
    """How the expressions of a process are compiled: the variables and host functions that may be
    used. Without `names` every name is taken for a variable; deployment checks them."""

    names: frozenset[str] | None = None
    functions: frozenset[str] = frozenset()

    def compile(self, source: str) -> Expression:
        """Raises `FeelError` for what is no FEEL."""
        known = set(self.names or ())
        while True:
            try:
                return compile_expression(source, known, functions=self.functions)
            except FeelError as error:
                name = error.details.get("name")
                if self.names is not None or name is None or name in known:
                    raise
                known.add(name)


_PLAIN_TIME: Final = re.compile(r"R?\d*/?P[0-9YMWDTHS]+$", re.ASCII)


class FeelEnvironment(BasePythonScriptEngineEnvironment):  # type: ignore[misc]
    """FEEL for the plain library, with which the runtime is compared."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def evaluate(
        self,
        expression: str,
        context: Mapping[str, Any],
        external_context: Mapping[str, Any] | None = None,
    ) -> Any:
        if _PLAIN_TIME.match(expression):
            return expression
        variables = {**(external_context or {}), **context}
        return self._world.data(Language().compile(expression), variables)
