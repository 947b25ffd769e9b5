"""Look-ups in registers: what stands behind an organisation number or a CPV code.

An answer says where and when it was read, and that a number was not found is an answer too.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from engine.forms.conditions import Values
from engine.forms.definition import LOOKED_UP, Field, Form, Kind
from engine.forms.values import Context
from engine.model.register import Register
from engine.registers import Registers, cpv, organisations

REGISTERS: Final[Mapping[Kind, Callable[[Registers], Register]]] = {
    Kind.ORGANISATION: lambda registers: registers.organisations,
    Kind.CPV: lambda registers: registers.cpv,
}


def register_of(kind: Kind, registers: Registers) -> Register | None:
    """The register that fields of this kind look up in; None when it holds nothing."""
    register = REGISTERS[kind](registers)
    return register if register.source.name else None


def key_of(kind: Kind, typed: str) -> str | None:
    """The number or code that was typed; None when it cannot be one."""
    if kind is Kind.CPV:
        return cpv.read_code(typed)
    number = organisations.plain(typed)
    right = organisations.has_nine_digits(number) and organisations.has_right_check_digit(number)
    return number if right else None


def look_up(kind: Kind, key: str, context: Context) -> dict[str, Any] | None:
    """What the register tells of a key now, as a submission keeps it; None without a register."""
    register = register_of(kind, context.registers)
    if register is None:
        return None
    found = register.find(key)
    told: dict[str, Any] = {
        "register": kind.value,
        "key": key,
        "found": found is not None,
        "source": register.source.name,
        "dated": register.source.dated,
        "looked_up_at": context.now.isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    if found is not None:
        told |= {"name": dict(found.names), "facts": dict(found.facts)}
    return told


def look_ups(form: Form, clean: Values, context: Context) -> dict[str, Any]:
    """Every look-up of a checked submission, by the path of its field."""
    return {
        ".".join(path): told
        for path, each, value in _looked_up(form.root, clean, ())
        if (told := look_up(each.kind, value, context)) is not None
    }


def _looked_up(
    group: Field, data: Values, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Field, str]]:
    for each in group.fields:
        value = data.get(each.name)
        if value is not None:
            yield from _in_field(each, value, (*path, each.name))


def _in_field(
    each: Field, value: Any, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Field, str]]:
    if each.kind in LOOKED_UP:
        yield path, each, str(value)
    elif each.kind is Kind.GROUP and isinstance(value, Mapping):
        yield from _looked_up(each, value, path)
    elif each.item is not None and isinstance(value, list):
        for index, row in enumerate(value):
            yield from _in_field(each.item, row, (*path, str(index)))
