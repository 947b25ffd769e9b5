"""What the platform offers to a model: roles, checks, time limits and operations by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.procurement.ruledata import Kind, known_rules
from engine.procurement.rules import RULES

ROLES: Final = frozenset(
    {
        "procurement-lead",
        "need-owner",
        "budget-owner",
        "legal",
        "subject-expert",
        "evaluator",
        "quality-assurer",
        "receiving-officer",
        "employee",
        "union-representative",
        "safety-representative",
        "citizen",
        "facilitator",
        "records-officer",
        "data-protection-officer",
        "auditor",
    }
)
GROUPS: Final = frozenset(
    {"employee", "union-representative", "safety-representative", "citizen", "facilitator"}
)
DECISIONS: Final = frozenset(f"D{number}" for number in range(1, 16))
FUNCTIONS: Final = frozenset({"time_limit"})


@dataclass(frozen=True, slots=True)
class OperationShape:
    """Inputs an operation must have and may have; `one_of` are those of which one is enough."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    one_of: frozenset[str] = frozenset()


def _shape(required: str = "", optional: str = "", one_of: str = "") -> OperationShape:
    return OperationShape(
        frozenset(required.split()), frozenset(optional.split()), frozenset(one_of.split())
    )


OPERATIONS: Final[Mapping[str, OperationShape]] = {
    "assign": _shape(),
    "register-suppliers": _shape("suppliers"),
    "set-supplier-status": _shape("status", "reason", one_of="supplier suppliers"),
    "lift-seal": _shape("role form"),
    "pin-rules": _shape("at"),
    "freeze-documents": _shape(optional="form"),
    "correct-documents": _shape(),
    "release-answer": _shape("question"),
    "change-supplier-list": _shape(),
    "send-to-suppliers": _shape("suppliers subject letter", "kind limit"),
    "record-notice": _shape("subtype form"),
    "rank": _shape("suppliers scores"),
    "announce-cancellation": _shape(),
    "close": _shape("outcome"),
}
"""docs/modelling.md, «Service task»."""


@dataclass(frozen=True, slots=True)
class Known:
    """`checks` are rule ids a gate can name, `time_limits` those of `time_limit` and due dates."""

    checks: frozenset[str]
    time_limits: frozenset[str]
    roles: frozenset[str] = ROLES
    groups: frozenset[str] = GROUPS
    decisions: frozenset[str] = DECISIONS
    functions: frozenset[str] = FUNCTIONS
    operations: Mapping[str, OperationShape] = field(default_factory=lambda: OPERATIONS)


def platform() -> Known:
    """What this platform offers."""
    return Known(checks=frozenset(RULES), time_limits=frozenset(known_rules(Kind.TIME_LIMIT)))
