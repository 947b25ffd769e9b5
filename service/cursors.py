"""Where a page of a list ended, as one opaque word that a client hands back."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

import orjson
from fastapi import Query

from engine.errors import InvalidInputError
from engine.queries.portfolio import Mark, Sort
from engine.queries.worklist import Place

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_LARGEST: Final = 2**63
_LONGEST_KEY: Final = 400
_FARTHEST: Final = 2**57  # microseconds; later than any date, earlier than what overflows

Cursor = Annotated[
    str | None,
    Query(max_length=400, description="`next` of the page before; nothing for the first page."),
]


def write_cursor(place: Place) -> str:
    """Moments as microseconds since 1970: exact, and short."""
    parts = [_number(place.due_at), _number(place.at), place.id]
    return urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def read_cursor(text: str) -> Place:
    """Raises InvalidInputError for what `write_cursor` did not write."""
    try:
        padded = text + "=" * (-len(text) % 4)
        due, at, key = orjson.loads(urlsafe_b64decode(padded.encode("ascii")))
        return Place(None if due is None else _moment(due), _moment(at), _id(key))
    except (ValueError, TypeError) as error:
        raise InvalidInputError(
            "The cursor cannot be used. Ask for the first page again.", about="cursor-wrong"
        ) from error


def _number(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def _moment(number: Any) -> datetime:
    if not isinstance(number, int) or not 0 <= number < _FARTHEST:
        raise ValueError(number)
    return _EPOCH + number * _MICROSECOND


def _id(key: Any) -> str:
    if not isinstance(key, str) or not key.isascii() or not key.isprintable():
        raise ValueError(key)
    return key


def write_mark(mark: Mark, sort: Sort) -> str:
    """Where a page of the portfolio ended, in the order it had."""
    return urlsafe_b64encode(orjson.dumps([sort.value, mark.key, mark.id])).decode().rstrip("=")


def read_mark(text: str, sort: Sort) -> Mark:
    """Raises InvalidInputError for what `write_mark` did not write in this order."""
    try:
        padded = text + "=" * (-len(text) % 4)
        order, key, identity = orjson.loads(urlsafe_b64decode(padded.encode("ascii")))
        return Mark(_key(order, key, sort), _id(identity))
    except (ValueError, TypeError) as error:
        raise InvalidInputError(
            "The cursor cannot be used. Ask for the first page again.", about="cursor-wrong"
        ) from error


def _key(order: Any, key: Any, sort: Sort) -> int | str:
    """What a page is ordered by; texts by the order of titles alone, and numbers a database has."""
    if order == sort.value and sort is Sort.TITLE and isinstance(key, str):
        if "\x00" not in key and len(key) <= _LONGEST_KEY:
            return key
    elif order == sort.value and type(key) is int and abs(key) < _LARGEST:
        return key
    raise ValueError(key)
