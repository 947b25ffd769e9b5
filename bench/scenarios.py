"""Every scenario that ships, one after the other."""

from time import perf_counter

from bench.report import Figure
from engine.bpmn.cache import DefinitionCache
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
        outcomes = [run_scenario(each, root, worlds) for each in found]
    return [
        Figure("scenarios.together", perf_counter() - begun, "s", 10),
        Figure("scenarios.count", len(outcomes), "scenarios"),
        Figure("scenarios.failed", sum(not each.passed for each in outcomes), "scenarios", 0),
    ]
