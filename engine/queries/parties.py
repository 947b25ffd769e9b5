"""What the two sides of a competition are called."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa

from engine.procurement.reading import entries, said
from engine.queries.view import Seen, View
from engine.store import market, people, records
from engine.store.schema import organisation

CONSULTATION: Final = "consultation-meetings"
"""The form that says whom the market consultation meets."""


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
    """The supplier's name; its key where it has none here."""
    return supplier_names(view.connection, procurement).get(key, key)


def supplier_names(connection: sa.Connection, procurement: str) -> dict[str, str]:
    """What suppliers are called, by key: as registered, else as they signed up to the market
    dialogue, else as the market consultation agreed to meet them."""
    agreed = records.submissions_of(connection, procurement, CONSULTATION)
    met = {
        said(row, "id"): said(row, "name")
        for each in agreed
        for row in entries(each.content, "meetings")
    }
    signed_up = {
        each.scope: each.organisation for each in market.signups_of(connection, procurement)
    }
    registered = {each.key: each.name for each in records.suppliers(connection, procurement)}
    return {key: name for key, name in {**met, **signed_up, **registered}.items() if name}
