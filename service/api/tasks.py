"""Tasks: the lists, one task with its form and gate, and what people do with it."""

from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Query
from pydantic import Field

from engine.commands.assignment import AssignTask
from engine.commands.bus import Command
from engine.commands.decisions import ConfirmDecision, ReturnDecision
from engine.commands.due import MoveTaskDue
from engine.commands.tasks import (
    ClaimTask,
    CompleteTask,
    DelegateTask,
    GiveTaskBack,
    ReleaseTask,
)
from engine.queries.again import Because
from engine.queries.deployed import form_source
from engine.queries.my_tasks import WAITING, TaskListName
from engine.queries.tally import tally
from engine.queries.task import TaskPage, task_page
from engine.queries.task_filter import Due, TaskFilter
from engine.queries.view import View
from engine.queries.worklist import list_tasks
from service.api.conversation import (
    attachments_told,
    comments_told,
    entries_told,
    submission_told,
)
from service.api.drafts import DraftBase, DraftTold, Onlooker, draft_told
from service.api.routing import ACT_PROBLEMS, RequestId, make_router
from service.api.shapes import (
    Asked,
    Attachment,
    Check,
    Comment,
    Content,
    Entry,
    FormSource,
    Id,
    IdInPath,
    IdOrNone,
    KeyOrNone,
    Moment,
    Reason,
    Reasoned,
    Submission,
    Task,
    TaskDone,
    Told,
    WhyOrNone,
)
from service.cursors import Cursor, read_cursor, write_cursor
from service.dependencies import Bus, Person, Reader, Text
from service.i18n import Translator

router = make_router("tasks")

LONGEST_SEARCH: Final = 200


class TaskPart(Told):
    """A page of a task list; `next` is the cursor of the page after it, or null at the end."""

    items: list[Task]
    next: str | None


class TaskCount(Told):
    """Tasks of a list and how many are late; `more` when there are more than were counted."""

    number: int
    late: int
    more: bool


class Choice(Told):
    """Something a list can be narrowed by, and what it is called."""

    value: str
    name: str


class TaskTally(Told):
    """`counts` by list, of what the filter lets through; the rest is of all you have to do."""

    counts: dict[TaskListName, TaskCount]
    procurements: list[Choice]
    procedures: list[str]
    phases: list[Choice]
    roles: list[str]


class Option(Told):
    """What can be decided. One that opens needs every check to hold."""

    value: str
    name: str
    opens: bool
    reason_required: bool


class Proposal(Told):
    """What the first pair of eyes decided; `mine` when that was you."""

    option: str
    name: str
    reason: str
    by: str
    mine: bool


class Gate(Told):
    """The decision that the task records, and each check as it stands now."""

    decision: str
    four_eyes: str
    options: list[Option]
    checks: list[Check]
    proposal: Proposal | None


class Again(Told):
    """Why the task is to be done once more: `gate` and `option` where a decision led back to it.
    What was handed in the last time is the `draft`, until somebody saves another."""

    because: Because
    gate: str
    option: str
    reason: str
    by: list[str]
    at: datetime | None


class Rights(Told):
    """What you can do with the task now."""

    claim: bool
    release: bool
    work: bool
    complete: bool
    confirm: bool
    delegate: bool
    give_back: bool
    take_back: bool
    comment: bool


class Colleague(Told):
    """`away_until` is set while she or he is away, with the name of who stands in."""

    id: str
    name: str
    away_until: date | None = None
    substitute: str = ""


class Candidate(Told):
    """Somebody who may do the task now, in the role it asks for; `deputy_for` names whom the person
    stands in for, until and with the day `until`."""

    person: str
    name: str
    deputy_for: str
    until: date | None


class Added(Told):
    """Of a task that the lead put in beside the process: what was asked, and what came of it.
    `starts_at` is set for a meeting; `people` are ids and names."""

    instructions: str
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    people: list[tuple[str, str]]
    note: str


class TaskDetail(Told):
    """A task with all that its page shows. `assignee`, `owner`, `closed_by` are names; `facts` are
    the earlier forms it rests on."""

    id: str
    name: str
    instructions: str
    added: Added | None
    procurement: str
    reference: str
    title: str
    running: bool
    element: str
    process: str
    role: str
    candidate: str
    scope: str
    supplier: str
    status: str
    assignee: str
    assignee_id: str
    owner: str
    closed_by: str
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    late: bool
    why: WhyOrNone
    form: FormSource | None
    on_record: Annotated[
        dict[str, Any],
        Field(description="What the platform fills in, whatever is sent."),
    ]
    draft: DraftTold | None
    again: Again | None
    submission: Submission | None
    gate: Gate | None
    facts: list[Submission]
    rights: Rights
    colleagues: list[Colleague]
    candidates: list[Candidate]
    onlookers: list[Onlooker]
    mentionable: list[Colleague]
    comments: list[Comment]
    attachments: list[Attachment]
    history: list[Entry]


class Delegation(Asked):
    """`to` is a member of the team, who does the work and gives the task back."""

    to: Id
    reason: Reason = ""


class Assignment(Asked):
    """`to` holds the role that the task asks for; taking it from somebody needs a `reason`."""

    to: Id
    reason: Reason = ""


class NewDue(Asked):
    """When it is to be done; a moment without a time zone is Norwegian time."""

    due_at: Moment
    reason: Reason = ""


class Completion(Asked):
    """The form and, at a gate, the option with its reason. With `base`, the draft as you last read
    it, nothing that others have written since is left out unread: 409 `stale-draft`."""

    submission: Content = Field(default_factory=dict)
    option: KeyOrNone = ""
    reason: Reason = ""
    base: DraftBase | None = None


class Completed(TaskDone):
    """`submission` is the id of the form that was handed in, "" where the task has none."""

    submission: str


async def get_filter(
    procurement: Annotated[IdOrNone, Query(description="Of this procurement only.")] = "",
    procedure: Annotated[KeyOrNone, Query(description="Of this kind of procedure only.")] = "",
    phase: Annotated[KeyOrNone, Query(description="In this phase only.")] = "",
    role: Annotated[KeyOrNone, Query(description="That ask for this role only.")] = "",
    due: Annotated[
        Due | None,
        Query(
            description="`late`: past their date; `today`, `week`, `month`: due by then, what is"
            " late included; `none`: without a date."
        ),
    ] = None,
    late: Annotated[bool, Query(description="The same as `due=late`.")] = False,
    text: Annotated[
        str,
        Query(
            max_length=LONGEST_SEARCH,
            description="Words that must all be found in the name of the task, its procurement or"
            " its supplier.",
        ),
    ] = "",
) -> TaskFilter:
    """What a list is narrowed by; a list is of what fits all of it."""
    return TaskFilter(procurement, procedure, phase, role, Due.LATE if late else due, text)


Wanted = Annotated[TaskFilter, Depends(get_filter)]


@router.get("/tasks")
def list_my_tasks(
    view: Reader,
    wanted: Wanted,
    which: Annotated[
        TaskListName,
        Query(
            alias="list",
            description="`mine`: I have taken them; `roles`: free, for a role of mine; `second`:"
            " they wait for my second pair of eyes; `delegated`: I gave them to others; `done`.",
        ),
    ] = TaskListName.MINE,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> TaskPart:
    """Tasks, the most urgent first (those done: the newest first), a page at a time."""
    after = read_cursor(cursor) if cursor else None
    found = list_tasks(view, which, wanted, after=after, limit=limit)
    return TaskPart(
        items=[Task.model_validate(row) for row in found.rows],
        next=write_cursor(found.next) if found.next else None,
    )


@router.get("/tasks/counts")
def count_my_tasks(view: Reader, wanted: Wanted) -> TaskTally:
    """How many tasks wait on each list, how many are late, and what can be narrowed by."""
    found = tally(view, wanted)
    return TaskTally(
        counts={which: TaskCount.model_validate(found.counts[which]) for which in WAITING},
        procurements=[Choice.model_validate(each) for each in found.procurements],
        procedures=[*found.procedures],
        phases=[Choice.model_validate(each) for each in found.phases],
        roles=[*found.roles],
    )


@router.get("/tasks/{task}")
def show_task(task: IdInPath, view: Reader, text: Text) -> TaskDetail:
    """One task: what to do and why, its form, its gate, and what you can do with it."""
    return _told(view, task_page(view, task), text)


@router.get("/tasks/{task}/comments")
def list_task_comments(task: IdInPath, view: Reader) -> list[Comment]:
    """Comments on the task, oldest first."""
    return comments_told(task_page(view, task).comments)


@router.get("/tasks/{task}/attachments")
def list_task_attachments(task: IdInPath, view: Reader) -> list[Attachment]:
    """Files of the task, oldest first."""
    return attachments_told(task_page(view, task).attachments)


def _told(view: View, page: TaskPage, text: Translator) -> TaskDetail:
    row, roles = page.task, page.my_roles
    source = form_source(view, row.procurement, page.form) if page.form else None
    return TaskDetail(
        id=row.id,
        name=page.name,
        instructions=page.instructions,
        added=Added.model_validate(page.added) if page.added else None,
        procurement=row.procurement,
        reference=page.reference,
        title=page.title,
        running=page.running,
        element=row.element,
        process=row.process,
        role=row.role,
        candidate=row.candidate,
        scope=row.scope,
        supplier=page.supplier,
        status=row.status,
        assignee=page.assignee,
        assignee_id=row.assignee,
        owner=page.owner,
        closed_by=page.closed_by,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        due_at=page.due_at,
        late=page.late,
        why=page.why,  # type: ignore[arg-type]  # the validator takes what the record keeps
        form=FormSource.model_validate(source) if source else None,
        on_record=dict(page.on_record.content) if page.on_record is not None else {},
        draft=draft_told(page.draft) if page.draft is not None else None,
        again=Again.model_validate(page.again) if page.again is not None else None,
        submission=submission_told(page.submission, roles) if page.submission else None,
        gate=Gate.model_validate(page.gate) if page.gate else None,
        facts=[submission_told(each, roles) for each in page.facts],
        rights=Rights.model_validate(page.rights),
        colleagues=[Colleague.model_validate(each) for each in page.colleagues],
        candidates=[Candidate.model_validate(each) for each in page.candidates],
        mentionable=[Colleague(id=key, name=name) for key, name in page.mentionable],
        onlookers=[Onlooker.model_validate(each) for each in page.onlookers],
        comments=comments_told(page.comments),
        attachments=attachments_told(page.attachments),
        history=entries_told(page.history, text),
    )


@router.post("/tasks/{task}/claim", responses=ACT_PROBLEMS)
def claim(task: IdInPath, bus: Bus, person: Person, request: RequestId) -> TaskDone:
    """Take a task that waits for a role of yours."""
    return _done(bus, ClaimTask(task), person, request)


@router.post("/tasks/{task}/release", responses=ACT_PROBLEMS)
def release(task: IdInPath, bus: Bus, person: Person, request: RequestId) -> TaskDone:
    """Put a task back for the others in the role."""
    return _done(bus, ReleaseTask(task), person, request)


@router.post("/tasks/{task}/delegate", responses=ACT_PROBLEMS)
def delegate(
    task: IdInPath, asked: Delegation, bus: Bus, person: Person, request: RequestId
) -> TaskDone:
    """Let another member of the team do the work; it stays your task."""
    return _done(bus, DelegateTask(task, asked.to, asked.reason), person, request)


@router.post("/tasks/{task}/assign", responses=ACT_PROBLEMS)
def assign(
    task: IdInPath, asked: Assignment, bus: Bus, person: Person, request: RequestId
) -> TaskDone:
    """Let another in the role take the task over: for the one who has it, and for the lead."""
    return _done(bus, AssignTask(task, asked.to, asked.reason), person, request)


@router.post("/tasks/{task}/due", responses=ACT_PROBLEMS)
def move_due(
    task: IdInPath, asked: NewDue, bus: Bus, person: Person, request: RequestId
) -> TaskDone:
    """Give a task more time, or less: for the lead. A date that the law sets is refused."""
    return _done(bus, MoveTaskDue(task, asked.due_at.isoformat(), asked.reason), person, request)


@router.post("/tasks/{task}/give-back", responses=ACT_PROBLEMS)
def give_back(
    task: IdInPath, asked: Reasoned, bus: Bus, person: Person, request: RequestId
) -> TaskDone:
    """Give a task that was delegated to you back, with your draft."""
    return _done(bus, GiveTaskBack(task, asked.reason), person, request)


@router.post("/tasks/{task}/complete", responses=ACT_PROBLEMS)
def complete(
    task: IdInPath, asked: Completion, bus: Bus, person: Person, request: RequestId
) -> Completed:
    """Hand in the form and, at a gate, decide. A gate with four eyes waits for the second pair."""
    base = asked.base.whole() if asked.base is not None else None
    command = CompleteTask(task, asked.submission, asked.option, asked.reason, base)
    return Completed.model_validate(bus.handle(command, person.actor, request=request))


@router.post("/tasks/{task}/confirm", responses=ACT_PROBLEMS)
def confirm(
    task: IdInPath, asked: Reasoned, bus: Bus, person: Person, request: RequestId
) -> TaskDone:
    """Confirm, as the second pair of eyes, what the first decided; the checks must hold now."""
    return _done(bus, ConfirmDecision(task, asked.reason), person, request)


@router.post("/tasks/{task}/return", responses=ACT_PROBLEMS)
def send_back(
    task: IdInPath, asked: Reasoned, bus: Bus, person: Person, request: RequestId
) -> TaskDone:
    """Send a proposed decision back to the first person, with a reason."""
    return _done(bus, ReturnDecision(task, asked.reason), person, request)


def _done(bus: Bus, command: Command, person: Person, request: str) -> TaskDone:
    return TaskDone.model_validate(bus.handle(command, person.actor, request=request))
