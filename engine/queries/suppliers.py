"""The suppliers of a procurement: where each stands, how it came there, what passed between us."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
import sqlalchemy as sa

from engine.queries.overview import OPEN, visible_tasks
from engine.queries.submissions import SubmissionView, views, visible_submissions
from engine.queries.view import Seen
from engine.queries.worklist import TaskRow
from engine.store import records
from engine.store.schema import audit_event, outbox


@dataclass(frozen=True, slots=True)
class StatusChange:
    """`by` is "" when the process itself set it."""

    status: str
    at: datetime
    reason: str
    seq: int


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter to one supplier; `sent_at` is None while it waits to leave."""

    id: str
    kind: str
    subject: str
    body: str
    queued_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class SupplierDetail:
    key: str
    name: str
    status: str
    reason: str
    history: tuple[StatusChange, ...]
    letters: tuple[LetterView, ...]
    forms: tuple[SubmissionView, ...]
    open_tasks: tuple[TaskRow, ...]


def suppliers_of(seen: Seen) -> tuple[SupplierDetail, ...]:
    """Those whom the reader may know of, by name."""
    history, letters = _history(seen), _letters(seen)
    submitted = visible_submissions(seen)
    shown = views(seen, submitted)
    by_scope: dict[str, list[SubmissionView]] = {}
    for each, view in zip(submitted, shown, strict=True):
        by_scope.setdefault(each.scope, []).append(view)
    tasks = visible_tasks(seen, *OPEN)
    found = [
        SupplierDetail(
            key=each.key,
            name=each.name,
            status=each.status,
            reason=each.reason,
            history=tuple(history.get(each.key, ())),
            letters=tuple(letters.get(each.key, ())),
            forms=tuple(by_scope.get(each.key, ())),
            open_tasks=tuple(row for row in tasks if row.scope == each.key),
        )
        for each in records.suppliers(seen.view.connection, seen.row.id)
        if seen.sees(each.key)
    ]
    return tuple(sorted(found, key=lambda each: each.name))


def _history(seen: Seen) -> Mapping[str, list[StatusChange]]:
    """Each supplier's statuses, the newest first, from the record."""
    query = (
        sa.select(audit_event.c.seq, audit_event.c.body)
        .where(
            audit_event.c.chain == seen.row.id,
            audit_event.c.type.in_(("SupplierRegistered", "SupplierStatusSet")),
        )
        .order_by(audit_event.c.seq.desc())
    )
    found: dict[str, list[StatusChange]] = {}
    for row in seen.view.connection.execute(query):
        body = orjson.loads(row.body)
        data = body["data"]
        change = StatusChange(
            status=data.get("status", "registered"),
            at=datetime.fromisoformat(body["at"]),
            reason=body["reason"] if "status" in data else "",
            seq=row.seq,
        )
        found.setdefault(data["supplier"], []).append(change)
    return found


def _letters(seen: Seen) -> Mapping[str, list[LetterView]]:
    query = (
        sa.select(outbox)
        .where(outbox.c.procurement == seen.row.id)
        .order_by(outbox.c.queued_at, outbox.c.id)
    )
    found: dict[str, list[LetterView]] = {}
    for row in seen.view.connection.execute(query):
        letter = LetterView(row.id, row.kind, row.subject, row.body, row.queued_at, row.sent_at)
        found.setdefault(row.scope or row.recipient, []).append(letter)
    return found
