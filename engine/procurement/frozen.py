"""What stands as announced from dispatch of the contract notice on (FOA § 14-2, § 23-7(2))."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from engine.procurement.reading import entries, said

DOCUMENTS: Final = "procurement-documents"
FROZEN_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    DOCUMENTS: ("minimum_requirements", "award_criteria"),
}
"""Form → fields that nobody edits after dispatch; an approved amendment corrects them."""


def changed_fields(form: str, frozen: Mapping[str, Any], handed_in: Mapping[str, Any]) -> list[str]:
    """The frozen fields in which what is handed in differs from what was announced."""
    return [
        name
        for name in FROZEN_FIELDS.get(form, ())
        if entries(frozen, name) != entries(handed_in, name)
    ]


def is_correction(amendment: Mapping[str, Any]) -> bool:
    """Whether the amendment corrects a frozen field."""
    return bool(
        entries(amendment, "corrected_requirements") or entries(amendment, "corrected_criteria")
    )


def unknown_rows(documents: Mapping[str, Any], amendment: Mapping[str, Any]) -> list[str]:
    """Requirements and criteria that the amendment corrects and the documents do not have."""
    requirements = {said(row, "id") for row in entries(documents, "minimum_requirements")}
    criteria = {said(row, "criterion") for row in entries(documents, "award_criteria")}
    return [
        *_strangers(entries(amendment, "corrected_requirements"), "id", requirements),
        *_strangers(entries(amendment, "corrected_criteria"), "criterion", criteria),
    ]


def _strangers(rows: Iterable[Mapping[str, Any]], key: str, known: set[str]) -> list[str]:
    return [said(row, key) for row in rows if said(row, key) not in known]


def corrected(documents: Mapping[str, Any], amendment: Mapping[str, Any]) -> dict[str, Any]:
    """The documents with exactly what the amendment corrects, and nothing else."""
    texts = {said(row, "id"): row for row in entries(amendment, "corrected_requirements")}
    criteria = {said(row, "criterion"): row for row in entries(amendment, "corrected_criteria")}
    return {
        **documents,
        "minimum_requirements": [
            _with(row, texts.get(said(row, "id")), "text")
            for row in entries(documents, "minimum_requirements")
        ],
        "award_criteria": [
            _with(row, criteria.get(said(row, "criterion")), "weight", "documentation")
            for row in entries(documents, "award_criteria")
        ],
    }


def _with(
    row: Mapping[str, Any], correction: Mapping[str, Any] | None, *fields: str
) -> dict[str, Any]:
    if correction is None:
        return dict(row)
    return {**row, **{name: correction[name] for name in fields if name in correction}}
