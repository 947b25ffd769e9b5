"""Everything a person needs on the page of one task."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.access.policy import Action
from engine.access.rules import may_be_handed
from engine.bpmn import looking
from engine.bpmn.parser import ExecutableProcess
from engine.errors import NotFoundError
from engine.forms.computing import settled
from engine.forms.conditions import for_roles
from engine.forms.definition import Form
from engine.forms.shaping import BESIDE
from engine.forms.values import Context
from engine.model.definition import NO_ELEMENT, ElementInfo
from engine.model.knowledge import kind_of_form
from engine.model.records import TaskRecord
from engine.model.sealing import sealed_role, supplier_key
from engine.procurement.impartiality import DECLARATION
from engine.procurement.inquiries import REPLY, replied
from engine.procurement.receipt_forms import FILLED, filled
from engine.queries.absences import Colleague, colleagues
from engine.queries.again import Again, come_again
from engine.queries.choice import prepared_content
from engine.queries.conversation import (
    AttachmentView,
    CommentView,
    attachments_of,
    comments_of,
    find_comment,
    mentionable,
)
from engine.queries.evaluation import AWARD_LETTER, drafted_letter
from engine.queries.gate import GateView, gate_of
from engine.queries.knowledge import LessonView, Origin, lessons_at, origins_of
from engine.queries.likeness import Alike, alike
from engine.queries.parties import supplier_name
from engine.queries.prefill import prefilled
from engine.queries.presence import Onlooker, onlookers
from engine.queries.record import LogEntry, entries_of_task
from engine.queries.submissions import (
    SubmissionView,
    context_of,
    earlier_submissions,
    unblinded,
    views,
)
from engine.queries.view import Seen, View, authors_of, find_procurement, names_of
from engine.store import added_tasks, dialogue, records, tasks
from engine.store.receipts import receipt_for


@dataclass(frozen=True, slots=True)
class TaskRights:
    """What the reader can do with the task now; each is one button."""

    claim: bool
    release: bool
    work: bool
    complete: bool
    confirm: bool
    delegate: bool
    give_back: bool
    take_back: bool
    comment: bool
    steer: bool


@dataclass(frozen=True, slots=True)
class DraftView:
    """What the form begins with. `saved_at` is None and `by` empty where nobody has written yet:
    then it was prepared, or is what was sent back to be mended."""

    content: dict[str, Any]
    saved_at: datetime | None = None
    by: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What the record fills in of a form, and nobody types."""

    form: Form
    content: Mapping[str, Any]

    @property
    def of_receipt(self) -> bool:
        """Whether it stands on the page of receipt and opening."""
        return self.form.key in FILLED


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may do the task now; `deputy_for` names whom the person stands in for."""

    person: str
    name: str
    deputy_for: str
    until: date | None


@dataclass(frozen=True, slots=True)
class AddedView:
    """A task that the lead put in. `starts_at` is set for a gathering, with its end, place and the
    ids and names of who is asked to come; `note` is what came of it, "" until it is done."""

    instructions: str
    comment: CommentView | None
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    people: tuple[tuple[str, str], ...]
    note: str


@dataclass(frozen=True, slots=True)
class TaskPage:
    task: TaskRecord
    reference: str
    title: str
    procurement_readable: bool
    running: bool
    name: str
    instructions: str
    added: AddedView | None
    supplier: str
    sealed_for: str
    assignee: str
    owner: str
    closed_by: str
    late: bool
    form: Form | None
    form_context: Context
    my_roles: frozenset[str]
    on_record: OnRecord | None
    draft: DraftView | None
    again: Again | None
    submission: SubmissionView | None
    gate: GateView | None
    facts: tuple[SubmissionView, ...]
    comments: tuple[CommentView, ...]
    attachments: tuple[AttachmentView, ...]
    history: tuple[LogEntry, ...]
    rights: TaskRights
    colleagues: tuple[Colleague, ...]
    candidates: tuple[Candidate, ...]
    onlookers: tuple[Onlooker, ...]
    lessons: tuple[LessonView, ...]
    origins: tuple[Origin, ...]
    mentionable: tuple[tuple[str, str], ...]
    why: dict[str, Any]
    due_at: datetime | None


def task_page(view: View, key: str, content: Mapping[str, Any] | None = None) -> TaskPage:
    """The task for this reader; raises NotFoundError when it is not for the reader's eyes.

    The gate's checks take `content` for the form, or else the draft.
    """
    row = tasks.get(view.connection, key)
    seen = find_procurement(view, row.procurement)
    if not seen.may(Action.READ_TASK, seen.task_target(row)):
        raise NotFoundError("task", key)
    compiled = view.definitions.get(view.connection, seen.row.definition)
    process = compiled.definition.processes[row.process]
    element = process.elements[row.element] if row.element else NO_ELEMENT
    form = compiled.forms.get(element.form) if element.form else None
    rights = _rights(seen, row, element)
    on_record = _on_record(seen, row, form, compiled.process) if rights.work else None
    if form is not None and on_record is not None:
        form = form.without(on_record.content)
    history = entries_of_task(seen, key)
    again = come_again(seen, row, form, history) if rights.work else None
    draft = None
    if rights.work:
        known = prefilled(seen, row, element, lambda: _variables(compiled.process, seen, row))
        draft = _draft(seen, row, form, again, known)
    if content is None and draft is not None:
        content = draft.content
    if form is not None and content is not None:
        content = settled(form, content, seen.my_roles, view.now)
    names = authors_of(seen, {row.assignee, row.owner, row.closed_by})
    return TaskPage(
        task=row,
        reference=seen.row.reference,
        title=seen.row.title,
        procurement_readable=seen.may(Action.READ, seen.target()),
        running=seen.row.status == "running",
        name=view.text(seen.row.definition, row.process, f"{row.element}.name", row.name),
        instructions=_instructions(seen, row, element),
        added=_added(seen, row),
        supplier=_supplier_name(seen, row.scope),
        sealed_for=sealed_role(row.scope),
        assignee=names.get(row.assignee, ""),
        owner=names.get(row.owner, ""),
        closed_by=names.get(row.closed_by, ""),
        late=_is_late(view, row),
        form=form,
        form_context=context_of(
            seen, row.scope, form, lambda: _variables(compiled.process, seen, row)
        ),
        my_roles=seen.my_roles,
        on_record=on_record,
        draft=draft,
        again=again,
        submission=_submission(seen, row),
        gate=gate_of(seen, row, element, content),
        facts=earlier_submissions(seen, row.scope),
        comments=comments_of(seen, key, seen.task_target(row)),
        attachments=attachments_of(seen, key, seen.task_target(row)),
        history=history,
        rights=rights,
        colleagues=_colleagues(seen, row.scope),
        candidates=_candidates(seen, row),
        onlookers=onlookers(seen, row),
        lessons=lessons_at(view, seen.row.definition, row.process, row.element),
        origins=tuple(each for each in origins_of(view, row.procurement) if each.task == key),
        mentionable=mentionable(seen, seen.task_target(row)),
        why=row.due_why or {},
        due_at=row.due_at,
    )


def alike_to(view: View, page: TaskPage) -> tuple[Alike, ...]:
    """What was written before on the same kind of form and is like what the task is about, where
    the reader can reuse it there."""
    kind = kind_of_form(page.form.key if page.form is not None else None)
    if not kind or not page.rights.work:
        return ()
    content = page.draft.content if page.draft is not None else {}
    written = [value for value in content.values() if isinstance(value, str)]
    text = " ".join((page.title, *written))
    return alike(view, text, (kind,), without=page.task.procurement)


def _variables(process: ExecutableProcess, seen: Seen, row: TaskRecord) -> Mapping[str, Any]:
    """What the task sees; nothing once it is closed."""
    if row.status not in {"open", "approval"} or not seen.row.state:
        return {}
    return looking.variables_of(process, seen.row.state, row.id)


def _on_record(
    seen: Seen, row: TaskRecord, form: Form | None, process: ExecutableProcess
) -> OnRecord | None:
    if form is None or form.key not in {*FILLED, REPLY, DECLARATION}:
        return None
    view = seen.view
    if form.key == DECLARATION:
        return OnRecord(form, {"assessed_by": view.actor.id})
    if form.key == REPLY:
        content = replied(dialogue.inquiries_of(view.connection, seen.row.id, row.scope))
        return OnRecord(form, content) if content else None
    receipt = receipt_for(
        view.connection, view.vaults, seen.row.id, form.key, _variables(process, seen, row)
    )
    content = {} if receipt is None else filled(form.key, receipt)
    return OnRecord(form, content) if content else None


def _draft(
    seen: Seen,
    row: TaskRecord,
    form: Form | None,
    again: Again | None,
    known: Mapping[str, Any],
) -> DraftView | None:
    """What those who work on the task have written so far, less what is for other roles."""
    me, connection = seen.view.actor.id, seen.view.connection
    blind = form is not None and form.blind
    found = tasks.find_draft(connection, row.id, me, blind=blind)
    if found is None:
        begun = _begun(seen, row, form, again, known)
        return None if begun is None else DraftView(begun)
    beside: dict[str, Any] = {name: found.content[name] for name in BESIDE if name in found.content}
    content = for_roles(form.root, found.content, seen.my_roles) if form is not None else {}
    name = names_of(seen.view, {found.by}).get(found.by, "")
    return DraftView({**content, **beside}, found.saved_at, name, found.by == me)


def _begun(
    seen: Seen,
    row: TaskRecord,
    form: Form | None,
    again: Again | None,
    known: Mapping[str, Any],
) -> dict[str, Any] | None:
    """What was handed in and came back to be mended; else what the model says is known, and what
    was prepared, until somebody has handed it in."""
    if form is None or row.status != "open":
        return None
    if again is not None and again.content is not None:
        return for_roles(form.root, again.content, seen.my_roles)
    begun = for_roles(form.root, {**known, **(_prepared(seen, form) or {})}, seen.my_roles)
    return begun or None


def _prepared(seen: Seen, form: Form) -> dict[str, Any] | None:
    if records.submissions_of(seen.view.connection, seen.row.id, form.key):
        return None
    if form.key == AWARD_LETTER:
        return drafted_letter(seen)
    return prepared_content(seen.view, seen.row.id, form.key)


def _candidates(seen: Seen, row: TaskRecord) -> tuple[Candidate, ...]:
    """Who may do the task as a member in the role it asks for now, by name."""
    fitting = {
        seat.person: seat
        for seat in sorted(seen.team, key=lambda seat: not seat.deputy_for)
        if seat.role == row.candidate
        and seat.valid_on(seen.view.today)
        and may_be_handed(seat, row.scope)
    }
    ids = {*fitting, *(seat.deputy_for for seat in fitting.values())}
    names = names_of(seen.view, ids)
    found = [
        Candidate(key, names.get(key, ""), names.get(seat.deputy_for, ""), seat.valid_to)
        for key, seat in fitting.items()
    ]
    return tuple(sorted(found, key=lambda each: each.name))


def _added(seen: Seen, row: TaskRecord) -> AddedView | None:
    """What the lead said of a task that no model speaks of."""
    found = None if row.element else added_tasks.find(seen.view.connection, row.id)
    if found is None:
        return None
    names = names_of(seen.view, set(found.people))
    return AddedView(
        instructions=found.instructions,
        comment=find_comment(seen, found.comment) if found.comment else None,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        place=found.place,
        people=tuple((key, names.get(key, key)) for key in found.people),
        note=found.note,
    )


def _is_late(view: View, row: TaskRecord) -> bool:
    waiting = row.status in {"open", "approval"}
    return waiting and row.due_at is not None and row.due_at < view.now


def _instructions(seen: Seen, row: TaskRecord, element: ElementInfo) -> str:
    key = f"{row.element}.instructions"
    return seen.view.text(seen.row.definition, row.process, key, element.instructions or "")


def _supplier_name(seen: Seen, scope: str) -> str:
    if not supplier_key(scope):
        return ""
    return supplier_name(seen.view, seen.row.id, scope)


def _submission(seen: Seen, row: TaskRecord) -> SubmissionView | None:
    """What was handed in with this task, once it is completed or proposed."""
    key = (row.proposal or {}).get("submission", "")
    if key:
        return views(seen, [records.get_submission(seen.view.connection, key)])[0]
    if row.status != "completed":
        return None
    found = records.submissions_at(seen.view.connection, seen.row.id, row.id)
    shown = unblinded(seen, found[-1:])
    return views(seen, shown)[0] if shown else None


def _rights(seen: Seen, row: TaskRecord, element: ElementInfo) -> TaskRights:
    me = seen.view.actor.id
    target = seen.task_target(row)
    is_open = row.status in {"open", "approval"} and seen.row.status == "running"
    work = is_open and seen.may(Action.WORK, target)
    decide = is_open and seen.may(Action.DECIDE, target)
    mine = row.assignee == me
    delegated = bool(row.owner) and mine
    approval = row.status == "approval"
    first = (row.proposal or {}).get("by") == me or me in row.helpers
    return TaskRights(
        claim=work and not row.assignee and not (approval and first),
        release=work and mine and not delegated,
        work=work and not approval,
        complete=(work if element.gate is None else decide) and not approval and not delegated,
        confirm=decide and approval and not first and element.gate is not None,
        delegate=work and not delegated and not approval,
        give_back=work and delegated,
        take_back=is_open and row.owner == me and not mine and seen.may(Action.ASSIGN, target),
        comment=seen.may(Action.COMMENT, target),
        steer=seen.may(Action.STEER, target),
    )


def _colleagues(seen: Seen, scope: str) -> tuple[Colleague, ...]:
    """Members of the team whom the task can be handed to, by name."""
    today, me = seen.view.today, seen.view.actor.id
    ids = {
        seat.person
        for seat in seen.team
        if seat.valid_on(today) and seat.person != me and may_be_handed(seat, scope)
    }
    return colleagues(seen.view, ids)
