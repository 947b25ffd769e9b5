"""What suppliers hand in, from receipt to opening: kinds, channels, and where each stands."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

from engine.model.sealing import sealed_scope

KINDS: Final = ("request", "tender", "final-tender", "project", "solution")
PROJECT: Final = "project"
PORTAL: Final = "portal"
CHANNELS: Final = (PORTAL, "paper", "e-mail", "other")
RECEIVER: Final = "receiving-officer"
SEALED: Final = sealed_scope(RECEIVER)
"""The confidentiality key of what is known of a delivery before it is opened."""
MOST_FILES: Final = 20
QUALITY: Final = "quality"
PRICE: Final = "price"
PARTS: Final = (QUALITY, PRICE)
"""The parts of what is handed in where those who judge quality must not know the price."""
WITH_PRICE: Final = frozenset({"tender", "final-tender"})
"""Kinds that say what it costs."""


def part_of(file: Sequence[Any]) -> str:
    """The part that a file of a delivery belongs to, "" where there are none."""
    return str(file[5]) if len(file) > _BEFORE_PARTS else ""


_BEFORE_PARTS: Final = 5
"""What a file of a delivery had before there were parts: id, media type, size, SHA-256, shown."""


class DeliveryState(StrEnum):
    """Where a delivery stands. What is late, replaced or withdrawn stays sealed and listed."""

    RECEIVED = "received"
    LATE = "late"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    OPENED = "opened"
