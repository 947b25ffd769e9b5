"""Telling people from outside by mail, and members of what they gave.

A mail of news says that there is something in the portal, and nothing of what was said: that stands
behind the sign-in. The link of an invitation is made when its mail is written. A letter is what the
law wants a supplier to be sent: a mail carries it whole.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Final
from uuid import uuid4

from engine.commands.act import Act
from engine.model.mails import MailKind, MailRecord, MailState
from engine.model.notifications import Notification, Occasion
from engine.model.records import ParticipantRecord
from engine.store import mails, notifications, participants

CANCELLATION: Final = "cancellation"
"""The kind of a letter that tells a supplier that its competition was cancelled."""


def tell_participants(act: Act, kind: MailKind, keys: Iterable[str]) -> None:
    """Queue one mail to each of the participants among `keys` who gave an address."""
    wanted = set(keys)
    _mail(act, kind, lambda each: each.id in wanted)


def tell_contributors(act: Act, kind: MailKind, occasion: Occasion, keys: Iterable[str]) -> None:
    """What came of what these gave: participants hear of it by mail, members of the team as of
    everything else. Who they are stands in no fact: some do not want others to know."""
    given = tuple(dict.fromkeys(keys))
    tell_participants(act, kind, given)
    actor = act.session.actor.id
    members = {*act.around().in_team()} - {actor}
    told = [Notification(each, occasion) for each in given if each in members]
    notifications.tell(act.session.work, act.id, told, by=actor, at=act.now)


def tell_suppliers(act: Act, kind: MailKind, scopes: Collection[str]) -> None:
    """Queue one mail to everybody of the suppliers who has come in and gave an address."""
    _mail(act, kind, lambda each: each.scope in scopes)


def tell_cancelled(act: Act) -> None:
    """Queue one mail to everybody from outside who gave an address, that it was cancelled; not to
    those who have had it, or to a supplier that was sent the process's own letter of it."""
    told = mails.told_of_cancellation(act.session.work.connection, act.id, CANCELLATION)
    _mail(act, MailKind.CANCELLED, lambda each: each.id not in told)


def tell_resumed(act: Act) -> None:
    """Queue one mail to everybody who was told of the cancellation: it was taken back."""
    told = mails.told_of_cancellation(act.session.work.connection, act.id, CANCELLATION)
    tell_participants(act, MailKind.RESUMED, told)


def _mail(act: Act, kind: MailKind, wanted: Callable[[ParticipantRecord], bool]) -> None:
    for each in participants.participants_of(act.session.work.connection, act.id):
        if wanted(each) and each.email and not each.removed:
            mails.queue(act.session.work, mail_to(act, kind, each.email, participant=each.id))


def mail_invitation(act: Act, invitation: str, address: str) -> None:
    """Queue one mail with the link of the invitation, and nothing of its secret."""
    mail = mail_to(act, MailKind.INVITED, address)
    mails.queue(act.session.work, mail)
    participants.carry_invitation(act.session.work, mail.id, invitation)


def send_letter(act: Act, letter: str, supplier: str) -> None:
    """Queue one mail with the letter to each address of the supplier."""
    work = act.session.work
    addresses = participants.addresses_of(work.connection, act.id, supplier)
    for address, participant in addresses.items():
        mail = mail_to(act, MailKind.LETTER, address, participant=participant)
        mails.queue(work, mail)
        mails.carry_letter(work, mail.id, letter)


def mail_to(
    act: Act,
    kind: MailKind,
    address: str,
    *,
    person: str | None = None,
    participant: str | None = None,
) -> MailRecord:
    """A mail that is sent as soon as the act is committed."""
    return MailRecord(
        id=uuid4().hex,
        person=person,
        kind=kind,
        address=address,
        state=MailState.QUEUED,
        attempts=0,
        queued_at=act.now,
        next_at=act.now,
        ended_at=None,
        problem="",
        participant=participant,
    )
