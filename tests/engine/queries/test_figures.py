"""Bottlenecks, time per phase and heat, from the record and within the reader's rights."""

from datetime import timedelta

import pytest

from engine.commands.tasks import ClaimTask
from engine.commands.usage import CountUse
from engine.errors import NotFoundError
from engine.model.actor import SYSTEM
from engine.queries.figures import Bottlenecks, FigureFilter, find_bottlenecks
from engine.queries.heat import HeatMap, HeatRow, Measure, heat_map, versions_used
from engine.queries.view import View
from tests.support.circle import B, make_circle
from tests.support.platform import GOOD_NEED, START, Platform
from tests.support.small_process import KEY

HOUR = timedelta(hours=1)


def figures(platform: Platform, person: str, wanted: FigureFilter | None = None) -> Bottlenecks:
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        view = View(connection, definitions, platform.actor(person), platform.clock.now())
        return find_bottlenecks(view, wanted or FigureFilter())


def heat(platform: Platform, person: str, measure: Measure = Measure.TIMES) -> HeatMap:
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        view = View(connection, definitions, platform.actor(person), platform.clock.now())
        digest = versions_used(view)[0].digest
        return heat_map(view, digest, measure, lambda row: (str(row.times), row.name))


def later(platform: Platform, hours: float) -> None:
    platform.clock.set(platform.clock.now() + hours * HOUR)


def count(platform: Platform, key: str) -> None:
    platform.bus.handle(CountUse(key), SYSTEM)


def rows_of(found: HeatMap) -> dict[str, HeatRow]:
    return {row.element: row for row in found.rows}


def test_work_is_told_by_step_and_role_with_what_waits_now(any_platform: Platform) -> None:
    """It starts on a Monday at nine in Oslo."""
    key = any_platform.start()
    later(any_platform, 2)
    any_platform.act("lead", ClaimTask(any_platform.task(key, "describe").id))
    later(any_platform, 1)
    any_platform.complete("lead", key, "describe", submission=GOOD_NEED)
    later(any_platform, 3)

    steps = {step.element: step for step in figures(any_platform, "lead").steps}

    done, waiting = steps["describe"].figure, steps["draft"].figure
    assert (done.role, done.times, done.median_wait, done.median_work) == (
        "procurement-lead",
        1,
        2 * HOUR,
        HOUR,
    )
    assert (waiting.role, waiting.times, waiting.waiting, waiting.oldest) == (
        "need-owner",
        0,
        1,
        3 * HOUR,
    )
    assert [step.element for step in figures(any_platform, "lead").steps] == ["draft", "describe"]


def test_figures_are_over_the_procurements_one_may_read(any_platform: Platform) -> None:
    any_platform.start(reference="2026/1")
    any_platform.start(reference="2026/2")

    assert figures(any_platform, "lead").number == 2
    nothing = figures(any_platform, "stranger")
    assert (nothing.number, nothing.steps, nothing.processes) == (0, (), ())


def test_work_confidential_to_suppliers_counts_only_for_those_who_may_know(
    any_platform: Platform,
) -> None:
    make_circle(any_platform)

    told = {
        person: [
            step.figure.waiting
            for step in figures(any_platform, person).steps
            if step.element == "score"
        ]
        for person in ("lead", "auditor", "manager", "colleague")
    }

    assert told == {"lead": [2], "auditor": [2], "manager": [], "colleague": []}


def test_figures_are_narrowed_by_process_and_time(any_platform: Platform) -> None:
    any_platform.start()
    tomorrow = START.date() + timedelta(days=1)

    assert figures(any_platform, "lead", FigureFilter(process=KEY)).steps
    assert not figures(any_platform, "lead", FigureFilter(process="other")).steps
    assert not figures(any_platform, "lead", FigureFilter(since=tomorrow)).steps


def test_what_the_clock_made_wait_is_told_once_it_has_been_counted(any_platform: Platform) -> None:
    key = any_platform.start()
    any_platform.to_branches(key)
    for scope in ("910000004", "910000012"):
        any_platform.complete("owner", key, "score", scope, submission={"points": 7})
    any_platform.clock.set(any_platform.clock.now() + timedelta(days=30))
    any_platform.fire_due()
    before = figures(any_platform, "lead")
    count(any_platform, key)

    after = figures(any_platform, "lead")

    assert (before.waits, before.behind, after.behind) == ((), 1, 0)
    [wait] = after.waits
    assert (wait.event, wait.times) == ("timer", 1)
    assert wait.mean > timedelta()


def test_heat_tells_how_often_and_how_long_on_the_drawing_and_in_a_list(
    any_platform: Platform,
) -> None:
    key = any_platform.start()
    later(any_platform, 2)
    any_platform.to_branches(key)
    count(any_platform, key)

    found = heat(any_platform, "lead")

    rows = rows_of(found)
    assert (rows["describe"].times, rows["describe"].whole) == (1, 2 * HOUR)
    assert rows["approved"].times == 1  # a gateway: what the process did by itself
    assert found.drawings[0].svg.count('class="bpmn-heat"') == len(found.rows)
    assert (found.procurements, found.behind) == (1, 0)


def test_heat_by_working_time_leaves_cold_what_took_none(any_platform: Platform) -> None:
    key = any_platform.start()
    later(any_platform, 2)
    any_platform.to_branches(key)
    count(any_platform, key)

    found = heat(any_platform, "lead", Measure.HOURS)

    assert found.rows[0].element == "describe"
    assert found.drawings[0].svg.count('class="bpmn-heat"') == 1


def test_heat_counts_branches_of_suppliers_only_for_those_who_may_know(
    any_platform: Platform,
) -> None:
    circle = make_circle(any_platform)
    any_platform.complete("member-b", circle.procurement, "score", B, submission={"points": 3})
    count(any_platform, circle.procurement)

    told = {
        person: "score" in rows_of(heat(any_platform, person)) for person in ("lead", "manager")
    }

    assert told == {"lead": True, "manager": False}


def test_heat_of_a_version_without_procurements_of_mine_is_not_there(platform: Platform) -> None:
    platform.start()
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        view = View(connection, definitions, platform.actor("lead"), platform.clock.now())
        digest = versions_used(view)[0].digest
        stranger = View(connection, definitions, platform.actor("stranger"), platform.clock.now())

        with pytest.raises(NotFoundError):
            heat_map(stranger, digest, Measure.TIMES, lambda _: ("", ""))
