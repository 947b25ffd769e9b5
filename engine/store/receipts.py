"""What is on record of receipt for a form that speaks of it."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.model.records import DeliveryRecord
from engine.procurement.receipt_forms import FILLED, Receipt, kind_of, newest
from engine.store import deliveries
from engine.store.firms import supplier_names
from engine.vault.keys import KeyMissingError, Vaults


def receipt_for(
    connection: sa.Connection,
    vaults: Vaults,
    procurement: str,
    form: str,
    variables: Mapping[str, Any],
) -> Receipt | None:
    """None where the form is another, or receipt of its kind has not been opened here."""
    if form not in FILLED:
        return None
    intake = newest(deliveries.intakes_of(connection, procurement), kind_of(form, variables))
    if intake is None:
        return None
    found = deliveries.deliveries_of(connection, procurement, intake.id)
    openings = deliveries.openings_of(connection, procurement)
    return Receipt(
        intake,
        tuple(found),
        tuple(each for each in openings if each.intake == intake.id),
        _names(connection, vaults, procurement, found),
    )


def plain_cover(connection: sa.Connection, vaults: Vaults, found: DeliveryRecord) -> dict[str, Any]:
    """The cover where names are not kept away; empty when its key is missing: what can be listed
    without it is listed all the same."""
    try:
        return deliveries.cover_of(connection, vaults, found)
    except KeyMissingError:
        return {}


def _names(
    connection: sa.Connection, vaults: Vaults, procurement: str, found: list[DeliveryRecord]
) -> dict[str, str]:
    """Of the suppliers that delivered, also of those known by what was registered alone."""
    names = supplier_names(connection, procurement)
    for each in found:
        if each.supplier and each.supplier not in names:
            names[each.supplier] = plain_cover(connection, vaults, each).get("name", each.supplier)
    return names
