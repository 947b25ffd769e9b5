"""Regular expressions of `matches`, `replace` and `split`, kept from backtracking without end."""

import re
from dataclasses import dataclass, field
from typing import Final

from engine.errors import FeelError
from engine.feel.budget import Run

MAX_PATTERN = 500
MAX_TEXT = 10_000
_NESTED: Final = re.compile(r"[+*}]\)?[+*{]|\([^)]*[+*|][^)]*\)[+*{]")
_SUBTRACTION: Final = re.compile(r"\[([^\]]*)-\[([^\]]*)\]\]")
_GROUP: Final = re.compile(r"\$(\d)")
_FLAGS: Final = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE, "x": re.VERBOSE}


@dataclass(frozen=True, slots=True)
class Pattern:
    source: str
    flags: str
    _compiled: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        if len(self.source) > MAX_PATTERN or _NESTED.search(self.source):
            raise FeelError("refused", pattern=self.source)
        flags = re.RegexFlag(0)
        for flag in self.flags:
            flags |= _FLAGS[flag]
        translated = _SUBTRACTION.sub(r"(?:(?![\2])[\1])", self.source)
        try:
            object.__setattr__(self, "_compiled", re.compile(translated, flags))
        except re.error as e:
            raise ValueError(str(e)) from e

    def occurs(self, run: Run, text: str) -> bool:
        return self._compiled.search(text) is not None

    def replace(self, run: Run, text: str, replacement: str) -> str:
        template = _GROUP.sub(r"\\g<\1>", replacement)

        def substitute(found: re.Match[str]) -> str:
            made = found.expand(template)
            run.spend_text(len(made))
            return made

        return self._compiled.sub(substitute, text)

    def split(self, run: Run, text: str) -> list[str]:
        return self._compiled.split(text)
