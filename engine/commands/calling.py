"""Calendar invitations for meetings: called, moved and taken out as the meeting is."""

from collections.abc import Iterator
from uuid import uuid4

from engine.commands.act import Act
from engine.errors import NotFoundError
from engine.model.mails import MailKind, MailRecord, MailState
from engine.model.meeting import MeetingRecord
from engine.notifications.recipients import leads
from engine.store import mails, meetings, participants, people


def tell_calendars(act: Act, key: str) -> None:
    """Mail the meeting as it stands to everybody of the supplier who has an address, and to leads
    who want their dates in a calendar; a mail that says otherwise and has not left is dropped."""
    connection = act.session.work.connection
    found = meetings.find_meeting(connection, key)
    if found is None:
        raise NotFoundError("meeting", key)
    for record in (*_to_supplier(act, found), *_to_leads(act)):
        mails.queue(act.session.work, record)
        meetings.keep_mail(act.session.work, record.id, found)


def _to_supplier(act: Act, found: MeetingRecord) -> Iterator[MailRecord]:
    for each in participants.participants_of(act.session.work.connection, act.id):
        if each.scope == found.scope and each.email and not each.removed:
            yield _mail(act, each.email, participant=each.id)


def _to_leads(act: Act) -> Iterator[MailRecord]:
    connection = act.session.work.connection
    found = leads(act.team, act.session.today)
    chosen = mails.preferences(connection, found)
    for key in found:
        person = people.find_person(connection, key)
        if chosen[key].invitations and person is not None and person.active and person.email:
            yield _mail(act, person.email, person=key)


def _mail(
    act: Act, address: str, *, person: str | None = None, participant: str | None = None
) -> MailRecord:
    return MailRecord(
        id=uuid4().hex,
        person=person,
        kind=MailKind.MEETING,
        address=address,
        state=MailState.QUEUED,
        attempts=0,
        queued_at=act.now,
        next_at=act.now,
        ended_at=None,
        problem="",
        participant=participant,
    )
