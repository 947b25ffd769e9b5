"""The places that one person from outside has in procurements, each shown by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.access.policy import Action
from engine.model.records import ParticipantRecord
from engine.queries.parties import buyer_of, supplier_name
from engine.queries.view import View, find_procurement
from engine.store import participants


@dataclass(frozen=True, slots=True)
class Place:
    """`who` is the supplier or group one takes part as, "" for the role alone; `here` tells that
    the reader is in it now."""

    id: str
    reference: str
    title: str
    organisation: str
    status: str
    role: str
    who: str
    here: bool


def places_page(view: View, records: Sequence[ParticipantRecord]) -> tuple[Place, ...]:
    """Those of `records` that may still be entered, in their order; each is read as the one whose
    place it is."""
    found = []
    for record in records:
        actor = participants.load_participant(view.connection, record.id)
        own = replace(view, actor=actor)
        seen = find_procurement(own, record.procurement)
        target = replace(seen.target(record.scope), procurement=record.procurement)
        if seen.may(Action.PARTICIPATE, target):
            supplier = supplier_name(own, record.procurement, record.scope) if record.scope else ""
            found.append(
                Place(
                    id=record.id,
                    reference=seen.row.reference,
                    title=seen.row.title,
                    organisation=buyer_of(seen),
                    status=seen.row.status,
                    role=record.role,
                    who=supplier or record.group,
                    here=record.id == view.actor.id,
                )
            )
    return tuple(found)
