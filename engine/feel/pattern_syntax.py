"""Reads a regular expression in the dialect of XPath (which FEEL uses) into a small program.

The program is run by `engine.feel.patterns` without backtracking, so that no pattern can hang; for
that reason back references are refused. All functions raise `ValueError` for a pattern that is not
valid.
"""

import unicodedata
from dataclasses import dataclass, field
from typing import Final

from engine.feel.pattern_program import (
    Anchor,
    Char,
    CharTest,
    Choice,
    Group,
    One,
    Part,
    Program,
    Repeat,
    Sequence,
    build,
)

MAX_PATTERN = 1_000
MAX_NESTING = 50


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] not in "PZC"


def _is_name_start(char: str) -> bool:
    return char.isalpha() or char in "_:"


def _is_name_char(char: str) -> bool:
    return char.isalnum() or char in "_:-.\u00b7" or unicodedata.category(char)[0] == "M"


def _is_digit(char: str) -> bool:
    return unicodedata.category(char) == "Nd"


def _is_space(char: str) -> bool:
    return char in " \t\n\r"


_CLASSES: Final[dict[str, CharTest]] = {
    "d": _is_digit,
    "w": _is_word,
    "s": _is_space,
    "i": _is_name_start,
    "c": _is_name_char,
}
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t"}
_BLOCKS: Final = {
    "IsBasicLatin": ("\x00", "\x7f"),
    "IsLatin-1Supplement": ("\x80", "\xff"),
    "IsLatinExtended-A": ("\u0100", "\u017f"),
    "IsLatinExtended-B": ("\u0180", "\u024f"),
}
_LITERAL_ESCAPES: Final = "\\|.?*+(){}$-[]^"


def _negated(test: CharTest) -> CharTest:
    return lambda char: not test(char)


def _any_of(tests: list[CharTest]) -> CharTest:
    return lambda char: any(test(char) for test in tests)


def _between(low: str, high: str) -> CharTest:
    return lambda char: low <= char <= high


def _equal_to(wanted: str) -> CharTest:
    return lambda char: char == wanted


def _except(test: CharTest, excluded: CharTest) -> CharTest:
    return lambda char: test(char) and not excluded(char)


def _any_case(test: CharTest) -> CharTest:
    return lambda char: test(char) or test(char.lower()) or test(char.upper())


@dataclass(slots=True)
class _Reader:
    source: str
    flags: frozenset[str]
    at: int = 0
    groups: int = 0
    nesting: int = field(default=0)

    def _more(self) -> bool:
        return self.at < len(self.source)

    def _peek(self) -> str:
        return self.source[self.at] if self._more() else ""

    def _take(self) -> str:
        if not self._more():
            raise ValueError("the pattern ends too early")
        self.at += 1
        return self.source[self.at - 1]

    def _skip(self, text: str) -> bool:
        if self.source.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def whole(self) -> Part:
        part = self._choice()
        if self._more():
            raise ValueError("unbalanced parenthesis")
        return part

    def _choice(self) -> Part:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise ValueError("nested too deep")
        options = [self._sequence()]
        while self._skip("|"):
            options.append(self._sequence())
        self.nesting -= 1
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while self._more() and self._peek() not in "|)":
            parts.append(self._quantified(self._atom()))
        return Sequence(tuple(parts))

    def _quantified(self, part: Part) -> Part:
        bounds = self._bounds()
        if bounds is None:
            return part
        least, most = bounds
        if most is not None and most < least:
            raise ValueError("a quantifier's bounds are reversed")
        lazy = self._skip("?")
        if self._peek() and self._peek() in "*+?{":
            raise ValueError("two quantifiers in a row")
        return Repeat(part, least, most, lazy)

    def _bounds(self) -> tuple[int, int | None] | None:
        if self._skip("*"):
            return 0, None
        if self._skip("+"):
            return 1, None
        if self._skip("?"):
            return 0, 1
        if not self._skip("{"):
            return None
        end = self.source.find("}", self.at)
        first, comma, second = self.source[self.at : max(end, self.at)].partition(",")
        if end < 0 or not first.isdecimal() or (second and not second.isdecimal()):
            raise ValueError("a quantifier is not valid")
        self.at = end + 1
        least = _count(first)
        return least, least if not comma else (_count(second) if second else None)

    def _atom(self) -> Part:
        char = self._take()
        match char:
            case "(":
                return self._group()
            case "[":
                return One(Char(self._class()))
            case ".":
                return One(Char(self._dot()))
            case "^" | "$":
                return One(Anchor("start" if char == "^" else "end", "m" in self.flags))
            case "\\":
                return One(Char(self._escape()))
            case "*" | "+" | "?" | "{" | "}" | "]":
                raise ValueError(f"'{char}' is not expected here")
            case _:
                return One(Char(self._fold(_equal_to(char))))

    def _dot(self) -> CharTest:
        if "s" in self.flags:
            return lambda _char: True
        return lambda char: char not in "\n\r"

    def _fold(self, test: CharTest) -> CharTest:
        """Under the flag `i` characters and ranges, but not categories, are of either case."""
        return _any_case(test) if "i" in self.flags else test

    def _group(self) -> Part:
        if self._skip("?:"):
            part = self._choice()
        else:
            self.groups += 1
            number = self.groups
            part = Group(number, self._choice())
        if not self._skip(")"):
            raise ValueError("a parenthesis is not closed")
        return part

    def _escape(self) -> CharTest:
        char = self._take()
        if char in "pP":
            return self._category(negated=char == "P")
        test = _CLASSES.get(char.lower())
        if test is not None:
            return test if char.islower() else _negated(test)
        if char in _ESCAPES:
            return _equal_to(_ESCAPES[char])
        if char in _LITERAL_ESCAPES:
            return _equal_to(char)
        raise ValueError(f"'\\{char}' is not a known escape")

    def _category(self, *, negated: bool) -> CharTest:
        end = self.source.find("}", self.at)
        if not self._skip("{") or end < 0:
            raise ValueError("a character category is not valid")
        name = self.source[self.at : end]
        self.at = end + 1
        block = _BLOCKS.get(name)
        if block is not None:
            return _negated(_between(*block)) if negated else _between(*block)
        if not name or name[0] not in "LMNPZSC" or len(name) > 2:
            raise ValueError(f"the character category '{name}' is not known")

        def test(char: str) -> bool:
            return unicodedata.category(char).startswith(name)

        return _negated(test) if negated else test

    def _class(self) -> CharTest:
        """What stands after `[`, up to and with its `]`."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise ValueError("nested too deep")
        inverted = self._skip("^")
        tests: list[CharTest] = []
        excluded: CharTest | None = None
        while not self._skip("]"):
            if tests and self._skip("-["):
                excluded = self._class()
                if not self._skip("]"):
                    raise ValueError("a subtraction ends its character class")
                break
            tests.append(self._class_part())
        if not tests:
            raise ValueError("a character class is empty")
        self.nesting -= 1
        test = _negated(_any_of(tests)) if inverted else _any_of(tests)
        return test if excluded is None else _except(test, excluded)

    def _class_part(self) -> CharTest:
        low = self._take()
        if low == "[":
            raise ValueError("'[' must be escaped in a character class")
        if low == "\\":
            after = self._peek()
            if after not in _ESCAPES and after not in _LITERAL_ESCAPES:
                return self._escape()
            self.at += 1
            low = _ESCAPES.get(after, after)
        following = self.source[self.at : self.at + 2]
        if following[:1] != "-" or following in ("-]", "-["):
            return self._fold(_equal_to(low))
        self.at += 1
        high = self._take()
        if high == "\\":
            high = self._take()
            high = _ESCAPES.get(high, high)
        if high < low:
            raise ValueError("a range of characters is reversed")
        return self._fold(_between(low, high))


def _count(digits: str) -> int:
    if len(digits) > 4:
        raise ValueError("a quantifier is too large")
    return int(digits)


def _without_space(source: str) -> str:
    """The pattern under the flag `x`: white space counts in character classes only."""
    kept, depth, escaped = [], 0, False
    for char in source:
        if _is_space(char) and not depth:
            continue
        kept.append(char)
        if not escaped:
            depth += {"[": 1, "]": -1}.get(char, 0)
        escaped = char == "\\" and not escaped
    return "".join(kept)


def compile_pattern(source: str, flags: frozenset[str]) -> Program:
    """Raises `ValueError`."""
    if len(source) > MAX_PATTERN:
        raise ValueError("the pattern is too long")
    reader = _Reader(_without_space(source) if "x" in flags else source, flags)
    part = reader.whole()
    return build(Group(0, part), reader.groups + 1)
