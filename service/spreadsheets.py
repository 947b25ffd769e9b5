"""Tables for spreadsheets: CSV and XLSX in which no text is ever run as a formula."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import xlsxwriter

from engine.clock import OSLO

LONGEST_CELL: Final = 32_767
"""Characters that a cell of XLSX holds."""
_FORMULA: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\x00-\x1f]*[=+\-@＝＋－＠\t\r\n]")
_BROKEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Kind(StrEnum):
    """What a column holds. Money is øre and is written as kroner; moments are told in Oslo; hours
    are hours with decimals."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    HOURS = "hours"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; None in a row is an empty cell."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Any]]


def disarmed(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula: with an apostrophe before what begins
    like one, also after blanks, and after a tab or line break."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a mark, semicolons and every cell in quotation marks, as Norwegian spreadsheets
    read it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(disarmed(column.title) for column in sheet.columns)
    for row in sheet.rows:
        writer.writerow(
            _CSV[column.kind](value) if value is not None else ""
            for column, value in zip(sheet.columns, row, strict=True)
        )
    return out.getvalue().encode("utf-8-sig")


def _kroner(value: int) -> str:
    sign, ore = "-" if value < 0 else "", abs(value)
    return f"{sign}{ore // 100},{ore % 100:02}"


_CSV: Final[Mapping[Kind, Callable[[Any], str]]] = {
    Kind.TEXT: lambda value: disarmed(str(value)),
    Kind.NUMBER: lambda value: str(int(value)),
    Kind.MONEY: _kroner,
    Kind.HOURS: lambda value: f"{value:.2f}".replace(".", ","),
    Kind.DAY: lambda value: _day(value).isoformat(),
    Kind.MOMENT: lambda value: f"{value.astimezone(OSLO):%Y-%m-%d %H:%M}",
}


def as_xlsx(sheet: Sheet) -> bytes:
    """One worksheet; texts are typed as texts, numbers and days as what they are."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "remove_timezone": True,
        },
    )
    page = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", sheet.name)[:31])
    bold = book.add_format({"bold": True})
    formats = {kind: book.add_format({"num_format": form}) for kind, form in _FORMS.items()}
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.title, bold)
        page.set_column(place, place, _WIDTHS[column.kind])
    count = 0
    for count, row in enumerate(sheet.rows, start=1):
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            if value is not None:
                _write(page, count, place, column.kind, value, formats.get(column.kind))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, count, max(len(sheet.columns) - 1, 0))
    book.close()
    return out.getvalue()


_FORMS: Final = {
    Kind.NUMBER: "0",
    Kind.MONEY: "#,##0.00",
    Kind.HOURS: "0.00",
    Kind.DAY: "dd.mm.yyyy",
    Kind.MOMENT: "dd.mm.yyyy hh:mm",
}
_WIDTHS: Final = {
    Kind.TEXT: 28,
    Kind.NUMBER: 10,
    Kind.MONEY: 18,
    Kind.HOURS: 12,
    Kind.DAY: 12,
    Kind.MOMENT: 18,
}


def _write(page: Any, row: int, place: int, kind: Kind, value: Any, form: Any) -> None:
    if kind is Kind.TEXT:
        page.write_string(row, place, _BROKEN.sub("\ufffd", str(value))[:LONGEST_CELL])
    elif kind is Kind.MONEY:
        page.write_number(row, place, value / 100, form)
    elif kind is Kind.DAY:
        page.write_datetime(row, place, datetime.combine(_day(value), datetime.min.time()), form)
    elif kind is Kind.MOMENT:
        page.write_datetime(row, place, value.astimezone(OSLO).replace(tzinfo=None), form)
    else:
        page.write_number(row, place, value, form)


def _day(value: date | datetime) -> date:
    return value.astimezone(OSLO).date() if isinstance(value, datetime) else value
