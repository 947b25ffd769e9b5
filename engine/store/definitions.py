"""Deployed versions and their files, each file stored once by its hash."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import NotFoundError
from engine.model.definition import ProcessDefinition
from engine.model.records import DefinitionRecord
from engine.store.prepared import Prepared
from engine.store.rows import Selection
from engine.store.schema import blob, definition, definition_file
from engine.store.types import Among
from engine.store.unit_of_work import UnitOfWork

_VERSION: Final = Selection(
    definition, DefinitionRecord, definition.c.digest == sa.bindparam("digest")
)
_VERSIONS: Final = Selection(
    definition,
    DefinitionRecord,
    definition.c.key == sa.bindparam("key"),
    order=(definition.c.number.desc(),),
)
_FILES: Final = Prepared(
    sa.select(definition_file.c.path, blob.c.content)
    .join(blob, blob.c.digest == definition_file.c.blob)
    .where(definition_file.c.definition == sa.bindparam("digest"))
)
_TEXTS: Final = Prepared(
    sa.select(definition.c.digest, definition.c.key, blob.c.content)
    .join(definition_file, definition_file.c.definition == definition.c.digest)
    .join(blob, blob.c.digest == definition_file.c.blob)
    .where(
        definition_file.c.path
        == sa.literal("processes/")
        + definition.c.key
        + "/"
        + definition.c.key
        + sa.bindparam("end")
    )
)
_NUMBER: Final = Prepared(
    sa.select(sa.func.max(definition.c.number)).where(definition.c.key == sa.bindparam("key"))
)
_BLOBS: Final = Prepared(sa.select(blob.c.digest).where(Among(blob.c.digest, "digests")))
_BLOB: Final[Mapping[str, Any]] = {each.name: sa.bindparam(each.name) for each in blob.c}
_KEEP_BLOB: Final[Mapping[str, Prepared]] = {
    "sqlite": Prepared(sqlite.insert(blob).values(_BLOB).on_conflict_do_nothing()),
    "postgresql": Prepared(postgresql.insert(blob).values(_BLOB).on_conflict_do_nothing()),
}


def find(connection: sa.Connection, digest: str) -> DefinitionRecord | None:
    return _VERSION.one(connection, digest=digest)


def newest(connection: sa.Connection, key: str) -> DefinitionRecord | None:
    """The version of `key` with the highest number."""
    found = _VERSIONS.all(connection, key=key)
    return found[0] if found else None


def files(connection: sa.Connection, digest: str) -> dict[str, bytes]:
    """The version's files: path → bytes."""
    return dict(_FILES.all(connection, {"digest": digest}))


def names_in(connection: sa.Connection, language: str) -> dict[str, str]:
    """What the versions that are translated into the language call themselves: digest → name."""
    found = _TEXTS.all(connection, {"end": f".{language}.json"})
    named = {digest: orjson.loads(texts).get(f"{key}.name") for digest, key, texts in found}
    return {digest: str(name) for digest, name in named.items() if name}


def get_blob(connection: sa.Connection, digest: str) -> bytes:
    """The bytes with this SHA-256; raises NotFoundError."""
    found = connection.scalar(sa.select(blob.c.content).where(blob.c.digest == digest))
    if found is None:
        raise NotFoundError("file", digest)
    return bytes(found)


def next_number(connection: sa.Connection, key: str) -> int:
    return (_NUMBER.column(connection, {"key": key})[0] or 0) + 1


def add(
    work: UnitOfWork,
    record: DefinitionRecord,
    said: ProcessDefinition,
    contents: Mapping[str, bytes],
    *,
    by: str,
    at: datetime,
) -> None:
    """Keep a new version with its files; the event that records it is the caller's."""
    digests = {path: sha256(content).hexdigest() for path, content in contents.items()}
    keep_blobs(work, {digests[path]: content for path, content in contents.items()})
    values: dict[str, Any] = {name: getattr(record, name) for name in DefinitionRecord.__slots__}
    work.writer.insert(definition, **values, info=said.as_json(), deployed_by=by, deployed_at=at)
    for path, digest in digests.items():
        work.writer.insert(definition_file, definition=record.digest, path=path, blob=digest)


def keep_blobs(work: UnitOfWork, contents: Mapping[str, bytes]) -> None:
    """Store each content under its SHA-256 unless it is there already, or comes at this moment."""
    connection = work.connection
    known = set(_BLOBS.column(connection, {"digests": list(contents)}))
    rows = [
        {"digest": digest, "size": len(contents[digest]), "content": contents[digest]}
        for digest in sorted(contents.keys() - known)  # one order, so that two cannot block another
    ]
    if rows:
        _KEEP_BLOB[connection.dialect.name].run(connection, *rows)
