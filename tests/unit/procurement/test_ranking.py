"""Totals by published weights."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInputError
from engine.procurement.ranking import Score, basis, ranking

NAMES = {"a": "Alfa", "b": "Beta", "c": "Gamma"}
PRICED = [
    {"criterion": "Kvalitet", "weight": 60, "price_model": "none", "scale_max": 10},
    {"criterion": "Pris", "weight": 40, "price_model": "linear", "scale_max": 10},
]


def ranked(
    names: Mapping[str, str],
    scores: Sequence[Score],
    rows: Sequence[Mapping[str, Any]] = PRICED,
    **prices: int | None,
) -> list[dict[str, Any]]:
    checks = [{"supplier": key, "price": price} for key, price in prices.items()]
    return ranking(names, basis(rows, checks, scores, names))


def quality(**points: float) -> list[Score]:
    return [Score(key, "Kvalitet", value) for key, value in points.items()]


def test_the_best_total_comes_first_and_equal_totals_share_a_rank() -> None:
    scores = [
        Score("a", "Kvalitet", 8),
        Score("a", "Pris", 5),
        Score("b", "Kvalitet", 6),
        Score("b", "Pris", 8),
        Score("c", "Kvalitet", 9.5),
        Score("c", "Pris", 4),
    ]

    found = [(each["id"], each["points"], each["rank"]) for each in ranked(NAMES, scores)]

    assert found == [("c", "7.3", 1), ("a", "6.8", 2), ("b", "6.8", 2)]


def test_a_later_score_takes_the_place_of_an_earlier() -> None:
    scores = [Score("a", "Pris", 1), Score("a", "Pris", 10)]

    assert ranked({"a": "Alfa"}, scores)[0]["points"] == "4"


@pytest.mark.parametrize("points", [None, "mye", "", {}])
def test_a_score_that_is_no_number_is_refused(points: object) -> None:
    with pytest.raises(InvalidInputError, match="no number"):
        ranked(NAMES, [Score("a", "Pris", points)])


def test_a_criterion_that_was_not_published_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="Sjarm"):
        ranked(NAMES, [Score("a", "Sjarm", 10)])


@given(st.lists(st.integers(0, 10), min_size=3, max_size=3))
def test_more_points_never_give_a_worse_rank(points: list[int]) -> None:
    scores = [Score(key, "Pris", each) for key, each in zip("abc", points, strict=True)]

    ranks = {each["id"]: each["rank"] for each in ranked(NAMES, scores)}

    for one, mine in zip("abc", points, strict=True):
        for other, theirs in zip("abc", points, strict=True):
            assert (mine <= theirs) or ranks[one] < ranks[other]


def totals(found: list[dict[str, Any]]) -> dict[str, str]:
    return {each["id"]: each["points"] for each in found}


def test_prices_get_the_points_of_the_published_model_whatever_was_typed() -> None:
    typed = [Score("a", "Pris", 1), Score("b", "Pris", 10)]

    found = ranked(NAMES, typed, a=100, b=120, c=150)

    assert totals(found) == {"a": "4", "b": "3.2", "c": "2"}


@pytest.mark.parametrize("prices", [{}, {"a": 100, "b": 120}, {"a": 100, "b": 0, "c": 1}])
def test_prices_that_lack_for_one_are_computed_for_none(prices: dict[str, int]) -> None:
    found = ranked(NAMES, [Score("a", "Pris", 1)], **prices)

    assert totals(found) == {"a": "0.4", "b": "0", "c": "0"}


@pytest.mark.parametrize("model", ["none", "hybrid", "", "magic"])
def test_models_that_are_not_computed_leave_the_points_to_the_evaluators(model: str) -> None:
    rows = [PRICED[0], {**PRICED[1], "price_model": model}]

    assert totals(ranked(NAMES, [Score("a", "Pris", 5)], rows, a=1, b=2, c=3))["a"] == "2"


def test_a_hybrid_is_computed_with_the_break_that_was_published() -> None:
    rows = [PRICED[0], {**PRICED[1], "price_model": "hybrid", "price_break": 1.25}]

    assert totals(ranked(NAMES, [], rows, a=100, b=120, c=150)) == {
        "a": "4",
        "b": "3.2",
        "c": "2.5",
    }


def test_priced_quality_ranks_by_the_price_less_what_quality_is_worth() -> None:
    rows = [
        {**PRICED[0], "quality_worth": 40_000_00},
        {**PRICED[1], "price_model": "priced_quality"},
    ]
    scores = quality(a=5, b=10, c=0)

    found = ranked(NAMES, scores, rows, a=100_000_00, b=115_000_00, c=80_000_00)

    assert [(each["id"], each["points"], each["rank"]) for each in found] == [
        ("b", "75000", 1),
        ("a", "80000", 2),
        ("c", "80000", 2),
    ]
    assert {each["unit"] for each in found} == {"NOK"}


def test_priced_quality_without_amounts_marks_prices_up_by_the_weights() -> None:
    rows = [PRICED[0], {**PRICED[1], "price_model": "priced_quality"}]
    scores = quality(a=10, b=5, c=0)

    found = ranked(NAMES, scores, rows, a=100_00, b=60_00, c=30_00)

    assert totals(found) == {"a": "100", "b": "105", "c": "75"}
    assert [each["id"] for each in found] == ["c", "a", "b"]


def test_the_lowest_price_decides_alone() -> None:
    rows = [{**PRICED[1], "price_model": "lowest", "weight": 100}]

    assert [each["id"] for each in ranked(NAMES, [], rows, a=3, b=1, c=2)] == ["b", "c", "a"]
    with pytest.raises(InvalidInputError, match="decides alone"):
        ranked(NAMES, [], [PRICED[0], *rows], a=3, b=1, c=2)


@pytest.mark.parametrize("model", ["priced_quality", "lowest"])
def test_without_every_price_nothing_is_ranked_by_price(model: str) -> None:
    rows = [{**PRICED[1], "price_model": model, "weight": 100}]

    with pytest.raises(InvalidInputError, match="above zero"):
        ranked(NAMES, [], rows, a=3, b=1)


def test_relative_quality_gives_the_best_the_most_points() -> None:
    rows = [{**PRICED[0], "weight": 100, "quality_scale": "relative"}]

    assert totals(ranked(NAMES, quality(a=8, b=4, c=2), rows)) == {"a": "10", "b": "5", "c": "2.5"}
