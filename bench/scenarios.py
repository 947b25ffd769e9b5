"""The scenarios that ship, over all processors."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from time import perf_counter

from bench.report import Figure
from engine.scenarios.model import Outcome
from engine.scenarios.reading import read_scenarios
from engine.scenarios.together import run_together
from service.content import content_root
from service.versions import load_files


def scenarios(most: int | None = None) -> list[Figure]:
    """The seconds they take together, and how many of them do not pass; only all of them together
    have a figure to reach. They are played in a process of their own, as by the command line, which
    has none of the threads of other figures."""
    begun = perf_counter()
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        outcomes = process.submit(_played, most).result()
    return [
        Figure("scenarios.together", perf_counter() - begun, "s", 10 if most is None else None),
        Figure("scenarios.count", len(outcomes), "scenarios"),
        Figure("scenarios.acts", sum(each.acts for each in outcomes), "acts"),
        Figure("scenarios.failed", sum(not each.passed for each in outcomes), "scenarios", 0),
    ]


def _played(most: int | None) -> list[Outcome]:
    root = content_root()
    casts = [(each, root) for each in read_scenarios(root / "processes")[:most]]
    return list(run_together(casts, load_files))
