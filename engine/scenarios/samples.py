"""Filling in the forms of a scenario: a text that begins with «= » is FEEL.

It sees the variables of the task, `branch` (the supplier of the branch) and the functions
`person(role, number)`, `team()` and `noon(days)`; `now()` and `today()` tell the scenario's clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, Final

from engine.bpmn.engine_environment import Language
from engine.clock import OSLO
from engine.feel import Expression, Scope, compile_expression, to_data
from engine.scenarios.model import Scenario

_FEEL: Final = "= "
_BRANCH: Final = "$branch"
_FUNCTIONS: Final = ("person", "team", "noon")


@dataclass(frozen=True)
class Filling:
    """What a sample may speak of at one moment of the course; `variables` are asked for only where
    it does speak of something."""

    scenario: Scenario
    now: datetime
    branch: str
    variables: Callable[[], Mapping[str, Any]]

    def fill(self, value: Any) -> Any:
        """The value with its expressions evaluated; raises FeelError."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        if isinstance(value, dict):
            return {key: self.fill(item) for key, item in value.items() if item is not None}
        return value

    def _text(self, value: str) -> Any:
        if value == _BRANCH:
            return self.branch
        if not value.startswith(_FEEL):
            return value
        source = value.removeprefix(_FEEL)
        # In a filter, a name may be a member of the item: there it matters which variables exist.
        expression = _compiled(source, frozenset(self._values) if "[" in source else None)
        values = self._values if expression.names_used else {}
        if not expression.names_used <= values.keys():
            compile_expression(source, values, functions=_FUNCTIONS)  # refuses it, and says why
        scope = Scope(now=self.now, functions=self._functions())
        return to_data(expression.evaluate(values, scope))

    @cached_property
    def _values(self) -> Mapping[str, Any]:
        return {**self.variables(), "branch": self.branch}

    def _functions(self) -> Mapping[str, Callable[..., Any]]:
        return {"person": self._person, "team": self._team, "noon": self._noon}

    def _person(self, role: str, number: Decimal = Decimal(1)) -> str | None:
        """The person in the role, counted from one; null where there is none."""
        people = self.scenario.team.get(role, ())
        return people[int(number) - 1] if 1 <= number <= len(people) else None

    def _team(self) -> list[dict[str, str]]:
        """Everybody in the team as {person, role}, deputies left out."""
        return [
            {"person": person, "role": role}
            for role, people in self.scenario.team.items()
            for person in people
            if person not in self.scenario.deputies
        ]

    def _noon(self, days: Decimal) -> datetime:
        """Twelve o'clock in Oslo, that many days from now."""
        day = self.now.astimezone(OSLO).date() + timedelta(days=int(days))
        return datetime.combine(day, time(12), OSLO)


@lru_cache(maxsize=1024)
def _compiled(source: str, names: frozenset[str] | None) -> Expression:
    """None for `names` takes every name for a variable: there are others at each moment."""
    return Language(names, frozenset(_FUNCTIONS)).compile(source)
