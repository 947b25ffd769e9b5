"""Keys of confidentiality besides those of suppliers: seals, and what tenders say together.

A seal keeps matter of one role from everybody else, such as who is behind a code. It stands in the
same places as a supplier's key, and never opens: what becomes known is published anew (operation
`lift-seal`). What speaks of all tenders at once, such as scores, is for those who may see every one
of them, and belongs to no branch.
"""

from typing import Final

SEAL: Final = "sealed:"
TENDERS: Final = "tenders"


def sealed_scope(role: str) -> str:
    """The confidentiality key of what is sealed for the role."""
    return f"{SEAL}{role}"


def sealed_role(scope: str) -> str:
    """The role the key is sealed for; "" when it is a supplier's key, or none."""
    return scope.removeprefix(SEAL) if scope.startswith(SEAL) else ""


def branch_of(scope: str) -> str:
    """The branch in which matter of this confidentiality counts: "" where it counts in all."""
    return "" if scope == TENDERS else scope


def supplier_key(scope: str) -> str:
    """The key of the supplier the matter is confidential to, or ""."""
    return "" if scope == TENDERS or scope.startswith(SEAL) else scope
