"""Every scenario that ships comes to the end its designer wrote."""

from pathlib import Path

import pytest

from engine.scenarios.model import Scenario
from engine.scenarios.reading import read_scenarios
from engine.scenarios.runner import run_scenario
from engine.scenarios.world import Worlds

ROOT = Path(__file__).parent.parent.parent
SCENARIOS = read_scenarios(ROOT / "processes")


@pytest.mark.parametrize(
    "scenario", SCENARIOS, ids=lambda scenario: f"{scenario.process}-{scenario.name}"
)
def test_the_scenario_passes(scenario: Scenario, worlds: Worlds) -> None:
    outcome = run_scenario(scenario, ROOT, worlds)

    assert outcome.acts
    assert outcome.failures == ()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_scenario_says_in_both_languages_what_it_shows(scenario: Scenario) -> None:
    expectations = [step for step in scenario.steps if step.verb in ("expect", "refused")]

    assert set(scenario.title) >= {"nb", "en"}
    assert expectations
