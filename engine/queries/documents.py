"""Everything that was handed in, attached, published or sent: with version, hash, who and when."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access.policy import Action
from engine.bpmn.compile import CompiledDefinition
from engine.errors import NotFoundError
from engine.forms.definition import Form
from engine.forms.values import Context
from engine.model.records import SubmissionRecord
from engine.model.sealing import sealed_role, supplier_key
from engine.queries.names import element_name
from engine.queries.submissions import SubmissionView, context_of, unblinded, views
from engine.queries.view import Seen, authors_of
from engine.registers.eforms import NOTICE, called
from engine.store import records
from engine.store.firms import supplier_names
from engine.store.schema import attachment, notice, submission, task, undone


@dataclass(frozen=True, slots=True)
class FormVersion:
    """A form as it was handed in. `version` counts those of the same form for the same supplier;
    `counts` is False when a rewind set it aside, `newest` True for the one that holds now. One that
    is `blind` yet keeps what it says from the reader, and its `digest` with it."""

    id: str
    form: str
    title: str
    element: str
    supplier: str
    sealed_for: str
    version: int
    newest: bool
    counts: bool
    blind: bool
    by: str
    at: datetime
    digest: str
    seq: int


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that was attached; `digest` is the SHA-256 of its bytes, `size` in bytes, `version`
    counts files of the same name at the same place; `may_withdraw` tells whether the reader
    attached it to the whole procurement and may take it back."""

    id: str
    name: str
    place: str
    supplier: str
    version: int
    by: str
    at: datetime
    size: int
    media_type: str
    digest: str
    may_withdraw: bool = False


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice that was sent: its eForms subtype with what people call it, by language, and the
    form it was made from."""

    id: str
    subtype: str
    names: Mapping[str, str]
    version: int
    at: datetime
    submission: str


@dataclass(frozen=True, slots=True)
class Documents:
    forms: tuple[FormVersion, ...]
    files: tuple[FileView, ...]
    notices: tuple[NoticeView, ...]


def documents_of(seen: Seen) -> Documents:
    """What the reader may see of it, the newest first."""
    return Documents(_forms(seen), _files(seen), _notices(seen))


def _forms(seen: Seen) -> tuple[FormVersion, ...]:
    rows = _form_rows(seen)
    holds = {(row.form, row.scope): row.id for row in rows if row.record is None}
    names = authors_of(seen, {row.by for row in rows})
    suppliers = supplier_names(seen.view.connection, seen.row.id)
    compiled: CompiledDefinition = _compiled(seen)
    open_to_me = {row.id for row in unblinded(seen, rows)}
    numbers: Counter[tuple[str, str]] = Counter()
    found = []
    for row in rows:
        key = row.form, row.scope
        numbers[key] += 1
        form = compiled.forms.get(row.form)
        found.append(
            FormVersion(
                id=row.id,
                form=row.form,
                title=form.title(seen.view.language) if form else row.form,
                element=element_name(compiled.definition, seen.view.language, row.element),
                supplier=suppliers.get(row.scope, supplier_key(row.scope)),
                sealed_for=sealed_role(row.scope),
                version=numbers[key],
                newest=holds.get(key) == row.id,
                counts=row.record is None,
                blind=row.id not in open_to_me,
                by=names.get(row.by, row.by),
                at=row.at,
                digest=row.digest if row.id in open_to_me else "",
                seq=row.seq,
            )
        )
    return tuple(reversed(found))


def _form_rows(seen: Seen) -> list[Any]:
    """Every submission the reader may see, the oldest first, those set aside as well."""
    columns = [
        submission.c[name]
        for name in ("id", "form", "element", "scope", "by", "at", "digest", "seq")
    ]
    query = (
        sa.select(*columns, undone.c.record)
        .outerjoin(undone, undone.c.record == submission.c.id)
        .where(submission.c.procurement == seen.row.id)
        .order_by(submission.c.seq)
    )
    return [row for row in seen.view.connection.execute(query) if seen.sees(row.scope)]


def _files(seen: Seen) -> tuple[FileView, ...]:
    query = (
        sa.select(attachment, task.c.element, task.c.name.label("task_name"))
        .outerjoin(task, task.c.id == attachment.c.task)
        .where(attachment.c.procurement == seen.row.id, attachment.c.withdrawn_at.is_(None))
        .order_by(attachment.c.at, attachment.c.id)
    )
    rows = [row for row in seen.view.connection.execute(query) if seen.sees(row.scope)]
    names = authors_of(seen, {row.by for row in rows})
    suppliers = supplier_names(seen.view.connection, seen.row.id)
    definition = seen.view.definition(seen.row.definition)
    numbers: Counter[tuple[str, str, str]] = Counter()
    found = []
    for row in rows:
        key = row.name, row.task, row.scope
        numbers[key] += 1
        place = element_name(definition, seen.view.language, row.element) if row.element else ""
        found.append(
            FileView(
                id=row.id,
                name=row.name,
                place=place or row.task_name or "",
                supplier=suppliers.get(row.scope, ""),
                version=numbers[key],
                by=names.get(row.by, row.by),
                at=row.at,
                size=row.size,
                media_type=row.media_type,
                digest=row.blob,
                may_withdraw=not row.task
                and seen.may(
                    Action.WITHDRAW_FILE, replace(seen.target(scope=row.scope), author=row.by)
                ),
            )
        )
    return tuple(reversed(found))


def _notices(seen: Seen) -> tuple[NoticeView, ...]:
    query = (
        sa.select(notice)
        .where(notice.c.procurement == seen.row.id)
        .order_by(notice.c.at.desc(), notice.c.version.desc())
    )
    return tuple(
        NoticeView(
            row.id,
            row.subtype,
            called(NOTICE, row.subtype),
            row.version,
            row.at,
            row.submission,
        )
        for row in seen.view.connection.execute(query)
    )


def _compiled(seen: Seen) -> CompiledDefinition:
    return seen.view.definitions.get(seen.view.connection, seen.row.definition)


@dataclass(frozen=True, slots=True)
class FormPage:
    """One form that was handed in, and the version before it that counted then, if any did."""

    shown: SubmissionView
    version: FormVersion
    before: SubmissionView | None
    form: Form | None
    context: Context
    my_roles: frozenset[str]


def form_page(seen: Seen, key: str) -> FormPage:
    """Raises NotFoundError when it is not of this procurement, or not (yet) for the reader."""
    versions = {each.id: each for each in _forms(seen) if not each.blind}
    if key not in versions:
        raise NotFoundError("submission", key)
    record = records.get_submission(seen.view.connection, key)
    [shown] = views(seen, [record])
    before = before_of(seen, record)
    return FormPage(
        shown=shown,
        version=versions[key],
        before=views(seen, [before])[0] if before else None,
        form=shown.form,
        context=context_of(seen, record.scope),
        my_roles=seen.my_roles,
    )


def before_of(seen: Seen, record: SubmissionRecord) -> SubmissionRecord | None:
    """The version of the same form, for the same supplier, that held right before this one: one
    that a rewind had set aside by then is not it."""
    gone = _undone_before(seen, record.seq)
    query = (
        sa.select(submission.c.id)
        .where(
            submission.c.procurement == seen.row.id,
            submission.c.form == record.form,
            submission.c.scope == record.scope,
            submission.c.seq < record.seq,
        )
        .order_by(submission.c.seq.desc())
    )
    for key in seen.view.connection.scalars(query):
        if key not in gone:
            return records.get_submission(seen.view.connection, key)
    return None


def _undone_before(seen: Seen, seq: int) -> frozenset[str]:
    """What rewinds before entry `seq` had set aside."""
    return frozenset(
        key
        for at, keys in records.rewinds(seen.view.connection, seen.row.id)
        if at < seq
        for key in keys
    )
