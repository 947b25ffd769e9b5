"""Mails: from notifications to messages, each sent once, tried again, given up in the open.

Nothing is sent in here: a command says what is to be sent, and another what became of it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from engine.access.policy import Action, allowed
from engine.access.rules import Target
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.errors import InvalidInputError, NotFoundError, RejectedError
from engine.model.events import LetterReturned
from engine.model.mails import MailKind, MailRecord, MailState, Outcome
from engine.model.notifications import Notification, Occasion
from engine.model.records import LetterRecord
from engine.notifications.recipients import leads
from engine.notifications.retries import LEASE, next_try
from engine.notifications.timing import Preference, mail_at
from engine.procurement.letters import AWARD
from engine.store import mails, notifications, participants, people, records
from engine.store.mails import Unsettled

BATCH: Final = 200
LONGEST_PROBLEM: Final = 500


@dataclass(frozen=True, slots=True)
class ChooseMail:
    """What one wants to hear by mail, and when."""

    preference: Preference


def choose_mail(command: ChooseMail, session: Session) -> Answer:
    """One's own choice, on nobody's record; it holds for what still waits as well."""
    require_own(session)
    chosen = command.preference
    for each in (chosen.digest_at, chosen.quiet_from, chosen.quiet_to):
        if each != each.replace(second=0, microsecond=0, tzinfo=None):
            raise InvalidInputError(
                "Give times of day to the minute, in Oslo.", time=str(each), about="no-time"
            )
    mails.prefer(session.work, session.actor.id, chosen, session.now)
    return {}


def require_own(session: Session) -> None:
    """The actor is a person of an organisation and, with a token, one that may work."""
    target = Target(session.actor.organisation, owner=session.actor.id)
    session.require(Action.HEAR, target, kind="notifications of", key=session.actor.id)


@dataclass(frozen=True, slots=True)
class PlanMails:
    """Look at notifications whose time has come: what is ready for one person is one mail."""


def plan_mails(_command: PlanMails, session: Session) -> Answer:
    """How many were looked at; fewer than `BATCH` means that no more wait."""
    _require_system(session)
    found = mails.unsettled(session.work, session.now, BATCH)
    chosen = mails.preferences(session.work.connection, {each.person for each in found})
    ready: dict[tuple[str, str], list[Unsettled]] = defaultdict(list)
    for each in found:
        moment = _moment(each, chosen[each.person])
        if moment is not None and moment <= session.now:
            ready[each.person, each.address].append(each)
        else:
            mails.settle(session.work, each.id, mail_at=moment)
    for (person, address), told in ready.items():
        _queue(session, person, address, told)
    return {"settled": len(found), "mails": len(ready)}


def _moment(each: Unsettled, preference: Preference) -> datetime | None:
    return mail_at(preference, each.kind, each.at) if each.address else None


def _queue(session: Session, person: str, address: str, told: Iterable[Unsettled]) -> None:
    key = uuid4().hex
    record = MailRecord(
        id=key,
        person=person,
        kind=MailKind.NOTIFICATIONS,
        address=address,
        state=MailState.QUEUED,
        attempts=0,
        queued_at=session.now,
        next_at=session.now,
        ended_at=None,
        problem="",
    )
    mails.queue(session.work, record)
    for each in told:
        mails.settle(session.work, each.id, mail_at=None, by=key)


@dataclass(frozen=True, slots=True)
class ClaimMails:
    """Take mails to send, at most `count`; no other process gets them meanwhile."""

    count: int = 20


def claim_mails(command: ClaimMails, session: Session) -> Answer:
    _require_system(session)
    found = mails.claim(session.work, session.now, session.now + LEASE, command.count)
    return {"mails": [each.id for each in found]}


@dataclass(frozen=True, slots=True)
class ReportMail:
    """What became of one attempt to send a mail that was claimed."""

    mail: str
    outcome: Outcome
    problem: str = ""


def report_mail(command: ReportMail, session: Session) -> Answer:
    """The mail is sent, tried again later, or given up; then the leads are told."""
    _require_system(session)
    record = _found(session, command.mail)
    if record.state is not MailState.SENDING:  # it came back before this was said of it
        return {"state": record.state}
    problem = command.problem[:LONGEST_PROBLEM]
    again = None
    if command.outcome is Outcome.DEFERRED:
        again = next_try(record.queued_at, record.attempts, session.now)
    if again is not None:
        mails.note(session.work, record.id, MailState.QUEUED, next_at=again, problem=problem)
        return {"state": MailState.QUEUED}
    state = _ENDS[command.outcome]
    mails.note(session.work, record.id, state, ended_at=session.now, problem=problem)
    if state is MailState.FAILED:
        _tell(session, record, problem)
    return {"state": state}


_ENDS: Final = {
    Outcome.SENT: MailState.SENT,
    Outcome.DEFERRED: MailState.FAILED,
    Outcome.REFUSED: MailState.FAILED,
    Outcome.DROPPED: MailState.DROPPED,
}


@dataclass(frozen=True, slots=True)
class ResendMail:
    """Try a mail again that was given up or came back."""

    mail: str


def resend_mail(command: ResendMail, session: Session) -> Answer:
    """By whoever leads a procurement that it speaks of or administers the recipient's
    organisation, or the one that somebody from outside takes part with; to the address that the
    recipient has now, for as long as a new mail is tried.

    Raises RejectedError while it is under way or has arrived, where there is no address, and for
    an award letter: that one is sent anew to all, and the standstill begins again.
    """
    record = _found(session, command.mail)
    letter = mails.letter_of_mail(session.work.connection, record.id)
    recipient = _recipient(session, record, letter)
    _require_to_see_to(session, record, recipient)
    if record.state not in (MailState.FAILED, MailState.RETURNED):
        raise RejectedError(
            f"This mail is {record.state}; only one that was given up or came back is sent again.",
            mail=record.id,
            state=record.state,
            about="mail-not-returned",
        )
    if letter is not None and letter.kind == AWARD:
        raise RejectedError(
            "This letter began the standstill period. Say on the page of the procurement that an"
            " award letter came back: then it goes to all anew, and the period begins again.",
            mail=record.id,
            about="letter-began-standstill",
        )
    if recipient is None or not recipient.address:
        raise RejectedError(
            "The person has no address to send mail to. Tell the news in another way.",
            mail=record.id,
            about="no-address",
        )
    mails.begin_again(session.work, record.id, recipient.address, session.now)
    return {"mail": record.id, "state": MailState.QUEUED}


@dataclass(frozen=True, slots=True)
class _Recipient:
    """`address` is "" for who gets no mail any more; `organisation` is whose administrators see to
    it."""

    organisation: str
    address: str


def _recipient(
    session: Session, record: MailRecord, letter: LetterRecord | None
) -> _Recipient | None:
    """None for who is not here any more."""
    connection = session.work.connection
    if letter is not None:
        row = records.get_procurement(connection, letter.procurement)
        found = participants.addresses_of(connection, letter.procurement, letter.scope)
        now = {whose: address for address, whose in found.items() if whose}
        gone = "" if record.participant else record.address
        return _Recipient(row.organisation, now.get(record.participant or "", gone))
    if record.participant is not None:
        guest = participants.find_participant(connection, record.participant)
        if guest is None:
            return None
        row = records.get_procurement(connection, guest.procurement)
        return _Recipient(row.organisation, "" if guest.removed else guest.email)
    invited = participants.invitation_of_mail(connection, record.id)
    if invited is not None:
        row = records.get_procurement(connection, invited.procurement)
        return _Recipient(row.organisation, invited.email)
    person = people.find_person(connection, record.person or "")
    if person is None:
        return None
    return _Recipient(person.organisation, person.email if person.active else "")


def _require_to_see_to(session: Session, record: MailRecord, recipient: _Recipient | None) -> None:
    """Raises NotFoundError for those whom the mail is no concern of."""
    connection = session.work.connection
    home = recipient.organisation if recipient else ""
    if allowed(Action.ADMINISTER, session.actor, Target(home), session.today):
        session.require(Action.ADMINISTER, Target(home), kind="mail", key=record.id)
        return
    for procurement in mails.procurements_of(connection, record.id):
        row = Act.open(session, procurement)
        if allowed(Action.STEER, session.actor, row.target(), session.today):
            row.allow(Action.STEER, row.target(), kind="mail", key=record.id)
            return
    raise NotFoundError("mail", record.id)


@dataclass(frozen=True, slots=True)
class NoteReturn:
    """A mail or a letter, by its id, was taken by a mail server and came back."""

    mail: str
    problem: str


def note_return(command: NoteReturn, session: Session) -> Answer:
    """Noted once; the leads are told. That a letter came back is on record: periods may hang on it.

    Raises NotFoundError where neither a mail nor a letter has this id.
    """
    _require_system(session)
    problem = command.problem[:LONGEST_PROBLEM]
    record = mails.find(session.work.connection, command.mail)
    if record is None:
        return _note_letter(session, command.mail, problem)
    if record.state is not MailState.RETURNED:
        mails.note(
            session.work, record.id, MailState.RETURNED, ended_at=session.now, problem=problem
        )
        _tell(session, record, problem)
    return {"mail": record.id}


def _note_letter(session: Session, key: str, problem: str) -> Answer:
    letter = records.get_letter(session.work.connection, key)
    act = Act.open(session, letter.procurement)
    act.allow(Action.FIRE, act.target(), kind="procurement", key=act.id)
    if not notifications.is_told(session.work.connection, Occasion.LETTER_RETURNED, key):
        act.record(LetterReturned(key, problem, letter.scope))
    return {"mail": key, "procurement": letter.procurement}


def _tell(session: Session, record: MailRecord, problem: str) -> None:
    """Whoever leads what the mail spoke of hears once that it did not arrive; of a letter, that it
    came back is on record."""
    connection = session.work.connection
    letter = mails.letter_of_mail(connection, record.id)
    if letter is not None:
        _note_letter(session, letter.id, problem)
        return
    heard: set[str] = set()
    for procurement in mails.procurements_of(connection, record.id):
        anew = set(leads(people.team(connection, procurement), session.today)) - heard
        told = [
            Notification(person, Occasion.UNDELIVERED, subject=record.id) for person in sorted(anew)
        ]
        notifications.tell(session.work, procurement, told, by="", at=session.now)
        heard |= anew


def _found(session: Session, key: str) -> MailRecord:
    record = mails.find(session.work.connection, key)
    if record is None:
        raise NotFoundError("mail", key)
    return record


def _require_system(session: Session) -> None:
    session.require(Action.FIRE, Target(""), kind="mail", key="")
