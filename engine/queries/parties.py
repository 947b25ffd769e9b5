"""What the two sides of a competition are called."""

from collections.abc import Collection

import sqlalchemy as sa

from engine.queries.view import Seen, View
from engine.store import applications, people
from engine.store.firms import Firm, supplier_names
from engine.store.schema import organisation


def organisation_names(view: View, keys: Collection[str]) -> dict[str, str]:
    """The names of organisations by id."""
    query = sa.select(organisation.c.id, organisation.c.name).where(
        organisation.c.id.in_(sorted(keys))
    )
    return {row.id: row.name for row in view.connection.execute(query)}


def buyers_of(seen: Seen) -> tuple[str, ...]:
    """The names of the organisations that buy together, the one that leads first."""
    lead = seen.row.organisation
    others = people.parties(seen.view.connection, seen.row.id)
    names = organisation_names(seen.view, {lead, *others})
    return (names.pop(lead, lead), *sorted(names.values()))


def buyer_of(seen: Seen) -> str:
    """The same in one line."""
    return ", ".join(buyers_of(seen))


def supplier_name(view: View, procurement: str, key: str) -> str:
    """The supplier's name; its key where it has none here. One that asked for access reads its own
    name before anybody else does."""
    known = supplier_names(view.connection, procurement).get(key)
    place = view.actor.participation
    if known or place is None or place.scope != key:
        return known or key
    own = applications.application_of(view.connection, procurement, key)
    return Firm(own.organisation, own.number).label if own else key
