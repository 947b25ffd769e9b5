"""How often a mail is tried, and when it is given up."""

from datetime import datetime, timedelta
from typing import Final

LEASE: Final = timedelta(minutes=10)
"""How long one process has a mail for itself; after that another may try, under the same id."""
GIVEN_UP_AFTER: Final = timedelta(hours=72)
_WAITS: Final = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60, 240, 480))


def next_try(queued_at: datetime, attempts: int, now: datetime) -> datetime | None:
    """When to try again after `attempts` that went wrong; None: it is given up."""
    wait = _WAITS[min(attempts, len(_WAITS)) - 1]
    moment = now + wait
    return moment if moment - queued_at <= GIVEN_UP_AFTER else None
