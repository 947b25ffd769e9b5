"""Counting a record: how often each element was passed and waited for, and when phases were.

Entries are taken in order, some now and some later: what has begun and not ended yet is kept in
`pending` from one time to the next, as plain values. The same entries give the same counts however
they are cut into parts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from engine.procurement.working_time import working_time

Where = tuple[str, str]
"""An element and the confidentiality of what was done there."""
_HELD: Final = "held"
_PHASE: Final = "phase"
_ENTERED: Final = "entered"
_HELD_SECONDS: Final = "held_seconds"


@dataclass(frozen=True, slots=True)
class CountedEntry:
    """One entry of a record, as far as it is counted."""

    seq: int
    at: datetime
    type: str
    data: Mapping[str, Any]


@dataclass(slots=True)
class Uses:
    times: int = 0
    waited: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class PhaseSpell:
    """A stay in a phase, known by the entry that began it; `left` is None while it lasts."""

    seq: int
    phase: str
    entered: datetime
    left: datetime | None
    held: timedelta


@dataclass(slots=True)
class Counting:
    """What has been counted: `uses` are those to add, `spells` those that began or ended."""

    pending: dict[str, Any] = field(default_factory=dict)
    uses: dict[Where, Uses] = field(default_factory=dict)
    spells: dict[int, PhaseSpell] = field(default_factory=dict)

    def take(self, entries: Iterable[CountedEntry]) -> None:
        """Count these entries, which follow those that were counted before."""
        for entry in entries:
            count = _COUNT.get(entry.type)
            if count is not None:
                count(self, entry)

    def use(self, element: str, scope: str = "") -> Uses:
        return self.uses.setdefault((element, scope), Uses())

    def begin(self, key: str, at: datetime) -> None:
        self.pending.setdefault(key, at.isoformat())

    def end(self, key: str) -> datetime | None:
        began = self.pending.pop(key, None)
        return datetime.fromisoformat(began) if began else None

    def close_spell(self, at: datetime) -> None:
        """The stay in the phase ends, if one lasts."""
        entered = self.pending.pop(_ENTERED, None)
        if entered is None:
            return
        spell = self._spell(entered, at)
        self.spells[spell.seq] = spell
        self.pending[_HELD_SECONDS] = 0

    def open_spell(self, seq: int, phase: str, at: datetime) -> None:
        self.pending[_PHASE] = phase
        self.pending[_ENTERED] = [seq, at.isoformat()]
        self.pending[_HELD_SECONDS] = 0
        self.spells[seq] = PhaseSpell(seq, phase, at, None, timedelta())

    def _spell(self, entered: Any, left: datetime) -> PhaseSpell:
        seq, began = entered
        held = timedelta(seconds=self.pending.get(_HELD_SECONDS, 0))
        since = self.pending.get(_HELD)
        if since is not None:
            begun = max(datetime.fromisoformat(since), datetime.fromisoformat(began))
            held += working_time(begun, left)
        return PhaseSpell(seq, self.pending[_PHASE], datetime.fromisoformat(began), left, held)


def _passed(counting: Counting, entry: CountedEntry) -> None:
    for element, outcome, scope in entry.data["trail"]:
        if outcome == "completed":
            counting.use(element, scope).times += 1


def _timer_armed(counting: Counting, entry: CountedEntry) -> None:
    counting.begin(f"timer {entry.data['timer']}", entry.at)


def _timer_fired(counting: Counting, entry: CountedEntry) -> None:
    _waited(counting, f"timer {entry.data['timer']}", entry)


def _timer_gone(counting: Counting, entry: CountedEntry) -> None:
    counting.end(f"timer {entry.data['timer']}")


def _wait_opened(counting: Counting, entry: CountedEntry) -> None:
    counting.begin(f"wait {entry.data['wait']}", entry.at)


def _message_received(counting: Counting, entry: CountedEntry) -> None:
    _waited(counting, f"wait {entry.data['wait']}", entry)


def _wait_closed(counting: Counting, entry: CountedEntry) -> None:
    counting.end(f"wait {entry.data['wait']}")


def _waited(counting: Counting, key: str, entry: CountedEntry) -> None:
    began = counting.end(key)
    if began is not None:
        uses = counting.use(entry.data["element"], entry.data.get("scope", ""))
        uses.waited += working_time(began, entry.at)


def _phase_entered(counting: Counting, entry: CountedEntry) -> None:
    counting.close_spell(entry.at)
    counting.open_spell(entry.seq, entry.data["phase"], entry.at)


def _over(counting: Counting, entry: CountedEntry) -> None:
    counting.close_spell(entry.at)


def _rewound(counting: Counting, entry: CountedEntry) -> None:
    """One that was over goes on in the phase it was in."""
    if _ENTERED not in counting.pending and _PHASE in counting.pending:
        counting.open_spell(entry.seq, counting.pending[_PHASE], entry.at)


def _suspended(counting: Counting, entry: CountedEntry) -> None:
    counting.begin(_HELD, entry.at)


def _resumed(counting: Counting, entry: CountedEntry) -> None:
    since = counting.end(_HELD)
    if since is not None:
        seconds = int(working_time(since, entry.at).total_seconds())
        counting.pending[_HELD_SECONDS] = counting.pending.get(_HELD_SECONDS, 0) + seconds


_COUNT: Final[Mapping[str, Callable[[Counting, CountedEntry], None]]] = MappingProxyType(
    {
        "ElementsPassed": _passed,
        "TimerArmed": _timer_armed,
        "TimerFired": _timer_fired,
        "TimerDisarmed": _timer_gone,
        "WaitOpened": _wait_opened,
        "MessageReceived": _message_received,
        "WaitClosed": _wait_closed,
        "PhaseEntered": _phase_entered,
        "ProcurementEnded": _over,
        "ProcurementCancelled": _over,
        "ProcurementRewound": _rewound,
        "ProcurementSuspended": _suspended,
        "ProcurementResumed": _resumed,
    }
)
COUNTED_TYPES: Final = tuple(_COUNT)
