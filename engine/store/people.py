"""Organisations, persons, their roles, and the teams of procurements."""

from datetime import date

import sqlalchemy as sa

from engine.errors import NotFoundError
from engine.model.actor import Actor, Grant, Membership
from engine.model.records import OrganisationRecord, PersonRecord
from engine.store.rows import fetch_all, fetch_one
from engine.store.schema import member, organisation, person, procurement_party, role_grant


def find_organisation(connection: sa.Connection, key: str) -> OrganisationRecord | None:
    return fetch_one(connection, organisation, OrganisationRecord, organisation.c.id == key)


def find_person(connection: sa.Connection, key: str) -> PersonRecord | None:
    return fetch_one(connection, person, PersonRecord, person.c.id == key)


def find_username(connection: sa.Connection, username: str) -> PersonRecord | None:
    return fetch_one(connection, person, PersonRecord, person.c.username == username)


def persons(connection: sa.Connection, ids: list[str]) -> dict[str, PersonRecord]:
    """The persons with these ids, by id."""
    found = fetch_all(connection, person, PersonRecord, person.c.id.in_(ids))
    return {record.id: record for record in found}


def load_actor(connection: sa.Connection, key: str) -> Actor:
    """The person as one who acts, with the roles held in organisations; raises NotFoundError."""
    found = find_person(connection, key)
    if found is None or not found.active:
        raise NotFoundError("person", key)
    query = sa.select(role_grant.c.organisation, role_grant.c.role).where(
        role_grant.c.person == key
    )
    grants = frozenset(Grant(*row) for row in connection.execute(query))
    return Actor(found.id, found.name, found.organisation, grants)


def parties(connection: sa.Connection, procurement: str) -> frozenset[str]:
    """Organisations that take part in the procurement besides its owner."""
    query = sa.select(procurement_party.c.organisation).where(
        procurement_party.c.procurement == procurement
    )
    return frozenset(connection.scalars(query))


def team(connection: sa.Connection, procurement: str) -> tuple[Membership, ...]:
    """The seats of the procurement's team that have not been removed."""
    query = sa.select(
        member.c.id,
        member.c.person,
        member.c.role,
        member.c.deputy_for,
        member.c.scope,
        member.c.valid_from,
        member.c.valid_to,
    ).where(member.c.procurement == procurement, member.c.removed.is_(False))
    return tuple(
        Membership(row[0], row[1], row[2], row[3], row[4], _day(row[5]), _day(row[6]))
        for row in connection.execute(query.order_by(member.c.role, member.c.id))
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
