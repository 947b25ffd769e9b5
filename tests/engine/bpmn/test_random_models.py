"""Models made at random, nested without limit but the eye's: the plain library against the
runtime, as in `test_differential`. Joins stand outside loops, and between the flows of an inclusive
gateway there are tasks alone: elsewhere the library is wrong (`test_gateways`, `test_data`)."""

import random
from itertools import count

import pytest

from tests.engine.bpmn.models import (
    boundary,
    document,
    end,
    exclusive,
    inclusive,
    parallel,
    process,
    start,
    subprocess,
    timer,
    user,
)
from tests.engine.bpmn.test_differential import Library, Ours, trace


class Builder:
    """Blocks with one way in and one way out; `nodes` and `flows` gather those of a scope."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._numbers = count(1)

    def model(self) -> bytes:
        nodes, flows, first, last = self._sequence(3, joins=True)
        flows += [f"s -> {first}", f"{last} -> e"]
        return document(process(start() + "".join(nodes) + end(), "\n".join(flows)))

    def _key(self, kind: str) -> str:
        return f"{kind}{next(self._numbers)}"

    def _sequence(self, depth: int, *, joins: bool) -> tuple[list[str], list[str], str, str]:
        nodes: list[str] = []
        flows: list[str] = []
        first = last = ""
        for _ in range(self._chance.randint(1, 3)):
            inner, ways, begin, finish = self._block(depth, joins=joins)
            nodes += inner
            flows += ways
            if last:
                flows.append(f"{last} -> {begin}")
            first = first or begin
            last = finish
        return nodes, flows, first, last

    def _block(self, depth: int, *, joins: bool) -> tuple[list[str], list[str], str, str]:
        kinds = ["task", "task", "guarded"]
        if depth:
            kinds += ["choice", "loop", "scope"] + ["parallel", "inclusive"] * joins
        kind = self._chance.choice(kinds)
        if kind == "task":
            key = self._key("task")
            return [user(key)], [], key, key
        if kind == "guarded":
            return self._guarded()
        if kind == "scope":
            return self._scope(depth, joins=joins)
        if kind == "loop":
            return self._loop(depth)
        return self._split(kind, depth, joins=joins)

    def _guarded(self) -> tuple[list[str], list[str], str, str]:
        task, event, merge = self._key("task"), self._key("t"), self._key("merge")
        nodes = [user(task), boundary(event, task, timer("PT100H")), exclusive(merge)]
        return nodes, [f"{task} -> {merge}", f"{event} -> {merge}"], task, merge

    def _scope(self, depth: int, *, joins: bool) -> tuple[list[str], list[str], str, str]:
        key = self._key("scope")
        nodes, flows, first, last = self._sequence(depth - 1, joins=joins)
        flows += [f"{key}-s -> {first}", f"{last} -> {key}-e"]
        return [subprocess(key, "".join(nodes), "\n".join(flows))], [], key, key

    def _loop(self, depth: int) -> tuple[list[str], list[str], str, str]:
        merge, again, after = self._key("merge"), self._key("again"), self._key("after")
        counter = self._key("count")
        nodes, flows, first, last = self._sequence(depth - 1, joins=False)
        nodes += [exclusive(merge), user(counter), exclusive(again, after), exclusive(after)]
        flows += [f"{merge} -> {first}", f"{last} -> {counter}", f"{counter} -> {again}"]
        flows += [f"{again} -> {merge} [{counter}_done < 12]", f"{again} -> {after}"]
        return nodes, flows, merge, after

    def _split(
        self, kind: str, depth: int, *, joins: bool
    ) -> tuple[list[str], list[str], str, str]:
        split, join = self._key("split"), self._key("join")
        nodes: list[str] = []
        flows: list[str] = []
        firsts = []
        for _ in range(self._chance.randint(2, 3)):
            deeper = 0 if kind == "inclusive" else depth - 1
            inner, ways, first, last = self._sequence(deeper, joins=joins)
            nodes += inner
            flows += [*ways, f"{last} -> {join}"]
            firsts.append(first)
        if kind == "parallel":
            nodes += [parallel(split), parallel(join)]
            return nodes, [*flows, *(f"{split} -> {first}" for first in firsts)], split, join
        *guarded, default = firsts
        conditions = [f"{split} -> {each} [x > {self._chance.randint(0, 6)}]" for each in guarded]
        gateway = exclusive if kind == "choice" else inclusive
        nodes += [gateway(split, default), gateway(join)]
        return nodes, [*flows, *conditions, f"{split} -> {default}"], split, join


@pytest.mark.parametrize("seed", range(30))
def test_the_runtime_does_what_the_library_does_on_models_made_at_random(seed: int) -> None:
    model = Builder(seed).model()

    for order in range(2):
        assert trace(Ours(model), order) == trace(Library(model), order)
