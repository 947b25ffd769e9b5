"""The award letter as it is drafted: whole for the supplier, and silent on the others."""

from dataclasses import replace

import pytest

from engine.procurement.letters import Award, Judged, award_letter
from engine.procurement.text import Language

TENDERS = (
    Judged("a", "Alfa", "Alfa (1)", "9.25", {"Kvalitet": "9.00"}, {"Kvalitet": "Grundig plan."}),
    Judged("b", "Beta", "Beta (2)", "6.50", {"Kvalitet": "6.50"}, {"Kvalitet": "Svak opplæring."}),
    Judged(
        "c", "Gamma", "Gamma (3)", "5.00", {"Kvalitet": "5.00"}, {"Kvalitet": "Hemmelig metode."}
    ),
)
AWARD = Award({"Kvalitet": "60", "Pris": "40"}, TENDERS, ["a"])
LETTER = award_letter(AWARD, "nb")


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


@pytest.mark.parametrize(
    ("language", "text", "advantages", "own_part"),
    [
        (
            "nn",
            (
                "Tilboda er evaluerte etter dei kunngjorde kriteria: Kvalitet (60 %), Pris (40 %)."
                " Alfa kom best ut samla og er vald."
            ),
            "Alfa: 9,25 poeng samla.\nKvalitet: 9,00 poeng. Grundig plan.",
            (
                "Tilbodet dykkar: 6,50 poeng samla.\nKvalitet: 6,50 poeng (vald: 9,00). Svak"
                " opplæring."
            ),
        ),
        (
            "en",
            (
                "The tenders have been evaluated by the announced criteria: Kvalitet (60 %), Pris"
                " (40 %). Alfa came out best overall and has been chosen."
            ),
            "Alfa: 9.25 points in all.\nKvalitet: 9.00 points. Grundig plan.",
            (
                "Your tender: 6.50 points in all.\nKvalitet: 6.50 points (chosen: 9.00). Svak"
                " opplæring."
            ),
        ),
    ],
)
def test_the_words_around_what_people_wrote_are_in_the_language_of_the_letters(
    language: Language, text: str, advantages: str, own_part: str
) -> None:
    letter = award_letter(AWARD, language)

    assert letter["text"] == text
    assert letter["relative_advantages"] == advantages
    assert letter["individual"][1]["assessment"] == own_part


@pytest.mark.parametrize(
    ("language", "cheapest", "dearer"),
    [
        ("nb", "lavest pris etter", "prisen er høyere enn den valgtes"),
        ("nn", "lågast pris etter", "prisen er høgare enn den valde sin"),
        ("en", "the lowest price by", "the price is higher than that of the chosen"),
    ],
)
def test_where_prices_were_compared_none_is_told(
    language: Language, cheapest: str, dearer: str
) -> None:
    letter = award_letter(replace(AWARD, priced="Kvalitet"), language)

    assert cheapest in letter["relative_advantages"]
    assert dearer in letter["individual"][1]["assessment"]
    assert "9" not in letter["relative_advantages"]


@pytest.mark.parametrize("language", ["nn", "en"])
def test_no_word_of_bokmaal_is_left_in_another_language(language: Language) -> None:
    letter = award_letter(AWARD, language)
    words = {*" ".join(map(str, letter.values())).replace(":", " ").split()}

    assert words.isdisjoint({"Tilbudene", "ikke", "valgt", "Deres", "samlet", "dere", "klagen"})
