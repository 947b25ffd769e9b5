"""Deployed versions and their files, each file stored once by its hash."""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import NotFoundError
from engine.model.actor import SYSTEM
from engine.model.definition import ProcessDefinition
from engine.model.knowledge import MODEL
from engine.model.records import DefinitionRecord, DeploymentRecord
from engine.store.prepared import Prepared
from engine.store.rows import Selection
from engine.store.schema import (
    blob,
    definition,
    definition_file,
    deployment,
    shared_item,
    shared_with,
)
from engine.store.types import Among
from engine.store.unit_of_work import UnitOfWork

_VERSION: Final = Selection(
    definition, DefinitionRecord, definition.c.digest == sa.bindparam("digest")
)
DEPLOYED: Final = definition.join(deployment, deployment.c.definition == definition.c.digest)
"""Every version once for each organisation that has deployed it."""
NEWEST_FIRST: Final = (deployment.c.at.desc(), deployment.c.number.desc(), definition.c.digest)
"""Organisations number their own versions, so that only time orders those of several."""
_NEAREST: Final = sa.case(
    (Among(deployment.c.organisation, "homes"), 0), (deployment.c.by == SYSTEM.id, 1), else_=2
)
TAKEN_FIRST: Final = (_NEAREST, *NEWEST_FIRST)
"""One's own before what the installation came with, and that before what others have drawn: nobody
changes what others start by sharing something of the same key."""
_LET_IN: Final = (
    sa.select(shared_with.c.item)
    .where(shared_with.c.item == shared_item.c.id, Among(shared_with.c.organisation, "homes"))
    .exists()
)
_SHARED: Final = (
    sa.select(shared_item.c.id)
    .where(
        shared_item.c.kind == MODEL,
        shared_item.c.submission == deployment.c.definition,
        shared_item.c.organisation == deployment.c.organisation,
        shared_item.c.revoked_at.is_(None),
        sa.or_(shared_item.c.to_all, _LET_IN),
    )
    .exists()
)
WITHIN_BORDER: Final = Among(deployment.c.organisation, "homes") | _SHARED
"""Deployments that the organisations of the parameter `homes` may read and start: their own, and
those that others share with them."""


def _ranked(
    order: Sequence["sa.ColumnElement[Any]"], *within: "sa.ColumnElement[Any]"
) -> sa.Subquery:
    """What `homes` may have, each with its place among those that are alike in `within`."""
    place = sa.func.row_number().over(partition_by=within, order_by=order)
    ranked = sa.select(definition.c.digest, definition.c.startable, place.label("place"))
    return ranked.select_from(DEPLOYED).where(WITHIN_BORDER).subquery("ranked")


_TAKEN: Final = _ranked(TAKEN_FIRST, definition.c.key)
_OF_EACH: Final = _ranked(NEWEST_FIRST, definition.c.key, deployment.c.organisation)
CURRENT: Final = sa.select(_TAKEN.c.digest).where(_TAKEN.c.place == 1)
"""The version of each process that the organisations of `homes` start where they name none."""
LATEST: Final = sa.select(_OF_EACH.c.digest).where(_OF_EACH.c.place == 1)
"""The newest version of each process of every organisation within the border of `homes`."""
STARTABLE: Final = LATEST.where(_OF_EACH.c.startable)
"""Those of them that are started by themselves."""
_DEPLOYMENT: Final = sa.select(
    definition.c.digest,
    definition.c.key,
    definition.c.name,
    definition.c.startable,
    deployment.c.organisation,
    deployment.c.number,
    deployment.c.origin,
    deployment.c.origin_of,
).select_from(DEPLOYED)
_OWN: Final = deployment.c.organisation == sa.bindparam("organisation")
_OF_KEY: Final = definition.c.key == sa.bindparam("key")
_OWN_OF_KEY: Final = Prepared(_DEPLOYMENT.where(_OF_KEY, _OWN).order_by(*NEWEST_FIRST))
_OPEN_OF_KEY: Final = Prepared(
    _DEPLOYMENT.where(_OF_KEY, WITHIN_BORDER).order_by(*TAKEN_FIRST).limit(1)
)
_OPEN: Final = Prepared(
    _DEPLOYMENT.where(definition.c.digest == sa.bindparam("digest"), WITHIN_BORDER)
    .order_by(_NEAREST, deployment.c.at, deployment.c.organisation)
    .limit(1)
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
        Among(definition.c.digest, "digests"),
        definition_file.c.path
        == sa.literal("processes/")
        + definition.c.key
        + "/"
        + definition.c.key
        + sa.bindparam("end"),
    )
)
_BLOBS: Final = Prepared(sa.select(blob.c.digest).where(Among(blob.c.digest, "digests")))
_BLOB: Final[Mapping[str, Any]] = {each.name: sa.bindparam(each.name) for each in blob.c}
_KEEP_BLOB: Final[Mapping[str, Prepared]] = {
    "sqlite": Prepared(sqlite.insert(blob).values(_BLOB).on_conflict_do_nothing()),
    "postgresql": Prepared(postgresql.insert(blob).values(_BLOB).on_conflict_do_nothing()),
}


def find(connection: sa.Connection, digest: str) -> DefinitionRecord | None:
    return _VERSION.one(connection, digest=digest)


def own_versions(connection: sa.Connection, key: str, organisation: str) -> list[DeploymentRecord]:
    """What the organisation has deployed of `key`, the newest first."""
    found = _OWN_OF_KEY.all(connection, {"key": key, "organisation": organisation})
    return [DeploymentRecord(*row) for row in found]


def newest(connection: sa.Connection, key: str, homes: Collection[str]) -> DeploymentRecord | None:
    """The version of `key` that these organisations start where they name none (`TAKEN_FIRST`)."""
    row = _OPEN_OF_KEY.first(connection, {"key": key, "homes": sorted(homes)})
    return None if row is None else DeploymentRecord(*row)


def open_to(
    connection: sa.Connection, digest: str, homes: Collection[str]
) -> DeploymentRecord | None:
    """The version, where one of these organisations has it or is let in to it: as their own where
    others have it too, else as that of whoever had it first."""
    row = _OPEN.first(connection, {"digest": digest, "homes": sorted(homes)})
    return None if row is None else DeploymentRecord(*row)


def files(connection: sa.Connection, digest: str) -> dict[str, bytes]:
    """The version's files: path → bytes."""
    return dict(_FILES.all(connection, {"digest": digest}))


def names_in(connection: sa.Connection, language: str, digests: Collection[str]) -> dict[str, str]:
    """What those of the versions that are translated into the language call themselves: digest →
    name."""
    found = _TEXTS.all(connection, {"end": f".{language}.json", "digests": sorted(digests)})
    named = {digest: orjson.loads(texts).get(f"{key}.name") for digest, key, texts in found}
    return {digest: str(name) for digest, name in named.items() if name}


def get_blob(connection: sa.Connection, digest: str) -> bytes:
    """The bytes with this SHA-256; raises NotFoundError."""
    found = connection.scalar(sa.select(blob.c.content).where(blob.c.digest == digest))
    if found is None:
        raise NotFoundError("file", digest)
    return bytes(found)


def add(
    work: UnitOfWork,
    record: DefinitionRecord,
    said: ProcessDefinition,
    contents: Mapping[str, bytes],
) -> None:
    """Keep a new version with its files; whose it is says the event that deploys it."""
    digests = {path: sha256(content).hexdigest() for path, content in contents.items()}
    keep_blobs(work, {digests[path]: content for path, content in contents.items()})
    values: dict[str, Any] = {name: getattr(record, name) for name in DefinitionRecord.__slots__}
    work.writer.insert(definition, **values, info=said.as_json())
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
