"""Inviting people from outside, and seeing who has come."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from engine.commands.participants import (
    Invited,
    InviteParticipants,
    MailInvitation,
    RemoveParticipant,
    RevokeInvitation,
)
from engine.queries.participants import participants_page
from service.api.routing import ACT_PROBLEMS, RequestId, make_router
from service.api.shapes import (
    Asked,
    IdInPath,
    IdOrNone,
    Key,
    KeyOrNone,
    ProcurementDone,
    Reason,
    Reasoned,
    Told,
)
from service.dependencies import Bus, Everything, Person, Reader
from service.security.invitations import digest_of, fresh_ids, link_of, secret_of

router = make_router("participants")

ALL: Final = "/procurements/{procurement}/participants"
Short = Annotated[str, Field(max_length=200)]


class ParticipantTold(Told):
    """`scope` is the supplier's key, empty for others; `email` is for those who may invite."""

    id: str
    role: str
    scope: str
    group: str
    name: str
    email: str
    joined_at: datetime
    removed: bool


class InvitationTold(Told):
    """`state` is open, used, run-out or revoked; `mailed_at` is when the link last left by mail."""

    id: str
    role: str
    scope: str
    group: str
    name: str
    email: str
    at: datetime
    valid_to: datetime
    state: str
    again: bool
    mailed_at: datetime | None


class Participants(Told):
    """`applied` is how many firms asked for access by themselves and are not registered as
    suppliers yet: who they are is told to nobody."""

    participants: list[ParticipantTold]
    invitations: list[InvitationTold]
    applied: int


class NewInvitation(Asked):
    """`scope` is a supplier's organisation number, for the role supplier alone, and `group` then
    the name of the firm, which may be left out where it is known here or in the register; else
    `group` is whom a contributor belongs to. `participant` lets one who has joined come back;
    `by_mail` sends the link to `email` as well."""

    role: Key
    scope: KeyOrNone = ""
    group: KeyOrNone = ""
    name: Short = ""
    email: Short = ""
    participant: IdOrNone = ""
    days: Annotated[int, Field(ge=1, le=365)] = 14
    by_mail: bool = False


class NewInvitations(Asked):
    invitations: Annotated[tuple[NewInvitation, ...], Field(min_length=1, max_length=500)]
    reason: Reason = ""


class DoorTold(Told):
    """How to hand the invitation over: a link, or a code to type at `/join`."""

    invitation: str
    link: str
    code: str


class InvitedDone(ProcurementDone):
    doors: list[DoorTold]


@router.get(ALL)
def list_participants(procurement: IdInPath, view: Reader) -> Participants:
    """Who was invited from outside, and who has come."""
    return Participants.model_validate(participants_page(view, procurement))


@router.post(ALL, status_code=201, responses=ACT_PROBLEMS)
def invite_participants(
    procurement: IdInPath,
    asked: NewInvitations,
    bus: Bus,
    parts: Everything,
    person: Person,
    request: RequestId,
) -> InvitedDone:
    """Invite, all or none. Links and codes can be made again from `GET` on the page alone."""
    keys = fresh_ids(request, len(asked.invitations))
    invited = tuple(
        Invited(
            id=key,
            digest=digest_of(secret_of(parts.settings, key)),
            role=each.role,
            days=each.days,
            scope=each.scope,
            group=each.group,
            name=each.name,
            email=each.email,
            participant=each.participant,
            by_mail=each.by_mail,
        )
        for key, each in zip(keys, asked.invitations, strict=True)
    )
    command = InviteParticipants(procurement, invited, asked.reason)
    done = bus.handle(command, person.actor, request=request)
    doors = [
        DoorTold(
            invitation=key, link=link_of(parts.settings, key), code=secret_of(parts.settings, key)
        )
        for key in done["invitations"]
    ]
    return InvitedDone(procurement=done["procurement"], doors=doors)


@router.post("/procurements/{procurement}/invitations/{invitation}/mail", responses=ACT_PROBLEMS)
def mail_invitation(
    procurement: IdInPath, invitation: IdInPath, bus: Bus, person: Person, request: RequestId
) -> ProcurementDone:
    """Send its link to the address it was made for."""
    command = MailInvitation(procurement, invitation)
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post("/procurements/{procurement}/invitations/{invitation}/revoke", responses=ACT_PROBLEMS)
def revoke_invitation(
    procurement: IdInPath,
    invitation: IdInPath,
    asked: Reasoned,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """It lets nobody in from now on."""
    command = RevokeInvitation(procurement, invitation, asked.reason)
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(ALL + "/{participant}/remove", responses=ACT_PROBLEMS)
def remove_participant(
    procurement: IdInPath,
    participant: IdInPath,
    asked: Reasoned,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """The participant has no access any more; what was given stays."""
    command = RemoveParticipant(procurement, participant, asked.reason)
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))
