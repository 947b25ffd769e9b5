"""Moments that people type: what a field for one sends, and the one that a page is asked for."""

from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import Depends, Query

from engine.clock import utc
from engine.errors import InvalidInputError

_MINUTE: Final = len("2026-11-24T12:00")
_REST: Final = timedelta(seconds=59, microseconds=999_999)


def typed_moment(text: str) -> datetime:
    """A moment as browsers send it, in UTC; one that names no zone is Norwegian time.

    Raises InvalidInputError for what is no date and time.
    """
    try:
        return utc(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError) as error:
        raise InvalidInputError(
            f"{text[:40]!r} is no date and time. Write it as 2026-11-24T12:00.",
            moment=text[:40],
            about="no-moment",
        ) from error


def read_moment(
    as_of: Annotated[str, Query(max_length=40)] = "",
) -> datetime | None:
    """None for now. A minute, as browsers send it, stands for all of that minute.

    Raises InvalidInputError for what is no date and time.
    """
    if not as_of.strip():
        return None
    moment = typed_moment(as_of)
    return moment + _REST if len(as_of.strip()) == _MINUTE else moment


AsOf = Annotated[datetime | None, Depends(read_moment)]
