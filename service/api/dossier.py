"""A procurement part by part: its suppliers, rounds, documents, forms and timeline."""

from collections.abc import Iterable
from datetime import date, datetime

from engine.queries.changes import FormChange
from engine.queries.documents import documents_of, form_page
from engine.queries.submissions import SubmissionView
from engine.queries.suppliers import suppliers_of
from engine.queries.timeline import timeline_of
from engine.queries.view import see_at
from service.api.conversation import entries_told, submission_told
from service.api.routing import AsOf, make_router
from service.api.shapes import Entry, FieldTold, IdInPath, Submission, Task, Told, WhyOrNone
from service.dependencies import Reader, Text
from service.pages.changes import form_changed

router = make_router("procurements")


class FormTold(Told):
    """A form that was handed in; `GET …/forms/{id}` has what it says."""

    id: str
    title: str
    by: str
    at: datetime
    seq: int


class StatusTold(Told):
    status: str
    at: datetime
    reason: str
    seq: int


class Letter(Told):
    """`sent_at` is null while it waits to leave."""

    id: str
    kind: str
    subject: str
    body: str
    queued_at: datetime
    sent_at: datetime | None


class SupplierTold(Told):
    """Where a supplier stands, how it came there (newest first), and what passed between us."""

    key: str
    name: str
    status: str
    reason: str
    history: list[StatusTold]
    letters: list[Letter]
    forms: list[FormTold]
    open_tasks: list[Task]


class FormVersion(Told):
    """`version` counts those of the same form for the same supplier; `counts` is false when a
    rewind set it aside, `newest` true for the one that holds now; `digest` is its SHA-256. One that
    is `blind` keeps what it says from you until all have handed in."""

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


class FileTold(Told):
    """`digest` is the SHA-256 of the bytes, `size` in bytes; `place` is the task, or ""."""

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


class Notice(Told):
    """`subtype` is that of eForms, `names` what people call it by language; `submission` is what it
    was made from, or ""."""

    id: str
    subtype: str
    names: dict[str, str]
    version: int
    at: datetime
    submission: str


class DocumentsTold(Told):
    forms: list[FormVersion]
    files: list[FileTold]
    notices: list[Notice]


class FormDetail(Told):
    """A form as it was handed in, and what differs from the version that held before it, field by
    field as people read it. `before` is that version's id, "" where there was none."""

    form: Submission
    version: FormVersion
    before: str
    changes: list[FieldTold]


class DeadlineAhead(Told):
    element: str
    due_at: datetime
    late: bool
    why: WhyOrNone


class ActivityAhead(Told):
    """Planned or open work, both days included; `kind` is open, planned, waiting or legal."""

    name: str
    phase: str
    kind: str
    start: date
    end: date
    citation: str


class MilestoneAhead(Told):
    id: str
    day: date
    citation: str


class TimelineTold(Told):
    """What has happened, oldest first, and what is to come."""

    today: date
    past: list[Entry]
    ahead: list[ActivityAhead]
    milestones: list[MilestoneAhead]
    deadlines: list[DeadlineAhead]


@router.get("/procurements/{procurement}/suppliers")
def list_suppliers(procurement: IdInPath, view: Reader, as_of: AsOf = None) -> list[SupplierTold]:
    """The suppliers you may know of, by name."""
    with see_at(view, procurement, as_of) as seen:
        return [SupplierTold.model_validate(each) for each in suppliers_of(seen)]


@router.get("/procurements/{procurement}/documents")
def list_documents(procurement: IdInPath, view: Reader, as_of: AsOf = None) -> DocumentsTold:
    """What was handed in, attached and published, the newest first, with version and hash."""
    with see_at(view, procurement, as_of) as seen:
        return DocumentsTold.model_validate(documents_of(seen))


@router.get("/procurements/{procurement}/forms/{submission}")
def show_form(
    procurement: IdInPath, submission: IdInPath, view: Reader, text: Text, as_of: AsOf = None
) -> FormDetail:
    """One form that was handed in, beside the version before it."""
    with see_at(view, procurement, as_of) as seen:
        page = form_page(seen, submission)
    before = page.before
    changes: Iterable[object] = ()
    if before is not None:
        change = FormChange(page.shown, before, page.context)
        changes = form_changed(change, page.my_roles, text).fields
    return FormDetail(
        form=submission_told(page.shown, page.my_roles),
        version=FormVersion.model_validate(page.version),
        before=_id(before),
        changes=[FieldTold.model_validate(each) for each in changes],
    )


def _id(form: SubmissionView | None) -> str:
    return form.id if form else ""


@router.get("/procurements/{procurement}/timeline")
def show_timeline(
    procurement: IdInPath, view: Reader, text: Text, as_of: AsOf = None
) -> TimelineTold:
    """What mattered most so far, and what the plan says is to come."""
    with see_at(view, procurement, as_of) as seen:
        found = timeline_of(seen)
    return TimelineTold(
        today=found.today,
        past=entries_told(found.past, text),
        ahead=[
            ActivityAhead(
                name=line.name,
                phase=line.phase,
                kind=line.bar.kind.value,
                start=line.bar.start,
                end=line.bar.end,
                citation=line.bar.citation,
            )
            for line in found.lines
        ],
        milestones=[MilestoneAhead.model_validate(each) for each in found.milestones],
        deadlines=[DeadlineAhead.model_validate(each) for each in found.deadlines],
    )
