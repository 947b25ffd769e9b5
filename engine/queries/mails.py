"""What a mail says when it is its turn, and what became of those that did not arrive."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from engine.access.policy import Action, require
from engine.access.rules import Target
from engine.errors import NotFoundError
from engine.model.actor import Actor
from engine.model.contribution import SUPPLIER
from engine.model.mails import LINKS, NEWS, MailKind, MailRecord, MailState
from engine.model.records import InvitationRecord
from engine.notifications.timing import DEFAULT, Preference
from engine.queries.notifications import Told, still_to_tell
from engine.queries.parties import buyer_of, supplier_name
from engine.queries.view import Seen, View, find_procurement
from engine.store import added_tasks, appointments, mails, meetings, participants, people, tasks
from engine.store.applications import covered
from engine.store.schema import (
    invitation,
    invitation_mail,
    letter_mail,
    mail,
    outbox,
    participant,
    person,
    procurement,
)

SHOWN_FOR: Final = timedelta(days=30)
MOST_SHOWN: Final = 200
_TROUBLED: Final = (MailState.FAILED, MailState.RETURNED)
_UNDER_WAY: Final = (MailState.QUEUED, MailState.SENDING)


@dataclass(frozen=True, slots=True)
class MailContent:
    """A mail to write: to whom, in which language, and what is to be told."""

    id: str
    kind: MailKind
    name: str
    address: str
    language: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class AppointmentContent:
    """A calendar message to write. `active` asks to note the due date, else to take it out;
    `name` and `reference` are "" for who may no longer know of the task; `ends_at` is set for a
    gathering, which begins when it is due."""

    id: str
    person: str
    address: str
    language: str
    task: str
    due_at: datetime
    sequence: int
    active: bool
    name: str
    reference: str
    ends_at: datetime | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class MeetingContent:
    """A calendar message of a meeting to write: to note it while `active`, else to take it out.
    `other` is whom the recipient meets."""

    id: str
    name: str
    address: str
    language: str
    meeting: str
    sequence: int
    active: bool
    starts_at: datetime
    ends_at: datetime
    place: str
    title: str
    reference: str
    other: str
    link: str


@dataclass(frozen=True, slots=True)
class NewsContent:
    """A mail to write to somebody from outside: that there is something new in the portal.
    `invitation` is one that lets the recipient in, until `until`; "" and None for none. `buyer` is
    whose portal it is."""

    id: str
    kind: MailKind
    name: str
    address: str
    language: str
    title: str
    reference: str
    buyer: str
    invitation: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class LetterContent:
    """A mail that carries a letter of the buyer to a supplier, whole."""

    id: str
    name: str
    address: str
    language: str
    buyer: str
    reference: str
    subject: str
    body: str


Content = MailContent | AppointmentContent | MeetingContent | NewsContent | LetterContent


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A mail about a procurement that has not arrived; `next_at` is None when it is not tried
    again, `problem` what the mail server said. `role` is what somebody from outside takes part as,
    "" for the staff; who it is, is kept from those who may not see it: `name` and `address` are ""
    then, and of `problem` the number alone is left."""

    id: str
    role: str
    name: str
    address: str
    state: MailState
    attempts: int
    queued_at: datetime
    next_at: datetime | None
    problem: str


def content_of(view: View, key: str) -> Content | None:
    """The mail `key`, with what its recipient may know and is still of concern; None where nothing
    is. `view` lends connection, versions and clock: its reader is of no matter here."""
    record = mails.find(view.connection, key)
    if record is None:
        raise NotFoundError("mail", key)
    if record.kind is MailKind.LETTER:
        return _letter(view, record)
    if record.kind is MailKind.INVITED:
        return _invitation(view, record)
    try:
        actor = _recipient(view, record)
    except NotFoundError:
        return None
    preference = preference_of(view, actor.id)
    reader = replace(view, actor=actor, language=preference.language)
    if record.kind is MailKind.MEETING:
        return _meeting(reader, key, record.address)
    if record.kind is MailKind.APPOINTMENT:
        return _appointment(reader, key, record.address)
    if record.kind in NEWS:
        return _news(reader, record)
    told = still_to_tell(reader, key)
    if not told:
        return None
    return MailContent(key, record.kind, actor.name, record.address, preference.language, told)


def _letter(view: View, record: MailRecord) -> LetterContent | None:
    """None for who takes part no more."""
    letter = mails.letter_of_mail(view.connection, record.id)
    guest = participants.find_participant(view.connection, record.participant or "")
    if letter is None or (guest is not None and guest.removed):
        return None
    seen = find_procurement(view, letter.procurement)
    return LetterContent(
        id=record.id,
        name=(guest and guest.name) or supplier_name(view, letter.procurement, letter.scope),
        address=record.address,
        language=DEFAULT.language,
        buyer=buyer_of(seen),
        reference=seen.row.reference,
        subject=letter.subject,
        body=letter.body,
    )


def _invitation(view: View, record: MailRecord) -> NewsContent | None:
    """None for one that lets nobody in any more."""
    found = participants.invitation_of_mail(view.connection, record.id)
    if found is None or not found.is_open(view.now):
        return None
    return _told(view, record, found.procurement, found.name, found)


def _told(
    reader: View,
    record: MailRecord,
    procurement: str,
    name: str,
    back: InvitationRecord | None,
) -> NewsContent:
    seen = find_procurement(reader, procurement)
    return NewsContent(
        id=record.id,
        kind=record.kind,
        name=name,
        address=record.address,
        language=reader.language,
        title=seen.row.title,
        reference=seen.row.reference,
        buyer=buyer_of(seen),
        invitation=back.id if back else "",
        until=back.valid_to if back else None,
    )


def _recipient(view: View, record: MailRecord) -> Actor:
    """Raises NotFoundError for who is not here any more."""
    if record.participant is not None:
        return participants.load_participant(view.connection, record.participant)
    return people.load_actor(view.connection, record.person or "")


def _meeting(reader: View, key: str, address: str) -> MeetingContent | None:
    """None when a newer message says otherwise, or the reader may not know of the meeting."""
    found = meetings.of_mail(reader.connection, key)
    if found is None:
        return None
    seen = find_procurement(reader, found.procurement)
    outside = reader.actor.participation is not None
    target = replace(seen.target(found.scope), procurement=seen.row.id)
    if not seen.may(Action.PARTICIPATE if outside else Action.READ, target):
        return None
    return MeetingContent(
        id=key,
        name=reader.actor.name,
        address=address,
        language=reader.language,
        meeting=found.id,
        sequence=found.sequence,
        active=found.stands,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        place=found.place,
        title=seen.row.title,
        reference=seen.row.reference,
        other=buyer_of(seen) if outside else supplier_name(reader, seen.row.id, found.scope),
        link="/portal/dialogue" if outside else f"/procurements/{seen.row.id}/rounds",
    )


def _news(reader: View, record: MailRecord) -> NewsContent | None:
    place = reader.actor.participation
    if place is None:
        return None
    back = None
    if record.kind in LINKS:
        invited = participants.invitations_of(reader.connection, place.procurement)
        mine = [each for each in invited if each.participant == reader.actor.id]
        back = mine[-1] if mine else None
    return _told(reader, record, place.procurement, reader.actor.name, back)


def _appointment(reader: View, key: str, address: str) -> AppointmentContent | None:
    """None when a newer message says otherwise, or the reader may not know of the task."""
    found = appointments.of_mail(reader.connection, key)
    if found is None:
        return None
    task = tasks.get(reader.connection, found.task)
    seen = find_procurement(reader, task.procurement)
    readable = seen.may(Action.READ_TASK, seen.task_target(task))
    if found.active and not readable:
        return None
    added = added_tasks.find(reader.connection, task.id) if not task.element else None
    spoken = reader.text(seen.row.definition, task.process, f"{task.element}.name", task.name)
    return AppointmentContent(
        id=key,
        person=reader.actor.name,
        address=address,
        language=reader.language,
        task=task.id,
        due_at=found.due_at,
        sequence=found.sequence,
        active=found.active,
        name=spoken if readable else "",
        reference=seen.row.reference if readable else "",
        ends_at=added.ends_at if added else None,
        place=added.place if added and readable else "",
    )


def preference_of(view: View, key: str) -> Preference:
    """What the person chose, or the defaults."""
    return mails.preferences(view.connection, [key])[key]


def undelivered(seen: Seen) -> tuple[Undelivered, ...]:
    """For the lead: mails about the procurement that failed, came back, or are being tried again,
    newest first; what is older than a month is no longer shown."""
    if not seen.may(Action.STEER, seen.target()):
        return ()
    return _in_trouble(seen.view, mails.speaking_of(seen.row.id))


def undelivered_of_organisation(view: View) -> tuple[Undelivered, ...]:
    """For the administrator: the same of everybody in the organisation, whatever it was about, and
    of everybody from outside in its procurements.

    Raises ForbiddenError for others.
    """
    home = view.actor.organisation
    require(
        Action.ADMINISTER,
        view.actor,
        Target(home),
        view.today,
        kind="the mail of organisation",
        key=home,
    )
    return _in_trouble(view, (person.c.organisation == home) | (procurement.c.organisation == home))


def _in_trouble(view: View, of: "sa.ColumnElement[bool]") -> tuple[Undelivered, ...]:
    trouble = sa.or_(
        mail.c.state.in_(_TROUBLED), mail.c.state.in_(_UNDER_WAY) & (mail.c.problem != "")
    )
    place = sa.func.coalesce(
        participant.c.procurement, outbox.c.procurement, invitation.c.procurement
    )
    query = (
        sa.select(
            mail,
            person.c.name,
            place.label("procurement"),
            sa.func.coalesce(participant.c.role, invitation.c.role).label("role"),
            sa.func.coalesce(participant.c.scope, outbox.c.scope, invitation.c.scope).label(
                "scope"
            ),
            sa.func.coalesce(participant.c.name, outbox.c.recipient, invitation.c.name).label(
                "guest"
            ),
        )
        .outerjoin(person, person.c.id == mail.c.person)
        .outerjoin(participant, participant.c.id == mail.c.participant)
        .outerjoin(letter_mail, letter_mail.c.mail == mail.c.id)
        .outerjoin(outbox, outbox.c.id == letter_mail.c.letter)
        .outerjoin(invitation_mail, invitation_mail.c.mail == mail.c.id)
        .outerjoin(invitation, invitation.c.id == invitation_mail.c.invitation)
        .outerjoin(procurement, procurement.c.id == place)
        .where(of, trouble, mail.c.queued_at > view.now - SHOWN_FOR)
        .order_by(mail.c.queued_at.desc(), mail.c.id)
        .limit(MOST_SHOWN)
    )
    rows = view.connection.execute(query).all()
    guests = {(row.procurement, row.scope) for row in rows if row.procurement}
    known = {place for place in guests if _sees(view, *place)}
    return tuple(_undelivered(row, known) for row in rows)


def _sees(view: View, key: str, scope: str) -> bool:
    return find_procurement(view, key).sees(scope) and scope not in covered(view.connection, key)


def _undelivered(row: Any, known: Collection[tuple[str, str]]) -> Undelivered:
    state = MailState(row.state)
    outside = row.procurement is not None
    named = not outside or (row.procurement, row.scope) in known
    return Undelivered(
        id=row.id,
        role=(row.role or SUPPLIER) if outside else "",
        name=(row.name or row.guest or "") if named else "",
        address=row.address if named else "",
        state=state,
        attempts=row.attempts,
        queued_at=row.queued_at,
        next_at=row.next_at if state in _UNDER_WAY else None,
        problem=row.problem if named else _number(row.problem),
    )


def _number(problem: str) -> str:
    """The mail server's reply without its words, which may name the address (RFC 3463)."""
    found = re.match(r"\d{3}( \d\.\d{1,3}\.\d{1,3})?", problem)
    return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the reader chose. `address` is "" where there is none; `problem` is why the newest mail
    to it did not arrive, "" where it did."""

    preference: Preference
    address: str
    problem: str


def choices_of(view: View) -> Choices:
    """For the reader alone."""
    found = people.find_person(view.connection, view.actor.id)
    newest = (
        sa.select(mail.c.state, mail.c.problem)
        .where(
            mail.c.person == view.actor.id,
            mail.c.ended_at.is_not(None),
            mail.c.state != MailState.DROPPED,
        )
        .order_by(mail.c.ended_at.desc())
        .limit(1)
    )
    row = view.connection.execute(newest).one_or_none()
    troubled = row is not None and row.state in _TROUBLED
    return Choices(
        preference=preference_of(view, view.actor.id),
        address=found.email if found else "",
        problem=row.problem if row is not None and troubled else "",
    )
