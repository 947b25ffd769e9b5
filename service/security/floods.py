"""How often one may try in a while: by address, link or person. In memory, for each process."""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from engine.errors import EngineError

_MOST_KEYS = 10_000


class TooManyError(EngineError):
    """It was tried too often; `details['seconds']` says how long to wait."""

    code = "too-many"


@dataclass(slots=True)
class Flood:
    """At most `most` in `window`, for each key."""

    most: int
    window: timedelta
    _times: dict[Hashable, deque[datetime]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def pass_one(self, key: Hashable, now: datetime) -> None:
        """Let one more through; raises TooManyError."""
        with self._lock:
            self._forget(now)
            times = self._times.setdefault(key, deque())
            while times and now - times[0] >= self.window:
                times.popleft()
            if len(times) >= self.most:
                seconds = int((times[0] + self.window - now).total_seconds()) + 1
                raise TooManyError(
                    f"This was tried {self.most} times in a short while. Wait {seconds} seconds"
                    " and try again.",
                    seconds=seconds,
                )
            times.append(now)

    def _forget(self, now: datetime) -> None:
        """Keep memory bounded: keys that have been still for a window go."""
        if len(self._times) < _MOST_KEYS:
            return
        self._times = {
            key: times for key, times in self._times.items() if now - times[-1] < self.window
        }


@dataclass(slots=True)
class Floods:
    """What is limited in this process: tries of links and codes from one address (80 bits are not
    guessed at this pace), and what one participant writes and hands in."""

    joining: Flood = field(default_factory=lambda: Flood(30, timedelta(minutes=10)))
    writing: Flood = field(default_factory=lambda: Flood(20, timedelta(minutes=10)))
    delivering: Flood = field(default_factory=lambda: Flood(20, timedelta(minutes=10)))
