"""What the two sides of a competition are called."""

from typing import Final

import sqlalchemy as sa

from engine.queries.view import Seen, View
from engine.store.schema import organisation, supplier

_BUYER: Final = sa.select(organisation.c.name).where(organisation.c.id == sa.bindparam("key"))
_SUPPLIER: Final = sa.select(supplier.c.name).where(
    supplier.c.procurement == sa.bindparam("procurement"), supplier.c.key == sa.bindparam("key")
)


def buyer_of(seen: Seen) -> str:
    """The name of the organisation whose procurement it is."""
    return str(seen.view.connection.scalar(_BUYER, {"key": seen.row.organisation}))


def supplier_name(view: View, procurement: str, key: str) -> str:
    """The supplier's name; its key where it has not been registered."""
    found = view.connection.scalar(_SUPPLIER, {"procurement": procurement, "key": key})
    return str(found or key)
