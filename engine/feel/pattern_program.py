"""A regular expression as parts, and as the small program that `engine.feel.patterns` runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

MAX_PROGRAM = 5_000

CharTest = Callable[[str], bool]
Where = Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class Char:
    """Step over one character that passes the test."""

    test: CharTest


@dataclass(frozen=True, slots=True)
class Split:
    """Go on at `first`, and with less priority at `second`."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Jump:
    target: int


@dataclass(frozen=True, slots=True)
class Save:
    """Note the place in the text as a group's start or end."""

    slot: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """Go on only at the start or end of the text (or of a line)."""

    where: Where
    lines: bool


@dataclass(frozen=True, slots=True)
class Done:
    """The whole pattern has matched."""


Instruction = Char | Split | Jump | Save | Anchor | Done


@dataclass(frozen=True, slots=True)
class Program:
    instructions: tuple[Instruction, ...]
    groups: int


@dataclass(frozen=True, slots=True)
class One:
    instruction: Char | Anchor


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Group:
    number: int
    part: "Part"


@dataclass(frozen=True, slots=True)
class Repeat:
    part: "Part"
    least: int
    most: int | None
    lazy: bool


Part = One | Sequence | Choice | Group | Repeat


class _Emitter:
    def __init__(self) -> None:
        self.code: list[Instruction] = []

    def _add(self, instruction: Instruction) -> int:
        if len(self.code) >= MAX_PROGRAM:
            raise ValueError("the pattern is too large")
        self.code.append(instruction)
        return len(self.code) - 1

    def part(self, part: Part) -> None:
        match part:
            case One(instruction):
                self._add(instruction)
            case Sequence(parts):
                for inner in parts:
                    self.part(inner)
            case Choice(options):
                self._choice(options)
            case Group(number, inner):
                self._add(Save(2 * number))
                self.part(inner)
                self._add(Save(2 * number + 1))
            case Repeat():
                self._repeat(part)

    def _split(self, at: int, body: int, after: int, *, lazy: bool) -> None:
        self.code[at] = Split(after, body) if lazy else Split(body, after)

    def _choice(self, options: tuple[Part, ...]) -> None:
        ends = []
        for option in options[:-1]:
            split = self._add(Jump(0))
            self.part(option)
            ends.append(self._add(Jump(0)))
            self._split(split, split + 1, len(self.code), lazy=False)
        self.part(options[-1])
        for end in ends:
            self.code[end] = Jump(len(self.code))

    def _repeat(self, repeat: Repeat) -> None:
        for _ in range(repeat.least):
            self.part(repeat.part)
        if repeat.most is None:
            split = self._add(Jump(0))
            self.part(repeat.part)
            self._add(Jump(split))
            self._split(split, split + 1, len(self.code), lazy=repeat.lazy)
            return
        splits = []
        for _ in range(repeat.most - repeat.least):
            splits.append(self._add(Jump(0)))
            self.part(repeat.part)
        for split in splits:
            self._split(split, split + 1, len(self.code), lazy=repeat.lazy)


def build(part: Part, groups: int) -> Program:
    """Raises `ValueError` for a pattern whose repeats make it too large."""
    emitter = _Emitter()
    emitter.part(part)
    return Program((*emitter.code, Done()), groups)
