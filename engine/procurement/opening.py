"""What may be opened of what was handed in, and how long one person waits for the other."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from engine.model.delivery import DeliveryState
from engine.model.records import DecisionRecord, DeliveryRecord

WAITS: Final = timedelta(minutes=30)
"""How long the first person waits for the second."""
_IRREGULAR: Final = "D9"


def openable(
    deliveries: Iterable[DeliveryRecord], decisions: Iterable[DecisionRecord]
) -> list[DeliveryRecord]:
    """What may be opened now: what came in time and counts, and what is late and was accepted."""
    made = list(decisions)
    return [
        each
        for each in deliveries
        if each.state is DeliveryState.RECEIVED
        or (each.state is DeliveryState.LATE and _accepted(each, made))
    ]


def _accepted(found: DeliveryRecord, decisions: list[DecisionRecord]) -> bool:
    """Whether the newest decision on its irregularity, made after it came, lets it in."""
    made = [
        each
        for each in decisions
        if each.decision == _IRREGULAR
        and each.scope in {found.supplier, found.code} - {""}
        and each.at > found.at
    ]
    return bool(made) and made[-1].opens
