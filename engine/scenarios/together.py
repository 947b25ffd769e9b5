"""Many scenarios at once, over the processors of the machine."""

import gc
import os
import signal
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from engine.bpmn.cache import DefinitionCache, LoadFiles
from engine.errors import EngineError, WorkerEndedError
from engine.scenarios.alike import Cast, Stand, stands
from engine.scenarios.model import Outcome
from engine.scenarios.world import Worlds

_FORK: Final = get_context("fork")


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
Result = Outcome | Sequence[Job]
"""What comes of a job: how a scenario came out, or what can be done now that it is done."""


def run_together(casts: Sequence[Cast], load: LoadFiles) -> Iterator[Outcome]:
    """The outcome of each scenario, in the order given; `load` reads the files of a version.

    Workers are forked, so that none of them imports anything of its own. Raises RuntimeError where
    this process has other threads: what one of them held at that moment, such as a lock of SQLite,
    nobody would ever let go in the worker. Raises WorkerEndedError when one ends by itself.
    """
    if threading.active_count() > 1:
        raise RuntimeError("Scenarios are played together by a process without other threads.")
    with TemporaryDirectory(prefix="pivotal-scenario-") as folder:
        worlds = Worlds(DefinitionCache(load), Path(folder))
        worlds.schema()
        with _workers(worlds) as workers:
            yield from _in_order(casts, _outcomes(_deployments(casts), workers))


@dataclass(eq=False, slots=True)
class _Worker:
    """One process, and what it has compiled so far: it does not need to read that again."""

    process: BaseProcess
    pipe: "Connection[Job, Result]"
    compiled: set[tuple[Path, str]] = field(default_factory=set)

    def begin(self, job: Job) -> None:
        self.compiled.add(job.deployed)
        with self._alive():
            self.pipe.send(job)

    def result(self) -> Result:
        with self._alive():
            return self.pipe.recv()

    def weight(self, job: Job) -> tuple[bool, bool, int]:
        """Deployments before all, since others wait for them; then what has most to do, so that no
        worker is left alone at the end."""
        return isinstance(job, Deployment), job.deployed in self.compiled, job.weight

    @contextmanager
    def _alive(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, ConnectionError):
            self.process.join()
            raise WorkerEndedError(self.process.exitcode) from None


@contextmanager
def _workers(worlds: Worlds) -> Iterator[list[_Worker]]:
    """One for each processor, idle; what they still do when this is left is thrown away."""
    workers: list[_Worker] = []
    with ExitStack() as stack:
        for _ in os.sched_getaffinity(0):
            ours, theirs = _FORK.Pipe()
            stack.enter_context(closing(ours))
            known = [ours, *(each.pipe for each in workers)]
            process = _FORK.Process(target=_work, args=(worlds, theirs, known), daemon=True)
            process.start()
            stack.callback(process.join)
            stack.callback(process.terminate)
            theirs.close()
            workers.append(_Worker(process, ours))
        yield workers


def _work(
    worlds: Worlds,
    jobs: "Connection[Result, Job]",
    others: "Sequence[Connection[Job, Result]]",
) -> None:
    """Do what comes, until nothing can come any more: whoever sends it is the only one to hold the
    other end. Ctrl+C is for the process that waits for the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for each in others:
        each.close()
    gc.freeze()
    gc.disable()  # the garbage of a job is collected when it is done
    with suppress(EOFError):
        while True:
            jobs.send(jobs.recv().go_on(worlds))
            gc.collect()
            gc.freeze()


def _deployments(casts: Sequence[Cast]) -> list[Deployment]:
    needed: dict[tuple[Path, str], list[Stand]] = {}
    for stand in stands(casts):
        needed.setdefault(stand.deployed, []).append(stand)
    return [Deployment(*key, tuple(waiting)) for key, waiting in needed.items()]


def _outcomes(jobs: Iterable[Job], workers: Sequence[_Worker]) -> Iterator[Outcome]:
    """Each outcome when it is there."""
    waiting: list[Job] = list(jobs)
    idle = list(workers)
    busy: list[_Worker] = []
    while waiting or busy:
        while waiting and idle:
            worker = idle.pop()
            worker.begin(waiting.pop(waiting.index(max(waiting, key=worker.weight))))
            busy.append(worker)
        ready = wait([each.pipe for each in busy])
        for worker in [each for each in busy if each.pipe in ready]:
            result = worker.result()
            busy.remove(worker)
            idle.append(worker)
            if isinstance(result, Outcome):
                yield result
            else:
                waiting += result


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
