"""What the records of receipt and opening say in the forms F-16 and F-17: nobody types it.

Where a procurement takes in what suppliers hand in here, these fields are the records' own; where
another tool does, people fill them in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from engine.model.delivery import PROJECT, DeliveryState
from engine.model.records import DeliveryRecord, IntakeRecord, OpeningRecord

RECEIPTS: Final = "receipts"
OPENING_RECORD: Final = "opening-record"
PROJECT_RECEIPTS: Final = "project-receipts"
REGISTERING: Final = frozenset({RECEIPTS, PROJECT_RECEIPTS})
"""Forms that close receipt when they are handed in."""
FILLED: Final = frozenset({*REGISTERING, OPENING_RECORD})


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is on record of one intake; `names` are those of suppliers by key."""

    intake: IntakeRecord
    deliveries: tuple[DeliveryRecord, ...]
    openings: tuple[OpeningRecord, ...]
    names: Mapping[str, str]

    @property
    def opening(self) -> OpeningRecord | None:
        """The newest that has taken place."""
        held = [each for each in self.openings if each.at is not None]
        return held[-1] if held else None


def kind_of(form: str, variables: Mapping[str, Any]) -> str:
    """Of which kind a form speaks, where it is handed in."""
    return PROJECT if form == PROJECT_RECEIPTS else str(variables.get("kind") or "")


def newest(intakes: Iterable[IntakeRecord], kind: str) -> IntakeRecord | None:
    """The intake that a form of this kind speaks of."""
    found = [each for each in intakes if each.kind == kind]
    return found[-1] if found else None


def filled(form: str, receipt: Receipt) -> dict[str, Any]:
    """The fields that the records fill in; none where they have nothing to say."""
    if form == OPENING_RECORD:
        return _opening_record(receipt)
    counting = _counting(receipt.deliveries)
    if form == PROJECT_RECEIPTS:
        by_code = sorted(counting, key=lambda each: each.code)  # not in the order of arrival
        rows = [{"code": each.code, **_when(each)} for each in by_code]
        return {"projects": rows, "codes_drawn": True}
    return {
        "kind": receipt.intake.kind,
        "submissions": [{**_who(each, receipt.names), **_when(each)} for each in counting],
        "sealed_until": spelled(receipt.intake.deadline),
    }


def _counting(deliveries: Iterable[DeliveryRecord]) -> list[DeliveryRecord]:
    """One of each supplier: what came in time, else what came late. A late one beside one that
    came in time is no submission of its own."""
    found: dict[str, DeliveryRecord] = {}
    for each in deliveries:
        if each.withdrawn_at is not None or each.replaced_by:
            continue
        key = each.owner or each.supplier
        if key not in found or found[key].late:
            found[key] = each
    return list(found.values())


def _who(found: DeliveryRecord, names: Mapping[str, str]) -> dict[str, str]:
    return {"id": found.supplier, "name": names.get(found.supplier, found.supplier)}


def _when(found: DeliveryRecord) -> dict[str, str]:
    return {"received_at": spelled(found.at), "hash": found.digest}


def spelled(moment: datetime) -> str:
    """With its microseconds, where it has any: one of them may be what makes it late."""
    return moment.isoformat().replace("+00:00", "Z")


def _opening_record(receipt: Receipt) -> dict[str, Any]:
    opening = receipt.opening
    if opening is None or opening.at is None:
        return {}
    return {
        "opened_at": spelled(opening.at),
        "opened_by": [{"person": each} for each in (opening.first, opening.second)],
        "submissions": [
            {**_who(each, receipt.names), "complete": True}
            for each in receipt.deliveries
            if each.state is DeliveryState.OPENED
        ],
    }
