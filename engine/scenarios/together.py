"""Many scenarios at once, over the processors of the machine."""

import gc
import os
import signal
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
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

    @property
    def deployed(self) -> tuple[Path, str]:
        return self.root, self.process

    @property
    def weight(self) -> int:
        return sum(stand.weight for stand in self.stands)

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
        worlds = Worlds(DefinitionCache(load), Path(folder))
        worlds.schema()
        with ExitStack() as stack:
            workers = [
                _Worker(stack.enter_context(_process(worlds)))
                for _ in range(len(os.sched_getaffinity(0)))
            ]
            yield from _in_order(casts, _outcomes(_deployments(casts), workers))


def _process(worlds: Worlds) -> ProcessPoolExecutor:
    """A process to which `worlds` is handed down as it is."""
    return ProcessPoolExecutor(1, get_context("fork"), _begin, (worlds,))


@dataclass(eq=False, slots=True)
class _Worker:
    """One process, and what it has compiled so far: it does not need to read that again."""

    process: ProcessPoolExecutor
    compiled: set[tuple[Path, str]] = field(default_factory=set)

    def begin(self, job: Job) -> "Future[Outcome | Sequence[Job]]":
        self.compiled.add(job.deployed)
        return self.process.submit(_go_on, job)

    def weight(self, job: Job) -> tuple[bool, bool, int]:
        """Deployments before all, since others wait for them; then what has most to do, so that no
        worker is left alone at the end."""
        return isinstance(job, Deployment), job.deployed in self.compiled, job.weight


def _begin(worlds: Worlds) -> None:
    """Ctrl+C is for the process that waits for the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.disable()  # the garbage of a job is collected when it is done
    _WORLDS.set(worlds)


def _deployments(casts: Sequence[Cast]) -> list[Deployment]:
    needed: dict[tuple[Path, str], list[Stand]] = {}
    for stand in stands(casts):
        needed.setdefault(stand.deployed, []).append(stand)
    return [Deployment(*key, tuple(waiting)) for key, waiting in needed.items()]


def _outcomes(jobs: Iterable[Job], workers: Sequence["_Worker"]) -> Iterator[Outcome]:
    """Each outcome when it is there."""
    waiting: list[Job] = list(jobs)
    under_way: dict[Future[Outcome | Sequence[Job]], _Worker] = {}
    while waiting or under_way:
        for worker in workers:
            if waiting and worker not in under_way.values():
                job = waiting.pop(waiting.index(max(waiting, key=worker.weight)))
                under_way[worker.begin(job)] = worker
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            del under_way[future]
            result = future.result()
            if isinstance(result, Outcome):
                yield result
            else:
                waiting += result


def _go_on(job: Job) -> Outcome | Sequence[Job]:
    result = job.go_on(_WORLDS.get())
    gc.collect()
    gc.freeze()
    return result


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
