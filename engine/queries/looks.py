"""Who has seen what is confidential in a procurement: for its lead, auditors and the DPO."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from engine.access.policy import Action
from engine.errors import NotFoundError
from engine.model.sealing import sealed_role, supplier_key
from engine.queries.view import Seen, View, names_of, see_procurement
from engine.store import looks, participants
from engine.store.firms import supplier_names
from engine.store.looks import LookRecord

PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class LookView:
    """`what` is the address that was read; `supplier` whose matter it was, "" for what is sealed
    for the role `sealed_for`, and for what speaks of all tenders."""

    by: str
    what: str
    supplier: str
    sealed_for: str
    rule: str
    via: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LooksPage:
    """The newest first; `older` is the moment of the last one where there are more, else None."""

    procurement: str
    reference: str
    title: str
    looks: tuple[LookView, ...]
    older: datetime | None


def looks_page(view: View, key: str, until: datetime | None = None) -> LooksPage:
    """Raises NotFoundError for those who may not know of it, or not who looked."""
    seen = see_procurement(view, key)
    if not seen.may(Action.READ_LOOKS, seen.target()):
        raise NotFoundError("procurement", key)
    found = looks.looks_of(view.connection, key, until or view.now)
    shown = found[:PAGE]
    return LooksPage(
        procurement=key,
        reference=seen.row.reference,
        title=seen.row.title,
        looks=look_views(seen, shown),
        older=found[PAGE].at if len(found) > PAGE else None,
    )


def look_views(seen: Seen, found: Collection[LookRecord]) -> tuple[LookView, ...]:
    """Looks as people read them."""
    connection = seen.view.connection
    names = {
        **_outsiders(connection, seen.row.id),
        **names_of(seen.view, {e.person for e in found}),
    }
    suppliers = supplier_names(connection, seen.row.id)
    return tuple(
        LookView(
            by=names.get(each.person, each.person),
            what=each.what,
            supplier=suppliers.get(each.scope, supplier_key(each.scope)),
            sealed_for=sealed_role(each.scope),
            rule=each.rule,
            via=each.via,
            at=each.at,
        )
        for each in found
    )


def _outsiders(connection: sa.Connection, procurement: str) -> Mapping[str, str]:
    return {each.id: each.name for each in participants.participants_of(connection, procurement)}
