"""One act on many tasks: chosen on the list, prepared, looked over, and confirmed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.bulk import (
    MOST,
    AssignTasks,
    ClaimTasks,
    CommentOnTasks,
    DelegateTasks,
    PutTasksBack,
    ReleaseTasks,
)
from engine.commands.comments import WithdrawComment
from engine.commands.environment import Answer
from engine.errors import BulkRefusedError, EngineError, InvalidInputError, NotFoundError
from engine.queries.absences import Colleague
from engine.queries.bulk import Chosen, chosen_tasks
from engine.queries.worklist import TaskRow
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.pages.posting import Posted, Sent
from service.pages.rendering import go
from service.pages.visit import Here, Visit

router = APIRouter(include_in_schema=False)

Bulk = ClaimTasks | ReleaseTasks | AssignTasks | DelegateTasks | PutTasksBack | CommentOnTasks
Keys = tuple[str, ...]

MAKE: Final[Mapping[str, Callable[[Keys, Posted], Bulk]]] = {
    "claim": lambda keys, sent: ClaimTasks(keys, sent["_reason"].strip()),
    "release": lambda keys, sent: ReleaseTasks(keys, sent["_reason"].strip()),
    "assign": lambda keys, sent: AssignTasks(keys, sent["to"], sent["_reason"].strip()),
    "delegate": lambda keys, sent: DelegateTasks(keys, sent["to"], sent["_reason"].strip()),
    "put-back": lambda keys, sent: PutTasksBack(keys, sent["_reason"].strip()),
    "comment": lambda keys, sent: CommentOnTasks(keys, sent["text"].strip()),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A chosen task; `refusal` is why the act cannot be done with it, `outcome` what will happen
    in a word."""

    row: TaskRow
    outcome: str
    refusal: Explanation | None


@dataclass(frozen=True, slots=True)
class BulkPage:
    """`confirming` when all that is left is to say yes. `colleagues` are those to choose from;
    `to_name`, `text` and `reason` what was written before; `rest` the tasks that do not refuse."""

    act: str
    lines: tuple[Line, ...]
    colleagues: tuple[Colleague, ...]
    confirming: bool
    to: str
    to_name: str
    text: str
    reason: str
    problem: Explanation | None

    @property
    def rest(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.refusal is None)

    @property
    def refused(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.refusal is not None)


@router.post("/tasks/bulk/withdraw-comment")
def withdraw_comments(here: Here, bus: Bus, sent: Sent) -> Response:
    """Take a comment back with those that were written with it on other tasks."""
    command = WithdrawComment(sent["procurement"], sent["comment"], together=True)
    bus.handle(command, here.person.actor, request=sent.request)
    return go("/tasks", done="bulk-withdraw-comment")


@router.post("/tasks/bulk/{act}")
def act_on_tasks(act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """First what is needed, then a look at what will happen, and only then the act."""
    if act not in MAKE:
        raise NotFoundError("page", act)
    keys = tuple(dict.fromkeys(value for name, value in sent.pairs if name == "task"))
    if not 0 < len(keys) <= MOST:
        raise NoTasksChosenError(f"Choose between 1 and {MOST} tasks.", chosen=len(keys), most=MOST)
    chosen = chosen_tasks(here.view, keys)
    command = MAKE[act](keys, sent)
    if sent.action == "" and act not in AT_ONCE:
        return _show(here, act, chosen, sent)
    try:
        if sent.action == "confirm":
            answer = bus.handle(command, here.person.actor, request=sent.request)
            return go("/tasks", done=f"bulk-{act}", **_undo(act, answer))
        answer = bus.rehearse(command, here.person.actor)
    except EngineError as error:
        return _show(here, act, chosen, sent, error)
    outcomes = {each["task"]: each["outcome"] for each in answer["tasks"]}
    return _show(here, act, chosen, sent, outcomes=outcomes)


AT_ONCE: Final = frozenset({"claim", "release", "put-back"})
"""What needs nothing but a yes."""
CHANGED_BY: Final[Mapping[str, str]] = {
    "claim": "claimed",
    "release": "released",
    "assign": "assigned",
    "delegate": "delegated",
}
"""What can be taken back, and the outcome that tells it from what stayed as it was."""


def _undo(act: str, answer: Answer) -> dict[str, str]:
    """Which tasks the page offers to put back as they were, or the comment to take back."""
    if act == "comment":
        return {"undo": f"{answer['first']['procurement']}.{answer['first']['comment']}"}
    changed = [
        each["task"] for each in answer["tasks"] if each["outcome"] == CHANGED_BY.get(act, "-")
    ]
    return {"undo": ".".join(changed)} if changed else {}


class NoTasksChosenError(InvalidInputError):
    """A button for many tasks was pressed with none of them chosen, or with too many."""

    code = "no-tasks-chosen"


def _show(
    here: Visit,
    act: str,
    chosen: Chosen,
    sent: Posted,
    error: EngineError | None = None,
    *,
    outcomes: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """The page to write on, or to say yes on once it is known what will happen."""
    refusals = _refusals(here, error)
    colleagues = chosen.members if act == "delegate" else chosen.fitting
    known = outcomes or {}
    page = BulkPage(
        act=act,
        lines=tuple(Line(row, known.get(row.id, ""), refusals.get(row.id)) for row in chosen.rows),
        colleagues=colleagues,
        confirming=outcomes is not None,
        to=sent["to"],
        to_name=next((each.name for each in colleagues if each.id == sent["to"]), ""),
        text=sent["text"].strip(),
        reason=sent["_reason"].strip(),
        problem=explain(error, here.text) if error else None,
    )
    return here.show("tasks/bulk.html", page, status=page.problem.status if page.problem else 200)


def _refusals(here: Visit, error: EngineError | None) -> dict[str, Explanation]:
    if not isinstance(error, BulkRefusedError):
        return {}
    return {task: explain(each, here.text) for task, _, each in error.refused}
