"""What people handed in and decided; rewound records stay and no longer count."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

import orjson
import sqlalchemy as sa

from engine.errors import NotFoundError
from engine.model.records import (
    AttachmentRecord,
    CommentRecord,
    DecisionRecord,
    IncidentRecord,
    LetterRecord,
    ProcurementRecord,
    StoredSubmission,
    SubmissionRecord,
    SupplierRecord,
    TimerRecord,
    WaitRecord,
)
from engine.store import schema
from engine.store.prepared import Prepared
from engine.store.rows import Record, Selection, columns
from engine.store.schema import (
    added_task,
    attachment,
    audit_event,
    comment,
    contribution,
    decision,
    draft,
    handed,
    incident,
    notice,
    outbox,
    submission,
    supplier,
    task,
    timer,
    undone,
    wait,
)
from engine.store.unit_of_work import UnitOfWork

_OF: Final[sa.BindParameter[str]] = sa.bindparam("procurement")
_SUBMISSION: Final = Selection(submission, StoredSubmission, submission.c.id == sa.bindparam("key"))


def _counting(
    table: sa.Table, record: type[Record], *where: "sa.ColumnElement[bool]"
) -> Selection[Record]:
    """What of the procurement a rewind has not set aside, oldest first."""
    undone_there = sa.select(undone.c.record).where(undone.c.procurement == _OF)
    return Selection(
        table,
        record,
        table.c.procurement == _OF,
        table.c.id.not_in(undone_there),
        *where,
        order=(table.c.seq,),
    )


_SUBMISSIONS: Final = _counting(submission, StoredSubmission)
_OF_FORM: Final = _counting(submission, StoredSubmission, submission.c.form == sa.bindparam("form"))
_OF_TASK: Final = _counting(submission, StoredSubmission, submission.c.task == sa.bindparam("task"))
_EVER_OF_TASK: Final = Selection(
    submission,
    StoredSubmission,
    submission.c.procurement == _OF,
    submission.c.task == sa.bindparam("task"),
    order=(submission.c.seq,),
)
_AT_GATES: Final = decision.c.element != ""
_DECISIONS: Final = _counting(decision, DecisionRecord, _AT_GATES)
_SINCE: Final = tuple(
    Prepared(
        sa.select(table.c.id)
        .where(
            table.c.procurement == _OF,
            table.c.seq >= sa.bindparam("seq"),
            table.c.id.not_in(sa.select(undone.c.record).where(undone.c.procurement == _OF)),
            *where,
        )
        .order_by(table.c.seq)
    )
    for table, where in ((submission, ()), (decision, (_AT_GATES,)))
)
_PROCUREMENT: Final = Selection(
    schema.procurement, ProcurementRecord, schema.procurement.c.id == sa.bindparam("key")
)
_SUPPLIERS: Final = Selection(
    supplier, SupplierRecord, supplier.c.procurement == _OF, order=(supplier.c.key,)
)
_TIMERS: Final = Selection(timer, TimerRecord, timer.c.procurement == _OF)
_TIMER: Final = Selection(
    timer, TimerRecord, timer.c.procurement == _OF, timer.c.id == sa.bindparam("key")
)
_DUE: Final = Prepared(
    sa.select(*columns(timer, TimerRecord))
    .where(timer.c.due_at <= sa.bindparam("now"))
    .order_by(timer.c.due_at, timer.c.id)
    .limit(sa.bindparam("count"))
)
_WAITS: Final = Selection(wait, WaitRecord, wait.c.procurement == _OF, order=(wait.c.message,))
_COMMENT: Final = Selection(
    comment, CommentRecord, comment.c.procurement == _OF, comment.c.id == sa.bindparam("key")
)
_ATTACHMENT: Final = Selection(attachment, AttachmentRecord, attachment.c.id == sa.bindparam("key"))
_ATTACHMENTS: Final = Selection(
    attachment,
    AttachmentRecord,
    attachment.c.procurement == _OF,
    attachment.c.withdrawn_at.is_(None),
    order=(attachment.c.at,),
)
_KNOWN: Final = {
    table: Prepared(sa.select(table.c.id, table.c.element).where(table.c.procurement == _OF))
    for table in (timer, wait)
}
_INCIDENTS: Final = Selection(
    incident, IncidentRecord, incident.c.procurement == _OF, incident.c.closed_at.is_(None)
)
_NOTICES: Final = Prepared(
    sa.select(notice.c.id, notice.c.version)
    .where(notice.c.procurement == _OF, notice.c.subtype == sa.bindparam("subtype"))
    .order_by(notice.c.version.desc())
    .limit(1)
)
_QUEUED: Final = Prepared(
    sa.select(*columns(outbox, LetterRecord))
    .where(outbox.c.sent_at.is_(None))
    .order_by(outbox.c.queued_at)
    .limit(sa.bindparam("count"))
)
_LETTER: Final = Prepared(
    sa.select(outbox.c.sent_at).where(
        outbox.c.procurement == _OF, outbox.c.id == sa.bindparam("key")
    )
)
_RETURNED: Final = Prepared(
    sa.select(outbox.c.kind, outbox.c.queued_at)
    .where(outbox.c.procurement == _OF, outbox.c.returned_at.is_not(None))
    .order_by(outbox.c.queued_at, outbox.c.id)
)
_REFERENCE: Final = Prepared(
    sa.select(schema.procurement.c.id).where(
        schema.procurement.c.reference == sa.bindparam("reference")
    )
)
_OUTCOME: Final = (
    sa.select(audit_event.c.body)
    .where(
        audit_event.c.chain == _OF,
        audit_event.c.seq < sa.bindparam("seq"),
        audit_event.c.type.in_(("OutcomeSet", "ProcurementEnded", "ProcurementRewound")),
    )
    .order_by(audit_event.c.seq.desc())
    .limit(1)
)
_LIVE: Final = Prepared(
    sa.select(
        schema.procurement.c.status, schema.procurement.c.definition, schema.procurement.c.state
    ).where(schema.procurement.c.id == _OF)
)


NO_POINTS: Final = ("ProcurementRewound", "ProcurementCancelled", "IncidentRetried")
"""Entries that keep the process as it was before them, and that nobody goes back behind: what a
rewind set aside would not count again."""


def is_point() -> "sa.ColumnElement[bool]":
    """Whether one can go back to right before an entry."""
    return audit_event.c.snapshot.is_not(None) & audit_event.c.type.not_in(NO_POINTS)


def content_bytes(content: dict[str, Any]) -> bytes:
    """A submission's content as the bytes that are stored and hashed."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def content_digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def add_submission(
    work: UnitOfWork,
    procurement: str,
    record: SubmissionRecord,
    definition: str,
) -> None:
    """Keep a submission's content; its SHA-256 stands in the entry `record.seq`."""
    content = content_bytes(record.content)
    work.writer.insert(
        submission,
        id=record.id,
        procurement=procurement,
        task=record.task,
        element=record.element,
        form=record.form,
        definition=definition,
        scope=record.scope,
        content=content,
        digest=content_digest(content),
        by=record.by,
        at=record.at,
        seq=record.seq,
    )


def submissions(connection: sa.Connection, procurement: str) -> list[SubmissionRecord]:
    """Submissions that count, oldest first."""
    return [_parsed(each) for each in stored_submissions(connection, procurement)]


def stored_submissions(
    connection: sa.Connection, procurement: str, form: str | None = None
) -> list[StoredSubmission]:
    """The same, of one form where it is given, for who will read the content of few of them."""
    if form is None:
        return _SUBMISSIONS.all(connection, procurement=procurement)
    return _OF_FORM.all(connection, procurement=procurement, form=form)


def get_submission(connection: sa.Connection, key: str) -> SubmissionRecord:
    """One submission, whether or not it still counts; raises NotFoundError."""
    found = _SUBMISSION.one(connection, key=key)
    if found is None:
        raise NotFoundError("submission", key)
    return _parsed(found)


def owner_of_submission(connection: sa.Connection, key: str) -> str:
    """The procurement it was handed in to; raises NotFoundError."""
    found = connection.scalar(sa.select(submission.c.procurement).where(submission.c.id == key))
    if found is None:
        raise NotFoundError("submission", key)
    return str(found)


def submissions_of(
    connection: sa.Connection, procurement: str, form: str
) -> list[SubmissionRecord]:
    """Submissions of one form that count, oldest first."""
    return [_parsed(each) for each in stored_submissions(connection, procurement, form)]


def submissions_at(
    connection: sa.Connection, procurement: str, task: str
) -> list[SubmissionRecord]:
    """Submissions of one task that count, oldest first."""
    found = _OF_TASK.all(connection, procurement=procurement, task=task)
    return [_parsed(each) for each in found]


def ever_submitted_at(
    connection: sa.Connection, procurement: str, task: str
) -> list[SubmissionRecord]:
    """Submissions of one task, those that a rewind set aside too, oldest first."""
    found = _EVER_OF_TASK.all(connection, procurement=procurement, task=task)
    return [_parsed(each) for each in found]


def decisions(connection: sa.Connection, procurement: str) -> list[DecisionRecord]:
    """Decisions of gates that count, oldest first."""
    found = _DECISIONS.all(connection, procurement=procurement)
    return [replace(each, by=tuple(each.by)) for each in found]


def records_since(connection: sa.Connection, procurement: str, seq: int) -> list[str]:
    """Ids of submissions, and of decisions of gates, made at or after entry `seq` that still
    count."""
    values = {"procurement": procurement, "seq": seq}
    return [key for query in _SINCE for key in query.column(connection, values)]


def outcome_before(connection: sa.Connection, procurement: str, seq: int) -> str:
    """How the procurement was to end right before entry `seq`."""
    body = connection.scalar(_OUTCOME, {"procurement": procurement, "seq": seq})
    return "" if body is None else str(orjson.loads(body)["data"].get("outcome", ""))


def suppliers(connection: sa.Connection, procurement: str) -> list[SupplierRecord]:
    return _SUPPLIERS.all(connection, procurement=procurement)


def timers_of(connection: sa.Connection, procurement: str) -> list[TimerRecord]:
    return _TIMERS.all(connection, procurement=procurement)


def due_timers(connection: sa.Connection, now: datetime, limit: int) -> list[TimerRecord]:
    """Timers that should have fired by `now`, in due order."""
    return [TimerRecord(*row) for row in _DUE.all(connection, {"now": now, "count": limit})]


def find_timer(connection: sa.Connection, procurement: str, key: str) -> TimerRecord | None:
    return _TIMER.one(connection, procurement=procurement, key=key)


def known_timers(connection: sa.Connection, procurement: str) -> dict[str, str]:
    """The timers that are armed: id → element."""
    return dict(_KNOWN[timer].all(connection, {"procurement": procurement}))


def known_waits(connection: sa.Connection, procurement: str) -> dict[str, str]:
    """The places that wait for a message: id → element."""
    return dict(_KNOWN[wait].all(connection, {"procurement": procurement}))


def waits_of(connection: sa.Connection, procurement: str) -> list[WaitRecord]:
    return _WAITS.all(connection, procurement=procurement)


def open_incidents(connection: sa.Connection, procurement: str) -> list[IncidentRecord]:
    return _INCIDENTS.all(connection, procurement=procurement)


def last_notice(
    connection: sa.Connection, procurement: str, subtype: str
) -> tuple[str, int] | None:
    """Id and version of the newest notice of a subtype, None when none was sent."""
    found = _NOTICES.first(connection, {"procurement": procurement, "subtype": subtype})
    return (found[0], found[1]) if found else None


def noticed(connection: sa.Connection, *which: "sa.ColumnElement[bool]") -> list[str]:
    """The running procurements with such a notice, or one made from such a submission, by when the
    latest was sent, the newest first."""
    query = (
        sa.select(notice.c.procurement)
        .join(submission, submission.c.id == notice.c.submission)
        .join(schema.procurement, schema.procurement.c.id == notice.c.procurement)
        .where(schema.procurement.c.status == "running", *which)
        .group_by(notice.c.procurement)
        .order_by(sa.func.max(notice.c.at).desc())
    )
    return list(connection.scalars(query))


def queued_letters(connection: sa.Connection, limit: int) -> list[LetterRecord]:
    return [LetterRecord(*row) for row in _QUEUED.all(connection, {"count": limit})]


def get_letter(connection: sa.Connection, letter: str) -> LetterRecord:
    """Raises NotFoundError."""
    query = sa.select(*columns(outbox, LetterRecord)).where(outbox.c.id == letter)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("letter", letter)
    return LetterRecord(*row)


def letters_returned(connection: sa.Connection, procurement: str) -> list[tuple[str, datetime]]:
    """Kind and moment of queueing of the letters that came back, the oldest first."""
    return [(row[0], row[1]) for row in _RETURNED.all(connection, {"procurement": procurement})]


def is_queued(connection: sa.Connection, procurement: str, letter: str) -> bool:
    """Whether the letter has not left yet; raises NotFoundError."""
    row = _LETTER.first(connection, {"procurement": procurement, "key": letter})
    if row is None:
        raise NotFoundError("letter", letter)
    return row[0] is None


def get_attachment(connection: sa.Connection, key: str) -> AttachmentRecord:
    """The attachment's row, also of one that was taken back; raises NotFoundError."""
    found = _ATTACHMENT.one(connection, key=key)
    if found is None:
        raise NotFoundError("attachment", key)
    return found


def attachments_of(connection: sa.Connection, procurement: str) -> list[AttachmentRecord]:
    """Those that stand, the first first."""
    return _ATTACHMENTS.all(connection, procurement=procurement)


def find_attachment(
    connection: sa.Connection, procurement: str, key: str
) -> AttachmentRecord | None:
    """An attachment of the procurement, also one that was taken back."""
    found = _ATTACHMENT.one(connection, key=key)
    return found if found is not None and found.procurement == procurement else None


def is_file_used(connection: sa.Connection, procurement: str, key: str) -> bool:
    """Whether the file stands in a form that was ever handed in or is being written, in a document
    that was handed over, or in a contribution."""
    within = f"%{key}%"
    handed_in = sa.select(submission.c.content).where(submission.c.procurement == procurement)
    if any(key.encode() in content for content in connection.scalars(handed_in)):
        return True
    used = (
        sa.select(draft.c.task)
        .join(task, task.c.id == draft.c.task)
        .where(task.c.procurement == procurement, sa.cast(draft.c.content, sa.Text).like(within)),
        sa.select(handed.c.id).where(handed.c.attachment == key),
        sa.select(contribution.c.id).where(
            contribution.c.procurement == procurement,
            sa.cast(contribution.c.files, sa.Text).like(within),
        ),
    )
    return any(connection.execute(query.limit(1)).first() for query in used)


def get_procurement(connection: sa.Connection, key: str) -> ProcurementRecord:
    """The procurement's row; raises NotFoundError."""
    found = _PROCUREMENT.one(connection, key=key)
    if found is None:
        raise NotFoundError("procurement", key)
    return found


def is_reference_taken(connection: sa.Connection, reference: str) -> bool:
    return _REFERENCE.first(connection, {"reference": reference}) is not None


class LiveProcess(NamedTuple):
    """Where a procurement stands: the digest of the version it runs on, and the state it is in."""

    status: str
    digest: str
    state: bytes


def live_process(connection: sa.Connection, key: str) -> LiveProcess:
    """How the procurement's process stands; raises NotFoundError."""
    found = _LIVE.first(connection, {"procurement": key})
    if found is None:
        raise NotFoundError("procurement", key)
    status, digest, state = found
    return LiveProcess(status, digest, bytes(state))


def seq_before(connection: sa.Connection, procurement_id: str, element: str) -> int:
    """The entry to rewind to so that `element` is to be done again: its latest snapshot."""
    completed = sa.select(audit_event.c.seq, audit_event.c.body).where(
        audit_event.c.chain == procurement_id, audit_event.c.type == "TaskCompleted"
    )
    seq = next(
        (
            seq
            for seq, body in connection.execute(completed.order_by(audit_event.c.seq.desc()))
            if orjson.loads(body)["subject"]["element"] == element
        ),
        0,
    )
    query = sa.select(sa.func.max(audit_event.c.seq)).where(
        audit_event.c.chain == procurement_id,
        audit_event.c.seq <= seq,
        is_point(),
    )
    found = connection.scalar(query)
    if found is None:
        raise NotFoundError("point before", element)
    return int(found)


def proposed_since(connection: sa.Connection, procurement: str, seq: int) -> frozenset[str]:
    """Tasks whose decision was proposed at or after entry `seq`."""
    query = sa.select(audit_event.c.body).where(
        audit_event.c.chain == procurement,
        audit_event.c.seq >= seq,
        audit_event.c.type == "DecisionProposed",
    )
    found = connection.scalars(query)
    return frozenset(str(orjson.loads(body)["subject"]["task"]) for body in found)


def find_comment(connection: sa.Connection, procurement: str, key: str) -> CommentRecord | None:
    """A comment of the procurement; None for any other."""
    return _COMMENT.one(connection, procurement=procurement, key=key)


def comments_together(connection: sa.Connection, key: str) -> list[tuple[str, str]]:
    """The comments that one wrote in the same act as this one: procurement and id of each."""
    this = comment.alias()
    query = (
        sa.select(comment.c.procurement, comment.c.id)
        .join(this, (comment.c.by == this.c.by) & (comment.c.at == this.c.at))
        .where(this.c.id == key, comment.c.text == this.c.text, comment.c.task != "")
    )
    return [(row.procurement, row.id) for row in connection.execute(query)]


def withdrawn_comments(connection: sa.Connection, procurement: str) -> Mapping[str, datetime]:
    """Comments that their authors have taken back, with when."""
    query = sa.select(comment.c.id, comment.c.withdrawn_at).where(
        comment.c.procurement == procurement, comment.c.withdrawn_at.is_not(None)
    )
    return {row.id: row.withdrawn_at for row in connection.execute(query)}


def is_made_into_more(connection: sa.Connection, comment_id: str) -> bool:
    """Whether a task or a decision was made of the comment."""
    made = sa.select(added_task.c.task).where(added_task.c.comment == comment_id)
    decided = sa.select(decision.c.id).where(decision.c.comment == comment_id)
    return connection.scalar(sa.union_all(made, decided).limit(1)) is not None


def find_snapshot(connection: sa.Connection, procurement: str, seq: int) -> bytes | None:
    """The live process as it was right before entry `seq`, where one can go back to that."""
    query = sa.select(audit_event.c.snapshot).where(
        audit_event.c.chain == procurement, audit_event.c.seq == seq, is_point()
    )
    found = connection.scalar(query)
    return None if found is None else bytes(found)


def _parsed(stored: StoredSubmission) -> SubmissionRecord:
    return SubmissionRecord(
        stored.id,
        stored.task,
        stored.element,
        stored.form,
        stored.scope,
        orjson.loads(stored.content),
        stored.by,
        stored.at,
        stored.seq,
    )


def rewinds(connection: sa.Connection, procurement: str) -> list[tuple[int, list[str]]]:
    """Each time somebody went back: the number of its entry, and the records it set aside."""
    query = (
        sa.select(audit_event.c.seq, audit_event.c.body)
        .where(audit_event.c.chain == procurement, audit_event.c.type == "ProcurementRewound")
        .order_by(audit_event.c.seq)
    )
    return [(seq, orjson.loads(body)["data"]["undone"]) for seq, body in connection.execute(query)]
