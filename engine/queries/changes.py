"""What entries of the record changed, row by row, as it was before and as it is after."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from engine.forms.values import Context
from engine.queries.documents import before_of
from engine.queries.happenings import message_title
from engine.queries.names import element_name, option_name, phase_name
from engine.queries.record import LogEntry
from engine.queries.submissions import SubmissionView, context_of, unblinded, views
from engine.queries.view import Seen, names_of
from engine.store import records
from engine.store.replay import Noting, RowChange
from engine.store.schema import audit_event


@dataclass(frozen=True, slots=True)
class FormChange:
    """A form that was handed in, beside the version that held before it, if there was one."""

    now: SubmissionView
    before: SubmissionView | None
    context: Context


@dataclass(frozen=True, slots=True)
class RowView:
    """A row that was changed: `kind` is its table, `name` what it is about in the reader's
    language. `before` lacks what was not there, `after` what is gone."""

    kind: str
    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EntryChanges:
    """`names` are those of the persons and suppliers whose ids stand in the rows."""

    rows: tuple[RowView, ...]
    form: FormChange | None
    names: Mapping[str, str]


def changes_in(seen: Seen, entries: Collection[LogEntry]) -> Mapping[int, EntryChanges]:
    """By number of entry, for those that are not hidden. Reads the record from its beginning."""
    wanted = {entry.seq: entry for entry in entries if not entry.hidden}
    if not wanted:
        return {}
    noted = _noted(seen, wanted)
    names = _names(seen, noted)
    withdrawn = records.withdrawn_comments(seen.view.connection, seen.row.id)
    return {
        seq: EntryChanges(
            rows=tuple(
                _spoken(seen, each)
                for each in noted[seq]
                if _is_visible(seen, each) and each.row.get("id") not in withdrawn
            ),
            form=_form(seen, entry),
            names=names,
        )
        for seq, entry in wanted.items()
    }


def _noted(seen: Seen, wanted: Collection[int]) -> dict[int, tuple[RowChange, ...]]:
    query = (
        sa.select(audit_event.c.seq, audit_event.c.body)
        .where(audit_event.c.chain == seen.row.id, audit_event.c.seq <= max(wanted))
        .order_by(audit_event.c.seq)
    )
    replay, noted = Noting(seen.row.id), {}
    for seq, body in seen.view.connection.execute(query):
        replay.apply(orjson.loads(body))
        changes = replay.take()
        if seq in wanted:
            noted[seq] = changes
    return noted


def _is_visible(seen: Seen, change: RowChange) -> bool:
    supplier = change.row.get("key", "") if change.table == "supplier" else ""
    return seen.sees(change.row.get("scope", "")) and seen.sees(supplier)


def _names(seen: Seen, noted: Mapping[int, Collection[RowChange]]) -> Mapping[str, str]:
    """Of the persons and suppliers that the changes speak of."""
    rows = [change.row for changes in noted.values() for change in changes]
    columns = ("person", "deputy_for", "assignee", "owner", "closed_by", "closed_for")
    persons = {str(row[name]) for row in rows for name in columns if row.get(name)}
    suppliers = records.suppliers(seen.view.connection, seen.row.id)
    return {
        **names_of(seen.view, persons),
        **{each.key: each.name for each in suppliers if seen.sees(each.key)},
    }


def _spoken(seen: Seen, change: RowChange) -> RowView:
    """With elements, options and phases called as people call them."""
    return RowView(
        kind=change.table,
        name=_name(seen, change.row),
        before=_words(seen, change, change.before),
        after=_words(seen, change, change.after),
    )


def _words(seen: Seen, change: RowChange, values: Mapping[str, Any]) -> Mapping[str, Any]:
    definition, language = seen.view.definition(seen.row.definition), seen.view.language
    said = dict(values)
    if said.get("phase"):
        said["phase"] = phase_name(definition, language, said["phase"])
    if said.get("option"):
        said["option"] = option_name(
            definition, language, change.row.get("element", ""), said["option"]
        )
    return said


def _name(seen: Seen, row: Mapping[str, Any]) -> str:
    """What a row is about: its message, element, title or own name."""
    definition, language = seen.view.definition(seen.row.definition), seen.view.language
    if row.get("message"):
        return message_title(seen.view, definition, row["message"])
    if row.get("element"):
        return element_name(definition, language, row["element"])
    return str(row.get("name") or row.get("title") or row.get("subject") or "")


def _form(seen: Seen, entry: LogEntry) -> FormChange | None:
    if entry.type != "SubmissionRecorded" or entry.data is None:
        return None
    record = records.get_submission(seen.view.connection, entry.data["submission"])
    if not unblinded(seen, [record]):
        return None
    before = before_of(seen, record)
    return FormChange(
        now=views(seen, [record])[0],
        before=views(seen, [before])[0] if before else None,
        context=context_of(seen, record.scope),
    )
