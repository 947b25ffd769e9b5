"""The values FEEL knows, as Python types.

null `None`, boolean `bool`, string `str`, number `Decimal`, list `list`, context `dict`, date
`date`, time `time`, date and time `datetime`, days and time duration `timedelta`, years and months
duration `Months`, range `Range`, function `Function`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.errors import FeelError
from engine.feel.budget import Run

Value = Any
"""Any of the types above; what is computed is typed by its value, not by the program."""

MAX_MONTHS = 12 * 10**12

Variables = Mapping[str, Any]
Closure = Callable[[Variables, Run], Value]
"""A compiled expression."""
TestClosure = Callable[[Variables, Run, Value], bool | None]
"""A compiled unary test: whether the value passes it."""
NAMES_PER_STEP = 32
"""Copying this many names into the surroundings of a loop's body costs one step."""

SOFT_ERRORS = (TypeError, ValueError, ArithmeticError, LookupError)
"""What an operation on unsuited values raises; FEEL's answer to it is null."""


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A years and months duration, counted in months; `OverflowError` beyond `MAX_MONTHS`."""

    count: int

    def __post_init__(self) -> None:
        if abs(self.count) > MAX_MONTHS:
            raise OverflowError("months")


@dataclass(frozen=True, slots=True)
class Range:
    """Values between two ends.

    An end of None is not known, and so is what lies within; but where the range is `half`, as
    `(> 10)`, it has no such end.
    """

    low: Value
    high: Value
    low_included: bool
    high_included: bool
    half: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something an expression can call.

    `signatures` are the lists of parameter names it may be called by; the first one is the usual.
    """

    signatures: tuple[tuple[str, ...], ...]
    call: Callable[[Run, list[Value]], Value]

    @property
    def parameters(self) -> tuple[str, ...]:
        return self.signatures[0]

    def positional(self, named: Mapping[str, Value]) -> list[Value] | None:
        """The arguments in order, or None where no signature has all these names."""
        for signature in self.signatures:
            if all(name in signature for name in named):
                last = max(signature.index(name) for name in named)
                return [named.get(name) for name in signature[: last + 1]]
        return None


KINDS: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    list: "list",
    dict: "context",
    date: "date",
    time: "time",
    datetime: "date and time",
    timedelta: "days and time duration",
    Months: "years and months duration",
    Range: "range",
    Function: "function",
}
PLAIN = frozenset([*KINDS, type(None)])


def kind_of(value: Value) -> str:
    """FEEL's name for the type of a normal value."""
    return KINDS.get(type(value), "Null")


def normal(value: Any) -> Value:
    """A value of the host as FEEL's type: `int` and `float` become exact decimals; the parts of
    lists and contexts are made normal when they are read. Raises `FeelError` for a type FEEL does
    not know."""
    found = type(value)
    if found in PLAIN:
        return value
    if found is int:
        return Decimal(value)
    if found is float:
        return Decimal(repr(value))
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return list(value)
    raise FeelError(
        f"A value of type {found.__name__} cannot be used in an expression. "
        "Give numbers, texts, truth values, dates, lists and contexts only.",
        type=found.__name__,
    )


def normal_items(items: Iterable[Any]) -> list[Value]:
    return [item if type(item) in PLAIN else normal(item) for item in items]
