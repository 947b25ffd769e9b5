"""Splits an expression into tokens, on demand: names may hold spaces and signs, so what a token is
depends on the names known at that place."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from functools import lru_cache
from typing import Any, Final, Literal, NoReturn

from engine.errors import FeelError
from engine.feel.numeric import read_number

MAX_LENGTH = 20_000
READS_PER_CHARACTER = 8
KEYWORDS: Final = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "instance",
        "of",
        "function",
        "external",
        "true",
        "false",
        "null",
    ]
)
_SPACE: Final = re.compile(r"(?:\s|[\u2000-\u200b\u3000\ufeff]|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NUMBER: Final = re.compile(r"(?:\d+(?:\.(?!\.)\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_WORD: Final = re.compile(r"[?_A-Za-z\u00c0-\U000effff](?:[\w\u00b7\u0300-\U000effff?])*")
_OPERATORS: Final = ("..", "**", "!=", "<=", ">=", "->")
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}
MEMBER_NAMES: Final = ("time offset", "start included", "end included")

Kind = Literal["end", "number", "string", "name", "keyword", "operator"]
Spellings = dict[str, tuple[tuple[str, re.Pattern[str]], ...]]


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    value: Any
    start: int
    end: int

    def is_operator(self, *values: str) -> bool:
        return self.kind == "operator" and self.value in values

    def is_keyword(self, value: str) -> bool:
        return self.kind == "keyword" and self.value == value


# The same few names come with every expression of a process.


@lru_cache(maxsize=4096)
def tidy(name: str) -> str:
    """A name with its inner spaces made single."""
    return " ".join(name.split())


@lru_cache(maxsize=4096)
def is_plain(name: str) -> bool:
    """Whether the lexer reads this name without being told of it."""
    return _WORD.fullmatch(name) is not None and name not in KEYWORDS


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "uU" and len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return _ESCAPES.get(code, f"\\{code}")


def _string_value(raw: str) -> str:
    if "\\" not in raw:
        return raw
    text = _ESCAPE.sub(_unescape, raw)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(re.escape(part) for part in name.split()) + r"(?!\w)")


def spell(names: Iterable[str]) -> Spellings:
    """By first character, the longest name first: those that the lexer must be told of."""
    table: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for name in sorted({tidy(name) for name in names}, key=len, reverse=True):
        if name and not is_plain(name):
            table.setdefault(name[0], []).append((name, _pattern(name)))
    return {first: tuple(entries) for first, entries in table.items()}


class Lexer:
    """Stands at one token; `advance` moves on, `mark` and `reset` go back."""

    def __init__(self, source: str, names: Collection[str], built_in: Spellings) -> None:
        self.source = source
        if len(source) > MAX_LENGTH:
            self.fail(f"longer than {MAX_LENGTH} characters; split it up", 0)
        self._reads_left = READS_PER_CHARACTER * (len(source) + 100)
        self._built_in = built_in
        self._told = {tidy(name) for name in names if not is_plain(name)}
        self._spellings = spell(self._told)
        self.token = self._read(0)

    def fail(self, reason: str, position: int | None = None) -> NoReturn:
        """Raises `FeelError` for this place of the source."""
        where = self.token.start if position is None else position
        raise FeelError(
            f"The expression cannot be read at character {where + 1}: {reason}: "
            f"{excerpt(self.source)}",
            expression=self.source,
            position=where,
        )

    def learn(self, name: str) -> None:
        """From here on, read this name as one token."""
        if name not in self._told and not is_plain(name):
            self._told.add(name)
            self._spellings = spell(self._told)

    def mark(self) -> Token:
        return self.token

    def reset(self, token: Token) -> None:
        self.token = token

    def advance(self) -> Token:
        """Step over the current token and return it."""
        passed = self.token
        self.token = self._read(passed.end)
        return passed

    def jump(self, position: int) -> None:
        self.token = self._read(position)

    def expect(self, value: str) -> None:
        """Step over this operator or keyword, or fail."""
        token = self.token
        if token.kind not in ("operator", "keyword", "name") or token.value != value:
            self.fail(f"'{value}' was expected")
        self.advance()

    def name_until(self, stop: re.Pattern[str]) -> str:
        """A name of any characters up to (not including) what `stop` finds."""
        found = stop.search(self.source, self.token.start)
        name = tidy(self.source[self.token.start : found.start()]) if found else ""
        if found is None or not name:
            self.fail("a name was expected")
        self.jump(found.start())
        return name

    def _read(self, position: int) -> Token:
        self._reads_left -= 1
        if self._reads_left < 0:
            self.fail("it can be read in too many ways; split it up", position)
        space = _SPACE.match(self.source, position)
        start = space.end() if space else position
        if start >= len(self.source):
            return Token("end", None, start, start)
        return (
            self._number(start) or self._string(start) or self._name(start) or self._operator(start)
        )

    def _number(self, start: int) -> Token | None:
        found = _NUMBER.match(self.source, start)
        if found is None:
            return None
        try:
            value: Decimal = read_number(found[0])
        except DecimalException:
            self.fail("the number is out of range", start)
        return Token("number", value, start, found.end())

    def _string(self, start: int) -> Token | None:
        if self.source[start] != '"':
            return None
        found = _STRING.match(self.source, start)
        if found is None:
            self.fail("the text has no closing quote", start)
        return Token("string", _string_value(found[1]), start, found.end())

    def _name(self, start: int) -> Token | None:
        first = self.source[start]
        best: Token | None = None
        for table in (self._spellings, self._built_in):
            for name, pattern in table.get(first, ()):
                found = pattern.match(self.source, start)
                if found and (best is None or found.end() > best.end):
                    best = Token("name", name, start, found.end())
        if best is not None:
            return best
        word = _WORD.match(self.source, start)
        if word is None:
            return None
        return Token("keyword" if word[0] in KEYWORDS else "name", word[0], start, word.end())

    def _operator(self, start: int) -> Token:
        pair = self.source[start : start + 2]
        value = pair if pair in _OPERATORS else self.source[start]
        return Token("operator", value, start, start + len(value))


def excerpt(source: str) -> str:
    """The source as shown in messages."""
    return source if len(source) <= 80 else source[:79] + "…"
