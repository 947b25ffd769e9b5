"""What suppliers hand in, from receipt to opening: kinds, channels, and where each stands."""

from enum import StrEnum
from typing import Final

from engine.model.sealing import sealed_scope

KINDS: Final = ("request", "tender", "final-tender", "project", "solution")
PROJECT: Final = "project"
PORTAL: Final = "portal"
CHANNELS: Final = (PORTAL, "paper", "e-mail", "other")
RECEIVER: Final = "receiving-officer"
SEALED: Final = sealed_scope(RECEIVER)
"""The confidentiality key of what is known of a delivery before it is opened."""
MOST_FILES: Final = 20


class DeliveryState(StrEnum):
    """Where a delivery stands. What is late, replaced or withdrawn stays sealed and listed."""

    RECEIVED = "received"
    LATE = "late"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    OPENED = "opened"
