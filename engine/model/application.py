"""Firms that ask for access to an announced competition without having been invited."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

APPLY: Final = "apply-"
"""What the confidentiality keys of those begin with who asked on the open page: they are known by
their own word alone, and get nothing that is kept for a supplier by its organisation number."""


@dataclass(frozen=True, slots=True)
class ApplicationRecord:
    """One firm that asked for access; `participant` speaks for it under the key `scope`. Nobody of
    the buyer's sees who it is before it is registered as a supplier."""

    id: str
    procurement: str
    scope: str
    participant: str
    organisation: str
    number: str
    contact: str
    email: str
    at: datetime


def has_applied(scope: str) -> bool:
    """Whether the key is that of a firm that asked for access by itself."""
    return scope.startswith(APPLY)
