"""What stands as announced, and how an amendment corrects it."""

import pytest

from engine.procurement.frozen import changed_fields, corrected, is_correction, unknown_rows

FORM = "procurement-documents"
DOCUMENTS = {
    "minimum_requirements": [{"id": "M1", "text": "Ett minutt"}, {"id": "M2", "text": "Uten nett"}],
    "award_criteria": [
        {"criterion": "Kvalitet", "weight": 60, "documentation": "Beskrivelse"},
        {"criterion": "Pris", "weight": 40, "documentation": "Prisskjema"},
    ],
    "ipr": "Leverandøren",
}


def test_what_is_not_frozen_may_change() -> None:
    assert changed_fields(FORM, DOCUMENTS, {**DOCUMENTS, "ipr": "Kommunen"}) == []
    assert changed_fields("need", DOCUMENTS, {}) == []


def test_each_frozen_field_that_changes_is_named() -> None:
    others = {"minimum_requirements": [], "award_criteria": []}

    assert changed_fields(FORM, DOCUMENTS, others) == ["minimum_requirements", "award_criteria"]


def test_an_amendment_changes_exactly_what_it_corrects() -> None:
    amendment = {
        "corrected_requirements": [{"id": "M1", "text": "To minutter"}],
        "corrected_criteria": [{"criterion": "Pris", "documentation": "Nytt prisskjema"}],
    }

    found = corrected(DOCUMENTS, amendment)

    assert found["minimum_requirements"] == [
        {"id": "M1", "text": "To minutter"},
        {"id": "M2", "text": "Uten nett"},
    ]
    assert found["award_criteria"][0] == DOCUMENTS["award_criteria"][0]
    assert found["award_criteria"][1] == {
        "criterion": "Pris",
        "weight": 40,
        "documentation": "Nytt prisskjema",
    }
    assert found["ipr"] == "Leverandøren"
    assert DOCUMENTS["minimum_requirements"][0]["text"] == "Ett minutt"


@pytest.mark.parametrize(
    ("amendment", "correction"),
    [
        ({}, False),
        ({"corrected_requirements": []}, False),
        ({"corrected_requirements": [{"id": "M1", "text": "To"}]}, True),
        ({"corrected_criteria": [{"criterion": "Pris", "weight": 30}]}, True),
    ],
)
def test_only_what_touches_a_frozen_field_is_a_correction(
    amendment: dict[str, object], correction: bool
) -> None:
    assert is_correction(amendment) is correction


def test_rows_that_the_documents_do_not_have_are_named() -> None:
    amendment = {
        "corrected_requirements": [{"id": "M9", "text": "x"}, {"id": "M2", "text": "y"}],
        "corrected_criteria": [{"criterion": "Farge", "weight": 5}],
    }

    assert unknown_rows(DOCUMENTS, amendment) == ["M9", "Farge"]
