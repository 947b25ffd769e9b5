"""Taking time: medians, pairs measured in turn, and where inside a step the time goes."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from statistics import median, quantiles
from time import perf_counter
from typing import Any


def seconds(act: Callable[[], object]) -> float:
    """How long `act` took."""
    begun = perf_counter()
    act()
    return perf_counter() - begun


def in_turn(rounds: int, *acts: Callable[[], object]) -> tuple[float, ...]:
    """The median seconds of each act; they take turns, so that noise falls on all alike."""
    taken: list[list[float]] = [[] for _ in acts]
    for _ in range(rounds):
        for place, act in enumerate(acts):
            taken[place].append(seconds(act))
    return tuple(median(each) for each in taken)


def percentile_95(taken: list[float]) -> float:
    """The time that 95 of 100 stay below."""
    return quantiles(taken, n=20, method="inclusive")[-1] if len(taken) > 1 else taken[0]


class Stopwatch:
    """Adds up the time spent in named parts; time in a part inside another counts only there."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._inner = [0.0]

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        begun = perf_counter()
        self._inner.append(0.0)
        try:
            yield
        finally:
            whole = perf_counter() - begun
            self.spent[name] += whole - self._inner.pop()
            self._inner[-1] += whole

    @contextmanager
    def watching(self, *places: tuple[Any, str, Callable[..., str]]) -> Iterator[None]:
        """Take the time of each `(owner, attribute)`; the third tells the part from the call."""
        with ExitStack() as stack:
            for owner, attribute, name_of in places:
                stack.enter_context(self._watch(owner, attribute, name_of))
            yield

    @contextmanager
    def _watch(self, owner: Any, attribute: str, name_of: Callable[..., str]) -> Iterator[None]:
        original = getattr(owner, attribute)

        @wraps(original)
        def watched(*args: Any, **kwargs: Any) -> Any:
            with self.part(name_of(*args, **kwargs)):
                return original(*args, **kwargs)

        setattr(owner, attribute, watched)
        try:
            yield
        finally:
            setattr(owner, attribute, original)
