"""Talking about a task or a procurement, on the record."""

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from engine.access.policy import Action, members_who_may
from engine.access.rules import Target
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.tasks import open_act, target_of, target_of_author
from engine.errors import CommentInUseError, InvalidInputError, NotFoundError, TextLengthError
from engine.model.events import CommentAdded, CommentWithdrawn
from engine.model.records import TaskRecord
from engine.store import people, records

LONGEST: Final = 8000


@dataclass(frozen=True, slots=True)
class AddComment:
    """On a task, or on the procurement as a whole when `task` is "".

    `mentions` are persons to tell of it, besides those whom the text names as `@Name`.
    """

    procurement: str
    text: str
    task: str = ""
    mentions: tuple[str, ...] = ()


def add_comment(command: AddComment, session: Session) -> Answer:
    if command.task:
        act, task = open_act(session, command.task)
        key = comment_on(act, task, command.text, command.mentions)
        return {"comment": key, "procurement": act.id}
    act = Act.open(session, command.procurement)
    act.allow(Action.COMMENT, act.target(), kind="procurement", key=act.id)
    text = _checked(command.text)
    mentions = _mentions(act, act.target(), text, command.mentions)
    event = CommentAdded(uuid4().hex, "", "", text, mentions)
    act.record(event)
    return {"comment": event.comment, "procurement": act.id}


@dataclass(frozen=True, slots=True)
class WithdrawComment:
    """Take back what one has written. The record keeps it; nothing else shows it any more.
    `together` takes all back that was written with it on other tasks, in one act."""

    procurement: str
    comment: str
    together: bool = False


def withdraw_comment(command: WithdrawComment, session: Session) -> Answer:
    """Twice is once. Raises CommentInUseError for one that a task or a decision was made of; then
    none is taken back."""
    wanted = {(command.procurement, command.comment)}
    if command.together:
        wanted |= set(records.comments_together(session.work.connection, command.comment))
    for procurement, key in sorted(wanted):
        _withdraw(Act.open(session, procurement), key)
    return {"comment": command.comment, "procurement": command.procurement}


def _withdraw(act: Act, key: str) -> None:
    connection = act.session.work.connection
    found = records.find_comment(connection, act.id, key)
    if found is None:
        act.allow(Action.COMMENT, act.target(), kind="procurement", key=act.id)
        raise NotFoundError("comment", key)
    target = target_of_author(act, found.task, found.scope, found.by)
    act.allow(Action.WITHDRAW_COMMENT, target, kind="procurement", key=act.id)
    if found.withdrawn_at is None:
        if records.is_made_into_more(connection, found.id):
            raise CommentInUseError(
                "A task or a decision was made of this comment, and rests on it. Write another"
                " comment that says what has changed.",
                comment=found.id,
            )
        act.record(CommentWithdrawn(found.id, found.task, found.scope), task=found.task)


def comment_on(act: Act, task: TaskRecord, text: str, mentions: tuple[str, ...] = ()) -> str:
    """Put a comment on a task; its id."""
    target = target_of(act, task)
    act.allow(Action.COMMENT, target, kind="task", key=task.id)
    checked = _checked(text)
    told = _mentions(act, target, checked, mentions)
    event = CommentAdded(uuid4().hex, task.id, task.scope, checked, told)
    act.record(event, element=task.element, task=task.id)
    return event.comment


def _mentions(act: Act, target: Target, text: str, named: tuple[str, ...]) -> list[str]:
    """Who is told: those named, and those the text speaks to. A longer name comes first, so that
    `@Kari Nordmann` speaks to no other Kari.

    Raises InvalidInputError for a person who may not read what is commented on.
    """
    if not named and "@" not in text:
        return []
    members = people.persons(
        act.session.work.connection, sorted({seat.person for seat in act.team})
    )
    today = act.session.today
    readers = members_who_may(Action.READ_TASK, members.values(), target, today)
    known = {person.id for person in readers}
    for key in named:
        if key not in known:
            raise InvalidInputError(
                "One of the persons you name may not read this, so the comment would tell of what"
                " is hidden. Choose among the members who may, or ask the lead to add the person.",
                person=key,
                about="mention-hidden",
            )
    told, rest = list(dict.fromkeys(named)), text.casefold()
    for person in sorted(readers, key=lambda person: -len(person.name)):
        if f"@{person.name.casefold()}" in rest:
            rest = rest.replace(f"@{person.name.casefold()}", "")
            told.append(person.id)
    return [key for key in dict.fromkeys(told) if key != act.session.actor.id]


def _checked(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise TextLengthError(len(text), LONGEST)
    return text
