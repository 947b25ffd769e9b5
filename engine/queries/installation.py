"""Every procurement of the installation, for the operator at the command line."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from engine.store.rows import Selection
from engine.store.schema import procurement


@dataclass(frozen=True, slots=True)
class InstalledProcurement:
    """One procurement in a line; `phase` is the id of the phase it stands in."""

    reference: str
    title: str
    organisation: str
    procedure: str
    phase: str
    status: str
    outcome: str
    created_at: datetime

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "created_at": self.created_at.isoformat()}


_EVERY: Final = Selection(procurement, InstalledProcurement, order=(procurement.c.reference,))


def every_procurement(connection: sa.Connection) -> list[InstalledProcurement]:
    """By reference. No rights are asked: whoever runs the command has the database itself."""
    return _EVERY.all(connection)
