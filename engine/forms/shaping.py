"""The shape of a form's data on a page: with defaults, first rows, and every cell of a matrix.

Drafts are compared in this shape, so that what a page adds by itself is nobody's change.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from engine.forms.computing import settled
from engine.forms.conditions import for_roles, required_names
from engine.forms.definition import Field, Form, Kind
from engine.forms.encoding import decode, encode
from engine.forms.matrix import arranged, axes_of
from engine.forms.values import Context

OPTION: Final[str] = "_option"
REASON: Final[str] = "_reason"
BESIDE: Final[tuple[str, ...]] = (OPTION, REASON)
"""What a draft holds besides the form: the option and the reason of a gate."""


def padded(form: Form, data: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """`data` with defaults, with as many empty rows as lists need at least, with every cell of a
    matrix, and with what is ticked in the order in which it is offered."""
    return _padded(form.root, data, context)


def _padded(group: Field, data: Mapping[str, Any], context: Context) -> dict[str, Any]:
    result = dict(data)
    for each in group.fields:
        if each.default is not None:
            result.setdefault(each.name, each.default)
        found = result.get(each.name)
        rows = list(found) if isinstance(found, list) else []
        if each.is_ticked:
            offered = context.choices(each) or ()
            result[each.name] = [value for value, _ in offered if value in rows]
            continue
        if each.item is None or each.item.kind is Kind.FILE:
            continue
        axes = axes_of(each, context)
        if axes is not None:
            result[each.name] = arranged(axes, rows)[: len(axes.rows) * len(axes.columns)]
            continue
        blank: Any = {} if each.item.kind is Kind.GROUP else ""
        least = max(each.limits.min_items or 0, 1 if each.required else 0)
        result[each.name] = rows + [blank] * (least - len(rows))
    return result


def page_shape(
    form: Form | None, data: Mapping[str, Any], roles: Collection[str], context: Context
) -> dict[str, Any]:
    """What a page that shows `data` would send back if nobody touched it."""
    beside = {name: data[name] for name in BESIDE if data.get(name)}
    if form is None:
        return beside
    mine = for_roles(form.root, settled(form, data, roles, context.now), roles)
    shown = _without_unticked(form.root, padded(form, mine, context))
    return {**decode(form, encode(form, shown)), **beside}


def _without_unticked(group: Field, data: Mapping[str, Any]) -> dict[str, Any]:
    """A box that is not ticked sends nothing; a question of yes or no does."""
    required = required_names(group, data)
    result = dict(data)
    for each in group.fields:
        value = result.get(each.name)
        is_box = each.name not in required or each.limits.constant is not None
        if each.kind is Kind.BOOLEAN and is_box and value is False:
            del result[each.name]
        elif each.kind is Kind.GROUP and isinstance(value, Mapping):
            result[each.name] = _without_unticked(each, value)
        elif each.item is not None and each.item.kind is Kind.GROUP and isinstance(value, list):
            item = each.item
            result[each.name] = [
                _without_unticked(item, row) if isinstance(row, Mapping) else row for row in value
            ]
    return result


def beyond_roles(
    form: Form | None, data: Mapping[str, Any], roles: Collection[str]
) -> dict[str, Any]:
    """What a draft holds in fields at the top of the form that are for other roles."""
    if form is None:
        return {}
    own = {each.name for each in form.fields if not each.roles or each.roles & set(roles)}
    known = {each.name for each in form.fields} - own
    return {name: value for name, value in data.items() if name in known}
