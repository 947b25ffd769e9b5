"""Who is who at the providers that vouch for people, and the roles their claims gave."""

from typing import Final

import sqlalchemy as sa

from engine.model.actor import Grant
from engine.store.schema import identity, role_grant

_PERSON: Final = sa.select(identity.c.person).where(
    identity.c.provider == sa.bindparam("provider"), identity.c.subject == sa.bindparam("subject")
)
_SUBJECT: Final = sa.select(identity.c.subject).where(
    identity.c.provider == sa.bindparam("provider"), identity.c.person == sa.bindparam("person")
)
_ROLES: Final = sa.select(role_grant.c.organisation, role_grant.c.role).where(
    role_grant.c.person == sa.bindparam("person"), role_grant.c.source == sa.bindparam("source")
)
_SOURCES: Final = sa.select(role_grant.c.source).where(
    role_grant.c.person == sa.bindparam("person"),
    role_grant.c.organisation == sa.bindparam("organisation"),
    role_grant.c.role == sa.bindparam("role"),
)


def find_person(connection: sa.Connection, provider: str, subject: str) -> str | None:
    """The person whom the provider calls `subject`."""
    found = connection.scalar(_PERSON, {"provider": provider, "subject": subject})
    return None if found is None else str(found)


def is_linked(connection: sa.Connection, provider: str, person: str) -> bool:
    """Whether the person has an identity at the provider."""
    return connection.scalar(_SUBJECT, {"provider": provider, "person": person}) is not None


def roles_from(connection: sa.Connection, person: str, source: str) -> frozenset[Grant]:
    """The roles that the person has from this source: a provider, or "" for administrators."""
    rows = connection.execute(_ROLES, {"person": person, "source": source})
    return frozenset(Grant(*row) for row in rows)


def sources_of(connection: sa.Connection, person: str, grant: Grant) -> frozenset[str]:
    """Where the person has the role from; nothing where it is not held."""
    values = {"person": person, "organisation": grant.organisation, "role": grant.role}
    return frozenset(connection.scalars(_SOURCES, values))
