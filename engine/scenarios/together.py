"""Many scenarios at once, over the processors of the machine, each in a world of its own."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.bpmn.cache import DefinitionCache, LoadFiles
from engine.errors import EngineError
from engine.scenarios.model import Outcome, Scenario
from engine.scenarios.runner import run_scenario
from engine.scenarios.world import Worlds

Cast = tuple[Scenario, Path]
"""A scenario and the folder that holds its `processes/` and `forms/`."""


def run_together(casts: Sequence[Cast], load: LoadFiles) -> Iterator[Outcome]:
    """The outcome of each scenario, in the order given; `load` reads the files of a version.

    The processes are deployed first, so that no two workers do the same. Workers are forked: this
    process should have no other threads.
    """
    processes = dict.fromkeys((root, scenario.process) for scenario, root in casts)
    with TemporaryDirectory(prefix="pivotal-scenario-") as folder, _workers(len(casts)) as pool:
        worker = partial(_in_worlds, Path(folder), load)
        list(pool.map(partial(worker, _prepare), processes))
        yield from pool.map(partial(worker, _run), casts)


def _workers(most: int) -> ProcessPoolExecutor:
    """Forked, so that a worker need not import all there is once more; at most `most` of them."""
    count = min(most, len(os.sched_getaffinity(0)))
    return ProcessPoolExecutor(max(count, 1), get_context("fork"), _leave_interrupts)


def _leave_interrupts() -> None:
    """Ctrl+C is for the process that waits for the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _in_worlds(
    folder: Path, load: LoadFiles, act: Callable[[Worlds, Any], Any], subject: Any
) -> Any:
    return act(_worlds(folder, load), subject)


@cache
def _worlds(folder: Path, load: LoadFiles) -> Worlds:
    """One for each worker, which thereby compiles each version once."""
    return Worlds(DefinitionCache(load), folder)


def _prepare(worlds: Worlds, process: tuple[Path, str]) -> None:
    """One that cannot be deployed is told of where its scenarios are."""
    with suppress(EngineError):
        worlds.prepare(*process)


def _run(worlds: Worlds, cast: Cast) -> Outcome:
    return run_scenario(*cast, worlds)
