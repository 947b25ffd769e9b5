"""Every scenario that ships, one after the other."""

from pathlib import Path
from time import perf_counter

from bench.report import Figure
from engine.bpmn.cache import DefinitionCache
from engine.errors import EngineError
from engine.scenarios.model import Scenario
from engine.scenarios.reading import read_scenarios
from engine.scenarios.runner import run_scenario
from engine.scenarios.world import Worlds
from service.content import content_root
from service.wiring import load_files


def scenarios(most: int | None = None) -> list[Figure]:
    """The seconds they take together, and how many of them do not pass."""
    root = content_root()
    begun = perf_counter()
    with Worlds(DefinitionCache(load_files)) as worlds:
        found = read_scenarios(root / "processes")[:most]
        passed = [_passes(each, root, worlds) for each in found]
    return [
        Figure("scenarios.together", perf_counter() - begun, "s", 10),
        Figure("scenarios.count", len(passed), "scenarios"),
        Figure("scenarios.failed", passed.count(False), "scenarios", 0),
    ]


def _passes(scenario: Scenario, root: Path, worlds: Worlds) -> bool:
    try:
        return run_scenario(scenario, root, worlds).passed
    except EngineError:  # its process cannot be deployed, which `pivotal check` explains
        return False
