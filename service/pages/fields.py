"""A form with its values, as the templates draw it: inputs to fill in, or answers to read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.forms.conditions import is_for, required_names
from engine.forms.definition import Field, Form, Kind
from engine.forms.encoding import Posted, encode, show
from engine.forms.numbers import day, grouped, kroner, minute
from engine.forms.values import Context
from service.i18n import Translator

FEW: Final = 6  # up to so many options are shown at once, more become a list to open


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    title: str
    fields: tuple["Input", ...]
    remove: str


@dataclass(frozen=True, slots=True)
class Input:
    """One field. `widget` names the macro that draws it. `depends` is (name, title, values, value
    titles) of the field that decides whether this one applies, or None."""

    name: str
    widget: str
    label: str
    help: str
    required: bool
    value: str
    choices: tuple[Choice, ...]
    errors: tuple[str, ...]
    rows: tuple[Row, ...]
    fields: tuple["Input", ...]
    item_title: str
    add: str
    lines: int
    longest: int
    depends: "Dependence | None"

    @property
    def id(self) -> str:
        return field_id(self.name)

    @property
    def described_by(self) -> str:
        parts = ([f"{self.id}-help"] if self.help else []) + (
            [f"{self.id}-error"] if self.errors else []
        )
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Dependence:
    """The field applies when `name` has one of `values`; `title` and `wanted` say so in words."""

    name: str
    values: tuple[str, ...]
    title: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A field that has been filled in. Rows hold the answers of a list; files are (id, name)."""

    label: str
    text: str = ""
    rows: tuple[tuple["Answer", ...], ...] = ()
    files: tuple[tuple[str, str], ...] = ()


def field_id(path: str) -> str:
    """The id of the element that an error links to."""
    return "f-" + path.replace(".", "-")


WIDGETS: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "text",
    Kind.LONGTEXT: "textarea",
    Kind.INTEGER: "integer",
    Kind.NUMBER: "number",
    Kind.MONEY: "money",
    Kind.PERCENT: "percent",
    Kind.DATE: "date",
    Kind.DATETIME: "moment",
    Kind.CHOICES: "checkboxes",
    Kind.FILE: "file",
    Kind.GROUP: "group",
    Kind.LIST: "list",
}


@dataclass(frozen=True, slots=True)
class FormReader:
    """What is needed to draw a form for one person."""

    form: Form
    context: Context
    roles: Collection[str]
    text: Translator

    @property
    def language(self) -> str:
        return self.text.language

    def yes_no(self, answer: bool) -> str:
        return self.text("yes") if answer else self.text("no")

    def inputs(
        self, data: Mapping[str, Any], faults: Collection[Mapping[str, Any]] = ()
    ) -> tuple[Input, ...]:
        """Every field of the form with what stands in it and what is wrong with it."""
        errors: dict[str, list[str]] = {}
        for fault in faults:
            texts = fault["message"]
            errors.setdefault(fault["path"], []).append(texts.get(self.language) or texts["nb"])
        padded = _padded(self.form.root, data)
        drawing = _Drawing(self, encode(self.form, padded), errors)
        return drawing.group(self.form.root, padded, "")

    def answers(self, data: Mapping[str, Any]) -> tuple[Answer, ...]:
        """What was filled in, in the order of the form; empty fields are left out."""
        return self._answers(self.form.root, data)

    def _answers(self, group: Field, data: Mapping[str, Any]) -> tuple[Answer, ...]:
        return tuple(
            answer
            for each in group.fields
            if is_for(each, self.roles) and data.get(each.name) not in (None, [], "")
            for answer in self._answer(each, data[each.name])
        )

    def _answer(self, each: Field, value: Any) -> tuple[Answer, ...]:
        label = each.title(self.language)
        if each.kind is Kind.GROUP:
            return self._answers(each, value) if isinstance(value, Mapping) else ()
        if each.kind is Kind.FILE or (each.item is not None and each.item.kind is Kind.FILE):
            ids = value if isinstance(value, list) else [value]
            files = tuple((key, self.context.files.get(key, key)) for key in ids)
            return (Answer(label, files=files),)
        if each.item is not None and each.item.kind is Kind.GROUP:
            rows = tuple(self._answers(each.item, row) for row in value)
            return (Answer(label, rows=rows),)
        values = value if isinstance(value, list) else [value]
        field = each.item or each
        return (Answer(label, ", ".join(self._text(field, one) for one in values)),)

    def _text(self, each: Field, value: Any) -> str:
        if isinstance(value, bool):
            return self.yes_no(value)
        if each.options:
            found = (
                option.title(self.language) for option in each.options if option.value == value
            )
            return next(found, str(value))
        if each.kind is Kind.SUPPLIER:
            return self.context.suppliers.get(value, self.text("confidential"))
        if each.kind is Kind.PERSON:
            return self.context.persons.get(value, str(value))
        return _shown(each.kind, value)


def _shown(kind: Kind, value: Any) -> str:
    if kind is Kind.MONEY and isinstance(value, int):
        return f"{kroner(value)}\u00a0kr"
    if kind is Kind.PERCENT and isinstance(value, int | float):
        return f"{grouped(value)}\u00a0%"
    if kind is Kind.DATE:
        return day(value)
    if kind is Kind.DATETIME:
        return minute(value)
    return show(kind, value)


def _padded(group: Field, data: Mapping[str, Any]) -> dict[str, Any]:
    """`data` with defaults, and with as many empty rows as lists need at least."""
    result = dict(data)
    for each in group.fields:
        if each.default is not None:
            result.setdefault(each.name, each.default)
        if each.item is None or each.item.kind is Kind.FILE:
            continue
        found = result.get(each.name)
        rows = list(found) if isinstance(found, list) else []
        blank: Any = {} if each.item.kind is Kind.GROUP else ""
        least = max(each.limits.min_items or 0, 1 if each.required else 0)
        result[each.name] = rows + [blank] * (least - len(rows))
    return result


class _Drawing:
    def __init__(self, reader: FormReader, values: Posted, errors: Mapping[str, list[str]]) -> None:
        self._reader = reader
        self._values = values
        self._errors = errors

    def group(self, group: Field, data: Mapping[str, Any], prefix: str) -> tuple[Input, ...]:
        required = required_names(group, data)
        return tuple(
            self._input(each, prefix + each.name, data.get(each.name), each.name in required)
            for each in group.fields
            if is_for(each, self._reader.roles)
        )

    def _input(self, each: Field, name: str, data: Any, required: bool) -> Input:
        language = self._reader.language
        values = self._values.get(name, [])
        widget = self._widget(each, required)
        is_list = each.item is not None and widget == "list"
        return Input(
            name=name,
            widget=widget,
            label=each.title(language),
            help=each.help(language),
            required=required,
            value=values[-1] if values else "",
            choices=self._choices(each, values),
            errors=tuple(self._errors.get(name, ())),
            rows=self._rows(each, name, data) if is_list else (),
            fields=self._subfields(each, name, data),
            item_title=(each.item_title or each.title)(language),
            add=f"add:{name}" if is_list else "",
            lines=each.rows or 4,
            longest=each.limits.max_length or 0,
            depends=self._dependence(each, name),
        )

    def _widget(self, each: Field, required: bool) -> str:
        if each.item is not None and each.item.kind is Kind.FILE:
            return "files"
        if each.kind is Kind.BOOLEAN:
            return "yes-no" if required and each.limits.constant is None else "checkbox"
        if each.kind in {Kind.CHOICE, Kind.SUPPLIER, Kind.PERSON}:
            return "radios" if len(self._options(each)) <= FEW else "select"
        return WIDGETS[each.kind]

    def _options(self, each: Field) -> tuple[tuple[str, str], ...]:
        reader = self._reader
        if each.kind is Kind.SUPPLIER:
            return tuple(reader.context.suppliers.items())
        if each.kind is Kind.PERSON:
            return tuple(reader.context.persons.items())
        if each.kind is Kind.BOOLEAN:
            return (("true", reader.yes_no(True)), ("false", reader.yes_no(False)))
        return tuple((option.value, option.title(reader.language)) for option in each.options)

    def _choices(self, each: Field, values: list[str]) -> tuple[Choice, ...]:
        if each.kind is Kind.FILE or (each.item is not None and each.item.kind is Kind.FILE):
            files = self._reader.context.files
            return tuple(Choice(key, files.get(key, key), chosen=True) for key in values if key)
        return tuple(Choice(value, title, value in values) for value, title in self._options(each))

    def _rows(self, each: Field, name: str, data: Any) -> tuple[Row, ...]:
        rows = data if isinstance(data, list) else []
        title = (each.item_title or each.title)(self._reader.language)
        return tuple(
            Row(
                number=index + 1,
                title=title,
                fields=self._row_fields(each, f"{name}.{index}", row),
                remove=f"remove:{name}.{index}",
            )
            for index, row in enumerate(rows)
        )

    def _row_fields(self, each: Field, name: str, row: Any) -> tuple[Input, ...]:
        item = each.item
        if item is None:
            return ()
        if item.kind is Kind.GROUP:
            return self.group(item, row if isinstance(row, Mapping) else {}, f"{name}.")
        return (self._input(item, name, row, required=False),)

    def _subfields(self, each: Field, name: str, data: Any) -> tuple[Input, ...]:
        if each.kind is not Kind.GROUP:
            return ()
        return self.group(each, data if isinstance(data, Mapping) else {}, f"{name}.")

    def _dependence(self, each: Field, name: str) -> Dependence | None:
        if each.show_if is None:
            return None
        other, wanted = next(iter(each.show_if.values.items()))
        prefix = name.removesuffix(each.name)
        field = self._field_named(prefix, other)
        titles = [self._said(field, value) for value in wanted]
        return Dependence(
            name=(prefix if self._is_sibling(prefix, other) else "") + other,
            values=tuple(show(Kind.TEXT, value) for value in wanted),
            title=field.title(self._reader.language) if field else other,
            wanted=" / ".join(titles),
        )

    def _is_sibling(self, prefix: str, other: str) -> bool:
        return self._reader.form.find(_path(f"{prefix}{other}")) is not None

    def _field_named(self, prefix: str, other: str) -> Field | None:
        form = self._reader.form
        return form.find(_path(f"{prefix}{other}")) or form.find((other,))

    def _said(self, field: Field | None, value: object) -> str:
        if isinstance(value, bool):
            return self._reader.yes_no(value)
        options = field.options if field else ()
        found = (each.title(self._reader.language) for each in options if each.value == value)
        return next(found, str(value))


def _path(name: str) -> tuple[str | int, ...]:
    return tuple(name.split("."))
