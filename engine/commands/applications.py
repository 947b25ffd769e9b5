"""Firms ask for access to an announced competition without having been invited.

Anybody may, until the first deadline. The firm gets a place of its own, sealed off like every
supplier's, once it has used the link that goes to its address: that the address is its own is all
that is proven. Nobody of the buyer's learns who asks before the firm is registered as a supplier.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from engine.access.rules import Grounds
from engine.commands.act import Act
from engine.commands.contributing import checked
from engine.commands.environment import Answer, Session
from engine.commands.telling import tell_participants
from engine.errors import (
    AddressWrongError,
    CompetitionClosedError,
    NotFoundError,
    OrganisationNumberError,
)
from engine.model import events as e
from engine.model.actor import Actor, Participation
from engine.model.application import APPLY
from engine.model.contribution import SUPPLIER
from engine.model.mails import MailKind
from engine.model.sealing import sealed_scope
from engine.registers.organisations import is_wrong, plain
from engine.store import applications
from engine.store.applications import Call

LONGEST_LINE: Final = 300
LONGEST_NUMBER: Final = 40
MOST_APPLICATIONS: Final = 1000
MOST_OF_ONE: Final = 3
"""So many links go to one address: more would be a flood to somebody who never asked."""
LINK_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class AskAccess:
    """The link in is an invitation of id `invitation`, whose secret has the SHA-256 `digest`."""

    procurement: str
    organisation: str
    number: str
    contact: str
    email: str
    invitation: str
    digest: str


def ask_access(command: AskAccess, session: Session) -> Answer:
    """Raises NotFoundError where no competition was announced, CompetitionClosedError after its
    first deadline."""
    call = applications.call_of(session.work.connection, command.procurement)
    if call is None:
        raise NotFoundError("competition", command.procurement)
    place = Participation(command.procurement, SUPPLIER, f"{APPLY}{uuid4().hex[:12]}")
    actor = Actor(uuid4().hex, "", "", participation=place)
    act = Act.open(replace(session, actor=actor), command.procurement)
    act.require_going_on()
    act.grounds = Grounds("the-competition-is-announced")
    _require_open(call, act.now)
    event = e.ApplicationMade(
        application=uuid4().hex,
        place=place.scope,
        participant=actor.id,
        organisation=checked(command.organisation, LONGEST_LINE),
        number=_number(command.number),
        contact=checked(command.contact, LONGEST_LINE),
        email=_address(command.email),
        invitation=command.invitation,
        digest=command.digest,
        valid_to=(act.now + timedelta(days=LINK_DAYS)).isoformat(),
        scope=sealed_scope(SUPPLIER),
    )
    if _may_be_mailed(act, event.email):
        act.record(event)
        tell_participants(act, MailKind.APPLIED, [actor.id])
    return {"procurement": act.id}


def _require_open(call: Call, now: datetime) -> None:
    if call.until is not None and now > call.until:
        raise CompetitionClosedError(
            f"The deadline was {call.until.isoformat()}; the clock of the server decides.",
            deadline=call.until.isoformat(),
        )


def _number(typed: str) -> str:
    number = plain(typed)
    if not number or len(number) > LONGEST_NUMBER or is_wrong(number):
        raise OrganisationNumberError(number[:LONGEST_NUMBER])
    return number


def _address(typed: str) -> str:
    address = checked(typed, LONGEST_LINE)
    if "@" not in address or len(address.split()) > 1:
        raise AddressWrongError("Write a mail address that reaches you.", email=address[:80])
    return address


def _may_be_mailed(act: Act, address: str) -> bool:
    """Whether another link may go there. Who asks is not told: that somebody asked before with the
    same address is nobody else's matter."""
    known = applications.applications_of(act.session.work.connection, act.id)
    if len(known) >= MOST_APPLICATIONS:
        raise CompetitionClosedError(
            "No more can ask for access here. Write to the buyer.", most=MOST_APPLICATIONS
        )
    return sum(each.email.lower() == address.lower() for each in known) < MOST_OF_ONE
