"""People from outside come in: by an invitation that works once, until a day, unless revoked.

The secret of a link never reaches the engine: a command carries its SHA-256, as the table does.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import uuid4

from engine.access.policy import Action
from engine.access.rules import Grounds
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.own_place import own_place
from engine.commands.telling import mail_invitation, tell_participants
from engine.errors import (
    AddressWrongError,
    FirmNameMissingError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    OrganisationNumberError,
    ReasonMissingError,
    RivalPlaceError,
)
from engine.model import events as e
from engine.model.actor import Actor, Participation
from engine.model.application import has_applied
from engine.model.contribution import ROLES, SUPPLIER
from engine.model.mails import MailKind
from engine.model.market import MARKET
from engine.model.records import InvitationRecord, ParticipantRecord
from engine.registers.organisations import is_wrong, plain
from engine.store import participants
from engine.store.firms import supplier_names

MOST_AT_ONCE: Final = 500
LONGEST_DAYS: Final = 365
DAYS_BACK: Final = 14
PAUSE: Final = timedelta(minutes=10)
"""How long after one link back was mailed another is."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom to let in, for `days` days of 24 hours. `id` and `digest` (SHA-256 of the secret, in
    hexadecimal) are the sender's; `participant` is set to let one who has joined come back. Of a
    supplier, `scope` is its organisation number and `group` the name of the firm, which may be left
    out where it is known here or in the register of organisations. `by_mail` sends the link to
    `email`."""

    id: str
    digest: str
    role: str
    days: int
    scope: str = ""
    group: str = ""
    name: str = ""
    email: str = ""
    participant: str = ""
    by_mail: bool = False


@dataclass(frozen=True, slots=True)
class InviteParticipants:
    """All or none; each is an entry of the record. They come in whatever has become of the
    procurement: who took part reads there also when it rests or is over, and writes nothing."""

    procurement: str
    invited: tuple[Invited, ...]
    reason: str = ""


def invite_participants(command: InviteParticipants, session: Session) -> Answer:
    act = Act.open(session, command.procurement)
    for scope in sorted({each.scope for each in command.invited}) or [""]:
        act.allow(Action.INVITE, act.target(scope=scope), kind="procurement", key=act.id)
    act.reason = command.reason
    if not 0 < len(command.invited) <= MOST_AT_ONCE:
        raise InvalidInputError(
            f"Invite from one to {MOST_AT_ONCE} at a time.",
            count=len(command.invited),
            about="invited-count",
            most=MOST_AT_ONCE,
        )
    for each in command.invited:
        _require_sound(each)
        event = _event(act, each)
        act.record(event)
        if each.by_mail:
            _send(act, event.invitation, event.scope, event.email)
    return {"procurement": act.id, "invitations": [each.id for each in command.invited]}


def _require_sound(invited: Invited) -> None:
    if invited.role not in ROLES:
        raise InvalidInputError(
            f"{invited.role} is no role for participants. Choose one of {', '.join(ROLES)}.",
            role=invited.role,
            about="one-of",
            choices=", ".join(ROLES),
        )
    if (invited.role == SUPPLIER) != bool(invited.scope):
        raise InvalidInputError(
            "A supplier is invited with its organisation number, and nobody else has one here.",
            role=invited.role,
            about="supplier-number",
        )
    if not 1 <= invited.days <= LONGEST_DAYS:
        raise InvalidInputError(
            f"An invitation works for one day to {LONGEST_DAYS} days.",
            days=invited.days,
            about="invitation-days",
            longest=LONGEST_DAYS,
        )
    if invited.by_mail:
        _require_address(invited.email, invited.name)


def _require_address(address: str, name: str) -> None:
    if "@" not in address:
        raise AddressWrongError(
            f"{name or 'Somebody invited'} has no mail address to send the link to. Write it after"
            " the name, or hand the link over yourself.",
            name=name,
            email=address[:80],
        )


def _send(act: Act, invitation: str, scope: str, address: str) -> None:
    act.record(e.InvitationMailed(invitation, scope))
    mail_invitation(act, invitation, address)


def _event(act: Act, invited: Invited) -> e.ParticipantInvited:
    again = invited.participant
    if again:
        known = participants.find_participant(act.session.work.connection, again)
        if known is None or known.procurement != act.id or known.removed:
            raise NotFoundError("participant", again)
        if (known.role, known.scope) != (invited.role, invited.scope):
            raise InvalidInputError(
                f"{known.name} takes part as {known.role}; an invitation cannot change that.",
                participant=again,
                about="role-kept",
                known_name=known.name,
                role=known.role,
            )
        scope, group = known.scope, invited.group.strip() or known.group
    elif invited.role == SUPPLIER:
        scope, group = _firm(act, invited)
    else:
        scope, group = "", invited.group.strip()
    return e.ParticipantInvited(
        invitation=invited.id,
        role=invited.role,
        scope=scope,
        group=group,
        name=invited.name.strip(),
        email=invited.email.strip(),
        digest=invited.digest,
        valid_to=(act.now + timedelta(days=invited.days)).isoformat(),
        participant=again,
    )


def _firm(act: Act, invited: Invited) -> tuple[str, str]:
    """Key and name of the supplier; raises OrganisationNumberError and FirmNameMissingError."""
    known = supplier_names(act.session.work.connection, act.id)
    key = invited.scope if invited.scope in known else plain(invited.scope)
    if key in known:
        return key, invited.group.strip() or known[key]
    if is_wrong(key):
        raise OrganisationNumberError(key)
    entry = act.session.environment.registers.organisations.find(key)
    name = invited.group.strip() or (entry.name("nb") if entry else "")
    if not name:
        raise FirmNameMissingError(
            f"Write the name of the firm: nothing here knows what {key} is called.", number=key
        )
    return key, name


@dataclass(frozen=True, slots=True)
class MailInvitation:
    """Send the link of an invitation that is open to the address it was made for."""

    procurement: str
    invitation: str


def send_invitation(command: MailInvitation, session: Session) -> Answer:
    """Raises InvitationNotValidError for one that lets nobody in, AddressWrongError for one
    without an address."""
    act, found = _invitation(session, command.procurement, command.invitation)
    participants.require_valid(found, act.now)
    _require_address(found.email, found.name)
    _send(act, found.id, found.scope, found.email)
    return {"procurement": act.id}


@dataclass(frozen=True, slots=True)
class RevokeInvitation:
    procurement: str
    invitation: str
    reason: str


def revoke_invitation(command: RevokeInvitation, session: Session) -> Answer:
    """It lets nobody in from now on; who has come in by it stays."""
    act, found = _invitation(session, command.procurement, command.invitation)
    _require_reason(act, command.reason)
    if found.revoked_at is None:
        act.record(e.InvitationRevoked(found.id, found.scope))
    return {"procurement": act.id}


def _invitation(session: Session, procurement: str, key: str) -> tuple[Act, InvitationRecord]:
    """The act of somebody who may invite, on one invitation; raises NotFoundError."""
    act = Act.open(session, procurement)
    found = participants.find_invitation(session.work.connection, key)
    scope = found.scope if found is not None and found.procurement == act.id else ""
    act.allow(Action.INVITE, act.target(scope=scope), kind="procurement", key=act.id)
    if found is None or found.procurement != act.id:
        raise NotFoundError("invitation", key)
    return act, found


@dataclass(frozen=True, slots=True)
class RemoveParticipant:
    procurement: str
    participant: str
    reason: str


def remove_participant(command: RemoveParticipant, session: Session) -> Answer:
    """The participant has no access any more; what was given stays."""
    act = Act.open(session, command.procurement)
    found = participants.find_participant(session.work.connection, command.participant)
    scope = found.scope if found is not None and found.procurement == act.id else ""
    act.allow(Action.INVITE, act.target(scope=scope), kind="procurement", key=act.id)
    if found is None or found.procurement != act.id:
        raise NotFoundError("participant", command.participant)
    _require_reason(act, command.reason)
    if not found.removed:
        act.record(e.ParticipantRemoved(found.id, found.scope))
    return {"procurement": act.id}


def _require_reason(act: Act, reason: str) -> None:
    if not reason.strip():
        raise ReasonMissingError(
            "This needs a written reason: it goes into the record.", procurement=act.id
        )
    act.reason = reason


@dataclass(frozen=True, slots=True)
class UseInvitation:
    """Come in with the secret whose SHA-256 is `digest`. `name` is what the newcomer wants to be
    called; the invitation's own when empty."""

    digest: str
    name: str = ""


def use_invitation(command: UseInvitation, session: Session) -> Answer:
    """Whoever holds the secret comes in, once. The one who comes is the actor of the entry.

    Raises InvitationNotValidError, which tells those who hold the secret why.
    """
    first = participants.invitation_by_digest(session.work.connection, command.digest)
    session.work.lock_procurement(first.procurement)
    found = participants.invitation_by_digest(session.work.connection, command.digest)
    participants.require_valid(found, session.now)
    arrived = _arrived(found, command.name)
    act = Act.open(replace(session, actor=arrived), found.procurement)
    act.grounds = Grounds("holds-the-invitation")
    if not found.participant:
        act.record(
            e.ParticipantJoined(
                arrived.id, found.role, found.scope, found.group, arrived.name, found.email
            )
        )
    act.record(e.InvitationUsed(found.id, arrived.id, found.scope))
    return {"procurement": act.id, "participant": arrived.id}


def _arrived(found: InvitationRecord, name: str) -> Actor:
    place = Participation(found.procurement, found.role, found.scope, found.group)
    called = "" if has_applied(found.scope) else name.strip() or found.name or found.group
    return Actor(found.participant or uuid4().hex, called, "", participation=place)


def _is_rival(mine: Participation, other: ParticipantRecord) -> bool:
    """Whether who has both places could carry one supplier's matter to another, or to the people.
    A market dialogue comes before there are rivals."""
    if other.procurement != mine.procurement:
        return False
    if other.role != mine.role:
        return True
    scopes = {other.scope, mine.scope}
    return len(scopes) > 1 and not any(each.startswith(MARKET) for each in scopes)


@dataclass(frozen=True, slots=True)
class IdentifyParticipant:
    """Let the participant who acts come in by a provider from now on; `subject` is the keyed hash
    of what the provider calls the person."""

    provider: str
    subject: str


def identify_participant(command: IdentifyParticipant, session: Session) -> Answer:
    act, place = _from_outside(session, "ties a place to a provider")
    me = session.actor.id
    known = participants.known_as(session.work.connection, command.provider, command.subject)
    if any(_is_rival(place, each) for each in known if each.id != me):
        raise RivalPlaceError(
            "You have another place in this procurement with this sign-in. One person's places in"
            " one procurement are kept apart: use your invitation for the other."
        )
    if me not in {each.id for each in known}:
        act.record(e.ParticipantIdentified(me, command.provider, command.subject, place.scope))
    return {"procurement": act.id, "participant": me}


@dataclass(frozen=True, slots=True)
class AskBack:
    """Mail the participant who acts an invitation to come back, to the address on file;
    `invitation` and `digest` as in `Invited`."""

    invitation: str
    digest: str


def ask_back(command: AskBack, session: Session) -> Answer:
    """`sent` is False without an address, and while a link is on its way."""
    act, _ = _from_outside(session, "comes back by a mailed link")
    me = participants.find_participant(session.work.connection, session.actor.id)
    if me is None or not me.email or _link_is_on_its_way(act, me.id):
        return {"procurement": act.id, "sent": False}
    invited = Invited(
        id=command.invitation,
        digest=command.digest,
        role=me.role,
        days=DAYS_BACK,
        scope=me.scope,
        group=me.group,
        name=me.name,
        email="" if has_applied(me.scope) else me.email,
        participant=me.id,
    )
    act.record(_event(act, invited))
    tell_participants(act, MailKind.BACK, [me.id])
    return {"procurement": act.id, "sent": True}


def _from_outside(session: Session, what: str) -> tuple[Act, Participation]:
    """The act of a participant on her or his own place; raises ForbiddenError for anybody else, who
    is told `what` only participants do."""
    place = session.actor.participation
    if place is None:
        raise ForbiddenError(f"Only who takes part from outside {what}.", about="outsiders-only")
    return own_place(session, place.procurement)


def _link_is_on_its_way(act: Act, participant: str) -> bool:
    invited = participants.invitations_of(act.session.work.connection, act.id)
    return any(each.participant == participant and act.now - each.at < PAUSE for each in invited)
