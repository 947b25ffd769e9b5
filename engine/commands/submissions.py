"""Handing in a form: checked against it, kept as a row, its digest in the record."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

from engine.commands.act import Act
from engine.errors import FrozenFieldError, RejectedError
from engine.forms.definition import Form, Kind
from engine.forms.submission import check
from engine.forms.values import Context
from engine.model.actor import Impartiality
from engine.model.events import (
    ImpartialityAssessed,
    IntakeClosed,
    LessonLearned,
    SubmissionRecorded,
    ValueEstimated,
)
from engine.model.knowledge import LESSON_FORMS, LESSONS
from engine.model.records import SubmissionRecord
from engine.model.sealing import branch_of
from engine.procurement.frozen import FROZEN_FIELDS, changed_fields
from engine.procurement.impartiality import DECLARATION, assessed, on_record, require_assessor
from engine.procurement.inquiries import REPLY, replied
from engine.procurement.opening import openable
from engine.procurement.receipt_forms import OPENING_RECORD, REGISTERING, filled
from engine.procurement.valuation import read_estimate
from engine.store import dialogue, people, records
from engine.store.offers import offers
from engine.store.receipts import receipt_for

ESTIMATE: Final = "F-04"


def checked(
    act: Act,
    form: str | None,
    data: Mapping[str, Any],
    scope: str,
    variables: Mapping[str, Any],
    roles: frozenset[str] | None = None,
) -> dict[str, Any]:
    """The submission as the form wants it.

    Raises InvalidSubmissionError with every fault, FrozenFieldError for a change of what stands as
    announced.

    `variables` are those of the place in the process where the form is handed in; `roles` those it
    is filled in as, the actor's own where None.
    """
    if form is None:
        return {}
    definition = act.version.forms[form]
    mine = roles_of(act) if roles is None else roles
    data = {**data, **_on_record(act, form, scope, variables, data)}
    content = check(definition, data, mine, context_of(act, definition, scope, variables))
    if form == DECLARATION:
        require_assessor(content, act.session.actor.id)
    _require_unchanged(act, definition, content)
    return content


def _on_record(
    act: Act, form: str, scope: str, variables: Mapping[str, Any], data: Mapping[str, Any]
) -> dict[str, Any]:
    """What the record says in the form, whatever was sent for it: of receipt, opening and replies,
    and of who assessed a declaration.

    Raises RejectedError where what was handed in here has not been opened yet.
    """
    connection, vaults = act.session.work.connection, act.session.environment.vaults
    if form == DECLARATION:
        return on_record(data, act.session.actor.id)
    if form == REPLY:
        return replied(dialogue.inquiries_of(connection, act.id, scope))
    receipt = receipt_for(connection, vaults, act.id, form, variables)
    if receipt is None:
        return {}
    decided = records.decisions(connection, act.id)
    if form == OPENING_RECORD and openable(receipt.deliveries, decided):
        raise RejectedError(
            "What was handed in has not been opened. Open it on the page Receipt, two persons"
            " together; the record then fills in this form.",
            intake=receipt.intake.id,
            about="not-opened-yet",
        )
    if form in REGISTERING and act.now <= receipt.intake.deadline:
        raise RejectedError(
            f"Suppliers may deliver until {receipt.intake.deadline.isoformat()}. Register what came"
            " when that has passed.",
            deadline=receipt.intake.deadline.isoformat(),
            about="delivery-goes-on",
        )
    if form in REGISTERING and receipt.intake.closed_at is None:
        act.record(IntakeClosed(receipt.intake.id))
    return filled(form, receipt)


def roles_of(act: Act) -> frozenset[str]:
    """The roles the actor holds in the team today."""
    mine, today = act.session.actor.id, act.session.today
    return frozenset(seat.role for seat in act.team if seat.person == mine and seat.valid_on(today))


def _require_unchanged(act: Act, form: Form, content: Mapping[str, Any]) -> None:
    """From dispatch on, the frozen fields change by an approved amendment and nothing else."""
    frozen = act.procurement.frozen_documents
    if not frozen or form.key not in FROZEN_FIELDS:
        return
    announced = records.get_submission(act.session.work.connection, frozen)
    changed = changed_fields(form.key, announced.content, content)
    if changed and announced.form == form.key:
        titles = ", ".join(_title(form, name) for name in changed)
        raise FrozenFieldError(
            f"«{titles}» stands as announced and cannot be edited. Propose an amendment before the"
            " deadline; where the change is substantial, cancel and announce anew.",
            fields=changed,
            titles=titles,
        )


def _title(form: Form, name: str) -> str:
    field = form.find((name,))
    return field.title("nb") if field else name


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
    act.record(event, element=element, task=task, content=content)
    by = act.session.actor.id
    record = SubmissionRecord(key, task, element, form, scope, content, by, act.now, seq)
    records.add_submission(act.session.work, act.id, record, definition)
    if act.version.definition.forms[form].catalogue == ESTIMATE:
        act.record(ValueEstimated(key, read_estimate(content).total(act.rules_at)))
    _settle_impartiality(act, form, content, key)
    _learn(act, form, content)
    return key


def _learn(act: Act, form: str, content: Mapping[str, Any]) -> None:
    """What the form says each step taught is shown there the next time."""
    rows = content.get(LESSONS, ()) if form in LESSON_FORMS else ()
    for row in rows:
        process, _, step = str(row["step"]).partition("/")
        is_open = content.get("share_openly") is True
        act.record(LessonLearned(uuid4().hex, process, step, row["lesson"], is_open), element=step)


def _settle_impartiality(act: Act, form: str, content: Mapping[str, Any], key: str) -> None:
    """What a declaration, or a conflict of interest, says of a member's access counts at once."""
    found = assessed(form, content, act.session.actor.id)
    if found is None:
        return
    mine = [seat for seat in act.team if seat.person == found.person]
    barred = any(seat.impartiality is Impartiality.BARRED for seat in mine)
    cleared = found.cleared and not (barred and act.session.actor.id == found.person)
    act.record(ImpartialityAssessed(found.person, cleared, key, [seat.id for seat in mine]))
    settled = Impartiality.CLEARED if cleared else Impartiality.BARRED
    act.team = tuple(
        replace(seat, impartiality=settled) if seat in mine else seat for seat in act.team
    )


def estimate_again(act: Act) -> None:
    """Let the newest estimate that still counts be what the procurement is worth."""
    forms = act.version.definition.forms
    found = [
        each
        for each in records.submissions(act.session.work.connection, act.id)
        if each.form in forms and forms[each.form].catalogue == ESTIMATE
    ]
    newest = found[-1] if found else None
    amount = read_estimate(newest.content).total(act.rules_at) if newest else None
    if amount != act.procurement.value:
        act.record(ValueEstimated(newest.id if newest else "", amount or 0))


def context_of(act: Act, form: Form, scope: str, variables: Mapping[str, Any]) -> Context:
    """The suppliers, persons, files and options this branch may speak of, where the form asks for
    any."""
    connection = act.session.work.connection
    scope = branch_of(scope)
    return Context(
        suppliers=_suppliers(act, scope) if form.refers_to(Kind.SUPPLIER) else {},
        persons=_persons(act, scope) if form.refers_to(Kind.PERSON) else {},
        files=_files(act, scope) if form.refers_to(Kind.FILE) else {},
        options=offers(
            connection, act.id, scope, form.origins(), variables, act.version.definition
        ),
        registers=act.session.environment.registers,
        now=act.now,
    )


def _suppliers(act: Act, scope: str) -> dict[str, str]:
    found = records.suppliers(act.session.work.connection, act.id)
    return {each.key: each.name for each in found if scope in ("", each.key)}


def _persons(act: Act, scope: str) -> dict[str, str]:
    connection = act.session.work.connection
    seats = people.ever_seated(connection, act.id)
    ids = {person for person, seat_scope in seats if not scope or seat_scope in ("", scope)}
    members = people.persons(connection, sorted(ids))
    return {key: person.name for key, person in members.items()}


def _files(act: Act, scope: str) -> dict[str, str]:
    found = records.attachments_of(act.session.work.connection, act.id)
    return {each.id: each.name for each in found if branch_of(each.scope) in ("", scope)}
