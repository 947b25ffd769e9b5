"""What forms of the real models begin with."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.queries.task import task_page
from engine.queries.view import View
from engine.scenarios.model import Scenario, Step
from engine.scenarios.reading import read_scenarios
from engine.scenarios.runner import find_scenario, play, reference
from engine.scenarios.world import Worlds
from engine.store import tasks

ROOT = Path(__file__).parents[2]


def scenario(process: str, name: str) -> Scenario:
    return find_scenario(read_scenarios(ROOT / "processes" / process), name)


def beginning(worlds: Worlds, course: Scenario, element: str) -> Mapping[str, Any]:
    """What the lead finds in the form of the task where the course has come to."""
    with worlds.make(course, ROOT) as world:
        run = play(course, world, reference(course))
        assert run.failures == []
        with world.store.reader() as connection:
            waiting = tasks.open_of(connection, run.procurement)
            task = next(each for each in waiting if each.element == element)
            lead = world.actor(course.team["procurement-lead"][0])
            view = View(connection, world.bus.environment.definitions, lead, world.clock.now())
            page = task_page(view, task.id)
    assert page.draft is not None
    return page.draft.content


def test_a_cancellation_begins_with_what_was_reported_and_with_all_who_are_in_it(
    worlds: Worlds,
) -> None:
    whole = scenario("innovation-partnership", "funding-withdrawn")
    reported = [step.verb == "report" for step in whole.steps].index(True)
    course = replace(whole, steps=whole.steps[: reported + 1])

    assert beginning(worlds, course, "prepare-cancellation") == {
        "ground": "ins-fund",
        "objective_reason": "Kommunestyret har trukket bevilgningen i budsjettet.",
        "informed": ["910000001", "910000002", "910000003"],
    }


def test_minutes_of_a_round_begin_with_its_topics(worlds: Worlds) -> None:
    whole = scenario("competitive-dialogue", "three-suppliers")
    course = replace(whole, steps=(Step("carry-on", "hold-dialogue-meeting", 1),))

    found = beginning(worlds, course, "hold-dialogue-meeting")

    assert found["type"] == "dialogue"
    assert found["agenda"] == [{"item": "Løsning, personvern og vilkår"}]
