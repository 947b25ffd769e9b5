"""People from outside: who was invited to a procurement, and who has come."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from engine.errors import InvitationNotValidError, NotFoundError
from engine.model.actor import Actor, Participation
from engine.model.application import has_applied
from engine.model.records import InvitationRecord, ParticipantRecord
from engine.store.rows import Selection
from engine.store.schema import invitation, invitation_mail, participant
from engine.store.unit_of_work import UnitOfWork

_PARTICIPANT: Final = Selection(
    participant, ParticipantRecord, participant.c.id == sa.bindparam("key")
)
_PARTICIPANTS: Final = Selection(
    participant,
    ParticipantRecord,
    participant.c.procurement == sa.bindparam("procurement"),
    order=(participant.c.joined_at, participant.c.id),
)
_BY_SUBJECT: Final = Selection(
    participant,
    ParticipantRecord,
    participant.c.provider == sa.bindparam("provider"),
    participant.c.subject == sa.bindparam("subject"),
    participant.c.removed.is_(False),
    order=(participant.c.joined_at.desc(), participant.c.id),
)
_BY_ADDRESS: Final = Selection(
    participant,
    ParticipantRecord,
    sa.func.lower(participant.c.email) == sa.bindparam("address"),
    participant.c.removed.is_(False),
    order=(participant.c.joined_at.desc(), participant.c.id),
)
_INVITATION: Final = Selection(invitation, InvitationRecord, invitation.c.id == sa.bindparam("key"))
_BY_DIGEST: Final = Selection(
    invitation, InvitationRecord, invitation.c.digest == sa.bindparam("digest")
)
_INVITATIONS: Final = Selection(
    invitation,
    InvitationRecord,
    invitation.c.procurement == sa.bindparam("procurement"),
    order=(invitation.c.at, invitation.c.id),
)

_MAILED: Final = Selection(
    invitation,
    InvitationRecord,
    invitation.c.id
    == sa.select(invitation_mail.c.invitation)
    .where(invitation_mail.c.mail == sa.bindparam("mail"))
    .scalar_subquery(),
)


def find_participant(connection: sa.Connection, key: str) -> ParticipantRecord | None:
    return _PARTICIPANT.one(connection, key=key)


def participants_of(connection: sa.Connection, procurement: str) -> list[ParticipantRecord]:
    """Everybody who has come in, the first first; those removed too."""
    return _PARTICIPANTS.all(connection, procurement=procurement)


def come_in(connection: sa.Connection, procurement: str) -> list[ParticipantRecord]:
    """Those of them who were here: who asked for access comes by a link that goes to the address,
    and until it is used the address may be anybody's."""
    used = {each.participant for each in invitations_of(connection, procurement) if each.used_at}
    found = participants_of(connection, procurement)
    return [each for each in found if each.id in used or not has_applied(each.scope)]


def known_as(connection: sa.Connection, provider: str, subject: str) -> list[ParticipantRecord]:
    """Those who come in as this subject of the provider, who joined last first; none is removed.
    Without a provider nobody is known."""
    if not provider:
        return []
    return _BY_SUBJECT.all(connection, provider=provider, subject=subject)


def reached_at(connection: sa.Connection, address: str) -> list[ParticipantRecord]:
    """Those who gave this mail address, who joined last first; none is removed."""
    plain = address.strip().lower()
    return _BY_ADDRESS.all(connection, address=plain) if plain else []


def find_invitation(connection: sa.Connection, key: str) -> InvitationRecord | None:
    return _INVITATION.one(connection, key=key)


def invitation_by_digest(connection: sa.Connection, digest: str) -> InvitationRecord:
    """The invitation of a secret; raises InvitationNotValidError where there is none."""
    found = _BY_DIGEST.one(connection, digest=digest)
    if found is None:
        raise InvitationNotValidError(
            "This invitation is not known. Check that the whole link or code came along, or ask"
            " the buyer for a new one.",
            why="unknown",
        )
    return found


def require_valid(found: InvitationRecord, now: datetime) -> None:
    """Raises InvitationNotValidError for one that was used, has run out or was revoked."""
    why = ""
    if found.revoked_at is not None:
        why, said = "revoked", "This invitation was revoked by the buyer."
    elif found.used_at is not None:
        why, said = "used", "This invitation has been used; it works once."
    elif now > found.valid_to:
        why, said = "run-out", "This invitation has run out."
    if why:
        raise InvitationNotValidError(f"{said} Ask the buyer for a new one.", why=why)


def invitations_of(connection: sa.Connection, procurement: str) -> list[InvitationRecord]:
    """The oldest first; those revoked too."""
    return _INVITATIONS.all(connection, procurement=procurement)


def carry_invitation(work: UnitOfWork, mail: str, key: str) -> None:
    """The mail carries the link of the invitation."""
    work.writer.insert(invitation_mail, mail=mail, invitation=key)


def invitation_of_mail(connection: sa.Connection, mail: str) -> InvitationRecord | None:
    """The invitation whose link the mail carries."""
    return _MAILED.one(connection, mail=mail)


def addresses_of(connection: sa.Connection, procurement: str, scope: str) -> dict[str, str | None]:
    """Where a supplier is reached by mail: each address once, with the participant whose it is,
    None for one that was invited and has not come yet.

    An invitation that lets somebody in again tells the newer address.
    """
    standing = [each for each in participants_of(connection, procurement) if each.scope == scope]
    own = {each.id: each.email for each in standing if not each.removed}
    waiting: list[str] = []
    for each in invitations_of(connection, procurement):
        if each.scope != scope or each.revoked_at is not None or not each.email:
            continue
        if each.participant in own:
            own[each.participant] = each.email
        elif not each.participant:
            waiting.append(each.email)
    found: dict[str, str | None] = {address: key for key, address in own.items() if address}
    return found | {each: None for each in waiting if each not in found}


def load_participant(connection: sa.Connection, key: str) -> Actor:
    """The participant as one who acts; raises NotFoundError, also for one who was removed."""
    found = find_participant(connection, key)
    if found is None or found.removed:
        raise NotFoundError("participant", key)
    place = Participation(found.procurement, found.role, found.scope, found.group)
    return Actor(found.id, found.name, "", participation=place)
