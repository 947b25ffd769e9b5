"""Many scenarios at once, over the processors of the machine, each in a world of its own."""

import gc
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from contextvars import ContextVar
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from engine.bpmn.cache import DefinitionCache, LoadFiles
from engine.errors import EngineError
from engine.scenarios.model import Outcome, Scenario
from engine.scenarios.runner import run_scenario
from engine.scenarios.world import Worlds

Cast = tuple[Scenario, Path]
"""A scenario and the folder that holds its `processes/` and `forms/`."""
_WORLDS: Final[ContextVar[Worlds]] = ContextVar("worlds")
"""What a worker was handed down: it holds compiled versions, which cannot be sent."""


def run_together(casts: Sequence[Cast], load: LoadFiles) -> Iterator[Outcome]:
    """The outcome of each scenario, in the order given; `load` reads the files of a version.

    Workers are forked once the processes are deployed, so that none of them imports or compiles
    anything of its own: this process should have no other threads.
    """
    with TemporaryDirectory(prefix="pivotal-scenario-") as folder:
        worlds = Worlds(DefinitionCache(load), Path(folder))
        for process in dict.fromkeys((root, scenario.process) for scenario, root in casts):
            with suppress(EngineError):  # it is told where its scenarios are
                worlds.prepare(*process)
        with _workers(len(casts), worlds) as pool:
            yield from _in_order(casts, pool)


def _workers(most: int, worlds: Worlds) -> ProcessPoolExecutor:
    """At most `most` of them, to which `worlds` is handed down as it is."""
    count = min(most, len(os.sched_getaffinity(0)))
    return ProcessPoolExecutor(max(count, 1), get_context("fork"), _begin, (worlds,))


def _begin(worlds: Worlds) -> None:
    """Ctrl+C is for the process that waits for the workers; what it has handed down is not looked
    through for garbage each time."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    _WORLDS.set(worlds)


def _in_order(casts: Sequence[Cast], pool: ProcessPoolExecutor) -> Iterator[Outcome]:
    """Those with most steps are begun first, so that no worker is left alone at the end."""
    most_first = sorted(range(len(casts)), key=lambda place: -len(casts[place][0].steps))
    begun = {place: pool.submit(_run, casts[place]) for place in most_first}
    for place in range(len(casts)):
        yield begun[place].result()


def _run(cast: Cast) -> Outcome:
    return run_scenario(*cast, _WORLDS.get())
