"""Prices and qualities to points: the published figures, and what must hold for any tenders."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInputError
from engine.procurement.scoring import (
    Criterion,
    PriceModel,
    QualityScale,
    Tender,
    evaluate,
    marked_up_price,
    price_points,
    priced_quality,
    reweighted,
    sensitivity,
    shown,
)

MILLION = 100_000_000  # in øre


def price(model: PriceModel, weight: int = 100, break_at: Fraction | None = None) -> Criterion:
    return Criterion("price", Fraction(weight), model=model, break_at=break_at)


def quality(weight: int, scale: QualityScale = QualityScale.ABSOLUTE) -> Criterion:
    return Criterion("quality", Fraction(weight), scale=scale)


def tender(key: str, **values: float) -> Tender:
    return Tender(key, {name: Fraction(str(value)) for name, value in values.items()})


@pytest.mark.parametrize(
    ("model", "points"),
    [
        (PriceModel.LINEAR, ["10.00", "8.00", "5.00"]),
        (PriceModel.PROPORTIONAL, ["10.00", "8.33", "6.67"]),
    ],
)
def test_prices_of_one_to_one_and_a_half_million_get_the_published_points(
    model: PriceModel, points: list[str]
) -> None:
    prices = [Fraction(MILLION * tenths, 10) for tenths in (10, 12, 15)]

    found = [shown(price_points(price(model), each, prices[0])) for each in prices]

    assert found == points


def test_the_hybrid_is_linear_to_its_break_and_proportional_beyond() -> None:
    criterion = price(PriceModel.HYBRID, break_at=Fraction(3, 2))

    below, at, above = (
        price_points(criterion, Fraction(value), Fraction(100)) for value in (120, 150, 300)
    )

    assert (below, at, above) == (Fraction(8), Fraction(5), Fraction(5, 2))


@pytest.mark.parametrize("break_at", [None, Fraction(1), Fraction(2), Fraction(5, 2)])
def test_a_hybrid_without_a_sound_break_is_refused(break_at: Fraction | None) -> None:
    with pytest.raises(InvalidInputError, match="break between 1 and 2"):
        price_points(price(PriceModel.HYBRID, break_at=break_at), Fraction(2), Fraction(1))


def test_a_price_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="above zero"):
        price_points(price(PriceModel.LINEAR), Fraction(0), Fraction(0))


def test_points_below_zero_are_told_and_not_cut_off() -> None:
    tenders = [tender("a", price=100), tender("b", price=250)]

    found = evaluate([price(PriceModel.LINEAR)], tenders)

    assert found.ranked[1].points["price"] == -5
    assert [(each.code, each.tenders) for each in found.cautions] == [("negative-points", ("b",))]


def test_the_better_tender_wins_on_weights() -> None:
    criteria = [price(PriceModel.PROPORTIONAL, 40), quality(60)]
    tenders = [tender("cheap", price=100, quality=4), tender("good", price=150, quality=9)]

    found = evaluate(criteria, tenders)

    assert found.winners == ("good",)
    assert [shown(each.total) for each in found.ranked] == ["8.07", "6.40"]


def test_relative_quality_lifts_the_best_to_the_top() -> None:
    tenders = [tender("a", quality=8), tender("b", quality=4)]

    found = evaluate([quality(100, QualityScale.RELATIVE)], tenders)

    assert [each.points["quality"] for each in found.ranked] == [10, 5]


def test_equal_totals_share_a_rank_and_are_told() -> None:
    tenders = [tender("a", quality=7), tender("b", quality=7), tender("c", quality=6)]

    found = evaluate([quality(100)], tenders)

    assert [each.rank for each in found.ranked] == [1, 1, 3]
    assert [(each.code, each.tenders) for each in found.cautions] == [("tie", ("a", "b"))]


def test_the_lowest_price_dropping_out_can_turn_the_order_and_is_told() -> None:
    criteria = [price(PriceModel.LINEAR, 50), quality(50)]
    tenders = [
        tender("lowest", price=100, quality=1),
        tender("second", price=150, quality=6.1),
        tender("third", price=190, quality=9.5),
    ]

    found = evaluate(criteria, tenders)
    without = evaluate(criteria, tenders[1:])

    turned = [each for each in found.cautions if each.code == "ranking-paradox"]
    assert found.winners == ("second",)
    assert without.winners == ("third",)
    assert (turned[0].tenders, turned[0].without) == (("second", "third"), "lowest")


@pytest.mark.parametrize("weights", [(50, 40), (60, 60)])
def test_weights_that_do_not_make_a_hundred_are_refused(weights: tuple[int, int]) -> None:
    criteria = [price(PriceModel.LINEAR, weights[0]), quality(weights[1])]

    with pytest.raises(InvalidInputError, match="not 100"):
        evaluate(criteria, [tender("a", price=1, quality=1)])


def test_a_tender_without_a_score_is_refused() -> None:
    criteria = [price(PriceModel.LINEAR, 50), quality(50)]

    with pytest.raises(InvalidInputError, match="a has no points or price for quality"):
        evaluate(criteria, [tender("a", price=1)])


def test_a_mark_up_by_weights_and_qualities_worth_money() -> None:
    marked = marked_up_price(Fraction(100), Fraction(5), Fraction(10), Fraction(60), Fraction(40))

    assert marked == 175
    assert priced_quality(Fraction(100), [Fraction(20), Fraction(5)]) == 75


def test_a_tenth_more_or_less_of_each_weight_tells_whether_the_winner_stands() -> None:
    criteria = [price(PriceModel.PROPORTIONAL, 50), quality(50)]
    close = [tender("a", price=100, quality=7), tender("b", price=125, quality=9.1)]

    shifts = {(each.criterion, shown(each.weight)): each for each in sensitivity(criteria, close)}

    assert set(shifts) == {
        ("price", "45.00"),
        ("price", "55.00"),
        ("quality", "45.00"),
        ("quality", "55.00"),
    }
    assert evaluate(criteria, close).winners == ("b",)
    assert not shifts["quality", "55.00"].turns
    assert shifts["quality", "45.00"].turns
    assert shifts["quality", "45.00"].winners == ("a",)


PRICES = st.lists(st.integers(1, 10**12), min_size=2, max_size=6)
MODELS = st.sampled_from(
    [
        price(PriceModel.LINEAR),
        price(PriceModel.PROPORTIONAL),
        price(PriceModel.HYBRID, break_at=Fraction(3, 2)),
    ]
)


@given(MODELS, PRICES)
def test_the_lowest_price_gets_the_top_and_a_higher_one_never_more(
    criterion: Criterion, prices: list[int]
) -> None:
    ordered = sorted(map(Fraction, prices))

    points = [price_points(criterion, each, ordered[0]) for each in ordered]

    assert points[0] == criterion.top
    assert all(cheaper >= dearer for cheaper, dearer in pairwise(points))


@given(MODELS, PRICES, st.integers(2, 1000))
def test_the_currency_does_not_matter(criterion: Criterion, prices: list[int], factor: int) -> None:
    lowest = Fraction(min(prices))

    plain = [price_points(criterion, Fraction(each), lowest) for each in prices]
    scaled = [price_points(criterion, Fraction(each * factor), lowest * factor) for each in prices]

    assert plain == scaled


@given(PRICES, st.permutations(range(6)))
def test_the_order_of_the_tenders_does_not_matter(prices: list[int], order: list[int]) -> None:
    criteria = [price(PriceModel.PROPORTIONAL, 30), quality(70)]
    tenders = [
        tender(f"t{number}", price=each, quality=number % 11) for number, each in enumerate(prices)
    ]
    shuffled = [tenders[index] for index in order if index < len(tenders)]

    assert evaluate(criteria, tenders).ranked == evaluate(criteria, shuffled).ranked


@given(st.integers(1, 99), st.integers(0, 100))
def test_changed_weights_make_a_hundred(weight: int, changed: int) -> None:
    criteria = [price(PriceModel.LINEAR, weight), quality(100 - weight)]

    found = reweighted(criteria, "price", Fraction(changed))

    assert sum(each.weight for each in found) == 100


@given(PRICES)
def test_one_who_outbids_in_everything_is_never_ranked_behind(prices: list[int]) -> None:
    criteria = [price(PriceModel.LINEAR, 50), quality(50)]
    tenders = [tender(f"t{n}", price=each, quality=5) for n, each in enumerate(prices)]
    best = tender("best", price=min(prices), quality=6)

    found = evaluate(criteria, [*tenders, best])

    assert found.winners == ("best",)


def test_what_priced_quality_leans_on_is_shown_by_a_tenth_more_or_less_worth() -> None:
    criteria = [
        Criterion("quality", Fraction(60), worth=Fraction(100)),
        Criterion("price", Fraction(40), model=PriceModel.PRICED_QUALITY),
    ]
    tenders = [tender("a", quality=10, price=205), tender("b", quality=5, price=154)]

    shifts = sensitivity(criteria, tenders)

    assert evaluate(criteria, tenders).winners == ("b",)
    assert [(each.weight, each.winners) for each in shifts] == [(90, ("b",)), (110, ("a",))]


@given(st.permutations([80, 90, 120]), st.integers(0, 10), st.integers(0, 10), st.integers(1, 50))
def test_a_cheaper_tender_never_ranks_worse_where_quality_is_priced(
    prices: list[int], first: int, second: int, less: int
) -> None:
    criteria = [
        Criterion("quality", Fraction(60), worth=Fraction(50)),
        Criterion("price", Fraction(40), model=PriceModel.PRICED_QUALITY),
    ]
    others = [tender("b", quality=second, price=prices[1]), tender("c", quality=5, price=prices[2])]
    before = evaluate(criteria, [tender("a", quality=first, price=prices[0]), *others])
    after = evaluate(criteria, [tender("a", quality=first, price=prices[0] - less), *others])

    place = [next(e.rank for e in found.ranked if e.id == "a") for found in (before, after)]
    assert place[1] <= place[0]
