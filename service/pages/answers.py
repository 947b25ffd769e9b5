"""What was filled in, for reading: label and text, rows, tables, files."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.forms.conditions import is_for
from engine.forms.definition import LOOK_UPS, LOOKED_UP, Field, Form, Kind, Matrix
from engine.forms.encoding import show
from engine.forms.numbers import day, grouped, kroner, minute
from engine.forms.values import Context
from service.i18n import Translator


@dataclass(frozen=True, slots=True)
class Told:
    """What a register tells of a number or a code. `where` says source and time in a sentence."""

    found: bool
    name: str
    facts: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Table:
    """A matrix for reading: the columns, and each row with its cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple["Answer", ...], ...]], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A field that has been filled in. Rows hold the answers of a list; files are (id, name)."""

    label: str
    text: str = ""
    rows: tuple[tuple["Answer", ...], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    table: Table | None = None
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class AnswerReader:
    """Puts what one submission holds into words, for one person."""

    form: Form
    context: Context
    roles: Collection[str]
    text: Translator

    def answers(self, data: Mapping[str, Any]) -> tuple[Answer, ...]:
        """What was filled in, in the order of the form; empty fields are left out."""
        looked_up = data.get(LOOK_UPS, {})
        return _Reading(self, looked_up if isinstance(looked_up, Mapping) else {}).group(
            self.form.root, data, ""
        )

    def said(self, each: Field, value: Any) -> str:
        """One value in words."""
        if isinstance(value, bool):
            return self.text("yes") if value else self.text("no")
        if each.options:
            titles = {option.value: option.title(self.text.language) for option in each.options}
            return titles.get(value, str(value))
        if each.kind is Kind.SUPPLIER:
            return self.context.suppliers.get(value, self.text("confidential"))
        if each.kind is Kind.PERSON:
            return self.context.persons.get(value, str(value))
        return said(each.kind, value)


def said(kind: Kind, value: Any) -> str:
    """A value with its unit, as people read it."""
    if kind is Kind.MONEY and isinstance(value, int):
        return f"{kroner(value)}\u00a0kr"
    if kind is Kind.PERCENT and isinstance(value, int | float):
        return f"{grouped(value)}\u00a0%"
    if kind is Kind.DATE:
        return day(value)
    if kind is Kind.DATETIME:
        return minute(value)
    return show(kind, value)


def told(found: Mapping[str, Any], text: Translator) -> Told:
    """A look-up as a submission keeps it, in words."""
    at = datetime.fromisoformat(found["looked_up_at"])
    source = {"source": found["source"], "dated": text.iso_day(found["dated"])}
    key = "look-up.from" if found["found"] else "look-up.not-found"
    return Told(
        found=bool(found["found"]),
        name=text.pick(found.get("name", {})),
        facts=tuple(found.get("facts", {}).values()),
        where=text(key, **source, at=text.minute(at)),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    reader: AnswerReader
    looked_up: Mapping[str, Any]

    def group(self, group: Field, data: Mapping[str, Any], prefix: str) -> tuple[Answer, ...]:
        return tuple(
            answer
            for each in group.fields
            if is_for(each, self.reader.roles) and data.get(each.name) not in (None, [], "")
            for answer in self._field(each, data[each.name], prefix + each.name)
        )

    def _field(self, each: Field, value: Any, name: str) -> tuple[Answer, ...]:
        label = each.title(self.reader.text.language)
        if each.kind is Kind.GROUP:
            return self.group(each, value, f"{name}.") if isinstance(value, Mapping) else ()
        if (each.item or each).kind is Kind.FILE:
            return (Answer(label, files=self._files(value)),)
        if each.item is not None and each.item.kind is Kind.GROUP:
            return (self._rows(each, each.item, label, value, name),)
        values = value if isinstance(value, list) else [value]
        text = ", ".join(self.reader.said(each.item or each, one) for one in values)
        return (Answer(label, text, told=self._told(each, name)),)

    def _files(self, value: Any) -> tuple[tuple[str, str], ...]:
        ids = value if isinstance(value, list) else [value]
        return tuple((key, self.reader.context.files.get(key, key)) for key in ids)

    def _rows(self, each: Field, item: Field, label: str, value: Any, name: str) -> Answer:
        table = self._table(each.matrix, item, value) if each.matrix is not None else None
        if table is not None:
            return Answer(label, table=table)
        rows = tuple(self.group(item, row, f"{name}.{index}.") for index, row in enumerate(value))
        return Answer(label, rows=rows)

    def _table(self, matrix: Matrix, item: Field, rows: list[Any]) -> Table | None:
        """The rows as the table they were filled in as, by the places that stand in them; None
        where one has no place."""
        cells = {(row.get(matrix.rows), row.get(matrix.columns)): row for row in rows}
        if len(cells) < len(rows) or any(None in place for place in cells):
            return None
        axes = {each.name: each for each in item.fields}
        down = dict.fromkeys(row for row, _ in cells)
        across = dict.fromkeys(column for _, column in cells)
        return Table(
            columns=tuple(self.reader.said(axes[matrix.columns], column) for column in across),
            rows=tuple(
                (
                    self.reader.said(axes[matrix.rows], row),
                    tuple(self._cell(matrix, item, cells.get((row, column))) for column in across),
                )
                for row in down
            ),
        )

    def _cell(self, matrix: Matrix, item: Field, cell: Any) -> tuple[Answer, ...]:
        axes = {matrix.rows, matrix.columns}
        return self.group(item, {k: v for k, v in (cell or {}).items() if k not in axes}, "")

    def _told(self, each: Field, name: str) -> Told | None:
        found = self.looked_up.get(name) if each.kind in LOOKED_UP else None
        return None if found is None else told(found, self.reader.text)
