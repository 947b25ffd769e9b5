"""A submission as plain text, for letters: each field's title and what was answered."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.forms.conditions import is_blank
from engine.forms.definition import NUMERIC, Field, Form, Kind
from engine.forms.encoding import show

_ENGLISH_NUMBERS = str.maketrans({",": ".", "\u00a0": ","})
"""1 250 000,50 as it is written in English: 1,250,000.50."""
_WORDS = {"nb": ("Ja", "Nei"), "nn": ("Ja", "Nei"), "en": ("Yes", "No")}


def as_text(
    title: str,
    form: Form,
    content: Mapping[str, Any],
    language: str,
    suppliers: Mapping[str, str],
) -> str:
    """The title, then a line per answered field that is not internal; rows of a list are numbered.
    `suppliers` says what suppliers are called, by key."""
    words = _Words(language, suppliers)
    lines = [title, "", *words.group(form.root, content, "")]
    return "\n".join(lines).strip() + "\n"


def own_part(form: Form, content: Mapping[str, Any], supplier: str) -> dict[str, Any]:
    """The content less the rows of lists that are about another supplier."""
    mine = dict(content)
    for each in form.root.fields:
        rows = mine.get(each.name)
        if each.kind is Kind.LIST and each.item is not None and isinstance(rows, list):
            about = _about(each.item)
            mine[each.name] = [row for row in rows if about is None or about(row) == supplier]
    return mine


def _about(item: Field) -> Callable[[Any], Any] | None:
    """What tells which supplier a row is about; None for rows that are about none."""
    if item.kind is Kind.SUPPLIER:
        return lambda row: row
    names = [each.name for each in item.fields if each.kind is Kind.SUPPLIER]
    return (lambda row: row.get(names[0])) if names else None


@dataclass(frozen=True, slots=True)
class _Words:
    language: str
    suppliers: Mapping[str, str]

    def group(self, group: Field, values: Mapping[str, Any], indent: str) -> Iterator[str]:
        for each in group.fields:
            value = values.get(each.name)
            if not each.internal and not is_blank(value):
                yield from self._field(each, value, indent)

    def _field(self, each: Field, value: Any, indent: str) -> Iterator[str]:
        asked = each.title(self.language)
        title = f"{indent}{asked}" if asked.endswith("?") else f"{indent}{asked}:"
        if each.kind is Kind.GROUP:
            yield title
            yield from self.group(each, value, indent + "  ")
        elif each.kind is Kind.LIST and each.item is not None:
            yield title
            for number, row in enumerate(value, start=1):
                yield from self._row(each.item, row, f"{indent}  ", number)
        else:
            yield f"{title} {self._shown(each, value)}"

    def _row(self, item: Field, row: Any, indent: str, number: int) -> Iterator[str]:
        if item.kind is Kind.GROUP:
            yield f"{indent}{number}."
            yield from self.group(item, row, indent + "  ")
        else:
            yield f"{indent}{number}. {self._shown(item, row)}"

    def _shown(self, each: Field, value: Any) -> str:
        if isinstance(value, bool):
            yes, no = _WORDS.get(self.language, _WORDS["nb"])
            return yes if value else no
        if each.kind is Kind.SUPPLIER:
            return self.suppliers.get(value, value)
        if each.kind in NUMERIC and self.language == "en":
            return show(each.kind, value).translate(_ENGLISH_NUMBERS)
        titles = {option.value: option.title(self.language) for option in each.options}
        if isinstance(value, list):
            return ", ".join(titles.get(str(one), str(one)) for one in value)
        return titles.get(str(value), show(each.kind, value))
