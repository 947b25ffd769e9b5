"""One spelling for every value that is hashed: RFC 8785 on a closed set.

The set leaves out what makes RFC 8785 hard: floats (their spelling), integers of more than 53 bits
(lost by readers that use doubles) and non-ASCII keys (sorted by UTF-16 there, by code point here).
Decimals are written as strings.
"""

import json
from typing import Any, Final, NoReturn

import orjson

from engine.errors import InvalidInputError

MAX_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 64

# The place of a value as a linked list from the inside out: spelled only when something is refused.
_Path = tuple[Any, str | int]
_ROOT: Final[_Path] = (None, "$")


def _encode(value: Any) -> bytes:
    """On the closed set orjson spells what RFC 8785 does; `_check` keeps to the set."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def canonical_bytes(value: Any) -> bytes:
    """The one UTF-8 spelling of `value`.

    Raises InvalidInputError naming the path of the first value outside the set: str without lone
    surrogates, int of at most 53 bits, bool, None, list, and dict with ASCII str keys, nested at
    most `MAX_DEPTH` deep.
    """
    _check(value, _ROOT, 0)
    return _encode(value)


def read_canonical(raw: bytes) -> Any:
    """The value that `raw` spells; InvalidInputError unless it is spelled in the one way.

    It spells alike what it has read and compares; that is faster than checking each value.
    """
    try:
        value = _decode(raw.decode())
        same = _encode(value) == raw
    except (ValueError, TypeError, RecursionError):
        same = False
    if not same:
        raise InvalidInputError("The bytes are not a value in its canonical spelling.")
    return value


def _whole(digits: str) -> int:
    number = int(digits)
    if not -MAX_INTEGER <= number <= MAX_INTEGER:
        raise ValueError(digits)
    return number


def _no_number(digits: str) -> NoReturn:
    raise ValueError(digits)


_decode = json.JSONDecoder(
    parse_int=_whole, parse_float=_no_number, parse_constant=_no_number
).decode


def _check(value: Any, path: _Path, depth: int) -> None:
    kind = type(value)
    if kind is str:
        if not value.isascii():
            _check_text(value, path)
    elif kind is dict:
        _check_depth(path, depth)
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                raise _refused(path, f"has the key {key!r}, which is not ASCII text")
            if type(item) is not str or not item.isascii():
                _check(item, (path, key), depth + 1)
    elif kind is list:
        _check_depth(path, depth)
        for index, item in enumerate(value):
            _check(item, (path, index), depth + 1)
    else:
        _check_scalar(value, path)


def _check_text(value: str, path: _Path) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _refused(path, "holds half of a surrogate pair, which is no character") from None


def _check_depth(path: _Path, depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise _refused(path, f"is nested more than {MAX_DEPTH} deep")


def _check_scalar(value: Any, path: _Path) -> None:
    kind = type(value)
    if kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise _refused(path, "is an integer of more than 53 bits; write it as text")
    elif kind is not bool and value is not None:
        reason = f"is a {kind.__name__}; use text, a whole number, a list or a dict"
        raise _refused(path, reason)


def _refused(path: _Path, reason: str) -> InvalidInputError:
    place = _spelled(path)
    return InvalidInputError(f"The value at {place} cannot be recorded: it {reason}.", path=place)


def _spelled(path: _Path) -> str:
    steps: list[str] = []
    link: Any = path
    while link is not None:
        link, step = link
        steps.append(f"[{step}]" if isinstance(step, int) else step)
    return ".".join(reversed(steps)).replace(".[", "[")
