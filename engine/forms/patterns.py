"""Patterns that mean the same here and in a browser."""

import re
from typing import Final

_ESCAPED: Final = r"\\[dDwW^$.*+?()\[\]{}|/\\]"
_CLASS: Final = rf"\[\^?(?:{_ESCAPED}|\\-|[^\\\[\]])+\]"
_COUNT: Final = r"\{[0-9]+(?:,[0-9]*)?\}"
_PORTABLE: Final = re.compile(
    rf"(?:{_ESCAPED}|{_CLASS}|{_COUNT}|\(\?:|[()|^$.*+?]|[^\\\[\]{{}}()|^$.*+?])*"
)
_PART: Final = re.compile(rf"({_ESCAPED}|{_CLASS})|(\.)")


def is_portable(pattern: str) -> bool:
    """Whether the pattern keeps to what both sides understand alike, and can be read at all."""
    try:
        re.compile(pattern, re.ASCII)
    except re.error:
        return False
    return _PORTABLE.fullmatch(pattern) is not None


def for_browsers(pattern: str) -> str:
    """The pattern for a browser's `RegExp` with the flag `u`: a dot there stops at more than the
    end of a line."""
    return _PART.sub(lambda part: part[1] or r"[^\n]", pattern)
