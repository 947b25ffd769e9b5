"""What is sealed: matter that one role keeps from everybody else, such as who is behind a code.

A seal is a confidentiality key like that of a supplier, and stands in the same places. It never
opens: what becomes known is published anew (operation `lift-seal`).
"""

from typing import Final

SEAL: Final = "sealed:"


def sealed_scope(role: str) -> str:
    """The confidentiality key of what is sealed for the role."""
    return f"{SEAL}{role}"


def sealed_role(scope: str) -> str:
    """The role the key is sealed for; "" when it is a supplier's key, or none."""
    return scope.removeprefix(SEAL) if scope.startswith(SEAL) else ""
