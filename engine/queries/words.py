"""Looking for words in columns, the same on every database."""

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa


def contains(column: "sa.ColumnElement[Any]", word: str) -> "Iterator[sa.ColumnElement[bool]]":
    """One of these holds where the column has the word in it, whatever its case.

    Databases fold the case of a-z, and of Å and Ø only in some languages: each spelling that people
    use is looked for.
    """
    for spelling in sorted({word.lower(), word.upper(), word.capitalize()}):
        yield column.icontains(spelling, autoescape=True)
        if word.isascii():
            return


def mentions(
    columns: "Iterable[sa.ColumnElement[Any]]", text: str
) -> "Iterator[sa.ColumnElement[bool]]":
    """What must hold so that each word of the text is in one of the columns."""
    if "\x00" in text:  # which no database stores
        yield sa.false()
        return
    for word in text.split():
        yield sa.or_(*(each for column in columns for each in contains(column, word)))
