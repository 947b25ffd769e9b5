"""What leaves for a spreadsheet is data and never a formula, and comes back as it went out."""

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.spreadsheets import Column, Kind, Sheet, as_csv, as_xlsx, disarmed

BLANKS = " \t\r\n\x0b\x0c\x00\u00a0\u2003\u3000\u200b\ufeff"
FORMULAS = "=+-@＝＋－＠"
hostile = st.one_of(
    st.text(),
    st.builds(
        lambda blanks, sign, rest: blanks + sign + rest,
        st.text(BLANKS, max_size=3),
        st.sampled_from([*FORMULAS, ""]),
        st.sampled_from(["", "1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x";"y")', "x;y\n=1"]),
    ),
)
texts = hostile.filter(lambda text: not any("\ud800" <= each <= "\udfff" for each in text))


def one_cell(text: str) -> Sheet:
    return Sheet("Ark", (Column("Tekst"),), [[text]])


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@settings(max_examples=5000, deadline=None)
@given(text=texts)
def test_no_text_begins_like_a_formula_in_csv(text: str) -> None:
    written = as_csv(one_cell(text)).decode("utf-8-sig")
    [_, [cell]] = read_csv(written.encode("utf-8-sig"))

    assert cell in (text, f"'{text}")
    assert cell[:1] not in ("\t", "\r", "\n")
    assert cell.strip(BLANKS)[:1] not in tuple(FORMULAS)
    assert all(line.startswith('"') for line in written.split("\r\n")[:1])


@settings(max_examples=300, deadline=None)
@given(text=texts)
def test_every_text_is_a_text_in_xlsx(text: str) -> None:
    cell = openpyxl.load_workbook(io.BytesIO(as_xlsx(one_cell(text)))).worksheets[0]["A2"]

    assert cell.data_type in ("s", "n")  # "n" is an empty cell
    assert cell.value is None or not str(cell.value).startswith("\x00")
    assert cell.hyperlink is None


@pytest.mark.parametrize("text", ["=1+1", "+47 22 00 00 00", "-", "@SUM(A1)", " \r", "\t", "＝1"])
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert disarmed(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Trygg badeplass", "1-2", "a=b", "'=1", " x", "910 000 001"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert disarmed(text) == text


ROW = [
    "Bro; «ny»",
    3,
    123_456_05,
    -50,
    7.5,
    date(2026, 12, 31),
    datetime(2026, 7, 1, 10, tzinfo=UTC),
]
COLUMNS = tuple(
    Column(kind.title(), kind)
    for kind in (Kind.TEXT, Kind.NUMBER, Kind.MONEY, Kind.MONEY, Kind.HOURS, Kind.DAY, Kind.MOMENT)
)


def test_numbers_money_and_moments_keep_what_they_are_in_csv() -> None:
    [_, cells, empty] = read_csv(as_csv(Sheet("Ark", COLUMNS, [ROW, [None] * 7])))

    assert cells == [
        "Bro; «ny»",
        "3",
        "123456,05",
        "-0,50",
        "7,50",
        "2026-12-31",
        "2026-07-01 12:00",
    ]
    assert empty == [""] * 7


def test_numbers_money_and_moments_keep_what_they_are_in_xlsx() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(Sheet("Ark", COLUMNS, [ROW]))))

    cells = [cell.value for cell in book.worksheets[0][2]]

    assert cells[:5] == ["Bro; «ny»", 3, 123456.05, -0.5, 7.5]
    assert cells[5:] == [datetime(2026, 12, 31), datetime(2026, 7, 1, 12)]  # noqa: DTZ001


def test_a_text_that_is_too_long_for_a_cell_is_cut_and_not_lost() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(one_cell("x" * 40_000))))

    assert len(str(book.worksheets[0]["A2"].value)) == 32_767


def test_a_name_that_no_worksheet_can_have_is_made_one() -> None:
    sheet = Sheet("Alle [anskaffelser]: *?/\\' og mye mer enn trettien tegn", (Column("x"),), [])

    assert openpyxl.load_workbook(io.BytesIO(as_xlsx(sheet))).sheetnames[0].startswith("Alle")
