"""Organisations, their people, and the roles people hold in a whole organisation."""

from dataclasses import dataclass
from uuid import uuid4

from engine.access.policy import Action
from engine.access.rules import Target
from engine.commands.environment import Answer, Session
from engine.errors import InvalidInputError
from engine.model.events import OrganisationAdded, PersonAdded, RoleGranted, RoleRevoked
from engine.store import people


@dataclass(frozen=True, slots=True)
class AddOrganisation:
    """`kind` is county, municipality or body; `parent` the county's id or ""."""

    id: str
    name: str
    kind: str
    number: str
    parent: str = ""


def add_organisation(command: AddOrganisation, session: Session) -> Answer:
    target = Target(command.parent or command.id)
    grounds = session.require(Action.ADMINISTER, target, kind="organisation", key=command.id)
    if people.find_organisation(session.work.connection, command.id) is not None:
        raise InvalidInputError(
            f"The organisation {command.id} is there already. Choose another id.", id=command.id
        )
    session.work.open_new_organisation(command.id)
    event = OrganisationAdded(
        command.id, command.name, command.kind, command.number, command.parent
    )
    session.work.record(command.id, event, session.context(grounds))
    return {"organisation": command.id}


@dataclass(frozen=True, slots=True)
class AddPerson:
    organisation: str
    name: str
    username: str
    email: str
    id: str = ""


def add_person(command: AddPerson, session: Session) -> Answer:
    grounds = session.require(
        Action.ADMINISTER,
        Target(command.organisation),
        kind="organisation",
        key=command.organisation,
    )
    session.work.lock_organisation(command.organisation)
    if people.find_username(session.work.connection, command.username) is not None:
        raise InvalidInputError(
            f"The user name {command.username} is taken. Choose another.",
            username=command.username,
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
    grounds = session.require(
        Action.ADMINISTER,
        Target(command.organisation),
        kind="organisation",
        key=command.organisation,
    )
    session.work.lock_organisation(command.organisation)
    if _holds(session, command):
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
    grounds = session.require(
        Action.ADMINISTER,
        Target(command.organisation),
        kind="organisation",
        key=command.organisation,
    )
    session.work.lock_organisation(command.organisation)
    if not _holds(session, command):
        return {}
    event = RoleRevoked(command.person, command.organisation, command.role)
    session.work.record(command.organisation, event, session.context(grounds))
    return {}


def _holds(session: Session, command: GrantRole | RevokeRole) -> bool:
    """Whether the person holds the role there already; raises NotFoundError."""
    person = people.load_actor(session.work.connection, command.person)
    return person.holds(command.role, command.organisation)
