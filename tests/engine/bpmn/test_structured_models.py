"""Models made at random from blocks, run against the blocks themselves: what a sequence, a choice,
a fork with its join, a loop or a sub-process means can be told without any gateway. Joins stand
everywhere, in loops and between the flows of other gateways too."""

import random
from dataclasses import dataclass
from itertools import count

import pytest

from tests.engine.bpmn.models import (
    Run,
    end,
    exclusive,
    inclusive,
    model,
    parallel,
    start,
    subprocess,
    user,
)

LAST_ROUND = 25


@dataclass(frozen=True)
class Block:
    """`key` names its first element. A `task` has no parts; a `loop` has one and goes on until its
    own task is completed at a late step; of the parts of a `fork` those numbered in `taken` run."""

    kind: str
    key: str
    parts: tuple["Block", ...] = ()
    taken: tuple[int, ...] = ()


class Playing:
    """A block that is under way."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._asks = False
        self._inner: list[Playing] = []
        self._next = 0
        self._begin()

    def _begin(self) -> None:
        chosen = self._block.taken or range(1)
        self._inner = [Playing(self._block.parts[n]) for n in chosen] if self._block.parts else []
        self._next = 1

    def open(self) -> list[str]:
        if self._block.kind == "task":
            return [self._block.key]
        if self._asks:
            return [f"{self._block.key}-ask"]
        return [task for part in self._inner for task in part.open()]

    def complete(self, task: str, step: int) -> bool:
        """Whether the block is done with it."""
        if self._block.kind == "task":
            return True
        if self._asks:
            if step >= LAST_ROUND:
                return True
            self._asks = False
            self._begin()
            return False
        part = next(each for each in self._inner if task in each.open())
        if part.complete(task, step):
            self._inner.remove(part)
            return self._went_on()
        return False

    def _went_on(self) -> bool:
        if self._inner:
            return False
        if self._block.kind == "sequence" and self._next < len(self._block.parts):
            self._inner = [Playing(self._block.parts[self._next])]
            self._next += 1
            return False
        self._asks = self._block.kind == "loop"
        return not self._asks


class Maker:
    """Makes blocks, and draws them as BPMN."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._numbers = count(1)

    def sequence(self, depth: int) -> Block:
        parts = tuple(self.block(depth) for _ in range(self._chance.randint(1, 3)))
        return Block("sequence", parts[0].key, parts)

    def block(self, depth: int) -> Block:
        kinds = ["task", "task"]
        if depth:
            kinds += ["choice", "parallel", "parallel", "inclusive", "inclusive", "loop", "scope"]
        kind = self._chance.choice(kinds)
        key = f"{kind}{next(self._numbers)}"
        if kind == "task":
            return Block(kind, key)
        if kind in ("loop", "scope"):
            return Block(kind, key, (self.sequence(depth - 1),))
        parts = tuple(self.sequence(depth - 1) for _ in range(self._chance.randint(2, 3)))
        numbers = list(range(len(parts)))
        if kind == "choice":
            numbers = [self._chance.choice(numbers)]
        elif kind == "inclusive":
            numbers = sorted(self._chance.sample(numbers, self._chance.randint(1, len(parts))))
        return Block(kind, key, parts, tuple(numbers))


Drawn = tuple[str, list[str], str]
"""Elements, flows, and the last element."""


def draw(block: Block) -> Drawn:
    if block.kind == "task":
        return user(block.key), [], block.key
    if block.kind == "sequence":
        return _draw_sequence(block)
    if block.kind == "scope":
        return _draw_scope(block)
    if block.kind == "loop":
        return _draw_loop(block)
    return _draw_fork(block)


def _draw_sequence(block: Block) -> Drawn:
    body, flows, last = "", [], ""
    for part in block.parts:
        inner, ways, finish = draw(part)
        body += inner
        flows += ways + ([f"{last} -> {part.key}"] if last else [])
        last = finish
    return body, flows, last


def _draw_scope(block: Block) -> Drawn:
    key, (part,) = block.key, block.parts
    body, flows, last = draw(part)
    text = "\n".join([*flows, f"{key}-s -> {part.key}", f"{last} -> {key}-e"])
    return subprocess(key, body, text), [], key


def _draw_loop(block: Block) -> Drawn:
    key, (part,) = block.key, block.parts
    body, flows, last = draw(part)
    ask, again, after = f"{key}-ask", f"{key}-again", f"{key}-after"
    body += exclusive(key) + user(ask) + exclusive(again, after) + exclusive(after)
    flows += [f"{key} -> {part.key}", f"{last} -> {ask}", f"{ask} -> {again}"]
    flows += [f"{again} -> {key} [{_variable(ask)} < {LAST_ROUND}]", f"{again} -> {after}"]
    return body, flows, after


def _draw_fork(block: Block) -> Drawn:
    key, join = block.key, f"{block.key}-join"
    gateway = {"parallel": parallel, "choice": exclusive, "inclusive": inclusive}[block.kind]
    body, flows = gateway(key) + gateway(join), []
    for number, part in enumerate(block.parts):
        inner, ways, last = draw(part)
        body += inner
        holds = "true" if number in block.taken else "false"
        condition = "" if block.kind == "parallel" else f" [{holds}]"
        flows += [*ways, f"{key} -> {part.key}{condition}", f"{last} -> {join}"]
    return body, flows, join


def _variable(task: str) -> str:
    return f"{task.replace('-', '_')}_at"


@pytest.mark.parametrize("seed", range(40))
def test_a_model_made_of_blocks_does_what_the_blocks_mean(seed: int) -> None:
    block = Maker(seed).sequence(3)
    body, flows, last = draw(block)
    text = "\n".join([*flows, f"s -> {block.key}", f"{last} -> e"])
    run = Run(model(start() + body + end(), text))
    playing = Playing(block)
    chance = random.Random(seed)
    known: dict[str, int] = {}

    done = False
    for step in range(400):
        assert run.open == sorted(playing.open())
        task = chance.choice(run.open)
        known[_variable(task)] = step
        run.complete(task, **{_variable(task): step})
        done = playing.complete(task, step)
        if done:
            break

    assert done
    assert run.status == "ended"
    assert run.variables == known
