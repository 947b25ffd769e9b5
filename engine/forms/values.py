"""Reading one value of a field: refuse it with a code, or bring it to the form it is stored in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from engine.forms.definition import Field, Kind, Origin, Text
from engine.registers import Registers, cpv, organisations, shipped

SPACES: Final = "\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""White space as Python knows it, for a class of a pattern: browsers have another idea of it."""
_EMAIL: Final = re.compile(rf"[^@{SPACES}]+@[^@{SPACES}]+\.[^@{SPACES}.]+")
_URI: Final = re.compile(rf"https?://[^{SPACES}/][^{SPACES}]*")
_DATE: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(
    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_LARGEST: Final = Decimal(10) ** 15  # what JSON carries exactly
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Context:
    """What references may point at: id → name. Only what the person who sends it may see.

    `options` are what other forms and the process offer, value → title; without an origin's, the
    field is free. `now` is the moment at which computed fields and look-ups are made.
    """

    suppliers: Mapping[str, str] = field(default_factory=dict)
    persons: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[Origin, Mapping[str, str]] = field(default_factory=dict)
    registers: Registers = field(default_factory=shipped)
    now: datetime = _EPOCH

    def choices(self, each: Field) -> tuple[tuple[str, Text], ...] | None:
        """The values a field may have, or hold several of, with their titles; None where it is
        free."""
        if each.is_ticked and each.item is not None:
            return self.choices(each.item)
        if each.kind in {Kind.CHOICE, Kind.CHOICES}:
            return tuple((option.value, option.title) for option in each.options)
        offered = self.options.get(each.origin) if each.origin is not None else None
        known = {Kind.SUPPLIER: self.suppliers, Kind.PERSON: self.persons}.get(each.kind)
        if known is not None:
            kept = (
                known if offered is None else {key: known[key] for key in offered if key in known}
            )
            return tuple((key, Text(name)) for key, name in kept.items())
        return None if not offered else tuple((key, Text(name)) for key, name in offered.items())


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
    if limits.pattern is not None and not re.search(limits.pattern, text, re.ASCII):
        raise RefusedValueError("pattern", help=each.help)
    if limits.format == "email" and not _EMAIL.fullmatch(text):
        raise RefusedValueError("not-email")
    if limits.format == "uri" and not _URI.fullmatch(text):
        raise RefusedValueError("not-uri")
    return text


def _line(each: Field, value: object, context: Context) -> str:
    text = _text(each, value, context)
    choices = context.choices(each)
    if choices is not None and all(known != text for known, _ in choices):
        raise RefusedValueError("not-an-option")
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
    """UTC with seconds, as `2026-11-24T11:00:00Z`, and microseconds where there are any; a moment
    without an offset is refused."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value.strip()):
        raise RefusedValueError("not-date-time")
    try:
        moment = datetime.fromisoformat(value.strip()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RefusedValueError("not-date-time") from error
    return moment.isoformat().replace("+00:00", "Z")


def _option(each: Field, value: object, context: Context) -> str:
    return _one_of(each, value, context, "not-an-option")


def _supplier(each: Field, value: object, context: Context) -> str:
    return _one_of(each, value, context, "unknown-supplier")


def _person(each: Field, value: object, context: Context) -> str:
    return _one_of(each, value, context, "unknown-person")


def _one_of(each: Field, value: object, context: Context, code: str) -> str:
    text = value.strip() if isinstance(value, str) else None
    if all(known != text for known, _ in context.choices(each) or ()):
        raise RefusedValueError(code)
    return str(text)


def _file(_: Field, value: object, context: Context) -> str:
    text = value.strip() if isinstance(value, str) else None
    if text is None or text not in context.files:
        raise RefusedValueError("unknown-file")
    return text


def _organisation(_: Field, value: object, __: Context) -> str:
    """Nine digits, set together."""
    number = organisations.plain(value) if isinstance(value, str) else ""
    if not organisations.has_nine_digits(number):
        raise RefusedValueError("not-organisation")
    if not organisations.has_right_check_digit(number):
        raise RefusedValueError("organisation-check")
    return number


def _cpv(_: Field, value: object, __: Context) -> str:
    """Eight digits; a ninth that is given must be the right one."""
    code = cpv.read_code(value) if isinstance(value, str) else None
    if code is None:
        raise RefusedValueError("not-cpv")
    return code


_READERS: Final[Mapping[Kind, Callable[[Field, object, Context], Any]]] = MappingProxyType(
    {
        Kind.TEXT: _line,
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
        Kind.ORGANISATION: _organisation,
        Kind.CPV: _cpv,
    }
)
