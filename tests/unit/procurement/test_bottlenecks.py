"""Where work waits longest, per step and role, and how long phases take."""

from datetime import UTC, datetime, timedelta

from engine.procurement.bottlenecks import Spell, Work, bottlenecks, phase_times

MONDAY = datetime(2026, 6, 1, 6, tzinfo=UTC)  # 08.00 in Oslo, when the working day begins
NOW = MONDAY + timedelta(days=4)
HOUR = timedelta(hours=1)


def work(
    element: str, taken: float | None, closed: float | None, *, role: str = "legal", day: int = 0
) -> Work:
    """Work that was opened on a day at 08.00; the others are hours after that."""
    opened = MONDAY + timedelta(days=day)
    at = (None if each is None else opened + each * HOUR for each in (taken, closed))
    return Work(("p", element), role, opened, *at)


def test_work_waits_until_it_is_taken_and_is_worked_on_until_it_is_done() -> None:
    [found] = bottlenecks([work("a", 3, 5)], NOW)

    assert (found.median_wait, found.median_work, found.median_whole) == (
        3 * HOUR,
        2 * HOUR,
        5 * HOUR,
    )
    assert (found.times, found.waiting, found.waited) == (1, 0, 3 * HOUR)


def test_work_that_nobody_took_has_waited_until_it_was_done() -> None:
    [found] = bottlenecks([work("a", None, 5)], NOW)

    assert (found.median_wait, found.median_work) == (5 * HOUR, timedelta())


def test_work_that_is_still_to_be_done_waits_until_now() -> None:
    [found] = bottlenecks([work("a", None, None, day=3), work("a", 2, None, day=2)], NOW)

    assert (found.times, found.waiting) == (0, 2)
    assert (found.oldest, found.waited) == (16 * HOUR, 10 * HOUR)


def test_nights_and_weekends_are_no_waiting() -> None:
    [found] = bottlenecks([work("a", None, 7 * 24)], MONDAY + timedelta(days=14))

    assert found.waited == 40 * HOUR


def test_each_step_and_role_stands_by_itself_and_the_longest_wait_comes_first() -> None:
    found = bottlenecks(
        [
            work("a", 1, 2),
            work("a", 2, 3),
            work("a", 6, 7, role="need-owner"),
            work("b", 4, 5),
        ],
        NOW,
    )

    assert [(each.step[1], each.role, each.waited / HOUR) for each in found] == [
        ("a", "need-owner", 6),
        ("b", "legal", 4),
        ("a", "legal", 3),
    ]


def test_one_that_took_very_long_does_not_move_the_median() -> None:
    [found] = bottlenecks([work("a", 1, 2), work("a", 1, 2), work("a", 1, 70)], NOW)

    assert (found.median_whole, found.longest) == (2 * HOUR, 24 * HOUR)


def test_nothing_gives_nothing() -> None:
    assert bottlenecks([], NOW) == ()
    assert phase_times([], NOW) == {}


def test_a_phase_takes_what_its_procurements_spent_there_together() -> None:
    spells = [
        Spell("1", "need", MONDAY, MONDAY + 4 * HOUR),
        Spell("1", "need", MONDAY + timedelta(days=1), MONDAY + timedelta(days=1) + 2 * HOUR),
        Spell("2", "need", MONDAY, MONDAY + 8 * HOUR, held=5 * HOUR),
        Spell("3", "need", MONDAY, MONDAY + 8 * HOUR),
        Spell("1", "market", MONDAY + timedelta(days=3), None),
    ]

    found = phase_times(spells, NOW)

    assert (found["need"].times, found["need"].median, found["need"].longest) == (
        3,
        6 * HOUR,
        8 * HOUR,
    )
    assert (found["market"].times, found["market"].there, found["market"].oldest) == (
        0,
        1,
        8 * HOUR,
    )
