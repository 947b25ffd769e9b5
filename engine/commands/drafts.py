"""Unfinished work: kept every few seconds, shared by those who work on the task, merged."""

from dataclasses import dataclass
from typing import Any

from engine.access.policy import Action
from engine.access.rules import Target
from engine.commands.drafting import Draft
from engine.commands.environment import Answer, Session
from engine.commands.tasks import allow_work, open_act
from engine.forms.shaping import beyond_roles
from engine.model.records import DraftRecord
from engine.store import people, presence
from engine.store import tasks as rows


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Keep the form as it stands, `_option` and `_reason` of a gate with it.

    `base` is the draft as the writer last got it, {} for none: what others have written since is
    merged in. Without `base` the writer's own draft is replaced, and another's is a conflict
    wherever it differs. `page` names the window that writes, "" for none.
    """

    task: str
    content: dict[str, Any]
    base: dict[str, Any] | None = None
    page: str = ""


@dataclass(frozen=True, slots=True)
class LookAtTask:
    """A window has the task open; said again every few seconds while it is."""

    task: str
    page: str


def save_draft(command: SaveDraft, session: Session) -> Answer:
    """Nothing of a draft enters the record.

    The answer is what is kept now, for the writer's roles, when and by whom it was saved last (""
    for never: an untouched form is not kept), the `base` to send next time, the `conflicts` as
    dotted paths, and whose they are.
    """
    act, task = open_act(session, command.task)
    allow_work(act, task)
    draft = Draft.of(act, task)
    before = draft.stored()
    merged = draft.merged(command.content, command.base)
    known = before.content if before is not None else {}
    content = {**merged.content, **beyond_roles(draft.form, known, draft.roles)}
    last, me = before, session.actor.id
    if content != (known if before is not None else draft.shape(command.base or {})):
        last = DraftRecord(content, session.now, me)
        rows.save_draft(session.work, task.id, last, blind=draft.is_blind)
    if command.page:
        writes = last is not before
        presence.touch(session.work, task.id, command.page, me, session.now, writes=writes)
    return {
        "task": task.id,
        "procurement": act.id,
        "saved_at": "" if last is None else last.saved_at.isoformat(),
        "saved_by": "" if last is None else last.by,
        "content": merged.content,
        "base": merged.base,
        "conflicts": [".".join(map(str, path)) for path in merged.conflicts],
        "conflicts_with": before.by if before is not None and merged.conflicts else "",
    }


def look_at_task(command: LookAtTask, session: Session) -> Answer:
    """Locks nothing: many windows say this often."""
    connection = session.work.connection
    task = rows.get(connection, command.task)
    target = Target(
        task.organisation,
        people.parties(connection, task.procurement),
        people.team(connection, task.procurement),
        scope=task.scope,
        candidate=task.candidate,
        assignee=task.assignee,
        owner=task.owner,
    )
    session.require(Action.READ_TASK, target, kind="task", key=task.id)
    at, me = session.now, session.actor.id
    presence.touch(session.work, task.id, command.page, me, at, writes=False)
    return {"task": task.id, "procurement": task.procurement}
