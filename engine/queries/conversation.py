"""Comments and attachments."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from engine.access.policy import Action, members_who_may
from engine.access.rules import Target
from engine.errors import NotFoundError
from engine.model.records import AttachmentRecord
from engine.queries.view import Seen, View, find_procurement, names_of
from engine.store import contributions, people, records, tasks
from engine.store.schema import added_task, attachment, blob, comment, decision, task


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What a comment was made into: a task or a decision, by its id and name; `status` of the
    task, `seq` the decision's entry."""

    kind: Literal["task", "decision"]
    id: str
    name: str
    status: str
    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CommentView:
    """`mentions` are the names of those it speaks to; `task` what it is on, "" for the procurement
    as a whole; `outcomes` what it was made into, oldest first, for those who see the whole. From
    `withdrawn_at` on it has no text; `may_withdraw` whoever wrote it, while nothing rests on it."""

    text: str
    by: str
    at: datetime
    mentions: tuple[str, ...] = ()
    id: str = ""
    task: str = ""
    outcomes: tuple[OutcomeView, ...] = ()
    withdrawn_at: datetime | None = None
    may_withdraw: bool = False


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """`size` in bytes; `digest` is the SHA-256 of the content. From `withdrawn_at` on nobody can
    open it; `may_withdraw` tells whether the reader attached it and may take it back."""

    id: str
    name: str
    media_type: str
    size: int
    digest: str
    by: str
    at: datetime
    withdrawn_at: datetime | None = None
    may_withdraw: bool = False


def comments_of(seen: Seen, task: str, target: Target) -> tuple[CommentView, ...]:
    """Comments on a task, or on the procurement itself when `task` is "", oldest first; `target` is
    what they are on, as the access policy sees it."""
    return _comments(seen, comment.c.task == task, target)


def find_comment(seen: Seen, key: str) -> CommentView | None:
    """A comment of the procurement that stands and is confidential to no supplier; None for any
    other."""
    common = (comment.c.id == key) & (comment.c.scope == "") & comment.c.withdrawn_at.is_(None)
    found = _comments(seen, common, seen.target())
    return found[0] if found else None


def _comments(
    seen: Seen, which: "sa.ColumnElement[bool]", target: Target
) -> tuple[CommentView, ...]:
    query = (
        sa.select(comment)
        .where(comment.c.procurement == seen.row.id, which)
        .order_by(comment.c.at, comment.c.id)
    )
    rows = seen.view.connection.execute(query).all()
    names = names_of(seen.view, {key for row in rows for key in (row.by, *row.mentions)})
    outcomes = _outcomes(seen, [row.id for row in rows])
    return tuple(
        CommentView(
            row.text,
            names.get(row.by, row.by),
            row.at,
            tuple(names.get(key, key) for key in row.mentions),
            row.id,
            row.task,
            tuple(outcomes.get(row.id, ())),
            row.withdrawn_at,
            row.withdrawn_at is None
            and row.id not in outcomes
            and seen.may(Action.WITHDRAW_COMMENT, replace(target, author=row.by)),
        )
        for row in rows
    )


def _outcomes(seen: Seen, comments: Collection[str]) -> Mapping[str, list[OutcomeView]]:
    """What came of each of these comments, by its id."""
    found: defaultdict[str, list[OutcomeView]] = defaultdict(list)
    if not comments or not seen.sees(""):
        return found
    made = (
        sa.select(added_task.c.comment, task.c.id, task.c.name, task.c.status, task.c.opened_at)
        .join(task, task.c.id == added_task.c.task)
        .where(added_task.c.procurement == seen.row.id, added_task.c.comment.in_(comments))
    )
    decided = sa.select(decision).where(
        decision.c.procurement == seen.row.id, decision.c.comment.in_(comments)
    )
    run = seen.view.connection.execute
    views = [
        *(
            (row.comment, OutcomeView("task", row.id, row.name, row.status, 0, row.opened_at))
            for row in run(made)
        ),
        *(
            (row.comment, OutcomeView("decision", row.id, row.name, "", row.seq, row.at))
            for row in run(decided)
        ),
    ]
    for key, view in sorted(views, key=lambda pair: pair[1].at):
        found[key].append(view)
    return found


def mentionable(seen: Seen, target: Target) -> tuple[tuple[str, str], ...]:
    """Whom a comment may speak to: members who may read it, by name; id and name."""
    members = people.persons(seen.view.connection, sorted({seat.person for seat in seen.team}))
    found = members_who_may(Action.READ_TASK, members.values(), target, seen.view.today)
    return tuple((each.id, each.name) for each in found if each.id != seen.view.actor.id)


def attachments_of(seen: Seen, task: str, target: Target) -> tuple[AttachmentView, ...]:
    """Attachments of a task, or of the procurement itself when `task` is "", oldest first; `target`
    is what they are on, as the access policy sees it."""
    query = (
        sa.select(attachment)
        .where(attachment.c.procurement == seen.row.id, attachment.c.task == task)
        .order_by(attachment.c.at, attachment.c.id)
    )
    rows = seen.view.connection.execute(query).all()
    names = names_of(seen.view, {row.by for row in rows})
    return tuple(
        AttachmentView(
            row.id,
            row.name,
            row.media_type,
            row.size,
            row.blob,
            names.get(row.by, ""),
            row.at,
            row.withdrawn_at,
            row.withdrawn_at is None
            and seen.may(Action.WITHDRAW_FILE, replace(target, author=row.by)),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class FileContent:
    name: str
    media_type: str
    content: bytes


def read_attachment(view: View, key: str) -> FileContent:
    """The file, for those who may read what it is attached to; raises NotFoundError."""
    found = records.get_attachment(view.connection, key)
    seen = find_procurement(view, found.procurement)
    if found.withdrawn_at is not None:
        raise NotFoundError("attachment", key)
    if not _readable(seen, found.task, found.scope) or _is_kept_back(seen, key):
        raise NotFoundError("attachment", key)
    return stored_file(view, found)


def stored_file(view: View, found: AttachmentRecord) -> FileContent:
    """The file itself, once the reader is known to be let in to it."""
    content = view.connection.scalar(sa.select(blob.c.content).where(blob.c.digest == found.blob))
    if content is None:
        raise NotFoundError("attachment", found.id)
    return FileContent(found.name, found.media_type, bytes(content))


def _is_kept_back(seen: Seen, key: str) -> bool:
    """Whether it came with a contribution that is hidden from the reader."""
    target = replace(seen.target(), procurement=seen.row.id)
    given = contributions.all_of(seen.view.connection, seen.row.id)
    hidden = any(key in each.files and each.hidden_by for each in given)
    return hidden and not seen.may(Action.MODERATE, target)


def _readable(seen: Seen, task: str, scope: str) -> bool:
    if seen.sees(scope):
        return True
    if not task:
        return False
    row = tasks.get(seen.view.connection, task)
    return seen.may(Action.READ_TASK, seen.task_target(row))
