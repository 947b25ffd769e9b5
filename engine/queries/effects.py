"""What an act would do: a procurement as it stands beside how it would stand after the act."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.model.mails import MailKind
from engine.queries.decisions import decisions_of
from engine.queries.documents import documents_of
from engine.queries.happenings import message_title
from engine.queries.names import phase_name
from engine.queries.overview import OPEN, DeadlineView, deadlines_of, visible_tasks
from engine.queries.parties import organisation_names
from engine.queries.team import SeatView, roles_held, seats_of
from engine.queries.view import Seen, find_procurement, names_of
from engine.queries.worklist import TaskRow
from engine.store import people, records
from engine.store.schema import mail, notification, outbox, participant


@dataclass(frozen=True, slots=True)
class TaskMove:
    """A task that stays and changes: who has it, whom it asks, or when it is due."""

    before: TaskRow
    after: TaskRow


@dataclass(frozen=True, slots=True)
class DeadlineMove:
    before: DeadlineView
    after: DeadlineView


@dataclass(frozen=True, slots=True)
class ToldView:
    """Somebody who is told: a person by a notice in the platform, or a supplier by a letter.
    `kind` is the notice's occasion, or "letter"; `subject` the letter's subject or the task."""

    name: str
    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class Effects:
    """Tasks that close, open, change, and those that stop because nothing can be done for now or go
    on again; deadlines; what can be reported no longer or from now on; seats; roles that nobody
    would hold although something waits for them; forms and decisions that would not count; what
    would be decided beside the model; who is told. `mailed` is how many people from outside get a
    mail besides. `status` and `phase` are (before, after), None where they stay."""

    status: tuple[str, str] | None
    phase: tuple[str, str] | None
    closed: tuple[TaskRow, ...]
    opened: tuple[TaskRow, ...]
    moved: tuple[TaskMove, ...]
    stopped: tuple[TaskRow, ...]
    resumed: tuple[TaskRow, ...]
    deadlines_gone: tuple[DeadlineView, ...]
    deadlines_new: tuple[DeadlineView, ...]
    deadlines_moved: tuple[DeadlineMove, ...]
    deadlines_running: tuple[DeadlineView, ...]
    closed_waits: tuple[str, ...]
    opened_waits: tuple[str, ...]
    buyers_added: tuple[str, ...]
    buyers_removed: tuple[str, ...]
    seats_added: tuple[SeatView, ...]
    seats_removed: tuple[SeatView, ...]
    vacant: tuple[str, ...]
    undone_forms: tuple[str, ...]
    undone_decisions: tuple[str, ...]
    decided: tuple[str, ...]
    told: tuple[ToldView, ...]
    mailed: int

    @property
    def nothing(self) -> bool:
        """Whether only the record would change."""
        return not any(getattr(self, name) for name in self.__slots__)


def effects_of(before: Seen, connection: sa.Connection) -> Effects:
    """`connection` sees the procurement as it would be after the act; the reader's rights are those
    of before, so that a lead who leaves still sees what comes of it."""
    view = replace(before.view, connection=connection)
    after = replace(find_procurement(view, before.row.id), today=before.today)
    tasks_before, tasks_after = visible_tasks(before, *OPEN), visible_tasks(after, *OPEN)
    deadlines = deadlines_of(before), deadlines_of(after)
    seats = seats_of(before), seats_of(after)
    known = {row.id for row in tasks_before}
    return Effects(
        status=_pair(before.row.status, after.row.status),
        phase=_phases(before, after),
        closed=_missing(tasks_before, tasks_after),
        opened=_missing(tasks_after, tasks_before),
        moved=_moved(tasks_before, tasks_after),
        stopped=tasks_after if _turned(before, after, "suspended") else (),
        resumed=(
            tuple(row for row in tasks_after if row.id in known)
            if _turned(before, after, "running")
            else ()
        ),
        deadlines_gone=_missing(*deadlines),
        deadlines_new=_missing(*reversed(deadlines)),
        deadlines_moved=_deadlines_moved(*deadlines),
        deadlines_running=deadlines[1] if before.row.status != after.row.status else (),
        closed_waits=_waits_gone(before, after),
        opened_waits=_waits_gone(after, before),
        buyers_added=_buyers_beyond(after, before),
        buyers_removed=_buyers_beyond(before, after),
        seats_added=_missing(seats[1], seats[0]),
        seats_removed=_missing(*seats),
        vacant=_vacated((before, tasks_before), (after, tasks_after)),
        undone_forms=_undone_forms(before, after),
        undone_decisions=_undone_decisions(before, after),
        decided=_decided(before, after),
        told=_told(before, after),
        mailed=len({whom for _, whom in _mails(after) - _mails(before)}),
    )


Standing = tuple[Seen, tuple[TaskRow, ...]]


def _vacated(before: Standing, after: Standing) -> tuple[str, ...]:
    """Roles that something waits for and nobody holds any more, or whose work is new."""
    known, now = (
        [role.role for role in roles_held(*standing) if role.vacant] for standing in (before, after)
    )
    return tuple(role for role in now if role not in known)


def _buyers_beyond(one: Seen, other: Seen) -> tuple[str, ...]:
    """Names of those who buy in `one` and not in `other`."""
    parties = people.parties(one.view.connection, one.row.id)
    beyond = parties - people.parties(other.view.connection, other.row.id)
    return tuple(sorted(organisation_names(one.view, beyond).values()))


def _pair(before: str, after: str) -> tuple[str, str] | None:
    return None if before == after else (before, after)


def _turned(before: Seen, after: Seen, status: str) -> bool:
    return before.row.status != status and after.row.status == status


def _phases(before: Seen, after: Seen) -> tuple[str, str] | None:
    if before.row.phase == after.row.phase:
        return None
    definition, language = before.view.definition(before.row.definition), before.view.language
    return (
        phase_name(definition, language, before.row.phase),
        phase_name(definition, language, after.row.phase),
    )


def _missing(these: tuple[Any, ...], those: tuple[Any, ...]) -> tuple[Any, ...]:
    """Of `these` what is not among `those`, by id."""
    known = {each.id for each in those}
    return tuple(each for each in these if each.id not in known)


def _moved(before: Iterable[TaskRow], after: Iterable[TaskRow]) -> tuple[TaskMove, ...]:
    known = {row.id: row for row in before}
    pairs = [(known[row.id], row) for row in after if row.id in known]
    return tuple(TaskMove(old, new) for old, new in pairs if _holds(old) != _holds(new))


def _holds(row: TaskRow) -> tuple[str, str, str, datetime | None]:
    return row.status, row.candidate, row.assignee, row.due_at


def _deadlines_moved(
    before: Iterable[DeadlineView], after: Iterable[DeadlineView]
) -> tuple[DeadlineMove, ...]:
    known = {each.id: each for each in before}
    pairs = [(known[each.id], each) for each in after if each.id in known]
    return tuple(DeadlineMove(old, new) for old, new in pairs if old.due_at != new.due_at)


def _waits_gone(before: Seen, after: Seen) -> tuple[str, ...]:
    """Titles of the happenings that could be reported before and not after, each once."""
    kept = {each.message for each in records.waits_of(after.view.connection, after.row.id)}
    found = records.waits_of(before.view.connection, before.row.id)
    definition = before.view.definition(before.row.definition)
    titles = [
        message_title(before.view, definition, each.message)
        for each in found
        if each.message not in kept and before.sees(each.scope)
    ]
    return tuple(dict.fromkeys(titles))


def _undone_forms(before: Seen, after: Seen) -> tuple[str, ...]:
    counted = {each.id for each in documents_of(before).forms if each.counts}
    return tuple(
        each.title for each in documents_of(after).forms if each.id in counted and not each.counts
    )


def _decided(before: Seen, after: Seen) -> tuple[str, ...]:
    """What would be decided beside the model."""
    new = _missing(decisions_of(after), decisions_of(before))
    return tuple(each.element for each in new if not each.decision)


def _undone_decisions(before: Seen, after: Seen) -> tuple[str, ...]:
    counted = {each.id for each in decisions_of(before) if not each.undone}
    return tuple(
        f"{each.element}: {each.option}"
        for each in decisions_of(after)
        if each.id in counted and each.undone
    )


def _told(before: Seen, after: Seen) -> tuple[ToldView, ...]:
    return (*_letters(before, after), *_notices(before, after))


def _letters(before: Seen, after: Seen) -> Iterable[ToldView]:
    query = sa.select(outbox).where(outbox.c.procurement == before.row.id)
    known = {row.id for row in before.view.connection.execute(query)}
    suppliers = records.suppliers(after.view.connection, after.row.id)
    names = {each.key: each.name for each in suppliers}
    for row in after.view.connection.execute(query.order_by(outbox.c.id)):
        if row.id not in known and after.sees(row.scope):
            yield ToldView(names.get(row.recipient, row.recipient), "letter", row.subject)


def _notices(before: Seen, after: Seen) -> Iterable[ToldView]:
    query = sa.select(notification).where(notification.c.procurement == before.row.id)
    newest = sa.select(sa.func.max(notification.c.id))
    last = before.view.connection.scalar(newest) or 0
    rows = after.view.connection.execute(
        query.where(notification.c.id > last).order_by(notification.c.id)
    ).all()
    names = names_of(after.view, {row.person for row in rows})
    tasks = _task_names(after, {row.task for row in rows})
    for row in rows:
        yield ToldView(names.get(row.person, row.person), row.kind, tasks.get(row.task, ""))


def _mails(seen: Seen) -> set[tuple[str, str]]:
    """The mails to people from outside that carry no letter, each with whom it is to: letters are
    told one by one."""
    query = (
        sa.select(mail.c.id, mail.c.participant)
        .join(participant, participant.c.id == mail.c.participant)
        .where(participant.c.procurement == seen.row.id, mail.c.kind != MailKind.LETTER)
    )
    return {(key, whom) for key, whom in seen.view.connection.execute(query)}


def _task_names(seen: Seen, keys: Collection[str]) -> dict[str, str]:
    rows = visible_tasks(seen, *OPEN, "completed", "cancelled")
    return {row.id: row.name for row in rows if row.id in keys}
