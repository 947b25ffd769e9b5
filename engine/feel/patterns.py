"""Regular expressions of `matches`, `replace` and `split`.

All ways through a pattern are followed at once, character by character (after Thompson and Pike),
so that the time is bounded by pattern times text; and that is charged to the budget.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.feel.budget import Run
from engine.feel.pattern_program import Anchor, Char, Done, Jump, Program, Save, Split
from engine.feel.pattern_syntax import compile_pattern

FLAGS: Final = frozenset("smix")
CACHED_PATTERNS = 256
THREADS_PER_STEP = 2

Places = tuple[int, ...]
"""Start and end of each group; -1 where it took no part. Group 0 is the whole match."""
_compiled = functools.lru_cache(maxsize=CACHED_PATTERNS)(compile_pattern)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern and its flags (`s`, `m`, `i`, `x`)."""

    program: Program

    @staticmethod
    def read(source: str, flags: str) -> "Pattern":
        """Raises `ValueError` for a pattern or flag that is not valid."""
        wanted = frozenset(flags)
        if not wanted <= FLAGS:
            raise ValueError(flags)
        return Pattern(_compiled(source, wanted))

    def occurs(self, run: Run, text: str) -> bool:
        return self._search(run, text, 0) is not None

    def replace(self, run: Run, text: str, replacement: str) -> str:
        """`$1` in the replacement is the first group. Raises `ValueError` as `split` does."""
        template = _template(replacement)
        made, last = [], 0
        for places in self._each(run, text):
            piece = "".join(
                part if isinstance(part, str) else _group(text, places, part) for part in template
            )
            run.spend_text(len(piece))
            made += [text[last : places[0]], piece]
            last = places[1]
        return "".join([*made, text[last:]])

    def split(self, run: Run, text: str) -> list[str]:
        """Raises `ValueError` for a pattern that matches the empty text, as XPath does."""
        parts, last = [], 0
        for places in self._each(run, text):
            run.spend(1)
            parts.append(text[last : places[0]])
            last = places[1]
        return [*parts, text[last:]]

    def _each(self, run: Run, text: str) -> Iterator[Places]:
        if self.occurs(run, ""):
            raise ValueError("the pattern matches the empty text")
        places = self._search(run, text, 0)
        while places is not None:
            yield places
            places = self._search(run, text, places[1])

    def _search(self, run: Run, text: str, start: int) -> Places | None:
        """The first match at or after `start`, and of those beginning there the preferred one."""
        state = _State(self.program, text)
        found: Places | None = None
        threads: list[tuple[int, Places]] = []
        seen: set[int] = set()
        for position in range(start, len(text) + 1):
            if found is None:
                state.follow(threads, seen, 0, position, (-1,) * (2 * self.program.groups))
            elif not threads:
                break
            run.spend(1 + len(threads) // THREADS_PER_STEP)
            char = text[position] if position < len(text) else None
            onward: list[tuple[int, Places]] = []
            onward_seen: set[int] = set()
            for at, places in threads:
                instruction = self.program.instructions[at]
                if isinstance(instruction, Done):
                    found = places
                    break
                if isinstance(instruction, Char) and char is not None and instruction.test(char):
                    state.follow(onward, onward_seen, at + 1, position + 1, places)
            threads, seen = onward, onward_seen
        return found


@dataclass(frozen=True, slots=True)
class _State:
    program: Program
    text: str

    def follow(
        self,
        threads: list[tuple[int, Places]],
        seen: set[int],
        at: int,
        position: int,
        places: Places,
    ) -> None:
        """Add the threads that wait for a character, in order of priority, from instruction
        `at`."""
        pending = [(at, places)]
        while pending:
            place, saved = pending.pop()
            if place in seen:
                continue
            seen.add(place)
            match self.program.instructions[place]:
                case Jump(target):
                    pending.append((target, saved))
                case Split(first, second):
                    pending += [(second, saved), (first, saved)]
                case Save(slot):
                    changed = (*saved[:slot], position, *saved[slot + 1 :])
                    pending.append((place + 1, changed))
                case Anchor() as anchor:
                    if self._holds(anchor, position):
                        pending.append((place + 1, saved))
                case _:
                    threads.append((place, saved))

    def _holds(self, anchor: Anchor, position: int) -> bool:
        if anchor.where == "start":
            return position == 0 or (anchor.lines and self.text[position - 1] == "\n")
        if position == len(self.text):
            return True
        return anchor.lines and self.text[position] == "\n"


def _group(text: str, places: Places, number: int) -> str:
    if 2 * number >= len(places) or places[2 * number] < 0:
        return ""
    return text[places[2 * number] : places[2 * number + 1]]


def _template(replacement: str) -> list[str | int]:
    """Texts and numbers of groups. Raises `ValueError` for `$` or a backslash that means
    nothing."""
    parts: list[str | int] = []
    characters = iter(replacement)
    for char in characters:
        if char not in "$\\":
            parts.append(char)
            continue
        following = next(characters, "")
        if char == "$" and following.isdecimal():
            parts.append(int(following))
        elif char == "\\" and following and following in "$\\":
            parts.append(following)
        else:
            raise ValueError(replacement)
    return parts
