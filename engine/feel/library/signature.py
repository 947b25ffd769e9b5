"""How a built-in function is declared, and how its arguments are checked: an unsuited argument
gives null."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from engine.feel.budget import CHARACTERS_PER_STEP, Run
from engine.feel.values import Function, Months, Range, Value, normal, normal_items

Entry = tuple[str, Function]
Body = Callable[..., Value]

_KINDS: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "number": (Decimal,),
    "boolean": (bool,),
    "list": (list,),
    "context": (dict,),
    "function": (Function,),
    "range": (Range,),
    "day": (date, datetime),
    "time": (time,),
    "duration": (timedelta, Months),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kinds` None takes anything."""

    name: str
    kinds: frozenset[type] | None
    optional: bool

    def accept(self, value: Value) -> Value:
        """The argument, made a list or taken out of one as FEEL does. Raises `TypeError` where it
        is unsuited."""
        if self.kinds is None or (value is None and self.optional):
            return value
        if list in self.kinds:
            if value is None:
                raise TypeError(self.name)
            if type(value) is list:
                return normal_items(value)
            return value if type(value) in self.kinds else [value]
        if type(value) is list and len(value) == 1:
            value = normal(value[0])
        if type(value) not in self.kinds:
            raise TypeError(self.name)
        return value


def _parameter(declaration: str) -> Parameter:
    name, _, kinds = declaration.strip().partition(":")
    optional = kinds.endswith("?")
    wanted = [kind for word in kinds.rstrip("?").split("|") if word for kind in _KINDS[word]]
    return Parameter(name, frozenset(wanted) or None, optional)


def _parameters(declaration: str) -> tuple[Parameter, ...]:
    return tuple(_parameter(part) for part in declaration.split(",") if part)


def _size(value: Value) -> int:
    if type(value) is str:
        return len(value) // CHARACTERS_PER_STEP
    return len(value) if type(value) in (list, dict) else 0


def charge(run: Run, values: list[Value]) -> None:
    """What looking at these arguments costs."""
    run.spend(1 + sum(_size(value) for value in values))


def charged(name: str, declaration: str, body: Body) -> Entry:
    """A function whose body takes the `Run` first, since its cost depends on what it does.

    `declaration` lists the parameters as `name:kind|kind?`; a kind that is missing takes anything,
    `?` makes the parameter optional.
    """
    parameters = _parameters(declaration)
    required = sum(not parameter.optional for parameter in parameters)

    def call(run: Run, values: list[Value]) -> Value:
        charge(run, values)
        if not required <= len(values) <= len(parameters):
            return None
        accepted = [
            parameter.accept(normal(value))
            for parameter, value in zip(parameters, values, strict=False)
        ]
        return body(run, *accepted)

    return name, Function((tuple(parameter.name for parameter in parameters),), call)


def plain(name: str, declaration: str, body: Body) -> Entry:
    """A function whose cost is the size of its arguments."""
    return charged(name, declaration, lambda _run, *values: body(*values))


def gathering(name: str, body: Callable[[Run, list[Value]], Value]) -> Entry:
    """A function of one list, or of its items given one by one."""

    def call(run: Run, values: list[Value]) -> Value:
        charge(run, values)
        if not values:
            return None
        only = normal(values[0]) if len(values) == 1 else None
        items = only if type(only) is list else values
        return body(run, normal_items(items))

    return name, Function((("list",),), call)


def variadic(
    name: str, body: Callable[[Run, list[Any]], Value], signature: tuple[str, ...] = ()
) -> Entry:
    """A function of any number of arguments."""

    def call(run: Run, values: list[Value]) -> Value:
        charge(run, values)
        return body(run, normal_items(values))

    return name, Function((signature,), call)


def chosen(
    name: str, signatures: tuple[tuple[str, ...], ...], body: Body, counts: tuple[int, ...]
) -> Entry:
    """A function of several signatures that tells them apart itself; `counts` are the numbers of
    arguments it takes."""

    def call(run: Run, values: list[Value]) -> Value:
        charge(run, values)
        if len(values) not in counts or values[0] is None:
            return None
        return body(*normal_items(values))

    return name, Function(signatures, call)
