"""Functions that place points and ranges relative to each other (Allen's interval algebra)."""

from collections.abc import Callable
from typing import Final

from engine.feel.budget import Run
from engine.feel.library.signature import Entry
from engine.feel.values import Function, Range, Value, normal

Relation = Callable[[Range, Range], bool]

_SIGNATURES: Final = (
    ("point1", "point2"),
    ("point", "range"),
    ("range", "point"),
    ("range1", "range2"),
    ("point", "range1"),
    ("range", "value"),
)


def _as_range(value: Value) -> Range:
    return value if type(value) is Range else Range(value, value, True, True)


def _bounded(bounds: Range) -> bool:
    return bounds.low is not None and bounds.high is not None


def _interval(name: str, relation: Relation) -> Entry:
    def call(run: Run, values: list[Value]) -> bool | None:
        run.spend(1)
        if len(values) != 2 or None in values:
            return None
        first, second = (_as_range(normal(value)) for value in values)
        return relation(first, second) if _bounded(first) and _bounded(second) else None

    return name, Function(_SIGNATURES, call)


def _before(a: Range, b: Range) -> bool:
    touching = a.high == b.low and not (a.high_included and b.low_included)
    return bool(a.high < b.low) or touching


def _meets(a: Range, b: Range) -> bool:
    return a.high_included and b.low_included and bool(a.high == b.low)


def _overlaps(a: Range, b: Range) -> bool:
    return not _before(a, b) and not _before(b, a)


def _starts_earlier(a: Range, b: Range) -> bool:
    return bool(a.low < b.low) or (a.low == b.low and a.low_included and not b.low_included)


def _ends_later(a: Range, b: Range) -> bool:
    return bool(a.high > b.high) or (a.high == b.high and a.high_included and not b.high_included)


def _overlaps_before(a: Range, b: Range) -> bool:
    return _overlaps(a, b) and _starts_earlier(a, b) and not _ends_later(a, b)


def _overlaps_after(a: Range, b: Range) -> bool:
    return _overlaps(a, b) and _ends_later(a, b) and not _starts_earlier(a, b)


def _includes(a: Range, b: Range) -> bool:
    return not _starts_earlier(b, a) and not _ends_later(b, a)


def _same_end(a: Range, b: Range) -> bool:
    return a.high_included == b.high_included and bool(a.high == b.high)


def _same_start(a: Range, b: Range) -> bool:
    return a.low_included == b.low_included and bool(a.low == b.low)


def _finishes(a: Range, b: Range) -> bool:
    return _same_end(a, b) and not _starts_earlier(a, b)


def _starts(a: Range, b: Range) -> bool:
    return _same_start(a, b) and not _ends_later(a, b)


def _coincides(a: Range, b: Range) -> bool:
    return _same_start(a, b) and _same_end(a, b)


def _turned(relation: Relation) -> Relation:
    return lambda a, b: relation(b, a)


INTERVALS: Final[tuple[Entry, ...]] = (
    _interval("before", _before),
    _interval("after", _turned(_before)),
    _interval("meets", _meets),
    _interval("met by", _turned(_meets)),
    _interval("overlaps", _overlaps),
    _interval("overlaps before", _overlaps_before),
    _interval("overlaps after", _overlaps_after),
    _interval("includes", _includes),
    _interval("during", _turned(_includes)),
    _interval("finishes", _finishes),
    _interval("finished by", _turned(_finishes)),
    _interval("starts", _starts),
    _interval("started by", _turned(_starts)),
    _interval("coincides", _coincides),
)
