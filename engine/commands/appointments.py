"""Calendar invitations for due dates: asked for, moved and taken out as the task moves on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from engine.access.policy import Action
from engine.access.rules import Target
from engine.commands.environment import Answer, Session
from engine.model.mails import MailKind, MailRecord, MailState
from engine.model.records import TaskRecord
from engine.store import added_tasks, appointments, mails, people, tasks
from engine.store.added_tasks import AddedTaskRecord
from engine.store.appointments import Appointment

BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class PlanAppointments:
    """Bring the calendars of those who want it to what the tasks say now."""


def plan_appointments(_command: PlanAppointments, session: Session) -> Answer:
    session.require(Action.FIRE, Target(""), kind="mail", key="")
    looked = appointments.looks(session.work, BATCH)
    sent = 0
    for key in looked:
        task = tasks.get(session.work.connection, key)
        for changed in _changes(session, task):
            _send(session, changed)
            sent += 1
    return {"looked": len(looked), "mails": sent}


def _changes(session: Session, task: TaskRecord) -> Iterator[Appointment]:
    """Who lost the task gets it taken out; who has it gets it in, or moved. Of a gathering all who
    are asked to come have it, whatever they chose for due dates."""
    known = appointments.of_task(session.work.connection, task.id)
    added = added_tasks.find(session.work.connection, task.id) if not task.element else None
    if added is not None and added.starts_at is not None and task.status == "completed":
        return  # it was held, and stays in the calendars
    waits = task.status in ("open", "approval") and task.due_at is not None
    holders = _holders(session, task, added) if waits else []
    for each in known.values():
        if each.active and each.person not in holders:
            yield replace(each, active=False, sequence=each.sequence + 1)
    if task.due_at is None:
        return
    version = added.sequence if added is not None else 0
    for holder in holders:
        had = known.get(holder)
        if had is None:
            yield Appointment(task.id, holder, task.due_at, 0, True, "", version)
        elif not had.active or (had.due_at, had.version) != (task.due_at, version):
            yield replace(
                had,
                due_at=task.due_at,
                active=True,
                sequence=had.sequence + 1,
                version=version,
            )


def _holders(session: Session, task: TaskRecord, added: AddedTaskRecord | None) -> list[str]:
    if added is not None and added.starts_at is not None:
        return added.people
    return [task.assignee] if task.assignee and _wanted(session, task.assignee) else []


def _wanted(session: Session, person: str) -> bool:
    return mails.preferences(session.work.connection, [person])[person].invitations


def _send(session: Session, changed: Appointment) -> None:
    found = people.find_person(session.work.connection, changed.person)
    address = found.email if found is not None and found.active else ""
    key = uuid4().hex
    appointments.keep(session.work, replace(changed, mail=key))
    if address:
        record = MailRecord(
            id=key,
            person=changed.person,
            kind=MailKind.APPOINTMENT,
            address=address,
            state=MailState.QUEUED,
            attempts=0,
            queued_at=session.now,
            next_at=session.now,
            ended_at=None,
            problem="",
        )
        mails.queue(session.work, record)
