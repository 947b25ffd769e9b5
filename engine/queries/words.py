"""Looking for words in columns, the same on every database."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import sqlalchemy as sa

ESCAPE: Final = "/"


def spellings(word: str) -> list[str]:
    """How people write the word: databases fold the case of a-z, and of Å and Ø only in some
    languages."""
    found = sorted({word.lower(), word.upper(), word.capitalize()})
    return found[:1] if word.isascii() else found


def plain(text: str) -> str:
    """The text as a pattern that means itself, where `ESCAPE` escapes."""
    for special in (ESCAPE, "%", "_"):
        text = text.replace(special, ESCAPE + special)
    return text


def contains(column: "sa.ColumnElement[Any]", word: str) -> "Iterator[sa.ColumnElement[bool]]":
    """One of these holds where the column has the word in it, whatever its case."""
    for spelling in spellings(word):
        yield column.icontains(spelling, autoescape=True)


def mentions(
    columns: "Iterable[sa.ColumnElement[Any]]", text: str
) -> "Iterator[sa.ColumnElement[bool]]":
    """What must hold so that each word of the text is in one of the columns."""
    if "\x00" in text:  # which no database stores
        yield sa.false()
        return
    for word in text.split():
        yield sa.or_(*(each for column in columns for each in contains(column, word)))
