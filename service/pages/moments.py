"""The moment that a page is asked for: now, or an earlier one."""

from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import Depends, Query

from engine.clock import utc
from engine.errors import InvalidInputError

_MINUTE: Final = len("2026-11-24T12:00")
_REST: Final = timedelta(seconds=59, microseconds=999_999)


def read_moment(
    as_of: Annotated[str, Query(max_length=40)] = "",
) -> datetime | None:
    """None for now. A minute, as browsers send it, stands for all of that minute.

    Raises InvalidInputError for what is no date and time.
    """
    if not as_of.strip():
        return None
    try:
        moment = utc(datetime.fromisoformat(as_of.strip()))
        return moment + _REST if len(as_of.strip()) == _MINUTE else moment
    except (ValueError, OverflowError) as error:
        raise InvalidInputError(
            f"{as_of!r} is no date and time. Write it as 2026-11-24T12:00.", as_of=as_of
        ) from error


AsOf = Annotated[datetime | None, Depends(read_moment)]
