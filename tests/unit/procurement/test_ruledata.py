"""The dated rows of the law, and what is looked up in them."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from engine.errors import InvalidInputError, RejectedError
from engine.procurement.period import Unit
from engine.procurement.ruledata import (
    FIRST_DAY,
    Kind,
    RuleRow,
    all_rows,
    known_rules,
    rule_row,
    rule_set,
    rule_set_of,
    threshold,
)
from engine.procurement.text import LANGUAGES

TODAY = date(2026, 11, 24)
ROWS_OF_EACH_RULE = {
    rule: sorted((row for row in all_rows() if row.rule_id == rule), key=lambda row: row.valid_from)
    for rule in known_rules()
}


@pytest.mark.parametrize("rule", known_rules())
def test_the_rows_of_a_rule_follow_each_other_without_overlap_or_gap(rule: str) -> None:
    rows = ROWS_OF_EACH_RULE[rule]

    for earlier, later in pairwise(rows):
        assert earlier.valid_to is not None
        assert earlier.valid_to + timedelta(days=1) == later.valid_from
    assert rows[-1].valid_to is None


@pytest.mark.parametrize("row", all_rows(), ids=lambda row: f"{row.rule_id}@{row.valid_from}")
def test_every_row_says_where_it_comes_from_and_an_unverified_one_says_why(row: RuleRow) -> None:
    assert row.citation
    assert row.source.startswith("https://")
    assert row.title["nb"]
    assert row.title["en"]
    assert row.amount > 0
    assert row.valid_from >= FIRST_DAY
    assert row.verified == bool(row.verified_by)
    assert row.verified or row.note
    assert row.note.keys() in (set(), set(LANGUAGES))


@pytest.mark.parametrize("rule", known_rules(Kind.TIME_LIMIT))
def test_every_time_limit_has_a_unit_of_time_and_a_starting_event(rule: str) -> None:
    row = rule_row(rule, TODAY)

    assert row.unit in list(Unit)
    assert row.from_event["nb"]
    assert row.from_event["en"]


@pytest.mark.parametrize(
    ("kind", "buyer", "contract", "at", "kroner"),
    [
        ("law", "other", "services", "2026-06-30", 100_000),
        ("law", "other", "services", "2026-07-01", 500_000),
        ("national", "state", "goods", "2020-06-01", 1_300_000),
        ("eea", "other", "services", "2020-02-11", 2_000_000),
        ("eea", "other", "services", "2020-02-12", 2_050_000),
        ("eea", "other", "services", "2022-04-01", 2_200_000),
        ("eea", "other", "design-contest", "2026-04-20", 2_300_000),
        ("eea", "other", "goods", "2026-04-21", 2_500_000),
        ("eea", "state", "services", "2026-04-21", 1_630_000),
        ("eea", "state", "works", "2026-04-20", 57_800_000),
        ("eea", "other", "works", "2026-04-21", 62_900_000),
        ("eea", "other", "health-social", "2021-01-01", 7_200_000),
        ("eea", "other", "special-services", "2026-04-21", 8_700_000),
        ("small-lots", "other", "goods", "2026-04-21", 932_000),
        ("small-lots", "other", "works", "2024-03-14", 10_400_000),
        ("design-contest", "other", "design-contest", "2026-05-01", 1_630_000),
    ],
)
def test_a_threshold_is_the_one_of_the_day_in_ore(
    kind: str, buyer: str, contract: str, at: str, kroner: int
) -> None:
    row = threshold(kind, buyer, contract, date.fromisoformat(at))

    assert row.amount == kroner * 100
    assert row.unit == "ore"


@pytest.mark.parametrize(
    ("kind", "buyer", "contract", "at"),
    [
        ("national", "other", "health-social", TODAY),
        ("eea", "private", "goods", TODAY),
        ("universe", "other", "goods", TODAY),
        ("eea", "other", "goods", date(2016, 12, 31)),
    ],
)
def test_a_threshold_that_does_not_exist_is_refused(
    kind: str, buyer: str, contract: str, at: date
) -> None:
    with pytest.raises(InvalidInputError, match=r"Known: .*eea"):
        threshold(kind, buyer, contract, at)


def test_an_unknown_rule_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(InvalidInputError, match="standstill-electronic"):
        rule_row("standstil", TODAY)


def test_a_day_before_the_first_row_is_refused_and_the_rows_are_named() -> None:
    with pytest.raises(RejectedError, match="2017-01-01 - ") as refused:
        rule_row("standstill-electronic", date(2016, 12, 31))

    assert "standstill-electronic" in refused.value.details["known"]


def test_the_same_law_has_the_same_rule_set_id() -> None:
    first = rule_set(date(2026, 7, 1))
    later = rule_set(date(2026, 11, 24))

    assert first.id == later.id
    assert first.row("threshold-law").amount == 50_000_000


@pytest.mark.parametrize("day", [FIRST_DAY - timedelta(days=1), FIRST_DAY, TODAY, date(2031, 1, 1)])
def test_the_rule_set_of_a_day_holds_what_is_in_force_on_it(day: date) -> None:
    assert rule_set(day) == rule_set_of(all_rows(), day)


@pytest.mark.parametrize("changed", [date(2026, 7, 1), date(2026, 4, 21), date(2020, 2, 12)])
def test_a_change_of_law_gives_another_rule_set(changed: date) -> None:
    assert rule_set(changed - timedelta(days=1)).id != rule_set(changed).id


def test_a_verification_mark_does_not_change_the_rule_set() -> None:
    before = rule_set(TODAY)
    marked = [replace(row, verified_at=TODAY, verified_by="x", note={}) for row in all_rows()]

    after = rule_set_of(marked, TODAY)

    assert after.id == before.id
    assert after.unverified() == ()


def test_another_amount_changes_the_rule_set() -> None:
    before = rule_set(TODAY)
    first, *others = all_rows()

    after = rule_set_of([replace(first, amount=first.amount + 1), *others], TODAY)

    assert after.id != before.id


def test_rows_nobody_has_read_are_found() -> None:
    unverified = {row.rule_id for row in rule_set(TODAY).unverified()}

    assert "kofa-reply" in unverified
    assert "standstill-electronic" not in unverified
