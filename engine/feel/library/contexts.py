"""Functions of contexts and truth values, and `is`."""

from datetime import datetime, time
from typing import Final

from engine.feel.budget import Run
from engine.feel.compare import equal
from engine.feel.library.signature import Entry, charged, plain
from engine.feel.temporal import write_zone
from engine.feel.values import Value, normal


def _get_value(members: dict[str, Value], key: Value) -> Value:
    if type(key) is str:
        return normal(members.get(key))
    found: Value = members
    for name in key if type(key) is list else ():
        found = normal(found.get(name)) if type(found) is dict else None
    return found if type(key) is list and key else None


def _put(members: dict[str, Value], key: Value, value: Value) -> dict[str, Value] | None:
    keys = key if type(key) is list else [key]
    if not keys or any(type(name) is not str for name in keys):
        return None
    first, rest = keys[0], keys[1:]
    if not rest:
        return {**members, first: value}
    inner = members.get(first)
    return {**members, first: _put(inner if type(inner) is dict else {}, rest, value)}


def _context(entries: list[Value]) -> dict[str, Value] | None:
    made: dict[str, Value] = {}
    for entry in entries:
        if type(entry) is not dict or not {"key", "value"} <= entry.keys():
            return None
        key = entry["key"]
        if type(key) is not str or key in made:
            return None
        made[key] = normal(entry["value"])
    return made


def _merge(run: Run, contexts: list[Value]) -> dict[str, Value] | None:
    merged: dict[str, Value] = {}
    for members in contexts:
        if type(members) is not dict:
            return None
        run.spend(len(members))
        merged.update(members)
    return merged


def _entries(members: dict[str, Value]) -> list[dict[str, Value]]:
    return [{"key": name, "value": value} for name, value in members.items()]


def _is(run: Run, left: Value, right: Value) -> bool | None:
    """The same element of the same domain: times must also have the same zone."""
    if type(left) is not type(right):
        return False
    if isinstance(left, time | datetime):
        same_clock = left.replace(tzinfo=None) == right.replace(tzinfo=None)
        return same_clock and write_zone(left) == write_zone(right)
    return equal(run, left, right)


def _not(value: Value) -> bool | None:
    return (not value) if type(value) is bool else None


CONTEXTS: Final[tuple[Entry, ...]] = (
    plain("get value", "m:context,key", _get_value),
    plain("get entries", "m:context", _entries),
    plain("context", "entries:list", _context),
    plain("context put", "context:context,key,value", _put),
    charged("context merge", "contexts:list", _merge),
    charged("is", "value1,value2", _is),
    plain("not", "negand", _not),
)
