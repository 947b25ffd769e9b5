"""The live state of an instance as bytes: what is open, the few finished tasks still needed, and
their data; never the specs, which belong to the version of the process.

The format is JSON under zstd, with a format version in front of everything. A task's data is
stored as its difference from its parent's, that of the first task of a branch from its activity's.
Where they do not differ they are one mapping: data is replaced, never changed in place. Nothing
depends on the order of keys.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import compress, filterfalse, repeat
from operator import is_not
from typing import Any, Final
from uuid import UUID

import orjson
import zstandard
from SpiffWorkflow.task import Task as SpiffTask

from engine.bpmn.engine_environment import World
from engine.bpmn.instance import Branch, Instance, Task, Tree
from engine.bpmn.parser import ExecutableProcess
from engine.errors import InvalidInputError, RejectedError

FORMAT: Final = 1
_LEVEL: Final = 1
_local = threading.local()
"""Compressors are not safe to share between threads."""


def pack(instance: Instance) -> bytes:
    """The state as bytes; `unpack` gives it back."""
    document = {
        "v": FORMAT,
        "tasks": _dump(instance, {}),
        "scope": instance.scope,
        "arrivals": instance.arrivals,
        "completed": instance.completed,
        "terminated": instance.terminated,
        "data": instance.data,
        "branches": [
            {
                "owner": owner.hex,
                "tasks": _dump(branch, branch.owner.data),
                "scope": branch.scope,
                "completed": branch.completed,
                "data": branch.data,
            }
            for owner, branch in sorted(
                instance.subprocesses.items(), key=lambda pair: pair[1].depth
            )
        ],
    }
    return _compressor().compress(orjson.dumps(document))


def unpack(process: ExecutableProcess, state: bytes, world: World) -> Instance:
    """The instance that `pack` wrote.

    Raises `InvalidInputError` for bytes that are no state and `RejectedError` for a state of
    another version of the process.
    """
    document = _read(state)
    instance = Instance(process.spec, process.specs, world, blank=True)
    _load(instance, document["tasks"], {})
    instance.scope = document["scope"]
    instance.arrivals = document["arrivals"]
    instance.completed = document["completed"]
    instance.terminated = document["terminated"]
    instance.data = dict(document["data"])
    for stored in document["branches"]:
        owner = instance.find(stored["owner"])
        if owner is None:
            raise InvalidInputError("The state names a branch whose activity is not in it.")
        branch = Branch(process.specs[owner.task_spec.inner], owner, blank=True)
        instance.subprocesses[owner.id] = branch
        _load(branch, stored["tasks"], owner.data)
        branch.scope = stored["scope"]
        branch.completed = stored["completed"]
        branch.data = dict(stored["data"])
    return instance


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One task as it stands in a state, with what it knows; named as the library names it."""

    _state: int
    task_spec: Any
    internal_data: dict[str, Any]
    data: dict[str, Any]


def glimpse(process: ExecutableProcess, state: bytes, task_id: str) -> Glimpse | None:
    """The task alone, None where there is no such: far less work than to `unpack` all of them.

    Raises as `unpack`.
    """
    return _Rows(process, _read(state)).glimpse(task_id)


class _Rows:
    """The tasks of a state as they were written; each is a row of one of its trees."""

    def __init__(self, process: ExecutableProcess, document: Mapping[str, Any]) -> None:
        self._process = process
        self._branches = document["branches"]
        self._trees = [document["tasks"], *(branch["tasks"] for branch in self._branches)]

    def glimpse(self, task_id: str) -> Glimpse | None:
        found = self._find(task_id)
        if found is None:
            return None
        tree, row = found
        return Glimpse(row[2], self._spec(tree, row), row[5], self._data(tree, row))

    def _find(self, task_id: str) -> tuple[int, list[Any]] | None:
        for tree, rows in enumerate(self._trees):
            for row in rows:
                if row[0] == task_id:
                    return tree, row
        return None

    def _owner(self, tree: int) -> tuple[int, list[Any]]:
        """The activity whose branch the tree is."""
        owner = self._find(self._branches[tree - 1]["owner"])
        if owner is None:
            raise InvalidInputError("The state names a branch whose activity is not in it.")
        return owner

    def _spec(self, tree: int, row: list[Any]) -> Any:
        process = self._process
        specs = process.specs[self._spec(*self._owner(tree)).inner] if tree else process.spec
        return _spec(specs, row[3])

    def _data(self, tree: int, row: list[Any]) -> dict[str, Any]:
        if row[1] is not None:
            known = self._data(tree, self._trees[tree][row[1]])
        else:
            known = self._data(*self._owner(tree)) if tree else {}
        return _changed(known, row[6], row[7])


def plain(variables: Mapping[str, Any]) -> dict[str, Any]:
    """A deep copy as JSON keeps it. Raises `InvalidInputError` for what JSON has no form for."""
    try:
        copied: dict[str, Any] = orjson.loads(orjson.dumps(dict(variables)))
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"The variables cannot be kept: {error}. Give text, numbers, true or false, lists and "
            "contexts with text as keys."
        ) from error
    return copied


@lru_cache(maxsize=64)
def _read(state: bytes) -> Mapping[str, Any]:
    """What the bytes say. An act asks more than once, so nobody may change what is in it."""
    try:
        document: Any = orjson.loads(_decompressor().decompress(state))
    except (zstandard.ZstdError, orjson.JSONDecodeError) as error:
        raise InvalidInputError("These bytes are no state of a process.") from error
    if not isinstance(document, dict):
        raise InvalidInputError("These bytes are no state of a process.")
    if document.get("v") != FORMAT:
        raise InvalidInputError(
            f"The state has format {document.get('v')}; this version reads format {FORMAT}. "
            "Run the version of the platform that wrote it, or a newer one.",
            format=document.get("v"),
        )
    return document


def _dump(tree: Tree, around: dict[str, Any]) -> list[list[Any]]:
    """The tasks of a tree, each after its parent; `around` is the data it began with."""
    rows: list[list[Any]] = []
    stack: list[tuple[Task, int | None, dict[str, Any]]] = [(tree.task_tree, None, around)]
    while stack:
        task, parent, known = stack.pop()
        changed, dropped = _difference(known, task.data)
        place = len(rows)
        rows.append(
            [
                task.id.hex,
                parent,
                task._state,
                task.task_spec.name,
                int(task.triggered),
                task.internal_data,
                changed,
                dropped,
            ]
        )
        stack.extend((tree.tasks[key], place, task.data) for key in reversed(task._children))
    return rows


def _difference(base: dict[str, Any], data: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What has to be changed in `base`, and what dropped from it, to get `data`."""
    if base is data:
        return {}, []
    # Nearly all values are the very same: they are passed by without Python looking at each.
    others = compress(data, map(is_not, map(base.get, data, repeat(base)), data.values()))
    changed = {
        name: data[name] for name in others if name not in base or not _same(base[name], data[name])
    }
    return changed, list(filterfalse(data.__contains__, base))


def _changed(base: dict[str, Any], changed: dict[str, Any], dropped: list[str]) -> dict[str, Any]:
    """The data whose `_difference` from `base` this is."""
    if not changed and not dropped:
        return base
    data = {**base, **changed}
    for each in dropped:
        del data[each]
    return data


def _same(one: Any, two: Any) -> bool:
    """Equal and of the same type: for Python `True` equals 1, for JSON it does not."""
    if isinstance(one, list | dict) or isinstance(two, list | dict):
        return bool(orjson.dumps(one) == orjson.dumps(two))
    return type(one) is type(two) and bool(one == two)


def _load(tree: Tree, rows: list[list[Any]], around: dict[str, Any]) -> None:
    tasks: list[Task] = []
    for key, place, state, name, triggered, internal, changed, dropped in rows:
        parent = None if place is None else tasks[place]
        task = _task(tree, _id(key), _spec(tree.spec, name), parent)
        task._state = state
        task.triggered = bool(triggered)
        task.internal_data = dict(internal)
        task.data = _changed(around if parent is None else parent.data, changed, dropped)
        tasks.append(task)
    tree.task_tree = tasks[0]


@lru_cache(maxsize=2**13)
def _id(key: str) -> UUID:
    """A task stays open over many acts, and each reads it anew."""
    return UUID(hex=key)


def _spec(specs: Any, name: str) -> Any:
    spec = specs.task_specs.get(name)
    if spec is None:
        raise RejectedError(
            f"The state stands at {name}, which this version of the process does not have. Run it "
            "with the version it was started with, or migrate it.",
            element=name,
        )
    return spec


def _task(tree: Tree, key: UUID, spec: Any, parent: Task | None) -> Task:
    """A task as the library makes it, without asking the clock."""
    task = SpiffTask.__new__(SpiffTask)
    task.id = key
    task.workflow = tree
    task.task_spec = spec
    task.thread_id = 0
    task.last_state_change = 0.0
    task._parent = None if parent is None else parent.id
    task._children = []
    if parent is not None:
        parent._children.append(key)
    tree.tasks[key] = task
    return task


def _compressor() -> zstandard.ZstdCompressor:
    if not hasattr(_local, "compressor"):
        _local.compressor = zstandard.ZstdCompressor(level=_LEVEL)
    compressor: zstandard.ZstdCompressor = _local.compressor
    return compressor


def _decompressor() -> zstandard.ZstdDecompressor:
    if not hasattr(_local, "decompressor"):
        _local.decompressor = zstandard.ZstdDecompressor()
    decompressor: zstandard.ZstdDecompressor = _local.decompressor
    return decompressor


def aware(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(UTC)
