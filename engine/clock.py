"""Where time comes from: one injected clock; UTC inside, Europe/Oslo for people and the law."""

from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


def utc(moment: datetime) -> datetime:
    """The moment in UTC; one that names no time zone is taken as Norwegian time."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=OSLO)
    return aware.astimezone(UTC)


class Clock(Protocol):
    """Anything that can tell the present moment as an aware UTC `datetime`."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place that may ask the system


class SetClock:
    """A clock that stands still until it is set: for scenarios, demonstration data and tests."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self._moment

    def set(self, moment: datetime) -> None:
        """Move to `moment` (aware); moving backwards is allowed, as an operator's mistake would."""
        self._moment = moment.astimezone(UTC)


class MovedClock:
    """Another clock, ahead by as much as somebody has moved it: for the demonstration, where nobody
    would wait a month for a time limit."""

    def __init__(self, behind: Clock) -> None:
        self._behind = behind
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        return self._behind.now() + self._ahead

    def forward_to(self, moment: datetime) -> None:
        """Move to `moment` (aware) and go on from there; one that is past changes nothing."""
        self._ahead += max(moment - self.now(), timedelta(0))
