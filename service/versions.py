"""Where the engine finds the files of a deployed version."""

from typing import Any

from engine.bpmn.cache import StoredFiles
from engine.errors import NotFoundError
from engine.store import definitions


def load_files(connection: Any, digest: str) -> StoredFiles:
    """The files of a deployed version; raises NotFoundError."""
    found = definitions.find(connection, digest)
    if found is None:
        raise NotFoundError("version", digest)
    return StoredFiles(found.key, definitions.files(connection, digest))
