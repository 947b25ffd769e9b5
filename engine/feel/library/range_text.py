"""`range("[1..10]")`: a range of literals read from text."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from engine.feel.compare import ORDERS, ordered
from engine.feel.library.signature import Entry, plain
from engine.feel.numeric import read_number
from engine.feel.temporal import (
    read_date,
    read_date_and_time,
    read_duration,
    read_literal,
    read_time,
)
from engine.feel.values import Range, Value

_RANGE: Final = re.compile(r"\s*([\[(\]])(.*?)\.\.(.*)([\])\[])\s*$", re.DOTALL)
_NUMBER: Final = re.compile(r"-?\s*(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?$", re.ASCII)
_TEXT: Final = re.compile(r'(@?)"([^"\\]*)"$')
_CALL: Final = re.compile(r'(date and time|date|time|duration)\s*\(\s*"([^"\\]*)"\s*\)$')
_READERS: Final[Mapping[str, Callable[[str], Value]]] = {
    "date": read_date,
    "time": read_time,
    "date and time": read_date_and_time,
    "duration": read_duration,
}


def _end(text: str) -> Value:
    """Raises `ValueError` where it is no literal."""
    text = text.strip()
    if not text or text == "null":
        return None
    if _NUMBER.match(text):
        return read_number(text.replace(" ", ""))
    quoted = _TEXT.match(text)
    if quoted:
        return read_literal(quoted[2]) if quoted[1] else quoted[2]
    called = _CALL.match(text)
    if called is None:
        raise ValueError(text)
    return _READERS[called[1]](called[2])


def _range(text: str) -> Range | None:
    found = _RANGE.match(text)
    if found is None:
        return None
    low, high = _end(found[2]), _end(found[3])
    low_included, high_included = found[1] == "[", found[4] == "]"
    if low is None and high is None:
        return None
    if (low is None and low_included) or (high is None and high_included):
        return None
    if low is not None and high is not None and ordered(low, ORDERS["<="], high) is not True:
        return None
    return Range(low, high, low_included, high_included, half=low is None or high is None)


RANGE_TEXT: Final[tuple[Entry, ...]] = (plain("range", "from:string", _range),)
