"""Is the record whole, and do the tables say what it says? Every chain of the database, or an
exported file."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa

from engine.audit.chain import Head, SealedEntry
from engine.audit.checkpoint import VerifierKey
from engine.audit.export import verify_export, write_export
from engine.audit.verify import verify_procurement
from engine.errors import NotFoundError
from engine.store.replay import replayed
from engine.store.schema import (
    audit_event,
    blob,
    organisation,
    procurement,
    submission,
)


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """One chain's verdict; `first_bad` numbers the first entry that cannot be relied on, or whose
    form, file or row is no longer what the entry says."""

    name: str
    ok: bool
    entries: int
    first_bad: int | None
    code: str
    message: str

    def __str__(self) -> str:
        state = "ok " if self.ok else "BAD"
        place = f" entry {self.first_bad}:" if self.first_bad is not None else ""
        return f"{state} {self.name}:{place} {self.message}"


def verify_database(
    connection: sa.Connection, keys: Iterable[VerifierKey]
) -> Iterator[ChainVerdict]:
    """Every chain in turn: those of organisations, those of procurements, those without a row."""
    own = tuple(keys)
    known: set[str] = set()
    for key, name, seq, head in _heads(connection):
        known.add(key)
        yield verify_chain(connection, key, name, Head(seq, _octets(head)), own)
    orphans = sa.select(audit_event.c.chain).distinct()
    for key in connection.scalars(orphans):
        if key not in known:
            yield verify_chain(connection, key, key, None, own)


def verify_chain(
    connection: sa.Connection,
    key: str,
    name: str,
    head: Head | None,
    keys: tuple[VerifierKey, ...],
) -> ChainVerdict:
    """One chain; then that files and forms have the bytes its entries speak of, and that every row
    made from entries is as they made it."""
    with (
        closing(_entries(connection, key, name)) as entries,
        closing(checkpoints(connection, key)) as notes,
    ):
        verdict = verify_procurement(name, entries, head, notes, keys)
    if not verdict.ok:
        return ChainVerdict(
            name,
            ok=False,
            entries=verdict.entries,
            first_bad=verdict.first_bad,
            code=verdict.code,
            message=verdict.message,
        )
    for code, seq, message in _beside(connection, key, name):
        return ChainVerdict(name, False, verdict.entries, seq, code, message)
    return ChainVerdict(name, True, verdict.entries, None, verdict.code, verdict.message)


def find_chain(connection: sa.Connection, reference: str) -> tuple[str, Head]:
    """The chain of the procurement with this reference; raises NotFoundError."""
    query = sa.select(procurement.c.id, procurement.c.audit_seq, procurement.c.audit_head).where(
        procurement.c.reference == reference
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("procurement", reference)
    return row.id, Head(row.audit_seq, _octets(row.audit_head))


def export_chain(
    connection: sa.Connection,
    reference: str,
    keys: Iterable[VerifierKey],
    path: Path,
    at: datetime,
) -> int:
    """Write the record of one procurement to `path`; the number of entries is the answer."""
    key, _ = find_chain(connection, reference)
    entries = _entries(connection, key, reference)
    return write_export(path, reference, entries, checkpoints(connection, key), keys, at)


def verify_file(path: Path, keys: Iterable[VerifierKey]) -> ChainVerdict:
    """An exported record, against the keys of this installation."""
    verdict = verify_export(path, tuple(keys))
    return ChainVerdict(
        str(path),
        verdict.ok,
        verdict.entries,
        verdict.first_bad,
        verdict.code,
        verdict.message,
    )


def _heads(connection: sa.Connection) -> Iterator[tuple[str, str, int, bytes]]:
    organisations = sa.select(
        organisation.c.id, organisation.c.audit_seq, organisation.c.audit_head
    ).order_by(organisation.c.id)
    for key, seq, head in connection.execute(organisations):
        yield key, f"organisation:{key}", seq, head
    procurements = sa.select(
        procurement.c.id,
        procurement.c.reference,
        procurement.c.audit_seq,
        procurement.c.audit_head,
    ).order_by(procurement.c.reference)
    for row in connection.execute(procurements):
        yield row[0], row[1], row[2], row[3]


def _octets(value: Any) -> bytes:
    """What a column of bytes holds. SQLite keeps whatever somebody has put there, text too."""
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return str(value).encode("utf-8", "surrogatepass")


def _entries(connection: sa.Connection, key: str, name: str) -> Generator[SealedEntry, None, None]:
    query = (
        sa.select(
            audit_event.c.seq,
            audit_event.c.at,
            audit_event.c.type,
            audit_event.c.actor,
            audit_event.c.body,
            audit_event.c.hash,
        )
        .where(audit_event.c.chain == key)
        .order_by(audit_event.c.seq)
        .execution_options(yield_per=1000)
    )
    with connection.execute(query) as rows:
        for seq, at, kind, actor, body, link in rows:
            yield SealedEntry(name, seq, at, kind, actor, _octets(body), _octets(link))


def checkpoints(connection: sa.Connection, key: str) -> Generator[str, None, None]:
    """Those in the rows of the entries, then the newest where the chain's own row has another."""
    last = ""
    query = (
        sa.select(audit_event.c.note)
        .where(audit_event.c.chain == key, audit_event.c.note.is_not(None))
        .order_by(audit_event.c.seq)
        .execution_options(yield_per=1000)
    )
    with connection.execute(query) as rows:
        for last in rows.scalars():
            yield last
    newest = sa.union_all(
        *(
            sa.select(each.c.audit_note).where(each.c.id == key)
            for each in (procurement, organisation)
        )
    )
    yield from (note for note in connection.scalars(newest) if note != last)


def _beside(connection: sa.Connection, key: str, name: str) -> Iterator[tuple[str, int, str]]:
    """What is wrong beside the entries: a code, the entry, a sentence; the earliest entry first."""
    replay = replayed(key, (entry.body for entry in _entries(connection, key, name)))
    found = [("submission-changed", *each) for each in _changed_forms(connection, key)]
    found += [("file-changed", *each) for each in _changed_files(connection, key)]
    found += [("row-changed", *each) for each in replay.differences(connection)]
    yield from sorted(found, key=lambda each: each[1])


def _changed_forms(connection: sa.Connection, key: str) -> Iterator[tuple[int, str]]:
    """Submissions whose bytes do not have the digest of their row."""
    columns = submission.c.seq, submission.c.digest, submission.c.content
    rows = sa.select(*columns).where(submission.c.procurement == key)
    for seq, digest, content in connection.execute(rows.execution_options(yield_per=200)):
        if sha256(_octets(content)).hexdigest() != digest:
            yield seq, f"the form handed in under entry {seq} was changed afterwards."


def _changed_files(connection: sa.Connection, key: str) -> Iterator[tuple[int, str]]:
    """Files, attached or deployed, whose bytes are not those the record has the digest of."""
    recorded = sa.select(audit_event.c.seq, audit_event.c.body).where(
        audit_event.c.chain == key,
        audit_event.c.type.in_(("AttachmentAdded", "ProcessDeployed")),
    )
    entry_of: dict[str, int] = {}
    for seq, body in connection.execute(recorded.order_by(audit_event.c.seq)):
        data: dict[str, Any] = orjson.loads(body)["data"]
        for digest in data["files"].values() if "files" in data else (data["digest"],):
            entry_of.setdefault(digest, seq)
    for digest, seq in entry_of.items():
        content = connection.scalar(sa.select(blob.c.content).where(blob.c.digest == digest))
        if content is None or sha256(_octets(content)).hexdigest() != digest:
            yield seq, f"a file recorded by entry {seq} was changed afterwards or is gone."
