"""What the tables must hold by the record: entries are applied again, in memory.

The appliers are the only way from facts to rows, so the rows they make of the sealed entries are
those the database must have. A row that differs was changed around the engine.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, get_args

import orjson
import sqlalchemy as sa

from engine.audit.chain import EntryActor, instant
from engine.model.events import Event
from engine.store import schema
from engine.store.appliers import APPLY
from engine.store.context import ActContext
from engine.store.plain import plain

EVENTS: Final[Mapping[str, type]] = {each.__name__: each for each in get_args(Event)}

# Columns that no event carries: the live process and where the chain stands.
_BESIDE: Final[Mapping[str, frozenset[str]]] = {
    "procurement": frozenset(
        {"version", "state", "audit_seq", "audit_head", "audit_note", "index_queue"}
    ),
    "organisation": frozenset({"audit_seq", "audit_head", "audit_note"}),
    "submission": frozenset({"content"}),
    "api_token": frozenset({"used_at"}),
}

# Every table whose rows come from entries alone, and the column that names the chain.
REBUILT: Final[tuple[tuple[sa.Table, str], ...]] = (
    (schema.decision, "procurement"),
    (schema.submission, "procurement"),
    (schema.added_task, "procurement"),
    (schema.task, "procurement"),
    (schema.member, "procurement"),
    (schema.contribution_parent, "procurement"),
    (schema.remark, "procurement"),
    (schema.voter, "procurement"),
    (schema.poll, "procurement"),
    (schema.market_signup, "procurement"),
    (schema.business, "procurement"),
    (schema.market_input, "procurement"),
    (schema.market_draw, "procurement"),
    (schema.contribution, "procurement"),
    (schema.trace_link, "procurement"),
    (schema.handed, "procurement"),
    (schema.inquiry, "procurement"),
    (schema.question, "procurement"),
    (schema.release, "procurement"),
    (schema.information, "procurement"),
    (schema.minutes, "procurement"),
    (schema.round_, "procurement"),
    (schema.slot, "procurement"),
    (schema.meeting, "procurement"),
    (schema.lesson, "procurement"),
    (schema.reuse, "procurement"),
    (schema.shared_with, "chain"),
    (schema.shared_item, "chain"),
    (schema.opening, "procurement"),
    (schema.delivery, "procurement"),
    (schema.intake, "procurement"),
    (schema.participant, "procurement"),
    (schema.invitation, "procurement"),
    (schema.supplier, "procurement"),
    (schema.signal_verdict, "procurement"),
    (schema.undone, "procurement"),
    (schema.comment, "procurement"),
    (schema.attachment, "procurement"),
    (schema.timer, "procurement"),
    (schema.wait, "procurement"),
    (schema.incident, "procurement"),
    (schema.notice, "procurement"),
    (schema.outbox, "procurement"),
    (schema.procurement_party, "procurement"),
    (schema.procurement, "id"),
    (schema.person, "organisation"),
    (schema.role_grant, "organisation"),
    (schema.identity, "organisation"),
    (schema.api_token, "organisation"),
    (schema.absence, "organisation"),
    (schema.deployment, "organisation"),
    (schema.organisation, "id"),
)

Key = tuple[Any, ...]


@dataclass(slots=True)
class _Row:
    values: dict[str, Any]
    seq: int


@dataclass(slots=True)
class Replay:
    """Rows in memory, each with the number of the entry that set it last."""

    chain: str
    owner: str = ""
    seq: int = 0
    _tables: dict[str, dict[Key, _Row]] = field(default_factory=dict)

    @property
    def writer(self) -> "Replay":
        """The appliers write here instead of to the database."""
        return self

    def apply(self, body: Mapping[str, Any]) -> None:
        """Take in the next entry."""
        kind, data = EVENTS[body["type"]], body["data"]
        self.seq = body["seq"]
        self.owner = self.owner or data.get("organisation", "")
        context = _context(body)
        APPLY[kind](self, self.chain, kind(**data), context, self.seq)
        if body["type"] == "SubmissionRecorded":
            self._keep_submission(data, context)

    def insert(self, table: sa.Table, **values: Any) -> None:
        self._rows(table)[_key(table, values)] = _Row(values, self.seq)

    def update(self, table: sa.Table, key: Mapping[str, Any], **values: Any) -> None:
        row = self._rows(table).get(_key(table, key))
        if row is not None:
            row.values.update(values)
            row.seq = self.seq

    def delete(self, table: sa.Table, **key: Any) -> None:
        self._rows(table).pop(_key(table, key), None)

    def set_procurement(self, procurement: str, **values: Any) -> None:
        self.update(schema.procurement, {"id": procurement}, **values)

    def organisation_of(self, procurement: str) -> str:  # noqa: ARG002 - one chain, one owner
        return self.owner

    def rows(self, table: sa.Table) -> list[dict[str, Any]]:
        """The rows of a table as the entries so far have left them."""
        return [row.values for row in self._rows(table).values()]

    def differences(self, connection: sa.Connection) -> Iterator[tuple[int, str]]:
        """The entry and a sentence for each row that is not what the record says."""
        for table, column in REBUILT:
            yield from self._compare(connection, table, column)

    def _compare(
        self, connection: sa.Connection, table: sa.Table, column: str
    ) -> Iterator[tuple[int, str]]:
        expected = dict(self._rows(table))
        beside = _BESIDE.get(table.name, frozenset())
        columns = [each for each in table.c if each.name not in beside]
        query = sa.select(*columns).where(table.c[column] == self.chain)
        for found in map(dict, connection.execute(query).mappings()):
            row = expected.pop(_key(table, found), None)
            if row is None:
                yield self.seq, f"a row of '{table.name}' was put in that no entry speaks of."
                continue
            for name, value in found.items():
                if plain(value) != plain(row.values[name]):
                    yield (
                        row.seq,
                        f"'{name}' in the row of '{table.name}' is not what entry {row.seq} says.",
                    )
        for row in expected.values():
            yield row.seq, f"the row of '{table.name}' that entry {row.seq} set is gone."

    def _keep_submission(self, data: Mapping[str, Any], context: ActContext) -> None:
        columns = ("task", "element", "form", "definition", "scope", "digest")
        self.insert(
            schema.submission,
            id=data["submission"],
            procurement=self.chain,
            **{name: data[name] for name in columns},
            by=context.actor.id,
            at=context.at,
            seq=self.seq,
        )

    def _rows(self, table: sa.Table) -> dict[Key, _Row]:
        return self._tables.setdefault(table.name, {})


@dataclass(frozen=True, slots=True)
class RowChange:
    """What one entry did to one row: the columns that changed. `before` is empty for a new row,
    `after` for one that is gone; `row` is all of it as it is then, or was."""

    table: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    row: Mapping[str, Any]


@dataclass(slots=True)
class Noting(Replay):
    """As `Replay`, and it notes what each entry changes, to be taken after each `apply`."""

    _noted: list[RowChange] = field(default_factory=list)

    def take(self) -> tuple[RowChange, ...]:
        """The changes since they were last taken."""
        noted, self._noted = tuple(self._noted), []
        return noted

    def insert(self, table: sa.Table, **values: Any) -> None:
        Replay.insert(self, table, **values)
        self._noted.append(RowChange(table.name, {}, values, values))

    def update(self, table: sa.Table, key: Mapping[str, Any], **values: Any) -> None:
        row = self._rows(table).get(_key(table, key))
        was = dict(row.values) if row is not None else {}
        Replay.update(self, table, key, **values)
        after = {name: value for name, value in values.items() if was.get(name) != value}
        if row is not None and after:
            before = {name: was.get(name) for name in after}
            self._noted.append(RowChange(table.name, before, after, dict(row.values)))

    def delete(self, table: sa.Table, **key: Any) -> None:
        row = self._rows(table).get(_key(table, key))
        Replay.delete(self, table, **key)
        if row is not None:
            self._noted.append(RowChange(table.name, row.values, {}, row.values))


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact as it stands in the record, with when, why, and the id of who did it."""

    id: int
    chain: str
    event: Event
    at: datetime
    reason: str
    by: str


def recorded(
    connection: sa.Connection, kinds: Iterable[str], after: int, limit: int
) -> list[Recorded]:
    """Facts of these kinds of all chains, in the order in which they were kept, from the one after
    the entry with the id `after`."""
    table = schema.audit_event
    query = (
        sa.select(table.c.id, table.c.chain, table.c.body)
        .where(table.c.id > after, table.c.type.in_(sorted(kinds)))
        .order_by(table.c.id)
        .limit(limit)
    )
    return [_recorded(*row) for row in connection.execute(query)]


def newest_of_task(
    connection: sa.Connection, procurement: str, task: str, since: datetime
) -> Recorded | None:
    """What was done last with the task, of what moves it; None where nothing was `since` then."""
    table = schema.audit_event
    query = (
        sa.select(table.c.id, table.c.chain, table.c.body)
        .where(
            table.c.chain == procurement,
            table.c.at >= instant(since),
            table.c.type.not_in(_MOVE_NOTHING),
        )
        .order_by(table.c.seq.desc())
    )
    for row in connection.execute(query):
        if orjson.loads(row.body)["subject"]["task"] == task:
            return _recorded(*row)
    return None


_MOVE_NOTHING: Final = (
    "CommentAdded",
    "CommentWithdrawn",
    "AttachmentAdded",
    "AttachmentWithdrawn",
    "TaskDueMoved",
)


def _recorded(key: int, chain: str, sealed: bytes) -> Recorded:
    body = orjson.loads(sealed)
    event = EVENTS[body["type"]](**body["data"])
    at = datetime.fromisoformat(body["at"])
    return Recorded(key, chain, event, at, body["reason"], body["actor"]["id"])


def replayed(chain: str, bodies: Iterable[bytes]) -> Replay:
    """The rows that the entries of one chain lead to; the chain itself must have been verified."""
    replay = Replay(chain)
    for body in bodies:
        replay.apply(orjson.loads(body))
    return replay


def _key(table: sa.Table, values: Mapping[str, Any]) -> Key:
    return tuple(values[column.name] for column in table.primary_key)


def _context(body: Mapping[str, Any]) -> ActContext:
    actor = body["actor"]
    return ActContext(
        actor=EntryActor(
            actor["id"],
            actor["name"],
            tuple(actor["roles"]),
            actor["organisation"],
            actor["on_behalf_of"],
            actor["via"],
            actor["level"],
        ),
        at=datetime.fromisoformat(body["at"]),
        request=body["request"],
        rule=body["rule"],
        reason=body["reason"],
    )
