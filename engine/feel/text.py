"""`string()`: any value as text."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.budget import Run
from engine.feel.numeric import write_number
from engine.feel.temporal import (
    write_date,
    write_date_and_time,
    write_duration,
    write_months,
    write_time,
)
from engine.feel.values import Function, Months, Range, Value, normal

_PLAIN_KEY = re.compile(r"[\w ]+$")


def to_text(run: Run, value: Value) -> str | None:
    """The text of a value; null has none. Charged by size, so that shared parts cannot explode
    unseen."""
    if value is None or type(value) is str:
        return value
    return _nested(run, value)


def _nested(run: Run, value: Value) -> str:
    value = normal(value)
    run.spend(1)
    if value is None:
        return "null"
    return _WRITERS[type(value)](run, value)


def _quoted(run: Run, text: str) -> str:
    run.spend_text(len(text))
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _list(run: Run, items: list[Value]) -> str:
    return "[" + ", ".join([_nested(run, item) for item in items]) + "]"


def _context(run: Run, members: dict[str, Value]) -> str:
    parts = [
        f"{name if _PLAIN_KEY.match(name) else _quoted(run, name)}: {_nested(run, member)}"
        for name, member in members.items()
    ]
    return "{" + ", ".join(parts) + "}"


def _range(run: Run, bounds: Range) -> str:
    start = "[" if bounds.low_included else "("
    end = "]" if bounds.high_included else ")"
    return f"{start}{_nested(run, bounds.low)}..{_nested(run, bounds.high)}{end}"


_WRITERS: dict[type, Callable[[Run, Value], str]] = {
    str: _quoted,
    bool: lambda _run, value: "true" if value else "false",
    Decimal: lambda _run, value: write_number(value),
    date: lambda _run, value: write_date(value),
    time: lambda _run, value: write_time(value),
    datetime: lambda _run, value: write_date_and_time(value),
    timedelta: lambda _run, value: write_duration(value),
    Months: lambda _run, value: write_months(value),
    list: _list,
    dict: _context,
    Range: _range,
    Function: lambda _run, value: f"function({', '.join(value.parameters)})",
}
