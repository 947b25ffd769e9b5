"""What one evaluation may cost, and what it may know of the world."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from engine.errors import BudgetError

DEFAULT_BUDGET = 200_000
MAX_CALL_DEPTH = 60
CHARACTERS_PER_STEP = 50


def _no_functions() -> Mapping[str, Callable[..., Any]]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Scope:
    """The world an expression may see besides its variables.

    `now` is the aware moment that `now()` and `today()` tell (in Europe/Oslo); `functions` are the
    host's own, such as `time_limit`; `budget` counts steps: one for each item looped over, each
    call, each node of a loop's body and every 50 characters of text made.
    """

    now: datetime
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=_no_functions)
    budget: int = DEFAULT_BUDGET


class Recorder(Protocol):
    """Takes down what a decision did, for its trace."""

    def add(self, step: Any, /) -> None: ...


class Run:
    """One evaluation under way: its remaining budget, its depth of calls, its scope. Never shared
    by threads."""

    __slots__ = ("depth", "left", "recorder", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.left = scope.budget
        self.depth = 0
        self.recorder: Recorder | None = None

    def spend(self, amount: int) -> None:
        """Charge `amount` steps. Raises `BudgetError` when they are used up."""
        self.left -= amount
        if self.left < 0:
            raise BudgetError(
                f"The expression took more than {self.scope.budget} steps. "
                "Make its lists shorter or its loops fewer.",
                budget=self.scope.budget,
            )

    def spend_text(self, length: int) -> None:
        """Charge for a text of `length` characters before it is made."""
        self.spend(1 + length // CHARACTERS_PER_STEP)

    def enter(self, weight: int) -> None:
        """Begin a call of a function whose body has `weight` nodes; `leave` ends it."""
        self.spend(weight)
        self.depth += 1
        if self.depth > MAX_CALL_DEPTH:
            raise BudgetError(
                f"Functions call each other more than {MAX_CALL_DEPTH} deep. "
                "Replace the recursion by a list or a loop.",
                depth=MAX_CALL_DEPTH,
            )

    def leave(self) -> None:
        self.depth -= 1
