"""Doing things at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from engine.errors import EngineError

Answer = TypeVar("Answer")


def at_once(acts: Sequence[Callable[[], Answer]]) -> list[Answer | EngineError]:
    """Each act on a thread of its own, all let go together; a refusal is an answer too.

    Any other error is raised here.
    """
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Answer]) -> Answer | EngineError:
        barrier.wait(30)
        try:
            return act()
        except EngineError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
