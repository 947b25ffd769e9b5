"""Functions of text, and conversions from and to it."""

import re
from decimal import Decimal
from typing import Final

from engine.feel.budget import Run
from engine.feel.library.signature import Entry, charged, plain
from engine.feel.numeric import read_number, whole
from engine.feel.patterns import Pattern
from engine.feel.text import to_text
from engine.feel.values import Value

_NUMBER: Final = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$", re.ASCII)
_GROUPINGS: Final = (None, " ", ",", ".")
_POINTS: Final = (None, ",", ".")
LITERAL = "q"


def _number(text: str, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    if grouping not in _GROUPINGS or point not in _POINTS:
        return None
    if grouping is not None and grouping == point:
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point == ",":
        text = text.replace(",", ".")
    return read_number(text.strip()) if _NUMBER.match(text.strip()) else None


def _substring(text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    begin = whole(start)
    if begin == 0 or abs(begin) > len(text) or (length is not None and length < 1):
        return None
    index = begin - 1 if begin > 0 else len(text) + begin
    return text[index:] if length is None else text[index : index + whole(length)]


def _before(text: str, match: str) -> str:
    return text.split(match, 1)[0] if match and match in text else ""


def _after(text: str, match: str) -> str:
    if not match:
        return text
    return text.split(match, 1)[1] if match in text else ""


def _replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    if flags and LITERAL in flags:
        run.spend_text(text.count(pattern) * len(replacement))
        return text.replace(pattern, replacement)
    return Pattern.read(pattern, flags or "").replace(run, text, replacement)


def _matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool:
    if flags and LITERAL in flags:
        return pattern in text
    return Pattern.read(pattern, flags or "").occurs(run, text)


def _split(run: Run, text: str, delimiter: str) -> list[str]:
    return Pattern.read(delimiter, "").split(run, text)


def _join(run: Run, items: list[Value], delimiter: str | None = None) -> str | None:
    texts = [item for item in items if item is not None]
    if any(type(item) is not str for item in texts):
        return None
    between = delimiter or ""
    run.spend_text(sum(len(text) for text in texts) + len(between) * len(texts))
    return between.join(texts)


STRINGS: Final[tuple[Entry, ...]] = (
    plain("number", "from:string,grouping separator:string?,decimal separator:string?", _number),
    charged("string", "from", to_text),
    plain("substring", "string:string,start position:number,length:number?", _substring),
    plain("string length", "string:string", lambda text: Decimal(len(text))),
    plain("upper case", "string:string", str.upper),
    plain("lower case", "string:string", str.lower),
    plain("substring before", "string:string,match:string", _before),
    plain("substring after", "string:string,match:string", _after),
    charged("replace", "input:string,pattern:string,replacement:string,flags:string?", _replace),
    plain("contains", "string:string,match:string", lambda text, match: match in text),
    plain("starts with", "string:string,match:string", str.startswith),
    plain("ends with", "string:string,match:string", str.endswith),
    charged("matches", "input:string,pattern:string,flags:string?", _matches),
    charged("split", "string:string,delimiter:string", _split),
    charged("string join", "list:list,delimiter:string?", _join),
)
