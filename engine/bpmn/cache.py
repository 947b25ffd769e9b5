"""Compiled versions in memory: read once from the store, shared by all threads of the process."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from engine.bpmn.compile import CompiledDefinition, compile_deployed

DEFAULT_SIZE = 64


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """The files of a deployed version and the process it is for."""

    key: str
    files: Mapping[str, bytes]


LoadFiles = Callable[[Any, str], StoredFiles]
"""(connection, digest) → files; raises NotFoundError where there is no such version."""


class DefinitionCache:
    """The least recently used version is dropped when there are more than `size`."""

    def __init__(self, load: LoadFiles, size: int = DEFAULT_SIZE) -> None:
        self._load = load
        self._size = size
        self._lock = Lock()
        self._versions: OrderedDict[str, CompiledDefinition] = OrderedDict()

    def get(self, connection: Any, digest: str) -> CompiledDefinition:
        """The version named `digest`. Raises what the loader raises."""
        with self._lock:
            found = self._versions.get(digest)
            if found is not None:
                self._versions.move_to_end(digest)
                return found
        stored = self._load(connection, digest)
        compiled = compile_deployed(stored.key, stored.files)
        return self.keep(digest, compiled)

    def keep(self, digest: str, compiled: CompiledDefinition) -> CompiledDefinition:
        """The version as it is kept: two threads may have compiled it, and the first one stays."""
        with self._lock:
            kept = self._versions.setdefault(digest, compiled)
            self._versions.move_to_end(digest)
            while len(self._versions) > self._size:
                self._versions.popitem(last=False)
            return kept
