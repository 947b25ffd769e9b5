"""The form as a browser checks it before sending: the same fields, limits and messages.

Made from the form that the server checks by, in the reader's language. `static/forms.js` is the
other half; a test holds the two to the same answers.
"""

from collections.abc import Collection
from typing import Any

from engine.forms.conditions import is_for
from engine.forms.definition import Condition, Field, Form, Kind, Limits
from engine.forms.messages import MESSAGES
from engine.forms.patterns import for_browsers
from engine.forms.submission import said_limit
from engine.forms.values import Amount, Context
from engine.registers import cpv, organisations

_CHOSEN = frozenset({Kind.CHOICE, Kind.SUPPLIER, Kind.PERSON, Kind.BOOLEAN})


def browser_rules(
    form: Form, roles: Collection[str], context: Context, language: str
) -> dict[str, Any]:
    """What `forms.js` needs, as JSON: only fields for these roles, and references by id."""
    return {
        "root": _field(form.root, roles, context, language),
        "messages": {code: texts[language] for code, texts in MESSAGES.items()},
        "files": sorted(context.files),
        "weights": {"organisation": organisations.WEIGHTS, "cpv": cpv.WEIGHTS},
    }


def _field(each: Field, roles: Collection[str], context: Context, language: str) -> dict[str, Any]:
    choices = context.choices(each)
    return {
        "name": each.name,
        "kind": each.kind.value,
        "title": each.title(language),
        "help": each.help(language),
        "required": each.required,
        "computed": each.compute is not None,
        "ticked": each.is_ticked,
        "chosen": each.kind in _CHOSEN or choices is not None,
        "choices": None if choices is None else [[key, title(language)] for key, title in choices],
        "limits": _limits(each.kind, each.limits, language),
        "showIf": _condition(each.show_if),
        "requiredIf": [
            {
                "if": _condition(rule.condition),
                "then": sorted(rule.names),
                "else": sorted(rule.otherwise),
            }
            for rule in each.required_if
        ],
        "fields": [
            _field(inner, roles, context, language) for inner in each.fields if is_for(inner, roles)
        ],
        "item": None if each.item is None else _field(each.item, roles, context, language),
        "itemTitle": each.item_title(language),
        "matrix": None if each.matrix is None else [each.matrix.rows, each.matrix.columns],
    }


def _condition(condition: Condition | None) -> dict[str, Any] | None:
    if condition is None:
        return None
    values = {name: list(allowed) for name, allowed in condition.values.items()}
    return {"values": values, "vacuous": sorted(condition.vacuous)}


def _limits(kind: Kind, limits: Limits, language: str) -> dict[str, Any]:
    """Bounds as exact texts, each with the words a message has for it."""
    bounds = {
        "minimum": limits.minimum,
        "maximum": limits.maximum,
        "exclusiveMinimum": limits.exclusive_minimum,
    }
    return {
        "minLength": limits.min_length,
        "maxLength": limits.max_length,
        "minItems": limits.min_items,
        "maxItems": limits.max_items,
        "pattern": None if limits.pattern is None else for_browsers(limits.pattern),
        "format": limits.format,
        "constant": limits.constant,
        "unique": limits.unique,
        **{
            name: [str(bound), said_limit(Amount(kind, bound), language)]
            for name, bound in bounds.items()
            if bound is not None
        },
    }
