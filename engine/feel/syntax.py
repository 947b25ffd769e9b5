"""What the parser makes of an expression. `position` counts characters from 0."""

from dataclasses import dataclass
from typing import Any, TypeAlias

# A name that begins another stands after it.
TYPES = (
    "years and months duration",
    "days and time duration",
    "date and time",
    "number",
    "string",
    "boolean",
    "date",
    "time",
    "Any",
    "list",
    "context",
    "function",
    "range",
    "Null",
)
TYPE_NAMES = frozenset(TYPES)


@dataclass(frozen=True, slots=True)
class Constant:
    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Path:
    """`source.name`."""

    source: "Node"
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """`source[condition]`, or an item by its number."""

    source: "Node"
    condition: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    function: "Node"
    arguments: tuple["Node", ...]
    names: tuple[str, ...] | None
    """Names of the arguments in order; None when they are given by position."""


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic or comparison of two operands."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Negation:
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Logic:
    """A chain of `and`, or of `or`."""

    operator: str
    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Between:
    value: "Node"
    low: "Node"
    high: "Node"


@dataclass(frozen=True, slots=True)
class Test:
    """One unary test: a comparison with the tested value, or (no operator) an expression to match
    it with."""

    operator: str | None
    operand: "Node"
    asks: bool
    """Whether the expression speaks of the tested value as `?`."""


@dataclass(frozen=True, slots=True)
class Tests:
    """A cell of a decision table; no tests means any value."""

    tests: tuple[Test, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Membership:
    """`value in tests`."""

    value: "Node"
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type as written after `instance of`; parts are those of lists, ranges, contexts and
    functions."""

    name: str
    parts: tuple[tuple[str, "TypeName"], ...] | None


@dataclass(frozen=True, slots=True)
class InstanceOf:
    value: "Node"
    type: TypeName


@dataclass(frozen=True, slots=True)
class Condition:
    condition: "Node"
    then: "Node"
    otherwise: "Node"


@dataclass(frozen=True, slots=True)
class Iterator:
    """`name in source`, or `name in source..end`."""

    name: str
    source: "Node"
    end: "Node | None"


@dataclass(frozen=True, slots=True)
class For:
    iterators: tuple[Iterator, ...]
    body: "Node"


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some` (found is true) or `every` (found is false): the answer that ends the search."""

    iterators: tuple[Iterator, ...]
    body: "Node"
    found: bool


@dataclass(frozen=True, slots=True)
class ListOf:
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class ContextOf:
    members: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True, slots=True)
class RangeOf:
    """An end of None is open to infinity."""

    low: "Node | None"
    high: "Node | None"
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class Lambda:
    """A function literal; a body of None is an external function, which is never run."""

    parameters: tuple[str, ...]
    body: "Node | None"


Node: TypeAlias = (
    Constant
    | Name
    | Path
    | Filter
    | Call
    | Binary
    | Negation
    | Logic
    | Between
    | Membership
    | InstanceOf
    | Condition
    | For
    | Quantified
    | ListOf
    | ContextOf
    | RangeOf
    | Lambda
)
