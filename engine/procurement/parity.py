"""Whether suppliers are treated alike, in figures: time in meetings, topics, and who knew first.

Pure functions over one round, so that what differs is seen while it can still be mended.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting that was held with a supplier (aware moments), and the topics of its agenda."""

    supplier: str
    began_at: datetime
    ended_at: datetime
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the supplier `first` learned before the others; `shared_at` is None while they wait."""

    first: str
    learned_at: datetime
    shared_at: datetime | None


@dataclass(frozen=True, slots=True)
class Share:
    """One supplier's part of the round. `minutes` in meetings; `lacks` are topics that another had
    and this one had not; `behind` how many items it does not know yet; `lag` is the longest time,
    in whole minutes, that others knew something before it."""

    supplier: str
    minutes: int
    lacks: tuple[str, ...]
    behind: int
    lag: int


@dataclass(frozen=True, slots=True)
class Parity:
    """`shares` in the order the suppliers were given. `spread` is the difference between most and
    least time, in per cent of the most, rounded up; it is even where it is at most the limit."""

    shares: tuple[Share, ...]
    longest: int
    spread: int
    time_even: bool
    topics_even: bool
    knowledge_even: bool


def parity(
    suppliers: Sequence[str],
    meetings: Iterable[Held],
    known: Iterable[Known],
    now: datetime,
    limit: int,
) -> Parity:
    """`limit` is the largest spread of time that counts as even, in per cent."""
    held, items = list(meetings), list(known)
    shares = tuple(_share(each, held, items, now) for each in suppliers)
    most = max((each.minutes for each in shares), default=0)
    least = min((each.minutes for each in shares), default=0)
    spread = -(-(most - least) * 100 // most) if most else 0
    return Parity(
        shares=shares,
        longest=most,
        spread=spread,
        time_even=spread <= limit,
        topics_even=not any(each.lacks for each in shares),
        knowledge_even=not any(each.behind for each in shares),
    )


def _share(supplier: str, held: list[Held], items: list[Known], now: datetime) -> Share:
    spent = sum(
        (max(each.ended_at - each.began_at, timedelta()) for each in held if _of(each, supplier)),
        timedelta(),
    )
    topics = {_plain(topic): topic for each in held for topic in each.topics}
    had = {_plain(topic) for each in held if _of(each, supplier) for topic in each.topics}
    others = [each for each in items if each.first != supplier]
    lags = [(each.shared_at or now) - each.learned_at for each in others]
    return Share(
        supplier=supplier,
        minutes=spent // _MINUTE,
        lacks=tuple(topics[key] for key in sorted(set(topics) - had)),
        behind=sum(each.shared_at is None for each in others),
        lag=max((max(lag, timedelta()) // _MINUTE for lag in lags), default=0),
    )


def _of(held: Held, supplier: str) -> bool:
    return held.supplier == supplier


def _plain(topic: str) -> str:
    """A topic is the same however it is spaced and whatever case it has."""
    return " ".join(topic.casefold().split())
