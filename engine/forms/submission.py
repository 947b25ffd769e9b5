"""Checking what somebody sent in against the form: the same for HTML, JSON and scenarios."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from engine.errors import InvalidSubmissionError
from engine.forms.conditions import is_blank, is_for, is_shown, required_names, without_hidden
from engine.forms.definition import Field, Form, Kind, Text
from engine.forms.messages import LANGUAGES, message
from engine.forms.numbers import grouped, kroner
from engine.forms.values import Amount, Context, RefusedValueError, read_value

Path = tuple[str | int, ...]
_CHOSEN: Final = frozenset({Kind.CHOICE, Kind.SUPPLIER, Kind.PERSON, Kind.BOOLEAN})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field; `path` has row numbers from 0."""

    path: Path
    code: str
    messages: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        return {
            "path": ".".join(map(str, self.path)),
            "code": self.code,
            "message": dict(self.messages),
        }


def check(
    form: Form, data: Mapping[str, Any], roles: Collection[str], context: Context
) -> dict[str, Any]:
    """The submission as it is stored: only fields of the form, shown ones, values normalised.

    Texts are trimmed, an unticked box is False, an untouched list is [], moments are UTC, and what
    was left empty is left out. Raises `InvalidSubmissionError` whose `faults` are dictionaries
    {path, code, message: {language: text}} in the order of the form.
    """
    checker = _Checker(roles, context, without_hidden(form.root, data, data, roles))
    clean = checker.group(form.root, data, ())
    if checker.faults:
        faults = [fault.as_dict() for fault in checker.faults]
        raise InvalidSubmissionError(
            f"The form {form.key} has {len(faults)} fault(s): {faults[0]['message']['en']}",
            form=form.key,
            faults=faults,
        )
    return clean


class _Missing:
    """A field without a value: left empty, or at fault."""


MISSING: Final = _Missing()


class _Checker:
    def __init__(self, roles: Collection[str], context: Context, top: Mapping[str, Any]) -> None:
        self._roles = roles
        self._context = context
        self._top = top
        self.faults: list[Fault] = []

    def group(self, group: Field, data: Mapping[str, Any], path: Path) -> dict[str, Any]:
        shown = without_hidden(group, data, self._top, self._roles)
        required = required_names(group, shown)
        clean: dict[str, Any] = {}
        for each in group.fields:
            if not self._is_shown(each, shown):
                continue
            place = (*path, each.name)
            value = self._field(each, shown.get(each.name), place, each.name in required)
            if not isinstance(value, _Missing):
                clean[each.name] = value
        self._refuse_unknown(group, data, path)
        return clean

    def _is_shown(self, each: Field, level: Mapping[str, Any]) -> bool:
        return is_shown(each, level, self._top, self._roles)

    def _refuse_unknown(self, group: Field, data: Mapping[str, Any], path: Path) -> None:
        known = {each.name for each in group.fields if is_for(each, self._roles)}
        for name in data:
            if name not in known:
                self._report((*path, name), "unknown-field", Text(name))

    def _field(self, each: Field, value: object, path: Path, required: bool) -> object:
        if each.kind is Kind.GROUP:
            return self._subgroup(each, {} if value is None else value, path)
        if each.kind in {Kind.LIST, Kind.CHOICES}:
            return self._list(each, [] if is_blank(value) else value, path, required)
        if is_blank(value):
            return self._blank(each, path, required)
        return self._value(each, value, path, each.title)

    def _blank(self, each: Field, path: Path, required: bool) -> object:
        if each.limits.constant is True:
            return self._report(path, "confirm", each.title)
        if required:
            code = "required-choice" if each.kind in _CHOSEN else "required"
            return self._report(path, code, each.title)
        return False if each.kind is Kind.BOOLEAN else MISSING

    def _subgroup(self, each: Field, value: object, path: Path) -> object:
        if not isinstance(value, Mapping):
            return self._report(path, "not-a-group", each.title)
        return self.group(each, value, path)

    def _list(self, each: Field, value: object, path: Path, required: bool) -> object:
        if not isinstance(value, list):
            return self._report(path, "not-a-list", each.title)
        least = max(each.limits.min_items or 0, 1 if required else 0)
        most = each.limits.max_items
        if len(value) < least:
            code = "required-choices" if each.kind is Kind.CHOICES else "required-list"
            return self._report(path, code, each.title, least=least)
        if most is not None and len(value) > most:
            return self._report(path, "too-many", each.title, limit=most)
        clean = [self._row(each, row, (*path, index)) for index, row in enumerate(value)]
        if each.limits.unique and _repeats(clean):
            return self._report(path, "repeated", each.title)
        return clean

    def _row(self, each: Field, row: object, path: Path) -> object:
        if each.item is None:
            return self._value(each, row, path, each.title)
        if each.item.kind is Kind.GROUP:
            return self._subgroup(replace(each.item, title=each.title), row, path)
        if is_blank(row):
            return self._report(path, "required", each.title)
        return self._value(each.item, row, path, each.title)

    def _value(self, each: Field, value: object, path: Path, title: Text) -> object:
        try:
            return read_value(each, value, self._context)
        except RefusedValueError as refused:
            return self._report(path, refused.code, title, **refused.limits)

    def _report(self, path: Path, code: str, title: Text, **limits: object) -> _Missing:
        texts = {
            language: message(
                code,
                language,
                title=title(language),
                **{name: _said(limit, language) for name, limit in limits.items()},
            )
            for language in LANGUAGES
        }
        self.faults.append(Fault(path, code, MappingProxyType(texts)))
        return MISSING


def _repeats(values: list[Any]) -> bool:
    return any(value in values[:index] for index, value in enumerate(values))


def _said(limit: object, language: str) -> str:
    """A limit as the message says it: money in kroner, texts in the language."""
    if isinstance(limit, Text):
        return limit(language)
    if isinstance(limit, Amount):
        if limit.kind is Kind.MONEY:
            return f"{kroner(int(limit.value))} kr"
        percent = "\u00a0%" if limit.kind is Kind.PERCENT else ""
        return grouped(limit.value) + percent
    return str(limit)
