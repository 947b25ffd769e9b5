"""Which fields are part of the form, and which are required, given what has been filled in."""

from collections.abc import Collection, Mapping
from typing import Any

from engine.forms.definition import Condition, Field, Kind

Values = Mapping[str, Any]


def without_hidden(group: Field, data: Values, top: Values, roles: Collection[str]) -> Values:
    """`data` less what hidden fields hold; hiding one may hide those that depend on it."""
    remaining = dict(data)
    for _ in group.fields:
        hidden = [
            each.name
            for each in group.fields
            if each.name in remaining and not is_shown(each, remaining, top, roles)
        ]
        for name in hidden:
            del remaining[name]
        if not hidden:
            break
    return remaining


def shown_part(group: Field, data: Values, top: Values, roles: Collection[str]) -> dict[str, Any]:
    """What the data holds in fields of the form that are shown, at every level."""
    remaining = without_hidden(group, data, top, roles)
    return {
        each.name: _shown_part(each, remaining[each.name], top, roles)
        for each in group.fields
        if each.name in remaining
    }


def _shown_part(each: Field, value: Any, top: Values, roles: Collection[str]) -> Any:
    if each.kind is Kind.GROUP and isinstance(value, Mapping):
        return shown_part(each, value, top, roles)
    if each.item is not None and isinstance(value, list):
        return [_shown_part(each.item, row, top, roles) for row in value]
    return value


def is_shown(each: Field, level: Values, top: Values, roles: Collection[str]) -> bool:
    """Whether the field is part of the form for these roles and these values."""
    return is_for(each, roles) and (each.show_if is None or holds(each.show_if, level, top))


def is_for(each: Field, roles: Collection[str]) -> bool:
    """Whether the field is for somebody with these roles."""
    return not each.roles or not each.roles.isdisjoint(roles)


def for_roles(group: Field, data: Values, roles: Collection[str]) -> dict[str, Any]:
    """What the data holds in fields that are for these roles, in the order of the form."""
    return {
        each.name: _for_roles(each, data[each.name], roles)
        for each in group.fields
        if each.name in data and is_for(each, roles)
    }


def _for_roles(each: Field, value: Any, roles: Collection[str]) -> Any:
    if each.kind is Kind.GROUP and isinstance(value, Mapping):
        return for_roles(each, value, roles)
    if each.item is not None and isinstance(value, list):
        return [_for_roles(each.item, row, roles) for row in value]
    return value


def required_names(group: Field, level: Values) -> set[str]:
    """The names that are required in this group now."""
    names = {each.name for each in group.fields if each.required}
    for rule in group.required_if:
        names |= rule.names if holds(rule.condition, level, level) else rule.otherwise
    return names


def holds(condition: Condition, level: Values, top: Values) -> bool:
    """Whether every part of the condition holds."""
    return all(
        _one_of(level.get(name, top.get(name)), allowed, empty_holds=name in condition.vacuous)
        for name, allowed in condition.values.items()
    )


def _one_of(value: object, allowed: tuple[object, ...], *, empty_holds: bool) -> bool:
    if is_blank(value):
        return empty_holds or any(option is False for option in allowed)
    values = value if isinstance(value, list) else [value]
    return any(_same(each, option) for each in values for option in allowed)


def _same(left: object, right: object) -> bool:
    """Equality as JSON has it: true is not 1."""
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def is_blank(value: object) -> bool:
    """Left empty: nothing, or nothing but white space."""
    return value is None or (isinstance(value, str) and not value.strip()) or value == []


def is_blank_row(row: object) -> bool:
    """A row of a list that nobody has filled in; unticked boxes count as nothing."""
    if isinstance(row, Mapping):
        return all(is_blank_row(value) or value is False for value in row.values())
    return is_blank(row)
