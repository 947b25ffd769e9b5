"""Many scenarios at once, over the processors of the machine."""

import gc
import os
import signal
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from engine.bpmn.cache import DefinitionCache, LoadFiles
from engine.errors import EngineError
from engine.scenarios.alike import Cast, Stand, stands
from engine.scenarios.model import Outcome
from engine.scenarios.world import Worlds

_WORLDS: Final[ContextVar[Worlds]] = ContextVar("worlds")
"""What a worker was handed down."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The process that some scenarios need before they can begin."""

    root: Path
    process: str
    stands: tuple[Stand, ...]

    def go_on(self, worlds: Worlds) -> list[Stand]:
        """Deploy it; where that is refused, its scenarios say so."""
        with suppress(EngineError):
            worlds.prepare(self.root, self.process)
        return list(self.stands)


Job = Deployment | Stand


def run_together(casts: Sequence[Cast], load: LoadFiles) -> Iterator[Outcome]:
    """The outcome of each scenario, in the order given; `load` reads the files of a version.

    Workers are forked, so that none of them imports anything of its own: this process should have
    no other threads.
    """
    with TemporaryDirectory(prefix="pivotal-scenario-") as folder:
        worlds = Worlds(DefinitionCache(load), Path(folder), alone=True)
        worlds.schema()
        with _workers(worlds) as pool:
            yield from _in_order(casts, _outcomes(_deployments(casts), pool))


def _workers(worlds: Worlds) -> ProcessPoolExecutor:
    """One for each processor, to which `worlds` is handed down as it is."""
    return ProcessPoolExecutor(_processors(), get_context("fork"), _begin, (worlds,))


def _processors() -> int:
    return len(os.sched_getaffinity(0))


def _begin(worlds: Worlds) -> None:
    """Ctrl+C is for the process that waits for the workers; what it has handed down is not looked
    through for garbage each time."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    _WORLDS.set(worlds)


def _deployments(casts: Sequence[Cast]) -> list[Deployment]:
    needed: dict[tuple[Path, str], list[Stand]] = {}
    for stand in stands(casts):
        needed.setdefault((stand.root, stand.scenarios[0].process), []).append(stand)
    return [Deployment(*key, tuple(waiting)) for key, waiting in needed.items()]


def _outcomes(jobs: Iterable[Job], pool: ProcessPoolExecutor) -> Iterator[Outcome]:
    """Each outcome when it is there. What has most to do is begun first, so that no worker is left
    alone at the end."""
    waiting: list[Job] = list(jobs)
    under_way: set[Future[Outcome | Sequence[Job]]] = set()
    while waiting or under_way:
        waiting.sort(key=_weight)
        while waiting and len(under_way) < _processors():
            under_way.add(pool.submit(_go_on, waiting.pop()))
        done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            result = future.result()
            if isinstance(result, Outcome):
                yield result
            else:
                waiting += result


def _weight(job: Job) -> tuple[bool, int]:
    """Deployments before all: others wait for them."""
    if isinstance(job, Deployment):
        return True, len(job.stands)
    return False, sum(len(scenario.steps) for scenario in job.scenarios)


def _go_on(job: Job) -> Outcome | Sequence[Job]:
    return job.go_on(_WORLDS.get())


def _in_order(casts: Sequence[Cast], outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes in the order of the scenarios, each as soon as those before it are there."""
    found: dict[str, list[Outcome]] = defaultdict(list)
    order = iter([scenario.file for scenario, _ in casts])
    wanted = next(order, None)
    for outcome in outcomes:
        found[outcome.file].append(outcome)
        while wanted is not None and found[wanted]:
            yield found[wanted].pop()
            wanted = next(order, None)
