"""Who must declare impartiality, and what a form says of it (FOA § 7-5, forvaltningsloven §§ 6-10).

A declaration (F-10) is given twice, when a person joins the team and when the suppliers are known,
and again whenever their list changes. Nobody assesses himself or herself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.procurement.reading import said

DECLARATION: Final = "impartiality"
CONFLICT: Final = "conflict-of-interest"
ASSESSMENT: Final = "conflict-assessment"

NOT_PREPARING: Final = frozenset(
    {"auditor", "records-officer", "data-protection-officer", "citizen"}
)
"""They neither prepare nor decide anything, so impartiality is not asked of them."""
CLEARED: Final = frozenset({"cleared", "cleared_with_measures"})


@dataclass(frozen=True, slots=True)
class Assessed:
    """The person may see what suppliers say in confidence, or may not."""

    person: str
    cleared: bool


def excluded_by(assessment: Mapping[str, Any]) -> str:
    """Who is out by the assessment of a conflict; "" where it leaves everybody in."""
    return said(assessment, "person") if said(assessment, "outcome") == "excluded" else ""


def is_asked(role: str, forms: Iterable[str]) -> bool:
    """Whether somebody in this role declares, where the version has these forms."""
    return role not in NOT_PREPARING and DECLARATION in forms


def assessed(form: str, content: Mapping[str, Any], by: str) -> Assessed | None:
    """What a form handed in by `by` settles; None for forms that settle nothing.

    A reported conflict bars until somebody else has assessed it.
    """
    person = said(content, "person") or by
    if form == DECLARATION:
        assessor = said(content, "assessed_by")
        cleared = said(content, "outcome") in CLEARED and assessor not in ("", person)
        return Assessed(person, cleared)
    if form == CONFLICT:
        return Assessed(person, cleared=False)
    if form == ASSESSMENT:
        return Assessed(person, said(content, "outcome") in CLEARED and by != person)
    return None
