"""Calendar invitations for meetings: called, moved and taken out as the meeting is."""

from collections.abc import Iterator

from engine.commands.act import Act
from engine.commands.telling import mail_to
from engine.errors import NotFoundError
from engine.model.mails import MailKind, MailRecord
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
            yield mail_to(act, MailKind.MEETING, each.email, participant=each.id)


def _to_leads(act: Act) -> Iterator[MailRecord]:
    connection = act.session.work.connection
    found = leads(act.team, act.session.today)
    chosen = mails.preferences(connection, found)
    for key in found:
        person = people.find_person(connection, key)
        if chosen[key].invitations and person is not None and person.active and person.email:
            yield mail_to(act, MailKind.MEETING, person.email, person=key)
