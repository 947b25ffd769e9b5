"""Organisations, their people, and the roles people hold in a whole organisation."""

from dataclasses import dataclass
from uuid import uuid4

from engine.access.policy import Action
from engine.access.rules import Grounds, Target
from engine.commands.environment import Answer, Session
from engine.errors import InvalidInputError, RejectedError
from engine.model.actor import Grant
from engine.model.events import (
    LetterLanguageSet,
    OrganisationAdded,
    PersonAdded,
    RoleGranted,
    RoleRevoked,
)
from engine.procurement.text import checked_language
from engine.store import identities, people


@dataclass(frozen=True, slots=True)
class AddOrganisation:
    """`kind` is county, municipality or body; `parent` the county's id or ""; `language` that of
    its letters, nb, nn or en."""

    id: str
    name: str
    kind: str
    number: str
    parent: str = ""
    language: str = "nb"


def add_organisation(command: AddOrganisation, session: Session) -> Answer:
    target = Target(command.parent or command.id)
    grounds = session.require(Action.ADMINISTER, target, kind="organisation", key=command.id)
    if people.find_organisation(session.work.connection, command.id) is not None:
        raise InvalidInputError(
            f"The organisation {command.id} is there already. Choose another id.",
            id=command.id,
            about="organisation-there",
        )
    session.work.open_new_organisation(command.id)
    event = OrganisationAdded(
        command.id,
        command.name,
        command.kind,
        command.number,
        command.parent,
        checked_language(command.language),
    )
    session.work.record(command.id, event, session.context(grounds))
    return {"organisation": command.id}


def _administer(session: Session, organisation: str) -> Grounds:
    """Open the organisation's chain for who administers it; raises ForbiddenError or
    NotFoundError."""
    grounds = session.require(
        Action.ADMINISTER, Target(organisation), kind="organisation", key=organisation
    )
    session.work.lock_organisation(organisation)
    return grounds


@dataclass(frozen=True, slots=True)
class SetLetterLanguage:
    """The organisation writes its letters to suppliers in `language` (nb, nn or en) from now on;
    what has been sent stays as it was."""

    organisation: str
    language: str


def set_letter_language(command: SetLetterLanguage, session: Session) -> Answer:
    language = checked_language(command.language)
    grounds = _administer(session, command.organisation)
    event = LetterLanguageSet(command.organisation, language)
    session.work.record(command.organisation, event, session.context(grounds))
    return {"organisation": command.organisation, "language": language}


@dataclass(frozen=True, slots=True)
class AddPerson:
    organisation: str
    name: str
    username: str
    email: str
    id: str = ""


def add_person(command: AddPerson, session: Session) -> Answer:
    grounds = _administer(session, command.organisation)
    if people.find_username(session.work.connection, command.username) is not None:
        raise InvalidInputError(
            f"The user name {command.username} is taken. Choose another.",
            username=command.username,
            about="username-taken",
        )
    key = command.id or uuid4().hex
    event = PersonAdded(key, command.organisation, command.name, command.username, command.email)
    session.work.record(command.organisation, event, session.context(grounds))
    return {"person": key}


@dataclass(frozen=True, slots=True)
class GrantRole:
    person: str
    organisation: str
    role: str


def grant_role(command: GrantRole, session: Session) -> Answer:
    grounds = _administer(session, command.organisation)
    if "" in _sources(session, command):
        return {}
    event = RoleGranted(command.person, command.organisation, command.role)
    session.work.record(command.organisation, event, session.context(grounds))
    return {}


@dataclass(frozen=True, slots=True)
class RevokeRole:
    person: str
    organisation: str
    role: str


def revoke_role(command: RevokeRole, session: Session) -> Answer:
    grounds = _administer(session, command.organisation)
    sources = _sources(session, command)
    if "" not in sources:
        _refuse_foreign(command, sources)
        return {}
    event = RoleRevoked(command.person, command.organisation, command.role)
    session.work.record(command.organisation, event, session.context(grounds))
    return {}


def _refuse_foreign(command: RevokeRole, sources: frozenset[str]) -> None:
    """What claims give would come back with the next sign-in."""
    if sources:
        raise RejectedError(
            f"The role {command.role} comes from {', '.join(sorted(sources))}. Take it away there;"
            " the next sign-in then takes it away here.",
            role=command.role,
            sources=sorted(sources),
            about="role-from-provider",
            choices=", ".join(sorted(sources)),
        )


def _sources(session: Session, command: GrantRole | RevokeRole) -> frozenset[str]:
    """Where the person has the role from, "" standing for administrators; raises NotFoundError."""
    connection = session.work.connection
    person = people.load_actor(connection, command.person)
    grant = Grant(command.organisation, command.role)
    return identities.sources_of(connection, person.id, grant)
