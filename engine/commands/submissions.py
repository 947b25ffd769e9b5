"""Handing in a form: checked against it, kept as a row, its digest in the record."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from engine.commands.act import Act
from engine.forms.definition import Form, Kind
from engine.forms.submission import check
from engine.forms.values import Context
from engine.model.events import SubmissionRecorded
from engine.model.records import SubmissionRecord
from engine.store import people, records


def checked(act: Act, form: str | None, data: Mapping[str, Any], scope: str) -> dict[str, Any]:
    """The submission as the form wants it; raises InvalidSubmissionError with every fault."""
    if form is None:
        return {}
    mine = act.session.actor.id
    roles = frozenset(seat.role for seat in act.team if seat.person == mine)
    definition = act.version.forms[form]
    return check(definition, data, roles, _context(act, definition, scope))


def keep(
    act: Act, form: str | None, content: dict[str, Any], *, task: str, element: str, scope: str
) -> str:
    """The new submission's id, or "" where there is no form."""
    if form is None:
        return ""
    key = uuid4().hex
    digest = records.content_digest(records.content_bytes(content))
    definition = act.procurement.definition
    seq = act.session.work.next_seq(act.id)
    event = SubmissionRecorded(key, task, element, form, definition, scope, digest)
    act.record(event, element=element, task=task)
    by = act.session.actor.id
    record = SubmissionRecord(key, task, element, form, scope, content, by, act.now, seq)
    records.add_submission(act.session.work, act.id, record, definition)
    return key


def _context(act: Act, form: Form, scope: str) -> Context:
    """The suppliers, persons and files this branch may speak of, where the form asks for any."""
    return Context(
        suppliers=_suppliers(act, scope) if form.refers_to(Kind.SUPPLIER) else {},
        persons=_persons(act, scope) if form.refers_to(Kind.PERSON) else {},
        files=_files(act, scope) if form.refers_to(Kind.FILE) else {},
    )


def _suppliers(act: Act, scope: str) -> dict[str, str]:
    found = records.suppliers(act.session.work.connection, act.id)
    return {each.key: each.name for each in found if scope in ("", each.key)}


def _persons(act: Act, scope: str) -> dict[str, str]:
    ids = {seat.person for seat in act.team if not scope or seat.scope in ("", scope)}
    members = people.persons(act.session.work.connection, sorted(ids))
    return {key: person.name for key, person in members.items()}


def _files(act: Act, scope: str) -> dict[str, str]:
    found = records.attachments_of(act.session.work.connection, act.id)
    return {each.id: each.name for each in found if each.scope in ("", scope)}
