"""Types of a model: whether a value is of one, and the few coercions DMN makes where values cross
the border of a decision or function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from engine.feel.budget import Run
from engine.feel.dmn.model import ItemDefinition
from engine.feel.temporal import (
    midnight,
    read_date,
    read_date_and_time,
    read_duration,
    read_time,
)
from engine.feel.values import Function, TestClosure, Value, kind_of, normal

_PRIMITIVES: Final = {
    "number": "number",
    "string": "string",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "dateTime": "date and time",
    "date and time": "date and time",
    "dayTimeDuration": "days and time duration",
    "days and time duration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "years and months duration": "years and months duration",
    "Any": "Any",
    "context": "context",
}
_READERS: Final[Mapping[str, Callable[[str], Value]]] = {
    "date": read_date,
    "time": read_time,
    "date and time": read_date_and_time,
    "days and time duration": read_duration,
    "years and months duration": read_duration,
}
_MAX_NESTING = 20


@dataclass(frozen=True, slots=True)
class Types:
    """The item definitions of a model, with their allowed values compiled."""

    items: Mapping[str, ItemDefinition]
    allowed: Mapping[str, TestClosure]
    """By the source text of the allowed values."""

    def coerce(self, run: Run, value: Value, type_ref: str | None) -> Value:
        """The value as one of the type: as it is, out of or into a list of one, or a date as its
        midnight; null where it is none of these."""
        value = normal(value)
        if type_ref is None or value is None or self.conforms(run, value, type_ref):
            return value
        if type(value) is list and len(value) == 1:
            only = normal(value[0])
            if self.conforms(run, only, type_ref):
                return only
        item = self.items.get(type_ref)
        if item is not None and item.is_collection and self.conforms(run, [value], type_ref):
            return [value]
        if type(value) is date and self.primitive(type_ref) == "date and time":
            return midnight(value)
        return None

    def read_text(self, value: Value, type_ref: str | None) -> Value:
        """ISO text as the date, time or duration that its type says it is: process data is JSON."""
        read = _READERS.get(self.primitive(type_ref) or "")
        if read is None or type(value) is not str:
            return value
        try:
            return read(value)
        except (ValueError, LookupError, OverflowError):
            return value

    def primitive(self, type_ref: str | None) -> str | None:
        """FEEL's own type behind a type's name, if it is nothing more than that."""
        for _ in range(_MAX_NESTING):
            if type_ref is None:
                return None
            item = self.items.get(type_ref)
            if item is None:
                return _PRIMITIVES.get(type_ref.rsplit(":", maxsplit=1)[-1])
            if item.is_collection or item.components:
                return None
            type_ref = item.type_ref
        return None

    def conforms(self, run: Run, value: Value, type_ref: str | None, depth: int = 0) -> bool:
        """Whether the value is of the type. An unknown type takes anything."""
        run.spend(1)
        if type_ref is None or value is None or depth > _MAX_NESTING:
            return True
        item = self.items.get(type_ref)
        if item is not None:
            return self._is_item(run, value, item, depth + 1)
        wanted = _PRIMITIVES.get(type_ref.rsplit(":", maxsplit=1)[-1])
        return wanted in (None, "Any") or kind_of(normal(value)) == wanted

    def _is_item(self, run: Run, value: Value, item: ItemDefinition, depth: int) -> bool:
        value = normal(value)
        if value is None:
            return True
        if item.is_function:
            return type(value) is Function
        if item.is_collection:
            one = replace(item, is_collection=False)
            return type(value) is list and all(
                self._is_item(run, part, one, depth) for part in value
            )
        return self._has_shape(run, value, item, depth) and self._is_allowed(run, value, item)

    def _has_shape(self, run: Run, value: Value, item: ItemDefinition, depth: int) -> bool:
        if not item.components:
            return self.conforms(run, value, item.type_ref, depth)
        run.spend(len(item.components))
        return type(value) is dict and all(
            part.name in value and self._is_item(run, value[part.name], part, depth + 1)
            for part in item.components
        )

    def _is_allowed(self, run: Run, value: Value, item: ItemDefinition) -> bool:
        test = self.allowed.get(item.allowed) if item.allowed else None
        return test is None or test({}, run, value) is True
