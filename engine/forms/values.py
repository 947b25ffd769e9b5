"""Reading one value of a field: refuse it with a code, or bring it to the form it is stored in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from engine.forms.definition import Field, Kind

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_URI: Final = re.compile(r"https?://[^\s/]\S*")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})"
)
_LARGEST: Final = Decimal(10) ** 15  # what JSON carries exactly
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Context:
    """What references may point at: id → name. Only what the person who sends it may see."""

    suppliers: Mapping[str, str] = field(default_factory=dict)
    persons: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


class RefusedValueError(ValueError):
    """`code` is a key of the messages; `limits` what the message says besides the title."""

    def __init__(self, code: str, **limits: object) -> None:
        super().__init__(code)
        self.code = code
        self.limits = limits


def read_value(each: Field, value: object, context: Context) -> Any:
    """The value as it is stored. Raises `RefusedValueError`."""
    return _READERS[each.kind](each, value, context)


def _text(each: Field, value: object, _: Context) -> str:
    if not isinstance(value, str):
        raise RefusedValueError("not-text")
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if _CONTROL.search(text):
        raise RefusedValueError("not-text")
    limits = each.limits
    if limits.min_length is not None and len(text) < limits.min_length:
        raise RefusedValueError("too-short", limit=limits.min_length)
    if limits.max_length is not None and len(text) > limits.max_length:
        raise RefusedValueError("too-long", limit=limits.max_length, length=len(text))
    if limits.pattern is not None and not re.search(limits.pattern, text):
        raise RefusedValueError("pattern", help=each.help)
    if limits.format == "email" and not _EMAIL.fullmatch(text):
        raise RefusedValueError("not-email")
    if limits.format == "uri" and not _URI.fullmatch(text):
        raise RefusedValueError("not-uri")
    return text


def _number(each: Field, value: object, _: Context) -> int | float:
    code = f"not-{each.kind.value}"
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise RefusedValueError(code)
    exact = Decimal(str(value))
    if not exact.is_finite() or abs(exact) >= _LARGEST:
        raise RefusedValueError(code)
    whole = exact == exact.to_integral_value()
    if each.kind in {Kind.INTEGER, Kind.MONEY} and not whole:
        raise RefusedValueError(code)
    _bounds(each, exact)
    return int(exact) if whole else float(exact)


def _bounds(each: Field, value: Decimal) -> None:
    limits = each.limits
    if limits.minimum is not None and value < Decimal(str(limits.minimum)):
        raise RefusedValueError("too-small", limit=Amount(each.kind, limits.minimum))
    if limits.exclusive_minimum is not None and value <= Decimal(str(limits.exclusive_minimum)):
        raise RefusedValueError("not-above", limit=Amount(each.kind, limits.exclusive_minimum))
    if limits.maximum is not None and value > Decimal(str(limits.maximum)):
        raise RefusedValueError("too-large", limit=Amount(each.kind, limits.maximum))


@dataclass(frozen=True, slots=True)
class Amount:
    """A limit in the unit of its kind, for a message."""

    kind: Kind
    value: float


def _boolean(each: Field, value: object, _: Context) -> bool:
    if not isinstance(value, bool):
        raise RefusedValueError("not-boolean")
    if each.limits.constant is True and not value:
        raise RefusedValueError("confirm")
    return value


def _date(_: Field, value: object, __: Context) -> str:
    if not isinstance(value, str) or not _DATE.fullmatch(value.strip()):
        raise RefusedValueError("not-date")
    try:
        return date.fromisoformat(value.strip()).isoformat()
    except ValueError as error:
        raise RefusedValueError("not-date") from error


def _moment(_: Field, value: object, __: Context) -> str:
    """UTC with seconds, as `2026-11-24T11:00:00Z`; a moment without an offset is refused."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value.strip()):
        raise RefusedValueError("not-date-time")
    try:
        moment = datetime.fromisoformat(value.strip()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RefusedValueError("not-date-time") from error
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _option(each: Field, value: object, _: Context) -> str:
    text = value.strip() if isinstance(value, str) else None
    if text is None or all(option.value != text for option in each.options):
        raise RefusedValueError("not-an-option")
    return text


def _supplier(_: Field, value: object, context: Context) -> str:
    return _reference(value, context.suppliers, "unknown-supplier")


def _person(_: Field, value: object, context: Context) -> str:
    return _reference(value, context.persons, "unknown-person")


def _file(_: Field, value: object, context: Context) -> str:
    return _reference(value, context.files, "unknown-file")


def _reference(value: object, known: Mapping[str, str], code: str) -> str:
    text = value.strip() if isinstance(value, str) else None
    if text is None or text not in known:
        raise RefusedValueError(code)
    return text


_READERS: Final[Mapping[Kind, Callable[[Field, object, Context], Any]]] = MappingProxyType(
    {
        Kind.TEXT: _text,
        Kind.LONGTEXT: _text,
        Kind.INTEGER: _number,
        Kind.NUMBER: _number,
        Kind.MONEY: _number,
        Kind.PERCENT: _number,
        Kind.BOOLEAN: _boolean,
        Kind.DATE: _date,
        Kind.DATETIME: _moment,
        Kind.CHOICE: _option,
        Kind.CHOICES: _option,
        Kind.SUPPLIER: _supplier,
        Kind.PERSON: _person,
        Kind.FILE: _file,
    }
)
