"""The award letter as it is drafted: whole for the supplier, and silent on the others."""

from engine.procurement.letters import Judged, award_letter

TENDERS = (
    Judged("a", "Alfa", "Alfa (1)", "9.25", {"Kvalitet": "9.00"}, {"Kvalitet": "Grundig plan."}),
    Judged("b", "Beta", "Beta (2)", "6.50", {"Kvalitet": "6.50"}, {"Kvalitet": "Svak opplæring."}),
    Judged(
        "c", "Gamma", "Gamma (3)", "5.00", {"Kvalitet": "5.00"}, {"Kvalitet": "Hemmelig metode."}
    ),
)
LETTER = award_letter({"Kvalitet": "60", "Pris": "40"}, TENDERS, ["a"])


def own(supplier: str) -> str:
    (found,) = (row for row in LETTER["individual"] if row["supplier"] == supplier)
    return str(found["assessment"])


def test_it_names_the_chosen_with_criteria_characteristics_and_advantages() -> None:
    assert LETTER["chosen"] == "Alfa (1)"
    assert "Kvalitet (60 %), Pris (40 %)" in LETTER["text"]
    assert "9,25 poeng" in LETTER["relative_advantages"]
    assert "Grundig plan." in LETTER["relative_advantages"]


def test_each_reads_how_its_own_tender_was_judged_beside_the_chosen() -> None:
    assert "Kvalitet: 6,50 poeng (valgt: 9,00). Svak opplæring." in own("b")
    assert "valgt" not in own("a")


def test_nothing_of_one_who_was_not_chosen_is_told_to_another() -> None:
    common = " ".join(str(value) for name, value in LETTER.items() if name != "individual")

    for text in (common, own("a"), own("b")):
        assert "Gamma" not in text
        assert "Hemmelig" not in text
    assert "Beta" not in common + own("c")
