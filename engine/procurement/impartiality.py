"""Who must declare impartiality, and what a form says of it (FOA § 7-5, forvaltningsloven §§ 6-10).

A declaration (F-10) is given twice, when a person joins the team and when the suppliers are known,
and again whenever their list changes. Who has no tie says so (forvaltningsloven § 8, first
paragraph); whoever has one is assessed by another, who is the one that signs in and hands the form
in, and not a name that somebody types.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.errors import RejectedError
from engine.procurement.reading import entries, said

DECLARATION: Final = "impartiality"
CONFLICT: Final = "conflict-of-interest"
ASSESSMENT: Final = "conflict-assessment"

NO_TIE: Final = "no_tie"
EXCLUDED: Final = "excluded"

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


def has_no_tie(declaration: Mapping[str, Any]) -> bool:
    """Whether the declaration discloses nothing that somebody has to assess."""
    return said(declaration, "conclusion") == NO_TIE and not entries(declaration, "ties")


def on_record(declaration: Mapping[str, Any], by: str) -> dict[str, str]:
    """What the record says in the declaration that `by` hands in, whatever was typed: who assessed
    it, and the outcome where there is nothing to assess."""
    settled = has_no_tie(declaration) and said(declaration, "outcome") != EXCLUDED
    return {"assessed_by": by, **({"outcome": "cleared"} if settled else {})}


def settled_outcome(declaration: Mapping[str, Any], by: str) -> str:
    """What a declaration on record, handed in by `by`, came to; "" while nobody else has assessed
    what it discloses."""
    return said(declaration, "outcome") if _is_settled(declaration, by) else ""


def _is_settled(declaration: Mapping[str, Any], by: str) -> bool:
    assessor = said(declaration, "assessed_by") or by
    return has_no_tie(declaration) or assessor != (said(declaration, "person") or by)


def require_assessor(declaration: Mapping[str, Any], by: str) -> None:
    """Raises RejectedError for who has disclosed a tie and would assess it alone. Who steps down
    needs nobody."""
    if not _is_settled(declaration, by) and said(declaration, "outcome") != EXCLUDED:
        raise RejectedError(
            "You have disclosed a tie, and nobody assesses his own. Delegate this task to a"
            " superior, who reads it, decides, and hands it in; or step down.",
            person=by,
            about="own-tie",
        )


def assessed(form: str, content: Mapping[str, Any], by: str) -> Assessed | None:
    """What a form handed in by `by` settles; None for forms that settle nothing.

    A reported conflict bars until somebody else has assessed it.
    """
    person = said(content, "person") or by
    if form == DECLARATION:
        cleared = said(content, "outcome") in CLEARED
        return Assessed(person, cleared and (has_no_tie(content) or by != person))
    if form == CONFLICT:
        return Assessed(person, cleared=False)
    if form == ASSESSMENT:
        return Assessed(person, said(content, "outcome") in CLEARED and by != person)
    return None
