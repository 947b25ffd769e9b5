"""A submission as plain text, for letters: each field's title and what was answered."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.forms.conditions import is_blank
from engine.forms.definition import Field, Form, Kind
from engine.forms.encoding import show

_WORDS = {"nb": ("Ja", "Nei"), "nn": ("Ja", "Nei"), "en": ("Yes", "No")}


def as_text(form: Form, content: Mapping[str, Any], language: str) -> str:
    """The form's title, then a line per answered field that is not internal; rows of a list are
    numbered."""
    lines = [form.title(language), "", *_group(form.root, content, language, "")]
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


def _group(group: Field, values: Mapping[str, Any], language: str, indent: str) -> Iterator[str]:
    for each in group.fields:
        value = values.get(each.name)
        if not each.internal and not is_blank(value):
            yield from _field(each, value, language, indent)


def _field(each: Field, value: Any, language: str, indent: str) -> Iterator[str]:
    asked = each.title(language)
    title = f"{indent}{asked}" if asked.endswith("?") else f"{indent}{asked}:"
    if each.kind is Kind.GROUP:
        yield title
        yield from _group(each, value, language, indent + "  ")
    elif each.kind is Kind.LIST and each.item is not None:
        yield title
        for number, row in enumerate(value, start=1):
            yield from _row(each.item, row, language, f"{indent}  ", number)
    else:
        yield f"{title} {_shown(each, value, language)}"


def _row(item: Field, row: Any, language: str, indent: str, number: int) -> Iterator[str]:
    if item.kind is Kind.GROUP:
        yield f"{indent}{number}."
        yield from _group(item, row, language, indent + "  ")
    else:
        yield f"{indent}{number}. {_shown(item, row, language)}"


def _shown(each: Field, value: Any, language: str) -> str:
    if isinstance(value, bool):
        yes, no = _WORDS.get(language, _WORDS["nb"])
        return yes if value else no
    titles = {option.value: option.title(language) for option in each.options}
    if isinstance(value, list):
        return ", ".join(titles.get(str(one), str(one)) for one in value)
    return titles.get(str(value), show(each.kind, value))
