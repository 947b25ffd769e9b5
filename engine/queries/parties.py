"""What the two sides of a competition are called."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa

from engine.queries.view import Seen, View
from engine.store import people
from engine.store.schema import market_signup, organisation, supplier

_SUPPLIER: Final = sa.select(supplier.c.name).where(
    supplier.c.procurement == sa.bindparam("procurement"), supplier.c.key == sa.bindparam("key")
)


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


_SIGNED_UP: Final = sa.select(market_signup.c.organisation).where(
    market_signup.c.procurement == sa.bindparam("procurement"),
    market_signup.c.scope == sa.bindparam("key"),
)


def buyer_of(seen: Seen) -> str:
    """The same in one line."""
    return ", ".join(buyers_of(seen))


def supplier_name(view: View, procurement: str, key: str) -> str:
    """The supplier's name, as registered or as it signed up to the market dialogue; its key where
    it did neither."""
    values = {"procurement": procurement, "key": key}
    found = view.connection.scalar(_SUPPLIER, values) or view.connection.scalar(_SIGNED_UP, values)
    return str(found or key)
