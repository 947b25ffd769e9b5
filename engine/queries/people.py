"""Persons and organisations."""

from dataclasses import dataclass

import sqlalchemy as sa

from engine.access.policy import Action, allowed
from engine.access.rules import Target
from engine.model.actor import Actor
from engine.queries.view import View
from engine.store import people
from engine.store.schema import member, organisation, person, role_grant


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person with the roles held in organisations and in procurements, each once."""

    id: str
    name: str
    username: str
    organisation: str
    organisation_name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    id: str
    name: str


def load_actor(connection: sa.Connection, key: str) -> Actor:
    """The person who acts; raises NotFoundError."""
    return people.load_actor(connection, key)


def all_persons(connection: sa.Connection) -> tuple[PersonCard, ...]:
    """Every active person, for the demonstration's sign-in."""
    return _persons(connection, person.c.active.is_(True))


def persons_of(view: View, organisations: frozenset[str]) -> tuple[PersonCard, ...]:
    """Active persons of these organisations, to seat in a team."""
    return _persons(
        view.connection, person.c.active.is_(True) & person.c.organisation.in_(organisations)
    )


def _persons(connection: sa.Connection, where: "sa.ColumnElement[bool]") -> tuple[PersonCard, ...]:
    query = (
        sa.select(
            person.c.id,
            person.c.name,
            person.c.username,
            person.c.organisation,
            organisation.c.name.label("organisation_name"),
        )
        .join(organisation, organisation.c.id == person.c.organisation)
        .where(where)
        .order_by(organisation.c.name, person.c.name)
    )
    roles = _roles(connection)
    return tuple(
        PersonCard(*row, roles=tuple(sorted(roles.get(row.id, ()))))
        for row in connection.execute(query)
    )


def _roles(connection: sa.Connection) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    grants = sa.select(role_grant.c.person, role_grant.c.role)
    seats = sa.select(member.c.person, member.c.role).where(member.c.removed.is_(False))
    for row in connection.execute(grants.union(seats)):
        found.setdefault(row.person, set()).add(row.role)
    return found


def organisations(connection: sa.Connection) -> tuple[OrganisationCard, ...]:
    query = sa.select(organisation.c.id, organisation.c.name).order_by(organisation.c.name)
    return tuple(OrganisationCard(*row) for row in connection.execute(query))


def starts_for(view: View) -> list[str]:
    """The organisations of the reader's that the policy lets the reader start a procurement for."""
    return [
        each
        for each in sorted(view.actor.homes)
        if allowed(Action.START, view.actor, Target(each), view.today)
    ]


def startable_organisations(view: View) -> tuple[OrganisationCard, ...]:
    """Where the reader may start a procurement."""
    leads = {grant.organisation for grant in view.actor.grants if grant.role == "procurement-lead"}
    return tuple(each for each in organisations(view.connection) if each.id in leads)
