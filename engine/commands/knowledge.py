"""What one procurement leaves for the next: lessons at steps, and matter shared and reused.

Nothing crosses the border of an organisation but what its lead shares, with whom the lead says, and
only until it is revoked. What is reused keeps where it came from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from engine.access.policy import Action, allowed
from engine.access.rules import Target
from engine.commands.act import Act
from engine.commands.audience import audience
from engine.commands.drafting import Draft
from engine.commands.environment import Answer, Session
from engine.commands.tasks import allow_work, open_act
from engine.errors import InvalidInputError, NotFoundError, RejectedError, TextLengthError
from engine.model import events as e
from engine.model.knowledge import KINDS, SharedRecord, kind_of_form
from engine.model.records import DraftRecord, ProcurementRecord, SubmissionRecord
from engine.store import knowledge as rows
from engine.store import people, records
from engine.store import tasks as task_rows

LONGEST: Final = 4000


@dataclass(frozen=True, slots=True)
class LearnLesson:
    """What the step `element` of `process` taught. `open` lets other buyers see it too."""

    procurement: str
    process: str
    element: str
    text: str
    open: bool = False


def learn_lesson(command: LearnLesson, session: Session) -> Answer:
    act = Act.open(session, command.procurement)
    act.allow(Action.LEARN, act.target(), kind="procurement", key=act.id)
    process = act.version.definition.processes.get(command.process)
    if process is None or command.element not in process.elements:
        raise InvalidInputError(
            "A lesson belongs to a step of this procurement's process. Choose one.",
            process=command.process,
            element=command.element,
            about="lesson-step",
        )
    text = command.text.strip()
    if not text or len(text) > LONGEST:
        raise TextLengthError(len(text), LONGEST)
    event = e.LessonLearned(uuid4().hex, command.process, command.element, text, command.open)
    act.record(event, element=command.element)
    return {"procurement": act.id, "lesson": event.lesson}


@dataclass(frozen=True, slots=True)
class WithdrawLesson:
    """It is shown at the step no more; the record keeps it."""

    procurement: str
    lesson: str


def withdraw_lesson(command: WithdrawLesson, session: Session) -> Answer:
    act = Act.open(session, command.procurement)
    act.allow(Action.LEARN, act.target(), kind="procurement", key=act.id)
    found = rows.find_lesson(session.work.connection, command.lesson)
    if found is None or found.procurement != act.id:
        raise NotFoundError("lesson", command.lesson)
    if found.withdrawn_at is None:
        act.record(e.LessonWithdrawn(found.id), element=found.element)
    return {"procurement": act.id}


@dataclass(frozen=True, slots=True)
class ShareMatter:
    """Let others see the newest form of this kind; no `organisations` is every buyer there is."""

    procurement: str
    kind: str
    organisations: tuple[str, ...] = ()


def share_matter(command: ShareMatter, session: Session) -> Answer:
    """The same version shared anew takes the place of what was shared of it before.

    Raises RejectedError where there is nothing of this kind yet, or it is not announced yet.
    """
    act = Act.open(session, command.procurement)
    act.allow(Action.SHARE_MATTER, act.target(), kind="procurement", key=act.id)
    newest = shareable(act, command.kind)
    others = audience(session, command.organisations, act.procurement.organisation)
    for item in rows.shared_by(session.work.connection, act.id):
        if item.kind == command.kind and item.revoked_at is None:
            act.record(e.SharingRevoked(item.id))
    title = str(newest.content.get("title") or act.procurement.title)
    event = e.MatterShared(uuid4().hex, command.kind, newest.id, title, list(others))
    act.record(event, content=newest.content)
    return {"procurement": act.id, "item": event.item}


def shareable(act: Act, kind: str) -> SubmissionRecord:
    """The newest form of the kind that counts and is confidential to nobody."""
    if kind not in KINDS:
        raise InvalidInputError(
            f"What can be shared is one of {', '.join(KINDS)}.",
            kind=kind,
            about="one-of",
            choices=", ".join(KINDS),
        )
    if KINDS[kind].only_announced and not act.procurement.frozen_documents:
        raise RejectedError(
            "Criteria can be shared once they are announced: before that, no supplier may know"
            " more than another.",
            kind=kind,
            about="criteria-later",
        )
    found = records.submissions_of(act.session.work.connection, act.id, KINDS[kind].form)
    common = [each for each in found if not each.scope]
    if not common:
        raise RejectedError(
            f"There is no {kind} in this procurement yet; hand in the form first.",
            kind=kind,
            about="nothing-to-share",
        )
    return common[-1]


@dataclass(frozen=True, slots=True)
class RevokeSharing:
    procurement: str
    item: str


def revoke_sharing(command: RevokeSharing, session: Session) -> Answer:
    """From now on nobody outside sees it; what was reused before stays, with its origin."""
    act = Act.open(session, command.procurement)
    act.allow(Action.SHARE_MATTER, act.target(), kind="procurement", key=act.id)
    found = rows.find_item(session.work.connection, command.item)
    if found is None or found.chain != act.id:
        raise NotFoundError("item", command.item)
    if found.revoked_at is None:
        act.record(e.SharingRevoked(found.id))
    return {"procurement": act.id}


@dataclass(frozen=True, slots=True)
class ReuseMatter:
    """Take a version of the same form, shared with the actor's organisation or readable by the
    actor, into the draft of a task. What is written there already stays."""

    task: str
    submission: str


def reuse_matter(command: ReuseMatter, session: Session) -> Answer:
    act, task = open_act(session, command.task)
    allow_work(act, task)
    draft = Draft.of(act, task)
    kind = kind_of_form(draft.form.key if draft.form else None)
    origin = _origin(session, command.submission)
    if not kind or origin.form != KINDS[kind].form or draft.form is None:
        raise RejectedError(
            f"«{task.name}» does not take this: reuse it in a task with the same form.",
            task=task.id,
            name=task.name,
            about="form-differs",
        )
    before = draft.stored()
    known = before.content if before is not None else {}
    taken = draft.shape(reusable(kind, origin.content))
    content = {**taken, **{name: value for name, value in known.items() if value not in _NOTHING}}
    record = DraftRecord(content, session.now, session.actor.id)
    task_rows.save_draft(session.work, task.id, record, blind=draft.is_blind)
    event = e.MatterReused(
        uuid4().hex, task.id, kind, origin.submission, origin.title, origin.buyer, origin.reference
    )
    act.record(event, element=task.element, task=task.id)
    return {"procurement": act.id, "task": task.id, "reuse": event.reuse}


_NOTHING: Final[tuple[Any, ...]] = (None, "", [], {})


def reusable(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """What others get of it."""
    return {name: value for name, value in content.items() if name in KINDS[kind].fields}


@dataclass(frozen=True, slots=True)
class _Origin:
    submission: str
    form: str
    content: Mapping[str, Any]
    title: str
    buyer: str
    reference: str


def _origin(session: Session, key: str) -> _Origin:
    """The version and where it stands; raises NotFoundError for what the actor may not see."""
    connection = session.work.connection
    submission = records.get_submission(connection, key)
    procurement = records.get_procurement(connection, records.owner_of_submission(connection, key))
    shared = rows.let_in(connection, session.actor.organisation, key)
    if shared is None and not _reads(session, procurement, submission.scope):
        raise NotFoundError("submission", key)
    buyer = people.find_organisation(connection, procurement.organisation)
    return _Origin(
        key,
        submission.form,
        submission.content,
        _title(shared, submission, procurement.title),
        buyer.name if buyer else procurement.organisation,
        procurement.reference,
    )


def _title(shared: SharedRecord | None, submission: SubmissionRecord, otherwise: str) -> str:
    return shared.title if shared else str(submission.content.get("title") or otherwise)


def _reads(session: Session, procurement: ProcurementRecord, scope: str) -> bool:
    connection, key = session.work.connection, procurement.id
    parties, team = people.parties(connection, key), people.team(connection, key)
    target = Target(procurement.organisation, parties, team, scope=scope)
    return allowed(Action.READ, session.actor, target, session.today) is not None
