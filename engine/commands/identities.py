"""Letting in whom a provider vouches for: who it is here, and which roles the claims give."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from engine.access.policy import Action
from engine.access.rules import Target
from engine.commands.environment import Answer, Session
from engine.errors import InvalidInputError, NotFoundError, PersonUnknownError, SignInRefusedError
from engine.model.actor import Grant
from engine.model.events import Event, IdentityLinked, PersonAdded, RoleGranted, RoleRevoked
from engine.model.records import PersonRecord
from engine.store import identities, people


@dataclass(frozen=True, slots=True)
class AdmitPerson:
    """`subject` is the keyed hash of who it is at the provider, `roles` what the claims give.

    `known_as` is the user name under which the person may be listed here already, "" to take
    nobody for somebody listed; `join` the organisation that somebody new is put in, "" to let in
    nobody new.
    """

    provider: str
    subject: str
    name: str
    email: str
    known_as: str = ""
    join: str = ""
    roles: tuple[Grant, ...] = ()


def admit_person(command: AdmitPerson, session: Session) -> Answer:
    """Find, link or add the person, and bring the roles from this provider up to date.

    Raises PersonUnknownError for somebody who is not listed and may not be added, and
    SignInRefusedError for somebody who is listed and may not come in.
    """
    session.require(Action.ADMIT, Target(""), kind="provider", key=command.provider)
    acting = _Admission(session, command)
    person = acting.recognised() or acting.linked() or acting.added()
    if not person.active:
        raise SignInRefusedError(f"{person.name} has been deactivated here.", name=person.name)
    acting.align_roles(person.id)
    return {"person": person.id}


@dataclass(frozen=True, slots=True)
class _Admission:
    """One person at the door."""

    session: Session
    command: AdmitPerson

    def recognised(self) -> PersonRecord | None:
        """The person who came by this identity before."""
        connection = self.session.work.connection
        key = identities.find_person(connection, self.command.provider, self.command.subject)
        return None if key is None else people.find_person(connection, key)

    def linked(self) -> PersonRecord | None:
        """The person who is listed under the user name, who from now on has this identity."""
        if not self.command.known_as:
            return None
        connection = self.session.work.connection
        found = people.find_username(connection, self.command.known_as)
        if found is None:
            return None
        link(self.session, found, self.command.provider, self.command.subject)
        return found

    def added(self) -> PersonRecord:
        """Somebody new in the organisation that takes people from this provider."""
        command = self.command
        if not command.join:
            raise PersonUnknownError(
                f"Nobody here has this identity at {command.provider}. Ask your administrator to"
                f" link it; the reference is {command.subject}.",
                provider=command.provider,
                reference=command.subject,
            )
        name = self._free_username()
        person = PersonRecord(
            uuid4().hex, command.join, command.name or name, name, command.email, True
        )
        event = PersonAdded(
            person.id, person.organisation, person.name, person.username, person.email
        )
        self._record(command.join, [event])
        link(self.session, person, command.provider, command.subject)
        return person

    def _free_username(self) -> str:
        command, connection = self.command, self.session.work.connection
        own = f"{command.provider}:{command.subject[:16]}"
        wished = (command.known_as, command.email)
        return next(
            (each for each in wished if each and not people.find_username(connection, each)), own
        )

    def align_roles(self, person: str) -> None:
        """Grant what the claims give now and take back what they gave before and no longer do."""
        command = self.command
        held = identities.roles_from(self.session.work.connection, person, command.provider)
        claimed = frozenset(command.roles)
        for organisation in sorted({grant.organisation for grant in held ^ claimed}):
            granted: Iterable[Event] = (
                RoleGranted(person, organisation, grant.role, command.provider)
                for grant in sorted(claimed - held, key=_by_role)
                if grant.organisation == organisation
            )
            revoked: Iterable[Event] = (
                RoleRevoked(person, organisation, grant.role, command.provider)
                for grant in sorted(held - claimed, key=_by_role)
                if grant.organisation == organisation
            )
            self._record(organisation, [*granted, *revoked])

    def _record(self, organisation: str, facts: Iterable[Event]) -> None:
        _record(self.session, Action.ADMIT, Target(""), organisation, facts)


@dataclass(frozen=True, slots=True)
class LinkIdentity:
    """An administrator says who somebody is at a provider, by the reference that a refused
    sign-in showed."""

    username: str
    provider: str
    subject: str


def link_identity(command: LinkIdentity, session: Session) -> Answer:
    """Raises NotFoundError, or SignInRefusedError when either is linked already."""
    person = people.find_username(session.work.connection, command.username)
    target = Target(person.organisation if person else "")
    session.require(Action.ADMINISTER, target, kind="person", key=command.username)
    if person is None:
        raise NotFoundError("person", command.username)
    if len(command.subject) != _SUBJECT_LENGTH:
        raise InvalidInputError(
            f"'{command.subject}' is no reference. Copy the {_SUBJECT_LENGTH} characters that the"
            " refused sign-in shows.",
            subject=command.subject[:80],
            about="no-reference",
            subject_length=_SUBJECT_LENGTH,
        )
    link(session, person, command.provider, command.subject)
    return {"person": person.id}


_SUBJECT_LENGTH = 64


def link(session: Session, person: PersonRecord, provider: str, subject: str) -> None:
    """Record that the person has this identity; nobody has two at one provider, and none has
    two persons."""
    connection = session.work.connection
    other = identities.find_person(connection, provider, subject)
    if identities.is_linked(connection, provider, person.id) or other is not None:
        raise SignInRefusedError(
            f"{person.name} has another identity at {provider} already, or this identity is"
            " somebody else's. Ask your administrator.",
            name=person.name,
            provider=provider,
        )
    event = IdentityLinked(person.id, person.organisation, provider, subject)
    action = Action.ADMIT if session.actor.is_system else Action.ADMINISTER
    _record(session, action, Target(person.organisation), person.organisation, [event])


def _record(
    session: Session, action: Action, target: Target, organisation: str, facts: Iterable[Event]
) -> None:
    """Put facts on the organisation's record; raises NotFoundError when there is none such."""
    session.work.lock_organisation(organisation)
    grounds = session.require(action, target, kind="organisation", key=organisation)
    for fact in facts:
        session.work.record(organisation, fact, session.context(grounds))


def _by_role(grant: Grant) -> str:
    return grant.role
