"""Totals by published weights."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInputError
from engine.procurement.ranking import Score, ranking

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
