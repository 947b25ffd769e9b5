"""Dates, amounts and lists as people read them."""

from datetime import date

import pytest

from engine.procurement.text import kroner, listed, long_date


@pytest.mark.parametrize(
    ("ore", "nb", "en"),
    [
        (130_000_000, "1 300 000 kr", "NOK 1,300,000"),
        (150, "1,50 kr", "NOK 1.50"),
        (-250_005, "-2 500,05 kr", "NOK -2,500.05"),
        (0, "0 kr", "NOK 0"),
    ],
)
def test_ore_are_shown_as_kroner_and_ore_only_where_there_are_any(
    ore: int, nb: str, en: str
) -> None:
    assert kroner(ore, "nb").replace("\u00a0", " ") == nb
    assert kroner(ore, "en").replace("\u00a0", " ") == en


def test_a_date_is_shown_with_its_weekday() -> None:
    assert long_date(date(2026, 3, 20), "nb") == "fredag 20. mars 2026"
    assert long_date(date(2026, 3, 20), "en") == "Friday 20 March 2026"


@pytest.mark.parametrize(
    ("words", "nb"),
    [([], ""), (["a"], "a"), (["a", "b"], "a og b"), (["a", "b", "c"], "a, b og c")],
)
def test_a_list_ends_with_and(words: list[str], nb: str) -> None:
    assert listed(words, "nb") == nb
