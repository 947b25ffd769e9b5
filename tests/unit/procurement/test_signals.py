"""Signs of innovation are found with their passage and reason, in three languages."""

import pytest

from engine.procurement.signals import CODES, Written, how_share, says_how, signals_in


def written(text: str) -> list[Written]:
    return [Written("s1", "need", "need", text)]


def codes(text: str) -> set[str]:
    return set(signals_in(written(text), {}))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Løsningen finnes ikke i markedet.", "mar-nov"),
        ("Løysinga finst ikkje i marknaden i dag.", "mar-nov"),
        ("Such a device is new to the market.", "mar-nov"),
        ("Vi ønsker en prototype som varsler.", "prod-innov"),
        ("Dei tilsette får ein ny arbeidsmåte.", "proc-innov"),
        ("Det trengs forskningsarbeid først.", "rd-act"),
        ("There will be an R&D phase.", "rd-act"),
    ],
)
def test_a_sign_is_found_in_each_language(text: str, code: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Vi kjøper kopipapir i A4.",
        "Det skal ikke drives forskning.",
        "Arbeidet skjer uten noen pilot.",
        "No research is needed.",
        "",
    ],
)
def test_what_is_no_sign_or_is_denied_proposes_nothing(text: str) -> None:
    assert codes(text) == set()


def test_a_negation_in_the_sentence_before_denies_nothing() -> None:
    assert codes("Det haster ikke. Forskning trengs.") == {"rd-act"}


def test_the_passage_and_the_reason_are_shown() -> None:
    text = "x " * 100 + "Her kommer en prototype for stranda. " + "y " * 100
    [signal] = signals_in(written(text), {})["prod-innov"]

    assert signal.word == "prototype"
    assert signal.passage.startswith("… ")
    assert "Her kommer en prototype for stranda." in signal.passage
    assert set(signal.why) == {"nb", "nn", "en"}


def test_facts_of_forms_are_signs_too() -> None:
    forms = {
        "market-report": ("m", {"solution_exists": False, "reason": "Alle krever kabel."}),
        "estimated-value": ("v", {"rd_max": 300_000_00}),
    }
    found = signals_in([], forms)

    assert set(found) == {"mar-nov", "rd-act"}
    assert found["mar-nov"][0].passage == "Alle krever kabel."


@pytest.mark.parametrize(
    "forms",
    [
        {"market-report": ("m", {"solution_exists": True, "reason": "Finnes."})},
        {"market-report": ("m", {})},
        {"estimated-value": ("v", {"rd_max": 0})},
        {"estimated-value": ("v", {"rd_max": None})},
    ],
)
def test_facts_that_say_nothing_propose_nothing(
    forms: dict[str, tuple[str, dict[str, object]]],
) -> None:
    assert signals_in([], forms) == {}


def test_every_code_has_a_sign_and_no_other_code_is_proposed() -> None:
    text = "forskning, prototype, ny arbeidsmåte, ingen løsning"

    assert set(signals_in(written(text), {})) == set(CODES)


def test_a_huge_text_is_looked_through_up_to_a_limit_with_few_passages() -> None:
    assert len(signals_in(written("pilot " * 100_000), {})["prod-innov"]) <= 6


def test_how_words_are_counted() -> None:
    assert how_share("") is None
    assert how_share("Badende får hjelp raskt.") == 0
    assert how_share("Alarm med kamera basert på laser") == pytest.approx(100 * 2 / 6)
    assert says_how("Skal bruke kamera")
    assert not says_how("Varsler innen ett minutt")
