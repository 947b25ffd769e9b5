"""The encoding of HTML forms: dotted names and Norwegian writing, to data and back.

Names are paths with row numbers (`effects.0.effect`). A row has a marker `effects.0` of its own, so
that an empty one is not lost. What cannot be read stays the text that was typed: `check` refuses
it, and the page shows it again.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from engine.errors import InvalidInputError
from engine.forms.conditions import is_blank, is_blank_row
from engine.forms.definition import LOOKED_UP, Field, Form, Kind
from engine.forms.numbers import day, grouped, iso_date, kroner, minute, number, ore, utc_moment
from engine.registers import cpv, organisations

Posted = Mapping[str, list[str]]

_BOOLEANS: Final = MappingProxyType({"true": True, "on": True, "false": False})
_MOST_ROWS: Final = 10_000
_ROW: Final = re.compile(r"(\d{1,4})(?:\.|$)")


def posted(pairs: Iterable[tuple[str, str]]) -> Posted:
    """Name → values, in the order they came."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return values


def decode(form: Form, values: Posted, *, drop_empty_rows: bool = False) -> dict[str, Any]:
    """The data that the posted strings mean; names that are not of the form are left out."""
    return _group(form.root, values, "", drop_empty_rows=drop_empty_rows)


def _group(group: Field, values: Posted, prefix: str, *, drop_empty_rows: bool) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for each in group.fields:
        if each.compute is not None:
            continue
        value = _read(each, values, prefix + each.name, drop_empty_rows=drop_empty_rows)
        if value is not None:
            data[each.name] = value
    return data


def _read(each: Field, values: Posted, name: str, *, drop_empty_rows: bool) -> Any:
    if each.kind is Kind.GROUP:
        return _group(each, values, f"{name}.", drop_empty_rows=drop_empty_rows) or None
    if each.is_ticked:
        return [value for value in values.get(name, []) if value.strip()] or None
    if each.kind is Kind.LIST and each.item is not None:
        return _rows(each.item, values, name, drop_empty_rows=drop_empty_rows)
    typed = values.get(name, [""])[-1]
    return None if is_blank(typed) else parse(each.kind, typed)


def _rows(item: Field, values: Posted, name: str, *, drop_empty_rows: bool) -> list[Any] | None:
    if item.kind is Kind.FILE:
        return [value for value in values.get(name, []) if value.strip()] or None
    start = f"{name}."
    numbers = {
        int(match[1])
        for key in values
        if key.startswith(start) and (match := _ROW.match(key, len(start)))
    }
    rows = [
        _row(item, values, f"{name}.{index}", drop_empty_rows=drop_empty_rows)
        for index in sorted(numbers)
    ]
    return [row for row in rows if not (drop_empty_rows and is_blank_row(row))] or None


def _row(item: Field, values: Posted, name: str, *, drop_empty_rows: bool) -> Any:
    if item.kind is Kind.GROUP:
        return _group(item, values, f"{name}.", drop_empty_rows=drop_empty_rows)
    typed = values.get(name, [""])[-1]
    return "" if is_blank(typed) else parse(item.kind, typed)


def parse(kind: Kind, typed: str) -> Any:
    """One typed value as data; the typed text itself when it means nothing of that kind."""
    value: Any = None
    if kind is Kind.MONEY:
        value = ore(typed)
    elif kind in {Kind.INTEGER, Kind.NUMBER, Kind.PERCENT}:
        exact = number(typed)
        if exact is not None:
            value = int(exact) if exact == exact.to_integral_value() else float(exact)
    elif kind is Kind.DATE:
        value = iso_date(typed)
    elif kind is Kind.DATETIME:
        value = utc_moment(typed)
    elif kind is Kind.BOOLEAN:
        value = _BOOLEANS.get(typed)
    return typed if value is None else value


def encode(form: Form, data: Mapping[str, Any]) -> Posted:
    """The strings that show `data` in an HTML form, by name."""
    values: dict[str, list[str]] = {}
    _write_group(form.root, data, "", values)
    return values


def _write_group(
    group: Field, data: Mapping[str, Any], prefix: str, values: dict[str, list[str]]
) -> None:
    for each in group.fields:
        _write(each, data.get(each.name), prefix + each.name, values)


def _write(each: Field, value: Any, name: str, values: dict[str, list[str]]) -> None:
    if value is None:
        return
    if each.kind is Kind.GROUP:
        if isinstance(value, Mapping):
            _write_group(each, value, f"{name}.", values)
    elif each.is_ticked or (each.item is not None and each.item.kind is Kind.FILE):
        values[name] = [str(one) for one in value] if isinstance(value, list) else [str(value)]
    elif each.item is not None:
        for index, row in enumerate(value if isinstance(value, list) else []):
            values[f"{name}.{index}"] = [""]
            _write(each.item, row, f"{name}.{index}", values)
    else:
        values[name] = [show(each.kind, value)]


def show(kind: Kind, value: Any) -> str:
    """One value as it stands in its input; a value of another type as its text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        is_money = kind is Kind.MONEY and isinstance(value, int)
        return kroner(int(value)) if is_money else grouped(value)
    text = str(value)
    if kind is Kind.ORGANISATION:
        return organisations.spaced(text)
    if kind is Kind.CPV:
        return cpv.full(text)
    try:
        if kind is Kind.DATE:
            return day(text)
        if kind is Kind.DATETIME:
            return minute(text)
    except (ValueError, OverflowError):  # the last hours that there are have none in Oslo
        return text
    return text


def act(form: Form, data: Mapping[str, Any], action: str) -> dict[str, Any]:
    """`data` after a button of the form, rows counted from 0: `add:effects`, `remove:effects.2`,
    `remove:contract_file`, `look-up:code` (which changes nothing), `pick:code=73000000`.

    Raises `InvalidInputError` for an action that the form does not have.
    """
    verb, _, place = action.partition(":")
    if verb == "pick":
        return _pick(form, data, place)
    path = [int(part) if part.isdigit() else part for part in place.split(".")]
    field = form.find(tuple(path))
    if verb == "look-up" and field is not None and field.kind in LOOKED_UP:
        return dict(data)
    if verb == "remove" and field is not None and field.kind is Kind.FILE:
        return dict(put(data, path, "", append=False))
    if verb not in {"add", "remove"}:
        raise InvalidInputError(f"There is no action {action}.", action=action, about="no-such-act")
    row = path.pop() if verb == "remove" else None
    field = form.find(tuple(path))
    if field is None or field.item is None or not (row is None or isinstance(row, int)):
        raise InvalidInputError(f"There is no list at {place}.", action=action, about="no-such-act")
    blank: Any = {} if field.item.kind is Kind.GROUP else ""
    return dict(_acted(data, path, row, blank))


def _pick(form: Form, data: Mapping[str, Any], place: str) -> dict[str, Any]:
    """One of the codes that were found goes into its field."""
    name, _, value = place.partition("=")
    path = [int(part) if part.isdigit() else part for part in name.split(".")]
    field = form.find(tuple(path))
    if field is None or field.kind not in LOOKED_UP:
        raise InvalidInputError(
            f"There is nothing to look up at {name}.", action=f"pick:{place}", about="no-such-act"
        )
    return dict(put(data, path, value, append=False))


def _acted(node: Any, path: list[int | str], row: int | None, blank: Any) -> Any:
    """A copy of `node` where the list at `path` has lost a row, or has one more."""
    if not path:
        rows = list(node) if isinstance(node, list) else []
        return [*rows, blank] if row is None else [each for i, each in enumerate(rows) if i != row]
    head, rest = path[0], path[1:]
    if isinstance(head, int):
        rows = list(node) if isinstance(node, list) else []
        return [
            _acted(each, rest, row, blank) if i == head else each for i, each in enumerate(rows)
        ]
    level = dict(node) if isinstance(node, Mapping) else {}
    return {**level, head: _acted(level.get(head), rest, row, blank)}


def put(data: Mapping[str, Any], path: list[int | str], value: str, *, append: bool) -> Any:
    """A copy of `data` with `value` at `path`, or as one more in the list that is there."""
    return _put(data, path, value, append=append)


def _put(node: Any, path: list[int | str], value: str, *, append: bool) -> Any:
    if not path:
        return [*(node if isinstance(node, list) else []), value] if append else value
    head, rest = path[0], path[1:]
    if isinstance(head, int):
        rows = list(node) if isinstance(node, list) else []
        rows += [{}] * (head + 1 - len(rows)) if head < _MOST_ROWS else []
        return [
            _put(each, rest, value, append=append) if index == head else each
            for index, each in enumerate(rows)
        ]
    level = dict(node) if isinstance(node, Mapping) else {}
    return {**level, head: _put(level.get(head), rest, value, append=append)}
