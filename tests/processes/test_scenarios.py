"""Every scenario that ships comes to the end its designer wrote."""

from pathlib import Path

import pytest

from engine.bpmn.bundle import collect
from engine.bpmn.compile import compile_deployed
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


@pytest.mark.parametrize("key", sorted({scenario.process for scenario in SCENARIOS}))
def test_what_is_usual_covers_every_form_and_every_gate(key: str) -> None:
    bundle = collect(ROOT / "processes" / key)
    definition = compile_deployed(bundle.key, bundle.files).definition
    scenario = next(each for each in SCENARIOS if each.process == key)
    gates = {
        element.id
        for process in definition.processes.values()
        for element in process.elements.values()
        if element.gate is not None
    }

    decided = {element for element, act in scenario.usual.items() if act.choose}

    assert sorted(definition.forms.keys() - scenario.samples.keys()) == []
    assert sorted(gates - decided) == []
