"""Mails: what becomes one, who sends it now, what became of it; and what persons chose."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any, Final

import sqlalchemy as sa

from engine.model.mails import MailKind, MailRecord, MailState
from engine.model.notifications import Occasion, Topic
from engine.model.records import LetterRecord
from engine.notifications.timing import DEFAULT, Pace, Preference
from engine.store.rows import Selection, columns
from engine.store.schema import (
    appointment,
    invitation,
    invitation_mail,
    letter_mail,
    mail,
    mail_preference,
    meeting,
    meeting_mail,
    notification,
    outbox,
    participant,
    person,
    task,
)
from engine.store.unit_of_work import UnitOfWork

_PREFERENCES: Final = sa.select(mail_preference).where(
    mail_preference.c.person.in_(sa.bindparam("persons", expanding=True))
)
_UNSETTLED: Final = (
    sa.select(
        notification.c.id,
        notification.c.person,
        notification.c.kind,
        notification.c.at,
        person.c.email,
        person.c.active,
    )
    .join(person, person.c.id == notification.c.person)
    .where(notification.c.mail_at <= sa.bindparam("now"))
    .order_by(notification.c.mail_at, notification.c.id)
    .limit(sa.bindparam("count"))
    .with_for_update(skip_locked=True, of=notification)
)
_WAITING: Final = (
    sa.select(*columns(mail, MailRecord))
    .where(mail.c.next_at <= sa.bindparam("now"))
    .order_by(mail.c.next_at, mail.c.id)
    .limit(sa.bindparam("count"))
    .with_for_update(skip_locked=True)
)
_MAIL: Final = sa.select(*columns(mail, MailRecord)).where(mail.c.id == sa.bindparam("key"))
_TIES: Final = (  # what ties a mail to procurements: the ids of both, and where they stand
    (notification.c.mail, notification.c.procurement, notification),
    (mail.c.id, participant.c.procurement, mail.join(participant)),
    (meeting_mail.c.mail, meeting.c.procurement, meeting_mail.join(meeting)),
    (appointment.c.mail, task.c.procurement, appointment.join(task)),
    (letter_mail.c.mail, outbox.c.procurement, letter_mail.join(outbox)),
    (invitation_mail.c.mail, invitation.c.procurement, invitation_mail.join(invitation)),
)
_SPOKEN_OF: Final = sa.union(
    *(
        sa.select(procurement).select_from(place).where(key == sa.bindparam("mail"), key != "")
        for key, procurement, place in _TIES
    )
)
_resumed: Final = mail.alias("resumed")


def _stands(told_at: "sa.ColumnElement[datetime]") -> "sa.ColumnElement[bool]":
    """Whether nobody has told the participant since that it goes on after all."""
    return sa.not_(
        sa.exists().where(
            _resumed.c.participant == participant.c.id,
            _resumed.c.kind == MailKind.RESUMED,
            _resumed.c.queued_at >= told_at,
        )
    )


_TOLD_OF_CANCELLATION: Final = sa.select(participant.c.id).where(
    participant.c.procurement == sa.bindparam("procurement"),
    sa.exists().where(
        mail.c.participant == participant.c.id,
        mail.c.kind == MailKind.CANCELLED,
        _stands(mail.c.queued_at),
    )
    | sa.exists().where(
        outbox.c.procurement == participant.c.procurement,
        outbox.c.recipient == participant.c.scope,
        outbox.c.kind == sa.bindparam("letter"),
        _stands(outbox.c.queued_at),
    ),
)
_CARRIED: Final = Selection(
    outbox,
    LetterRecord,
    outbox.c.id
    == sa.select(letter_mail.c.letter)
    .where(letter_mail.c.mail == sa.bindparam("mail"))
    .scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A notification of which nobody has said yet whether it is mailed; `address` is "" where the
    person cannot be reached by mail."""

    id: int
    person: str
    kind: Occasion
    at: datetime
    address: str


def preferences(connection: sa.Connection, persons: Collection[str]) -> Mapping[str, Preference]:
    """What each of these persons chose, or the defaults."""
    rows = connection.execute(_PREFERENCES, {"persons": sorted(persons)})
    chosen = {row.person: _preference(row) for row in rows}
    return {each: chosen.get(each, DEFAULT) for each in persons}


def _preference(row: Any) -> Preference:
    return Preference(
        language=row.language,
        by_mail=frozenset(Topic(each) for each in row.by_mail),
        pace=Pace(row.pace),
        digest_at=time.fromisoformat(row.digest_at),
        quiet_from=time.fromisoformat(row.quiet_from),
        quiet_to=time.fromisoformat(row.quiet_to),
        only_working_days=row.only_working_days,
        invitations=row.invitations,
    )


def prefer(work: UnitOfWork, who: str, chosen: Preference, now: datetime) -> None:
    """Keep what the person chose; what waits for its time is looked at again under it."""
    work.writer.delete(mail_preference, person=who)
    work.writer.insert(
        mail_preference,
        person=who,
        language=chosen.language,
        by_mail=sorted(chosen.by_mail),
        pace=chosen.pace,
        digest_at=f"{chosen.digest_at:%H:%M}",
        quiet_from=f"{chosen.quiet_from:%H:%M}",
        quiet_to=f"{chosen.quiet_to:%H:%M}",
        only_working_days=chosen.only_working_days,
        invitations=chosen.invitations,
    )
    work.connection.execute(
        sa.update(notification)
        .where(notification.c.person == who, notification.c.mail_at.is_not(None))
        .values(mail_at=now)
    )


def unsettled(work: UnitOfWork, now: datetime, limit: int) -> list[Unsettled]:
    """Notifications whose time to be looked at has come, locked; those another process has are
    passed over."""
    rows = work.connection.execute(_UNSETTLED, {"now": now, "count": limit})
    return [
        Unsettled(row.id, row.person, Occasion(row.kind), row.at, row.email if row.active else "")
        for row in rows
    ]


def settle(work: UnitOfWork, key: int, *, mail_at: datetime | None, by: str = "") -> None:
    """The notification is told by the mail `by`, or looked at again at `mail_at`, or not mailed."""
    work.writer.update(notification, {"id": key}, mail_at=mail_at, mail=by)


def queue(work: UnitOfWork, record: MailRecord) -> None:
    """Keep a mail that is to be sent."""
    work.writer.insert(mail, **{name: getattr(record, name) for name in MailRecord.__slots__})


def claim(work: UnitOfWork, now: datetime, until: datetime, limit: int) -> list[MailRecord]:
    """Mails to be sent now, oldest first, which nobody else is given before `until`."""
    rows = work.connection.execute(_WAITING, {"now": now, "count": limit})
    found = [_record(row) for row in rows]
    for each in found:
        work.writer.update(
            mail,
            {"id": each.id},
            state=MailState.SENDING,
            attempts=each.attempts + 1,
            next_at=until,
        )
    return found


def find(connection: sa.Connection, key: str) -> MailRecord | None:
    row = connection.execute(_MAIL, {"key": key}).one_or_none()
    return None if row is None else _record(row)


def _record(row: Any) -> MailRecord:
    record = MailRecord(*row)
    return replace(record, kind=MailKind(record.kind), state=MailState(record.state))


def note(
    work: UnitOfWork,
    key: str,
    state: MailState,
    *,
    next_at: datetime | None = None,
    ended_at: datetime | None = None,
    problem: str = "",
) -> None:
    """Where the mail stands now."""
    work.writer.update(
        mail, {"id": key}, state=state, next_at=next_at, ended_at=ended_at, problem=problem
    )


def begin_again(work: UnitOfWork, key: str, address: str, now: datetime) -> None:
    """Queue the mail as if it were new, with what was wrong the last time."""
    work.writer.update(
        mail,
        {"id": key},
        address=address,
        state=MailState.QUEUED,
        attempts=0,
        queued_at=now,
        next_at=now,
        ended_at=None,
    )


def procurements_of(connection: sa.Connection, key: str) -> list[str]:
    """The procurements that the mail speaks of."""
    return sorted(connection.scalars(_SPOKEN_OF, {"mail": key}))


def speaking_of(procurement: str) -> "sa.ColumnElement[bool]":
    """Whether a mail speaks of the procurement."""
    ties = (
        sa.select(key).select_from(place).where(of == procurement, key != "")
        for key, of, place in _TIES
    )
    return mail.c.id.in_(sa.union_all(*ties))


def told_of_cancellation(connection: sa.Connection, procurement: str, letter: str) -> set[str]:
    """The participants who have been mailed that it was cancelled, or whose supplier has been sent
    a letter of the kind `letter`, and whom no mail has told since that it goes on."""
    asked = {"procurement": procurement, "letter": letter}
    return set(connection.execute(_TOLD_OF_CANCELLATION, asked).scalars())


def carry_letter(work: UnitOfWork, key: str, letter: str) -> None:
    """The mail carries the letter."""
    work.writer.insert(letter_mail, mail=key, letter=letter)


def letter_of_mail(connection: sa.Connection, key: str) -> LetterRecord | None:
    """The letter that the mail carries."""
    return _CARRIED.one(connection, mail=key)
