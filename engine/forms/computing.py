"""Fields that nobody fills in: their values, from the other fields, by the form's own FEEL.

The same on every path. What a client sends for such a field is of no account. Numbers are exact
decimals; an amount is rounded to whole øre and a whole number to one, half up, other numbers to six
decimals.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from engine.errors import FeelError
from engine.feel import Scope
from engine.forms.conditions import Values, shown_part
from engine.forms.definition import NUMERIC, Field, Form, Kind, walk

_WHOLE: Final = Decimal(1)
_FINEST: Final = Decimal("0.000001")
_LARGEST: Final = Decimal(10) ** 15


def is_computed(form: Form) -> bool:
    return any(each.compute is not None for each in walk(form.root))


def settled(form: Form, data: Values, roles: Collection[str], now: datetime) -> dict[str, Any]:
    """`data` with the value of every computed field, or without it while it has none.

    A computed field may rest on others, and decide whether others are shown: it is gone round until
    nothing changes. A circle, which `pivotal check` refuses, ends after as many rounds as there are
    fields.
    """
    rounds = 1 + sum(each.compute is not None for each in walk(form.root))
    if rounds == 1:
        return dict(data)
    values = _without_computed(form.root, data)
    for _ in range(rounds):
        shown = shown_part(form.root, values, values, roles)
        computed = _computed(form.root, values, shown, shown, Scope(now))
        if computed == values:
            break
        values = computed
    return values


def _without_computed(group: Field, data: Values) -> dict[str, Any]:
    """The data less what stands in computed fields; names the form does not know are kept."""
    computed = {each.name for each in group.fields if each.compute is not None}
    result = {name: value for name, value in data.items() if name not in computed}
    for each in group.fields:
        value = result.get(each.name)
        if each.kind is Kind.GROUP and isinstance(value, Mapping):
            result[each.name] = _without_computed(each, value)
        elif each.item is not None and each.item.kind is Kind.GROUP and isinstance(value, list):
            result[each.name] = [
                _without_computed(each.item, row) if isinstance(row, Mapping) else row
                for row in value
            ]
    return result


def _computed(
    group: Field, data: Values, shown: Values, top: Values, scope: Scope
) -> dict[str, Any]:
    """`data` with computed values at this level and below, from what is `shown` there."""
    result = dict(data)
    for each in group.fields:
        value, seen = data.get(each.name), shown.get(each.name)
        if each.compute is not None:
            made = _value(each, {**_all_of(group, shown), **top, **shown}, scope)
            result.pop(each.name, None)
            if made is not None:
                result[each.name] = made
        elif each.kind is Kind.GROUP and isinstance(value, Mapping) and isinstance(seen, Mapping):
            result[each.name] = _computed(each, value, seen, top, scope)
        elif each.item is not None and isinstance(value, list) and isinstance(seen, list):
            result[each.name] = [
                _computed(each.item, row, part, top, scope) if isinstance(row, Mapping) else row
                for row, part in zip(value, seen, strict=True)
            ]
    return result


def _all_of(group: Field, shown: Values) -> dict[str, Any]:
    """An untouched list is empty rather than missing, so that it can be counted."""
    lists = (each for each in group.fields if each.kind in {Kind.LIST, Kind.CHOICES})
    return {each.name: [] for each in lists if each.name not in shown}


def _value(each: Field, values: Values, scope: Scope) -> Any:
    """The value as a submission holds it; None when there is none, or of another kind."""
    if each.compute is None:
        return None
    try:
        found = each.compute.evaluate(values, scope)
    except FeelError:  # more than a form may ask for; the field says that it has no value
        return None
    if each.kind in NUMERIC:
        return _number(each.kind, found)
    if each.kind is Kind.DATE:
        return found.isoformat() if type(found) is date else None
    wanted = bool if each.kind is Kind.BOOLEAN else str
    return found if isinstance(found, wanted) else None


def _number(kind: Kind, found: object) -> int | float | None:
    if isinstance(found, bool) or not isinstance(found, int | Decimal):
        return None
    exact = Decimal(found)
    if not exact.is_finite() or abs(exact) >= _LARGEST:
        return None
    finest = _WHOLE if kind in {Kind.MONEY, Kind.INTEGER} else _FINEST
    rounded = exact.quantize(finest, ROUND_HALF_UP)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)
