"""A form with its values, as the templates draw it to be filled in."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from engine.forms.computing import settled
from engine.forms.conditions import is_for, required_names
from engine.forms.definition import LOOKED_UP, Field, Form, Kind
from engine.forms.encoding import Posted, encode, show
from engine.forms.looking_up import key_of, look_up, register_of
from engine.forms.matrix import Axes, axes_of
from engine.forms.shaping import padded
from engine.forms.values import Context
from service.i18n import Translator
from service.pages.answers import AnswerReader, Told, told

FEW: Final = 6  # up to so many options are shown at once, more become a list to open
MOST_HITS: Final = 12


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
class Cell:
    """One cell of a matrix: `place` are the hidden fields that say which it is."""

    name: str
    place: tuple[tuple[str, str], ...]
    fields: tuple["Input", ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A table to fill in: columns and rows as (id, title); `bare` when each cell has one field
    only, which then needs no label that is seen."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str, tuple[Cell, ...]], ...]
    bare: bool


@dataclass(frozen=True, slots=True)
class LookUp:
    """The register behind a field: what it tells of the value, or the codes that the words found.
    `idle` when there is no register to look up in."""

    idle: bool
    told: Told | None = None
    hits: tuple[tuple[str, str], ...] = ()
    nothing: bool = False


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
    matrix: Matrix | None = None
    look_up: LookUp | None = None
    labelled_by: str = ""
    said: str = ""

    @property
    def id(self) -> str:
        return field_id(self.name)

    @property
    def described_by(self) -> str:
        parts = (
            ([f"{self.id}-help"] if self.help else [])
            + ([f"{self.id}-told"] if self.look_up and not self.look_up.idle else [])
            + ([f"{self.id}-error"] if self.errors else [])
        )
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Dependence:
    """The field applies when `name` has one of `values`; `title` and `wanted` say so in words."""

    name: str
    values: tuple[str, ...]
    title: str
    wanted: str


def look_up_of(kind: Kind, value: object, context: Context, text: Translator) -> LookUp:
    """What the register tells of a value, or else the entries that its words find."""
    register = register_of(kind, context.registers)
    if register is None or not isinstance(value, str) or not value.strip():
        return LookUp(idle=register is None)
    key = key_of(kind, value)
    if key is not None:
        found = look_up(kind, key, context)
        return LookUp(idle=False, told=told(found, text) if found else None)
    hits = tuple((hit.key, hit.name(text.language)) for hit in register.search(value, MOST_HITS))
    return LookUp(idle=False, hits=hits, nothing=not hits)


def every_input(inputs: Iterable[Input]) -> Iterator[Input]:
    """The inputs and all that lie in their groups, rows and cells."""
    for each in inputs:
        yield each
        yield from every_input(each.fields)
        for row in each.rows:
            yield from every_input(row.fields)
        for _, _, cells in each.matrix.rows if each.matrix is not None else ():
            for cell in cells:
                yield from every_input(cell.fields)


def outputs(inputs: Iterable[Input]) -> dict[str, dict[str, str]]:
    """Every computed field by name: how it is said, and its value as an input would hold it."""
    return {
        each.name: {"said": each.said, "value": each.value}
        for each in every_input(inputs)
        if each.widget == "output"
    }


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
    Kind.FILE: "file",
    Kind.ORGANISATION: "look-up",
    Kind.CPV: "look-up",
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

    @property
    def words(self) -> AnswerReader:
        return AnswerReader(self.form, self.context, self.roles, self.text)

    def inputs(
        self, data: Mapping[str, Any], faults: Collection[Mapping[str, Any]] = ()
    ) -> tuple[Input, ...]:
        """Every field of the form with what stands in it and what is wrong with it."""
        errors: dict[str, list[str]] = {}
        for fault in faults:
            texts = fault["message"]
            errors.setdefault(fault["path"], []).append(texts.get(self.language) or texts["nb"])
        now = self.context.now
        shown = padded(self.form, settled(self.form, data, self.roles, now), self.context)
        drawing = _Drawing(self, encode(self.form, shown), errors)
        return drawing.group(self.form.root, shown, "")


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
            matrix=self._matrix(each, name, data) if widget == "matrix" else None,
            look_up=self._look_up(each, data) if each.kind in LOOKED_UP else None,
            said=self._said_of(each, data) if widget == "output" else "",
        )

    def _look_up(self, each: Field, data: Any) -> LookUp:
        return look_up_of(each.kind, data, self._reader.context, self._reader.text)

    def _said_of(self, each: Field, data: Any) -> str:
        return "" if data is None else self._reader.words.said(each, data)

    def _widget(self, each: Field, required: bool) -> str:
        if each.compute is not None:
            return "output"
        if axes_of(each, self._reader.context) is not None:
            return "matrix"
        if each.is_ticked:
            return "checkboxes"
        if each.item is not None and each.item.kind is Kind.FILE:
            return "files"
        if each.kind is Kind.BOOLEAN:
            return "yes-no" if required and each.limits.constant is None else "checkbox"
        if self._reader.context.choices(each) is not None:
            return "radios" if len(self._options(each)) <= FEW else "select"
        return WIDGETS[each.kind]

    def _options(self, each: Field) -> tuple[tuple[str, str], ...]:
        reader = self._reader
        if each.kind is Kind.BOOLEAN:
            return (("true", reader.text("yes")), ("false", reader.text("no")))
        offered = reader.context.choices(each) or ()
        return tuple((value, title(reader.language)) for value, title in offered)

    def _choices(self, each: Field, values: list[str]) -> tuple[Choice, ...]:
        if (each.item or each).kind is Kind.FILE:
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

    def _matrix(self, each: Field, name: str, data: Any) -> Matrix | None:
        axes, item = axes_of(each, self._reader.context), each.item
        if axes is None or item is None:
            return None
        language, stem = self._reader.language, field_id(name)
        columns = tuple(
            (f"{stem}-c{number}", title(language)) for number, (_, title) in enumerate(axes.columns)
        )
        cells = enumerate(zip(axes.cells(), data, strict=True))
        rows = []
        for number, (_, title) in enumerate(axes.rows):
            heading = f"{stem}-r{number}"
            drawn = tuple(
                self._cell(axes, item, f"{name}.{index}", {**place, **cell}, f"{heading} {column}")
                for (column, _), (index, (place, cell)) in zip(columns, cells, strict=False)
            )
            rows.append((heading, title(language), drawn))
        shown = [each for each in item.fields if is_for(each, self._reader.roles)]
        return Matrix(columns, tuple(rows), bare=len(shown) == len(axes.names) + 1)

    def _cell(self, axes: Axes, item: Field, name: str, cell: Any, place: str) -> Cell:
        fields = tuple(
            replace(field, labelled_by=f"{field.id}-label {place}")
            for field in self.group(item, cell, f"{name}.")
            if field.name.removeprefix(f"{name}.") not in axes.names
        )
        hidden = tuple((f"{name}.{axis}", str(cell[axis])) for axis in axes.names)
        return Cell(name, hidden, fields)

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
            return self._reader.text("yes") if value else self._reader.text("no")
        options = field.options if field else ()
        found = (each.title(self._reader.language) for each in options if each.value == value)
        return next(found, str(value))


def _path(name: str) -> tuple[str | int, ...]:
    return tuple(name.split("."))
