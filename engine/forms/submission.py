"""Checking what somebody sent in against the form: the same for HTML, JSON and scenarios."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from engine.errors import InvalidSubmissionError
from engine.forms.computing import settled
from engine.forms.conditions import is_blank, is_for, is_shown, required_names, without_hidden
from engine.forms.definition import LOOK_UPS, Field, Form, Kind, Text, joined
from engine.forms.looking_up import look_ups
from engine.forms.matrix import Axes, arranged, axes_of, row_title
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
    was left empty is left out. Computed fields are worked out anew, and what registers tell of
    organisation numbers and codes is kept under `_lookups` with source and time. Raises
    `InvalidSubmissionError` whose `faults` are dictionaries {path, code, message: {language: text}}
    in the order of the form.
    """
    sent = {name: value for name, value in data.items() if name != LOOK_UPS}
    values = settled(form, sent, roles, context.now)
    checker = _Checker(roles, context, without_hidden(form.root, values, values, roles))
    clean = checker.group(form.root, values, ())
    if checker.faults:
        faults = [fault.as_dict() for fault in checker.faults]
        raise InvalidSubmissionError(
            f"The form {form.key} has {len(faults)} fault(s): {faults[0]['message']['en']}",
            form=form.key,
            faults=faults,
        )
    found = look_ups(form, clean, context)
    return {**clean, LOOK_UPS: found} if found else clean


class _Missing:
    """A field without a value: left empty, or at fault."""


MISSING: Final = _Missing()


class _Checker:
    def __init__(self, roles: Collection[str], context: Context, top: Mapping[str, Any]) -> None:
        self._roles = roles
        self._context = context
        self._top = top
        self.faults: list[Fault] = []

    def group(
        self, group: Field, data: Mapping[str, Any], path: Path, row: Text | None = None
    ) -> dict[str, Any]:
        """The group's values; `row` says in messages which row of a list it is."""
        shown = without_hidden(group, data, self._top, self._roles)
        required = required_names(group, shown)
        clean: dict[str, Any] = {}
        for each in group.fields:
            if not self._is_shown(each, shown):
                continue
            place = (*path, each.name)
            value = self._field(each, shown.get(each.name), place, each.name in required, row)
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

    def _field(
        self, each: Field, value: object, path: Path, required: bool, row: Text | None
    ) -> object:
        title = each.title if row is None else joined(each.title, " – ", row)
        if each.kind is Kind.GROUP:
            return self._subgroup(each, {} if value is None else value, path, title, row)
        if each.kind in {Kind.LIST, Kind.CHOICES}:
            return self._list(each, [] if is_blank(value) else value, path, required, title)
        if is_blank(value):
            return self._blank(each, path, required, title)
        return self._value(each, value, path, title)

    def _blank(self, each: Field, path: Path, required: bool, title: Text) -> object:
        if each.limits.constant is True:
            return self._report(path, "confirm", title)
        if required:
            return self._report(path, self._required_code(each), title)
        return False if each.kind is Kind.BOOLEAN and each.compute is None else MISSING

    def _required_code(self, each: Field) -> str:
        if each.compute is not None:
            return "not-computed"
        is_chosen = each.kind in _CHOSEN or self._context.choices(each) is not None
        return "required-choice" if is_chosen else "required"

    def _subgroup(
        self, each: Field, value: object, path: Path, title: Text, row: Text | None
    ) -> object:
        if not isinstance(value, Mapping):
            return self._report(path, "not-a-group", title)
        return self.group(each, value, path, row)

    def _list(self, each: Field, value: object, path: Path, required: bool, title: Text) -> object:
        if not isinstance(value, list):
            return self._report(path, "not-a-list", title)
        axes = axes_of(each, self._context)
        rows = value if axes is None else self._cells(axes, value, required)
        least = max(each.limits.min_items or 0, 1 if required else 0)
        most = each.limits.max_items
        if len(rows) < least:
            code = "required-choices" if each.is_ticked else "required-list"
            return self._report(path, code, title, least=least)
        if most is not None and len(rows) > most:
            return self._report(path, "too-many", title, limit=most)
        clean = [self._row(each, axes, row, (*path, index)) for index, row in enumerate(rows)]
        if axes is not None:
            return self._whole(each, axes, clean, path)
        if each.limits.unique and _repeats(clean):
            return self._report(path, "repeated", title)
        return clean

    def _cells(self, axes: Axes, rows: list[Any], required: bool) -> list[Any]:
        """Every cell of a matrix in its order; none while nothing is filled in that need not be."""
        cells = arranged(axes, rows)
        return cells if required or not all(map(axes.is_blank, cells)) else []

    def _whole(self, each: Field, axes: Axes, clean: list[Any], path: Path) -> object:
        """The cells that hold something; the same one twice is a fault."""
        known = set()
        for cell in clean:
            place = axes.place(cell) if isinstance(cell, Mapping) else (None, None)
            if None in place:  # what is wrong with it has been said
                continue
            if place in known:
                title = joined(each.title, " – ", axes.title(cell))
                return self._report(path, "repeated-cell", title)
            known.add(place)
        return [cell for cell in clean if not axes.is_blank(cell)]

    def _row(self, each: Field, axes: Axes | None, row: object, path: Path) -> object:
        if each.item is None:
            return self._value(each, row, path, each.title)
        if each.item.kind is Kind.GROUP:
            name = row_title(each, axes, row, int(path[-1]))
            return self._subgroup(each.item, row, path, each.title, name)
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
                **{name: said_limit(limit, language) for name, limit in limits.items()},
            )
            for language in LANGUAGES
        }
        self.faults.append(Fault(path, code, MappingProxyType(texts)))
        return MISSING


def _repeats(values: list[Any]) -> bool:
    kept = [value for value in values if not isinstance(value, _Missing)]
    return any(value in kept[:index] for index, value in enumerate(kept))


def said_limit(limit: object, language: str) -> str:
    """A limit as the message says it: money in kroner, texts in the language."""
    if isinstance(limit, Text):
        return limit(language)
    if isinstance(limit, Amount):
        if limit.kind is Kind.MONEY:
            return f"{kroner(int(limit.value))} kr"
        percent = "\u00a0%" if limit.kind is Kind.PERCENT else ""
        return grouped(limit.value) + percent
    return str(limit)
