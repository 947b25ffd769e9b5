"""The value of a procurement is what the law adds up, and lots are counted together."""

from datetime import date

from engine.procurement.valuation import Estimate, Lot, read_estimate, value_of

AT = date(2026, 11, 24)
KRONER = 100


def million(amount: float) -> int:
    return round(amount * 1_000_000) * KRONER


def test_research_purchase_options_and_prizes_add_up() -> None:
    estimate = Estimate(million(1), million(2), million(0.5), million(0.25))

    valuation = value_of(estimate, "other", "services", AT)

    assert valuation.total == million(3.75)
    assert [part.amount for part in valuation.parts] == [
        million(1), million(2), million(0.5), million(0.25),
    ]  # fmt: skip


def test_a_contract_without_end_counts_as_48_months() -> None:
    valuation = value_of(Estimate(monthly=million(0.1)), "other", "services", AT)

    assert valuation.total == million(4.8)
    assert [row.amount for row in valuation.rows if row.rule_id == "value-months-without-end"] == [
        48
    ]


def test_a_contract_with_an_end_counts_its_months() -> None:
    valuation = value_of(Estimate(monthly=million(0.1), months=12), "other", "services", AT)

    assert valuation.total == million(1.2)


def test_lots_count_together_where_they_are_more_than_the_sum() -> None:
    lots = (Lot("A", million(2)), Lot("B", million(2)))

    valuation = value_of(Estimate(purchase=million(3), lots=lots), "other", "services", AT)

    assert valuation.total == million(4)
    assert valuation.lots_differ


def test_lots_alone_are_the_value() -> None:
    lots = (Lot("A", million(2)), Lot("B", million(1)))

    valuation = value_of(Estimate(lots=lots), "other", "services", AT)

    assert valuation.total == million(3)
    assert not valuation.lots_differ


def test_small_lots_are_free_up_to_a_fifth_of_the_whole() -> None:
    lots = (Lot("Stor", million(4)), Lot("Liten", million(0.5)), Lot("Mindre", million(0.4)))

    valuation = value_of(Estimate(lots=lots), "other", "services", AT)

    small = valuation.small_lots
    assert small is not None
    assert [lot.name for lot in small.free] == ["Mindre", "Liten"]
    assert small.together == million(0.9)
    assert small.limit == million(0.98)


def test_a_lot_that_breaks_the_fifth_is_not_free() -> None:
    lots = (Lot("Stor", million(2)), Lot("A", million(0.4)), Lot("B", million(0.4)))

    valuation = value_of(Estimate(lots=lots), "other", "services", AT)

    small = valuation.small_lots
    assert small is not None
    assert [lot.name for lot in small.free] == ["A"]
    assert [lot.name for lot in small.others] == ["B", "Stor"]


def test_a_lot_at_the_amount_is_not_small() -> None:
    lots = (Lot("Stor", million(20)), Lot("A", 932_000 * KRONER), Lot("B", 931_999 * KRONER))

    valuation = value_of(Estimate(lots=lots), "other", "services", AT)

    assert valuation.small_lots is not None
    assert [lot.name for lot in valuation.small_lots.free] == ["B"]


def test_below_the_eea_threshold_no_lot_needs_to_be_small() -> None:
    lots = (Lot("A", million(1)), Lot("B", million(0.5)))

    assert value_of(Estimate(lots=lots), "other", "services", AT).small_lots is None


def test_each_threshold_says_whether_it_is_reached() -> None:
    valuation = value_of(Estimate(purchase=million(1.5)), "state", "goods", AT)

    assert [(each.level, each.reached) for each in valuation.crossings] == [
        ("law", True),
        ("national", True),
        ("eea", False),
    ]
    assert valuation.decisive.level == "national"


def test_the_estimate_is_read_from_the_names_of_the_form() -> None:
    data = {"rd_max": 1, "purchase_est": 2, "options": 3, "prizes": 4, "monthly": 5, "duration": 6}

    estimate = read_estimate({**data, "lots": [{"name": "A", "value": 7}]})

    assert estimate == Estimate(1, 2, 3, 4, 5, 6, (Lot("A", 7),))
