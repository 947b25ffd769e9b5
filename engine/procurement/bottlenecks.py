"""Where work waits: what happened with each piece of work, summed up by step and role.

All times are working hours. Work waits from the moment it is there until somebody takes it; what
nobody took before it was done waited all the time, for that is what a record can tell.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from engine.procurement.working_time import working_time

Step = tuple[str, str]
"""The process and the element in it."""
_NOTHING: Final = timedelta()


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work for people. `closed` is None while it is still to be done; `taken` where
    nobody has taken it."""

    step: Step
    role: str
    opened: datetime
    taken: datetime | None
    closed: datetime | None


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """What all work of one step for one role came to. `times` counts finished work, whose medians
    and longest are told; `waiting` counts what is still to be done, of which the oldest has waited
    `oldest`; `waited` is the time all of it, finished or not, has waited for somebody together, and
    `whole` the time that what is finished took together."""

    step: Step
    role: str
    times: int
    median_wait: timedelta
    median_work: timedelta
    median_whole: timedelta
    longest: timedelta
    waiting: int
    oldest: timedelta
    waited: timedelta
    whole: timedelta


def bottlenecks(work: Iterable[Work], now: datetime) -> tuple[Bottleneck, ...]:
    """By step and role, what has waited longest altogether first."""
    grouped: dict[tuple[Step, str], list[Work]] = {}
    for each in work:
        grouped.setdefault((each.step, each.role), []).append(each)
    found = (_summed(step, role, each, now) for (step, role), each in grouped.items())
    return tuple(sorted(found, key=lambda each: (-each.waited, each.step, each.role)))


def _summed(step: Step, role: str, work: Collection[Work], now: datetime) -> Bottleneck:
    done = [each for each in work if each.closed is not None]
    open_now = [each for each in work if each.closed is None]
    wholes = [working_time(each.opened, each.closed or now) for each in done]
    waits = [_wait(each, now) for each in done]
    return Bottleneck(
        step=step,
        role=role,
        times=len(done),
        median_wait=_median(waits),
        median_work=_median([whole - wait for whole, wait in zip(wholes, waits, strict=True)]),
        median_whole=_median(wholes),
        longest=max(wholes, default=_NOTHING),
        waiting=len(open_now),
        oldest=max((working_time(each.opened, now) for each in open_now), default=_NOTHING),
        waited=sum((_wait(each, now) for each in work), _NOTHING),
        whole=sum(wholes, _NOTHING),
    )


def _wait(work: Work, now: datetime) -> timedelta:
    return working_time(work.opened, work.taken or work.closed or now)


def _median(spans: Collection[timedelta]) -> timedelta:
    return timedelta(seconds=median(span.total_seconds() for span in spans)) if spans else _NOTHING


@dataclass(frozen=True, slots=True)
class Spell:
    """A time that one procurement spent in a phase, without what it was on hold; `left` is None
    while it is there."""

    procurement: str
    phase: str
    entered: datetime
    left: datetime | None
    held: timedelta = _NOTHING


@dataclass(frozen=True, slots=True)
class PhaseTime:
    """How long a phase takes: of `times` procurements that have left it, in working hours; `there`
    are in it now, the longest for `oldest`."""

    phase: str
    times: int
    median: timedelta
    longest: timedelta
    there: int
    oldest: timedelta


def phase_times(spells: Iterable[Spell], now: datetime) -> Mapping[str, PhaseTime]:
    """By phase. A procurement that comes back to a phase spends all its spells there together."""
    by_phase: dict[str, dict[str, list[Spell]]] = {}
    for spell in spells:
        by_phase.setdefault(spell.phase, {}).setdefault(spell.procurement, []).append(spell)
    return {phase: _phase_time(phase, stays.values(), now) for phase, stays in by_phase.items()}


def _phase_time(phase: str, stays: Collection[list[Spell]], now: datetime) -> PhaseTime:
    def length(spells: Iterable[Spell]) -> timedelta:
        parts = (working_time(each.entered, each.left or now) - each.held for each in spells)
        return sum((max(part, _NOTHING) for part in parts), _NOTHING)

    left = [length(spells) for spells in stays if not _is_there(spells)]
    there = [length(spells) for spells in stays if _is_there(spells)]
    return PhaseTime(
        phase=phase,
        times=len(left),
        median=_median(left),
        longest=max(left, default=_NOTHING),
        there=len(there),
        oldest=max(there, default=_NOTHING),
    )


def _is_there(spells: Collection[Spell]) -> bool:
    return any(spell.left is None for spell in spells)
