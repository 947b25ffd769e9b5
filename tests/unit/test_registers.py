"""Organisation numbers, CPV codes, and looking in a table."""

import pytest

from engine.model.register import Found, Source
from engine.registers import cpv, organisations, shipped
from engine.registers.table import TableRegister

REAL = ("974760673", "889640782", "971032081", "983971636", "313000001")


@pytest.mark.parametrize("number", REAL)
def test_the_check_digit_of_an_organisation_number_is_by_modulus_11(number: str) -> None:
    wrong = [number[:8] + digit for digit in "0123456789" if digit != number[8]]

    assert organisations.has_right_check_digit(number)
    assert not any(map(organisations.has_right_check_digit, wrong))


def test_no_ninth_digit_fits_when_the_remainder_is_one() -> None:
    begun = next(
        f"{number:08}"
        for number in range(91_000_000, 91_000_100)
        if not any(
            organisations.has_right_check_digit(f"{number:08}{digit}") for digit in range(10)
        )
    )

    weights = (3, 2, 7, 6, 5, 4, 3, 2)
    assert sum(int(a) * b for a, b in zip(begun, weights, strict=True)) % 11 == 1


@pytest.mark.parametrize(
    "typed", ["313 000 001", " 313000001 ", "313.000.001", "313\u00a0000\u00a0001"]
)
def test_people_set_digits_apart_as_they_like(typed: str) -> None:
    assert organisations.plain(typed) == "313000001"
    assert organisations.spaced("313000001") == "313\u00a0000\u00a0001"


@pytest.mark.parametrize(
    "code",
    ["73000000-2", "45233141-9", "72212000-4", "33195100-4", "03000000-1", "90721800-5"],
)
def test_the_check_digit_of_a_code_is_as_the_regulation_lists_it(code: str) -> None:
    assert cpv.full(code[:8]) == code
    assert cpv.read_code(code) == code[:8]
    assert cpv.read_code(f"{code[:9]}{(int(code[9]) + 1) % 10}") is None


@pytest.mark.parametrize(
    "typed", ["", "7300000", "730000000", "73000000-", "73000000-22", "x", "٧٣٠٠٠٠٠٠"]
)
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert cpv.read_code(typed) is None


def test_every_code_that_ships_has_eight_digits_and_a_name_in_each_language() -> None:
    entries = shipped().cpv.search("e", 10_000)

    assert len(entries) > 100
    assert [
        e.key for e in entries if cpv.read_code(e.key) != e.key or not all(e.names.values())
    ] == []


def test_a_code_is_found_by_its_digits_and_by_words_in_both_languages() -> None:
    register = shipped().cpv

    assert [each.key for each in register.search("7311", 10)] == [
        "73110000",
        "73111000",
        "73112000",
    ]
    assert "73120000" in [each.key for each in register.search("eksperimentell utvikling", 10)]
    assert register.search("research", 1)[0].key == "73000000"
    assert register.search("73000000-2", 5)[0].key == "73000000"
    assert register.search("  ", 5) == ()


def test_names_that_begin_with_the_words_come_first() -> None:
    entries = [Found("1", {"nb": "Sør Energi"}), Found("2", {"nb": "Energi Nord"})]
    register = TableRegister.of(Source("x", "2026-01-01"), entries)

    assert [each.key for each in register.search("energi", 5)] == ["2", "1"]
