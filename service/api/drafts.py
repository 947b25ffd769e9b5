"""Unfinished work on a task, and who else has it open."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.commands.drafts import LookAtTask, SaveDraft
from engine.forms.shaping import BESIDE, OPTION, REASON
from engine.queries.presence import onlookers_of_task
from engine.queries.task import DraftView
from service.api.routing import ACT_PROBLEMS, RequestId, make_router
from service.api.shapes import (
    Asked,
    Content,
    Id,
    IdInPath,
    IdOrNone,
    KeyOrNone,
    Reason,
    TaskDone,
    Told,
)
from service.dependencies import Bus, Person, Reader

router = make_router("tasks")


class DraftTold(Told):
    """What the form begins with. `saved_at` is null and `by` empty where nobody has written yet:
    then it was prepared, or is what was sent back. `mine` when you saved it last."""

    content: dict[str, Any]
    option: str
    reason: str
    saved_at: datetime | None
    by: str
    mine: bool


class DraftBase(Asked):
    """A draft as it was last read: the form and, at a gate, the option with its reason."""

    content: Content
    option: KeyOrNone = ""
    reason: Reason = ""

    def whole(self) -> dict[str, Any]:
        """As the engine keeps it."""
        beside = {OPTION: self.option, REASON: self.reason}
        return {**self.content, **{name: value for name, value in beside.items() if value}}


class Draft(DraftBase):
    """`base` is the draft as you last read it; what others have written since is merged in.
    Without it your own draft is replaced, and another's conflicts wherever it differs. `page` names
    the window you write in, for those who look at the task too."""

    base: DraftBase | None = None
    page: IdOrNone = ""


class DraftPart(Told):
    content: dict[str, Any]
    option: str
    reason: str


class DraftSaved(TaskDone):
    """What is kept now, with what others wrote merged in. At each of the `conflicts` (dotted paths)
    it has theirs: read it, and save again with `draft` as the base to settle it. `base` is what
    you share with it otherwise."""

    saved_at: datetime | None
    draft: DraftPart
    base: DraftPart
    conflicts: list[str]


class Window(Asked):
    """A name of your own for the window in which the task is open, such as a random text."""

    page: Id


class Onlooker(Told):
    """Somebody who has the task open now; `mine` when that is you, in another window."""

    person: str
    name: str
    writing: bool
    mine: bool


def draft_told(found: DraftView) -> DraftTold:
    part = _part(found.content)
    return DraftTold(
        content=part.content,
        option=part.option,
        reason=part.reason,
        saved_at=found.saved_at,
        by=found.by,
        mine=found.mine,
    )


def _part(whole: Mapping[str, Any]) -> DraftPart:
    content = {name: value for name, value in whole.items() if name not in BESIDE}
    option, reason = (str(whole.get(name) or "") for name in BESIDE)
    return DraftPart(content=content, option=option, reason=reason)


@router.put("/tasks/{task}/draft", responses=ACT_PROBLEMS)
def save_draft(
    task: IdInPath, asked: Draft, bus: Bus, person: Person, request: RequestId
) -> DraftSaved:
    """Keep unfinished work, for all who may do the task (on a blind form, for yourself); nothing of
    it enters the record."""
    base = asked.base.whole() if asked.base is not None else None
    command = SaveDraft(task, asked.whole(), base, asked.page)
    answer = bus.handle(command, person.actor, request=request)
    return DraftSaved(
        task=answer["task"],
        procurement=answer["procurement"],
        saved_at=answer["saved_at"] or None,
        draft=_part(answer["content"]),
        base=_part(answer["base"]),
        conflicts=answer["conflicts"],
    )


@router.get("/tasks/{task}/presence")
def list_onlookers(task: IdInPath, view: Reader) -> list[Onlooker]:
    """Who has the task open now. It is forgotten after minutes and enters no record."""
    return [Onlooker.model_validate(each) for each in onlookers_of_task(view, task)]


@router.put("/tasks/{task}/presence", responses=ACT_PROBLEMS)
def look_at(
    task: IdInPath, asked: Window, bus: Bus, person: Person, request: RequestId
) -> TaskDone:
    """Say that a window has the task open; say it again every few seconds while it has."""
    answer = bus.handle(LookAtTask(task, asked.page), person.actor, request=request)
    return TaskDone.model_validate(answer)
