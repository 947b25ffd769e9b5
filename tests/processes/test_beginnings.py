"""What forms of the real models begin with."""

from dataclasses import replace
from pathlib import Path

from engine.queries.task import task_page
from engine.queries.view import View
from engine.scenarios.reading import read_scenarios
from engine.scenarios.runner import find_scenario, play, reference
from engine.scenarios.world import Worlds
from engine.store import tasks

ROOT = Path(__file__).parents[2]


def test_a_cancellation_begins_with_what_was_reported_and_with_all_who_are_in_it(
    worlds: Worlds,
) -> None:
    whole = find_scenario(
        read_scenarios(ROOT / "processes" / "innovation-partnership"), "funding-withdrawn"
    )
    reported = [step.verb == "report" for step in whole.steps].index(True)
    found = replace(whole, steps=whole.steps[: reported + 1])
    with worlds.make(found, ROOT) as world:
        run = play(found, world, reference(found))
        assert run.failures == []
        with world.store.reader() as connection:
            (task,) = tasks.open_of(connection, run.procurement)
            lead = world.actor(found.team["procurement-lead"][0])
            view = View(connection, world.bus.environment.definitions, lead, world.clock.now())
            page = task_page(view, task.id)

    assert task.element == "prepare-cancellation"
    assert page.draft is not None
    assert page.draft.content == {
        "ground": "ins-fund",
        "objective_reason": "Kommunestyret har trukket bevilgningen i budsjettet.",
        "informed": ["910000001", "910000002", "910000003"],
    }
