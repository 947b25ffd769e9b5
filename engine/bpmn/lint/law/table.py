"""The rules of law as dated rows: what each demands, of which procedures, and on which ground."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any, Final, Literal

from engine.yaml_text import read_yaml

PROCEDURES: Final = (
    "open",
    "restricted",
    "negotiated",
    "competitive-dialogue",
    "innovation-partnership",
    "pre-commercial",
    "design-contest",
)
_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "all": PROCEDURES,
    "competitions": PROCEDURES[:5],
    "competitions and pre-commercial": PROCEDURES[:6],
    "in phases": ("innovation-partnership", "pre-commercial"),
    "partnership": ("innovation-partnership",),
    "pre-commercial": ("pre-commercial",),
    "design contests": ("design-contest",),
}


@dataclass(frozen=True, slots=True)
class LawRow:
    """One rule. `asked_of` names a group of procedures, `basis` says whether it follows from law
    or is good practice; `verified` is the day its citation was read against the text, None where
    nobody has. A row that no longer holds keeps its last day in `valid_to`, and a new one takes
    its place."""

    id: str
    severity: Literal["error", "warning"]
    reason: str
    remedy: str
    asked_of: str
    basis: Literal["law", "practice"]
    citation: str
    source: str
    valid_from: date
    valid_to: date | None
    verified: date | None

    @property
    def procedures(self) -> tuple[str, ...]:
        return _GROUPS[self.asked_of]


def _row(stored: Mapping[str, Any]) -> LawRow:
    return LawRow(
        id=stored["id"],
        severity=stored.get("severity", "error"),
        reason=stored["reason"],
        remedy=stored["remedy"],
        asked_of=stored["for"],
        basis=stored["basis"],
        citation=stored["citation"],
        source=stored.get("source", ""),
        valid_from=stored["valid_from"],
        valid_to=stored.get("valid_to"),
        verified=stored.get("verified"),
    )


def _read() -> tuple[LawRow, ...]:
    text = resources.files(__package__).joinpath("rules.yaml").read_text(encoding="utf-8")
    return tuple(_row(each) for each in read_yaml(text)["rules"])


ROWS: Final = _read()
LAW: Final[Mapping[str, LawRow]] = {row.id: row for row in ROWS if row.valid_to is None}
"""The rows in force, by id."""
