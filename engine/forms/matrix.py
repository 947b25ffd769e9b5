"""A list as a table: one row of the list for each pair of two axes, such as criterion and tender.

What is stored stays a plain list of rows, each with the two fields that place it, so that rules and
expressions read it as any other list. Here it is put in order, and each cell gets a name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.forms.conditions import is_blank_row
from engine.forms.definition import Field, Text, joined
from engine.forms.values import Context

Axis = tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Axes:
    """The values of the two axes with their titles, and the names of the fields that hold them."""

    row_name: str
    column_name: str
    rows: Axis
    columns: Axis

    def cells(self) -> Iterable[dict[str, str]]:
        """Every cell with nothing but its place, row by row."""
        for row, _ in self.rows:
            for column, _ in self.columns:
                yield {self.row_name: row, self.column_name: column}

    def place(self, cell: Mapping[str, Any]) -> tuple[Any, Any]:
        return cell.get(self.row_name), cell.get(self.column_name)

    def title(self, cell: Mapping[str, Any]) -> Text:
        """`Kvalitet, Nordlys AS`."""
        row, column = self.place(cell)
        titles = dict(self.rows), dict(self.columns)
        return joined(
            titles[0].get(row, Text(str(row))), ", ", titles[1].get(column, Text(str(column)))
        )

    def is_blank(self, cell: object) -> bool:
        """Whether nothing but its place stands in the cell."""
        if not isinstance(cell, Mapping):
            return False
        rest = {name: value for name, value in cell.items() if name not in self.names}
        return is_blank_row(rest)

    @property
    def names(self) -> tuple[str, str]:
        return self.row_name, self.column_name


def axes_of(each: Field, context: Context) -> Axes | None:
    """The axes of a matrix; None for another field, and where an axis has no values to show: then
    the field is an ordinary list."""
    if each.matrix is None or each.item is None:
        return None
    inner = {field.name: field for field in each.item.fields}
    rows = context.choices(inner[each.matrix.rows])
    columns = context.choices(inner[each.matrix.columns])
    if not rows or not columns:
        return None
    return Axes(each.matrix.rows, each.matrix.columns, rows, columns)


def arranged(axes: Axes, rows: Iterable[Any]) -> list[Any]:
    """Every cell in the table's order, with what `rows` hold of it; what has no place in the table,
    or stands there a second time, comes after them."""
    found: dict[tuple[Any, Any], Any] = {}
    rest = []
    for row in rows:
        place = axes.place(row) if isinstance(row, Mapping) else None
        if place is None or place in found or not all(isinstance(part, str) for part in place):
            rest.append(row)
        else:
            found[place] = row
    cells = [found.pop(axes.place(cell), cell) for cell in axes.cells()]
    return [*cells, *found.values(), *rest]


def row_title(each: Field, axes: Axes | None, row: object, index: int) -> Text | None:
    """What a message calls one row: its place in the table, or its number."""
    if axes is not None and isinstance(row, Mapping):
        return axes.title(row)
    if not each.item_title:
        return None
    return joined(each.item_title, " ", Text(str(index + 1)))
