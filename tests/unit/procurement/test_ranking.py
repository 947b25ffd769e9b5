"""Totals by published weights."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInputError
from engine.procurement.ranking import Score, ranking, scored_prices

NAMES = {"a": "Alfa", "b": "Beta", "c": "Gamma"}
WEIGHTS = {"Kvalitet": 60, "Pris": 40}


def test_the_best_total_comes_first_and_equal_totals_share_a_rank() -> None:
    scores = [
        Score("a", "Kvalitet", 8),
        Score("a", "Pris", 5),
        Score("b", "Kvalitet", 6),
        Score("b", "Pris", 8),
        Score("c", "Kvalitet", 9.5),
        Score("c", "Pris", 4),
    ]

    found = [(each["id"], each["points"], each["rank"]) for each in ranking(NAMES, WEIGHTS, scores)]

    assert found == [("c", "7.3", 1), ("a", "6.8", 2), ("b", "6.8", 2)]


def test_a_later_score_takes_the_place_of_an_earlier() -> None:
    scores = [Score("a", "Pris", 1), Score("a", "Pris", 10)]

    assert ranking({"a": "Alfa"}, WEIGHTS, scores)[0]["points"] == "4"


@pytest.mark.parametrize("points", [None, "mye", "", {}])
def test_a_score_that_is_no_number_is_refused(points: object) -> None:
    with pytest.raises(InvalidInputError, match="no number"):
        ranking(NAMES, WEIGHTS, [Score("a", "Pris", points)])


def test_a_criterion_that_was_not_published_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="Sjarm"):
        ranking(NAMES, WEIGHTS, [Score("a", "Sjarm", 10)])


@given(st.lists(st.integers(0, 10), min_size=3, max_size=3))
def test_more_points_never_give_a_worse_rank(points: list[int]) -> None:
    scores = [Score(key, "Pris", each) for key, each in zip("abc", points, strict=True)]

    ranks = {each["id"]: each["rank"] for each in ranking(NAMES, WEIGHTS, scores)}

    for one, mine in zip("abc", points, strict=True):
        for other, theirs in zip("abc", points, strict=True):
            assert (mine <= theirs) or ranks[one] < ranks[other]


PRICED = [
    {"criterion": "Kvalitet", "weight": 60, "price_model": "none", "scale_max": 10},
    {"criterion": "Pris", "weight": 40, "price_model": "linear", "scale_max": 10},
]


def checked(**prices: int | None) -> list[dict[str, object]]:
    return [{"supplier": key, "price": price} for key, price in prices.items()]


def test_prices_get_the_points_of_the_published_model() -> None:
    found = scored_prices(PRICED, checked(a=100, b=120, c=150), NAMES)

    assert {each.supplier: each.points for each in found} == {"a": 10, "b": 8, "c": 5}
    assert {each.criterion for each in found} == {"Pris"}


def test_what_was_typed_for_a_price_gives_way_to_what_the_model_says() -> None:
    typed = [Score("a", "Pris", 1), Score("b", "Pris", 10)]
    two = {"a": "Alfa", "b": "Beta"}

    found = ranking(two, WEIGHTS, [*typed, *scored_prices(PRICED, checked(a=100, b=200), two)])

    assert [(each["id"], each["points"]) for each in found] == [("a", "4"), ("b", "0")]


@pytest.mark.parametrize("prices", [{}, {"a": 100, "b": 120}, {"a": 100, "b": 0, "c": 1}])
def test_prices_that_lack_for_one_are_computed_for_none(prices: dict[str, int]) -> None:
    assert scored_prices(PRICED, checked(**prices), NAMES) == []


@pytest.mark.parametrize("model", ["none", "hybrid", "priced_quality", "lowest", "", "magic"])
def test_models_that_are_not_computed_leave_the_points_to_the_evaluators(model: str) -> None:
    criteria = [{**PRICED[1], "price_model": model}]

    assert scored_prices(criteria, checked(a=1, b=2, c=3), NAMES) == []


def test_a_hybrid_is_computed_with_the_break_that_was_published() -> None:
    criteria = [{**PRICED[1], "price_model": "hybrid", "price_break": 1.25}]

    found = scored_prices(criteria, checked(a=100, b=120, c=150), NAMES)

    assert {each.supplier: each.points for each in found} == {"a": 10, "b": 8, "c": Fraction(25, 4)}
