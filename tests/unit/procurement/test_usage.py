"""Counting a record gives the same however it is cut into parts."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.procurement.usage import CountedEntry, Counting

MONDAY = datetime(2026, 6, 1, 6, tzinfo=UTC)  # 08.00 in Oslo, when the working day begins
HOUR = timedelta(hours=1)


def entries(*facts: tuple[float, str, dict[str, Any]]) -> list[CountedEntry]:
    """Hours after Monday at 08.00, type and data of each."""
    return [
        CountedEntry(seq, MONDAY + hours * HOUR, kind, data)
        for seq, (hours, kind, data) in enumerate(facts, start=1)
    ]


def counted(found: list[CountedEntry]) -> Counting:
    counting = Counting()
    counting.take(found)
    return counting


COURSE = entries(
    (0, "PhaseEntered", {"phase": "need"}),
    (1, "ElementsPassed", {"trail": [["a", "completed", ""], ["b", "cancelled", ""]]}),
    (2, "TimerArmed", {"timer": "t", "element": "wait"}),
    (3, "WaitOpened", {"wait": "w", "element": "hear", "scope": "s"}),
    (4, "ProcurementSuspended", {}),
    (5, "ProcurementResumed", {}),
    (6, "TimerFired", {"timer": "t", "element": "wait"}),
    (7, "MessageReceived", {"wait": "w", "element": "hear", "scope": "s"}),
    (7, "WaitClosed", {"wait": "w"}),
    (7.5, "ElementsPassed", {"trail": [["a", "completed", ""], ["hear", "completed", "s"]]}),
    (8, "PhaseEntered", {"phase": "market"}),
    (25, "ProcurementEnded", {"outcome": ""}),
    (26, "ProcurementRewound", {"to_seq": 3, "undone": []}),
)


def test_elements_are_counted_when_they_were_completed() -> None:
    uses = counted(COURSE).uses

    assert (uses["a", ""].times, uses["hear", "s"].times) == (2, 1)
    assert ("b", "") not in uses


def test_what_was_waited_for_is_measured_in_working_hours() -> None:
    uses = counted(COURSE).uses

    assert (uses["wait", ""].waited, uses["hear", "s"].waited) == (4 * HOUR, 4 * HOUR)


def test_a_timer_that_never_fired_was_not_waited_for() -> None:
    found = counted(
        entries(
            (0, "TimerArmed", {"timer": "t", "element": "wait"}),
            (1, "TimerDisarmed", {"timer": "t"}),
        )
    )

    assert (found.uses, found.pending) == ({}, {})


def test_phases_last_from_one_to_the_next_without_what_was_on_hold() -> None:
    spells = counted(COURSE).spells

    need, market, again = spells[1], spells[11], spells[13]
    assert (need.phase, need.entered, need.left, need.held) == (
        "need",
        MONDAY,
        MONDAY + 8 * HOUR,
        HOUR,
    )
    assert (market.phase, market.left, market.held) == ("market", MONDAY + 25 * HOUR, timedelta())
    assert (again.phase, again.left) == ("market", None)  # it goes on after the rewind


@settings(max_examples=200, deadline=None)
@given(cuts=st.lists(st.integers(0, len(COURSE)), max_size=5))
def test_counting_in_parts_gives_the_same(cuts: list[int]) -> None:
    whole = counted(COURSE)
    times: dict[Any, Any] = {}
    spells: dict[Any, Any] = {}
    pending: dict[str, Any] = {}

    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(COURSE)], strict=True):
        part = Counting(orjson.loads(orjson.dumps(pending)))  # as it is kept in between
        part.take(deepcopy(COURSE[start:end]))
        pending = part.pending
        spells |= part.spells
        for where, uses in part.uses.items():
            before = times.get(where, (0, timedelta()))
            times[where] = (before[0] + uses.times, before[1] + uses.waited)

    assert times == {where: (uses.times, uses.waited) for where, uses in whole.uses.items()}
    assert (spells, pending) == (whole.spells, whole.pending)
