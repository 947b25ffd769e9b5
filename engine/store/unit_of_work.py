"""One command, one transaction: rows and record are written together or not at all."""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from engine.audit.chain import EMPTY_HEAD, EntryContent, Head, SealedEntry, seal
from engine.audit.checkpoint import Signer
from engine.errors import NotFoundError, RejectedError, StaleVersionError
from engine.model.events import Event
from engine.model.records import ProcurementRecord, TaskRecord, TimerRecord
from engine.search.entries import Change, Entry
from engine.store import schema, search
from engine.store.appliers import APPLY
from engine.store.context import ActContext
from engine.store.plain import plain
from engine.store.prepared import Prepared
from engine.store.rows import columns
from engine.store.transactions import transactions_of
from engine.store.types import Among
from engine.store.writer import Writer

_PROCUREMENT: Final = columns(schema.procurement, ProcurementRecord)
_LOCK_PROCUREMENT: Final = Prepared(
    sa.select(*_PROCUREMENT).where(schema.procurement.c.id == sa.bindparam("key")).with_for_update()
)
_LOCK_TASK: Final = Prepared(  # the procurement stands first, so its row is locked first
    sa.select(*_PROCUREMENT, *columns(schema.task, TaskRecord))
    .select_from(schema.procurement)
    .join(schema.task, schema.task.c.procurement == schema.procurement.c.id)
    .where(schema.task.c.id == sa.bindparam("key"))
    .with_for_update()
)
_LOCK_DUE: Final = Prepared(
    sa.select(*_PROCUREMENT, *columns(schema.timer, TimerRecord))
    .select_from(schema.procurement)
    .join(schema.timer, schema.timer.c.procurement == schema.procurement.c.id)
    .where(
        schema.timer.c.due_at <= sa.bindparam("now"),
        schema.procurement.c.status == "running",
        sa.not_(Among(schema.timer.c.id, "left")),
    )
    .order_by(schema.timer.c.due_at, schema.timer.c.id)
    .limit(sa.bindparam("count"))
    .with_for_update(skip_locked=True)
)
_LOCK_ORGANISATION: Final = Prepared(
    sa.select(schema.organisation.c.audit_seq, schema.organisation.c.audit_head)
    .where(schema.organisation.c.id == sa.bindparam("key"))
    .with_for_update()
)


@dataclass(slots=True)
class _OpenChain:
    """A chain this transaction writes to: where it stands and what its row will be set to."""

    table: sa.Table
    id: str
    name: str
    head: Head
    version: int | None
    organisation: str
    state: bytes = b""
    entries: list[SealedEntry] = field(default_factory=list)
    snapshots: dict[int, bytes] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    found: list[Entry] = field(default_factory=list)

    def keep_earlier_state(self) -> None:
        """Without the live process before each change of it nobody could see how things stood."""
        changed = self.changes.get("state", self.state) != self.state
        if changed and self.state and self.entries:
            self.snapshots.setdefault(self.entries[0].seq, self.state)


class UnitOfWork:
    """Reads through `connection`, writes by recording events; `finish` seals and flushes.

    `searched` is whether what happens is put into the search index.
    """

    def __init__(self, connection: sa.Connection, signer: Signer, *, searched: bool = True) -> None:
        self._connection = connection
        self.writer = Writer(connection)
        self._signer = signer
        self.searched = searched
        self._chains: dict[str, _OpenChain] = {}

    @property
    def connection(self) -> sa.Connection:
        """For reading: what this transaction has recorded so far is there."""
        self.writer.flush()
        return self._connection

    @property
    def log(self) -> str:
        """The name of this installation's record."""
        return self._signer.name

    def lock_procurement(self, procurement: str) -> ProcurementRecord:
        """The row, locked until the transaction ends; raises NotFoundError."""
        row = _LOCK_PROCUREMENT.first(self.connection, {"key": procurement})
        if row is None:
            raise NotFoundError("procurement", procurement)
        return self._locked(ProcurementRecord(*row))

    def lock_task(self, task: str) -> tuple[ProcurementRecord, TaskRecord]:
        """The task and its procurement, both locked; raises NotFoundError."""
        row = _LOCK_TASK.first(self.connection, {"key": task})
        if row is None:
            raise NotFoundError("task", task)
        procurement, found = row[: len(_PROCUREMENT)], row[len(_PROCUREMENT) :]
        return self._locked(ProcurementRecord(*procurement)), TaskRecord(*found)

    def lock_due(
        self, now: datetime, count: int, left: Collection[str]
    ) -> list[tuple[ProcurementRecord, TimerRecord]]:
        """Timers of running procurements that are due, in due order, each with its procurement;
        locked, but for those that another transaction has locked, and without those in `left`.

        It ends before the second timer of one procurement: the first may do away with it.
        """
        values = {"now": now, "count": count, "left": list(left)}
        found: dict[str, tuple[ProcurementRecord, TimerRecord]] = {}
        for row in _LOCK_DUE.all(self.connection, values):
            procurement = ProcurementRecord(*row[: len(_PROCUREMENT)])
            if procurement.id in found:
                break
            found[procurement.id] = procurement, TimerRecord(*row[len(_PROCUREMENT) :])
            self._locked(procurement)
        return list(found.values())

    def _locked(self, record: ProcurementRecord) -> ProcurementRecord:
        self._chains.setdefault(
            record.id,
            _OpenChain(
                schema.procurement,
                record.id,
                record.reference,
                Head(record.audit_seq, record.audit_head),
                record.version,
                record.organisation,
                record.state,
            ),
        )
        return record

    def open_new_procurement(self, procurement: str, reference: str, organisation: str) -> None:
        """Begin the chain of a procurement whose row this transaction inserts."""
        self._chains[procurement] = _OpenChain(
            schema.procurement, procurement, reference, EMPTY_HEAD, 0, organisation
        )

    def lock_organisation(self, organisation: str) -> None:
        """Open the organisation's chain; raises NotFoundError."""
        if organisation in self._chains:
            return
        table = schema.organisation
        row = _LOCK_ORGANISATION.first(self.connection, {"key": organisation})
        if row is None:
            raise NotFoundError("organisation", organisation)
        name = f"organisation:{organisation}"
        self._chains[organisation] = _OpenChain(
            table, organisation, name, Head(*row), None, organisation
        )

    def open_new_organisation(self, organisation: str) -> None:
        """Begin the chain of an organisation whose row this transaction inserts."""
        name = f"organisation:{organisation}"
        self._chains[organisation] = _OpenChain(
            schema.organisation, organisation, name, EMPTY_HEAD, None, organisation
        )

    def next_seq(self, chain: str) -> int:
        """The number the next entry of `chain` will get."""
        return self._chains[chain].head.seq + 1

    def record(self, chain: str, event: Event, context: ActContext) -> None:
        """Apply `event` to the tables and seal it as the next entry of `chain`."""
        opened = self._chains[chain]
        content = EntryContent(
            log=self.log,
            procurement=opened.name,
            at=context.at,
            type=type(event).__name__,
            actor=context.actor,
            subject=context.subject,
            data={name: plain(getattr(event, name)) for name in event.__slots__},
            reason=context.reason,
            request=context.request,
            rule=context.rule,
        )
        entry, opened.head = seal(opened.head, content)
        opened.entries.append(entry)
        APPLY[type(event)](self, chain, event, context, entry.seq)

    def keep_snapshot(self, procurement: str, seq: int, state: bytes) -> None:
        """Keep the live process as it was right before entry `seq` of this transaction.

        Whatever an act does, `finish` keeps it so before its first entry; this is for several acts
        in one transaction.
        """
        self._chains[procurement].snapshots[seq] = state

    def set_procurement(self, procurement: str, **values: Any) -> None:
        """Columns that the procurement's row gets when the transaction finishes."""
        self._chains[procurement].changes.update(values)

    def index(self, procurement: str, change: Change) -> None:
        """Let a thing of the procurement be found, or no longer, once the transaction commits."""
        if isinstance(change, Entry):
            self._chains[procurement].found.append(change)
        else:
            search.remove(self.connection, change.objects)

    def organisation_of(self, procurement: str) -> str:
        """The organisation that owns an opened procurement."""
        return self._chains[procurement].organisation

    def finish(self) -> None:
        """Write everything; raises StaleVersionError when someone else changed a row in between."""
        changed = [each for each in self._chains.values() if each.entries or each.changes]
        notes = [self._close(opened) for opened in changed]
        for opened, note in zip(changed, notes, strict=True):
            self._insert_entries(opened, note)
        self.writer.flush()

    def _close(self, opened: _OpenChain) -> str:
        """Write the row of the chain; the answer is the signed checkpoint on it."""
        opened.keep_earlier_state()
        key: dict[str, Any] = {"id": opened.id}
        note = self._signer.sign(opened.name, opened.head)
        values = {
            **opened.changes,
            "audit_seq": opened.head.seq,
            "audit_head": opened.head.hash,
            "audit_note": note,
        }
        if opened.found:
            values["index_queue"] = search.packed(opened.found)
        if opened.version is not None:
            key["version"] = opened.version
            values["version"] = opened.version + 1
        if not self.writer.update_now(opened.table, key, **values):
            raise StaleVersionError(
                f"{opened.name} was changed by someone else. Read it again and repeat the act.",
                subject=opened.name,
            )
        return note

    def _insert_entries(self, opened: _OpenChain, note: str) -> None:
        for entry in opened.entries:
            self.writer.insert(
                schema.audit_event,
                chain=opened.id,
                seq=entry.seq,
                at=entry.at,
                type=entry.type,
                actor=entry.actor,
                body=entry.body,
                hash=entry.hash,
                note=note if entry.seq == opened.head.seq else None,
                snapshot=opened.snapshots.get(entry.seq),
            )


class _RehearsedError(Exception):
    """Takes back what a rehearsal did."""


class Store:
    """The database with its one way in (`unit_of_work`) and its one way out (`reader`).

    `searched` is whether anybody will look for anything in it: else nothing is indexed.
    """

    def __init__(self, database: sa.Engine, signer: Signer, *, searched: bool = True) -> None:
        self.database = database
        self.signer = signer
        self._searched = searched
        self._transactions = transactions_of(database)

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """One act: what it has done lasts when the block has ended well, else it is gone.

        Raises RejectedError when a row breaks a rule of the database, such as a key that is taken.
        """
        try:
            with self._transactions.act() as connection:
                work = UnitOfWork(connection, self.signer, searched=self._searched)
                yield work
                work.finish()
        except sa.exc.IntegrityError as error:
            raise RejectedError(
                "What this act would record is there already, or what it rests on is gone: someone"
                " else may have been first. Look at it again before you repeat the act.",
                about="already-there",
            ) from error

    @contextmanager
    def rehearsal(self) -> Iterator[UnitOfWork]:
        """An act that is undone at its end, to find out what it would do."""
        with suppress(_RehearsedError), self._transactions.act() as connection:
            yield UnitOfWork(connection, self.signer)
            raise _RehearsedError

    def reader(self) -> AbstractContextManager[sa.Connection]:
        """A connection for queries that sees one consistent state."""
        return self._transactions.reading()
