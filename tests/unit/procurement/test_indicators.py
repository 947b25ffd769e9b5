"""The ten indicators: what they count, and what they plainly do not know."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.business import BusinessRecord
from engine.procurement.indicators import (
    Decided,
    Given,
    Handed,
    Measured,
    Stay,
    Story,
    gini,
    indicators,
)

DAY = datetime(2026, 3, 23, 8, tzinfo=UTC)
EMPTY = Story(
    forms=(),
    decisions=(),
    contributions=(),
    suppliers={},
    signed_up=frozenset(),
    tendered=frozenset(),
    businesses={},
    meetings=(),
    lags=(),
    minuted=(),
    rounds=0,
    stays=(),
    waited={},
    overrun=(),
    prepared={},
    set_aside=0,
    began=DAY,
    ended=None,
    now=DAY + timedelta(days=10),
)


def form(key: str, content: Mapping[str, Any], day: int = 0) -> Handed:
    return Handed(key, content, "", DAY + timedelta(days=day))


def decided(decision: str, option: str, *, opens: bool = True, element: str = "gate") -> Decided:
    return Decided(decision, option, opens, 3, element, "", DAY)


def measured(story: Story) -> dict[str, Measured]:
    return {one.key: one for each in indicators(story) for one in each.measures}


def value(story: Story, key: str) -> float | None:
    return measured(story)[key].value


def test_there_are_ten_and_an_empty_record_is_not_nought() -> None:
    found = indicators(EMPTY)

    assert [each.number for each in found] == list(range(1, 11))
    told = {one.key: one.value for each in found for one in each.measures if one.value is not None}
    assert told == {"days": 10, "set-aside": 0}
    assert all(one.missing for each in found for one in each.measures if one.value is None)


def test_ambition_is_read_from_the_need() -> None:
    need = {
        "innovation_ambition": "new_to_market",
        "bt776": ["rd-act", "mar-nov"],
        "need": "Varsle med kamera",
    }
    story = replace(EMPTY, forms=(form("need", need),))

    assert value(story, "ambition") == 3
    assert value(story, "codes") == 2
    assert value(story, "how-words") == pytest.approx(100 / 3)


def test_ambition_and_requirements_are_compared_from_first_to_last() -> None:
    def documents(*ids: str) -> dict[str, Any]:
        return {"minimum_requirements": [{"id": each, "text": "Varsler raskt"} for each in ids]}

    story = replace(
        EMPTY,
        forms=(
            form("need", {"innovation_ambition": "new_to_market"}),
            form("need", {"innovation_ambition": "new_to_org"}, 1),
            form("procurement-documents", documents("K1", "K2", "K3", "K4"), 2),
            form("procurement-documents", documents("K1", "K3", "K4", "K5"), 3),
        ),
    )

    assert value(story, "ambition-drop") == 2
    assert value(story, "demands-kept") == 75
    assert value(story, "demands-removed") == 1


def test_ambition_is_followed_from_need_to_documents_to_the_least_of_the_contracts() -> None:
    story = replace(
        EMPTY,
        forms=(
            form("need", {"innovation_ambition": "new_to_market"}),
            form("procurement-documents", {"innovation_ambition": "improved_market"}, 1),
            form("contract", {"innovation_ambition": "improved_market"}, 2),
            form("contract", {"innovation_ambition": "none"}, 3),
        ),
    )

    assert (value(story, "ambition-documents"), value(story, "ambition-lost-documents")) == (2, 1)
    assert (value(story, "ambition-contract"), value(story, "ambition-lost-contract")) == (0, 2)
    assert measured(EMPTY)["ambition-contract"].missing == "contract-ambition"


def test_the_funnel_tells_small_new_and_starting_businesses_and_counts_what_is_unknown() -> None:
    story = replace(
        EMPTY,
        signed_up=frozenset({"market-1", "market-2"}),
        suppliers={"a": "selected", "b": "rejected", "c": "selected"},
        businesses={
            "a": business("a", "small", newcomer="yes"),
            "b": business("b", "large", startup="no"),
            "market-1": business("market-1", "micro", startup="yes"),
        },
    )

    assert (value(story, "in-market-dialogue"), value(story, "in-market-dialogue-small")) == (2, 1)
    assert value(story, "in-market-dialogue-startup") == 1
    assert measured(story)["in-market-dialogue-newcomer"].missing == "traits"
    assert (value(story, "applied-small"), value(story, "applied-startup")) == (1, 0)
    assert (value(story, "taken-on"), value(story, "taken-on-newcomer")) == (2, 1)
    assert (value(story, "unknown-small"), value(story, "unknown-newcomer")) == (2, 4)


def business(scope: str, size: str, startup: str = "", newcomer: str = "") -> BusinessRecord:
    return BusinessRecord("p", scope, size, startup, newcomer, "", "x", DAY)


def test_deviation_from_plan_is_read_from_due_dates_and_phase_plans() -> None:
    story = replace(
        EMPTY,
        overrun=(timedelta(days=-1), timedelta(days=3), timedelta(days=4)),
        forms=(form("phase-plan-partner", {"end": "2026-03-20"}),),
        decisions=(decided("D12", "go"),),
    )

    assert value(story, "after-due") == 3
    assert value(story, "done-in-time") == pytest.approx(100 / 3)
    assert value(story, "after-phase-plan") == 3


@pytest.mark.parametrize(
    ("forms", "upheld"),
    [
        ((), 0),
        ((("complaint", {}),), None),
        ((("complaint", {}), ("complaint-answer", {"outcome": "partly"})), 1),
        ((("complaint", {}), ("complaint-answer", {"outcome": "dismissed"})), 0),
        (
            (
                ("complaint", {}),
                ("complaint-answer", {"outcome": "dismissed"}),
                ("ruling", {"outcome": "upheld"}),
            ),
            1,
        ),
    ],
)
def test_complaints_upheld_by_buyer_or_by_a_body_count(
    forms: tuple[tuple[str, dict[str, Any]], ...], upheld: int | None
) -> None:
    story = replace(
        EMPTY, forms=tuple(form(*each) for each in forms), decisions=(decided("D1", "go"),)
    )

    assert value(story, "complaints-upheld") == upheld


def test_breadth_holds_who_was_heard_against_who_is_affected() -> None:
    need = {"affected": [{"group": "citizen"}, {"group": "employee"}]}
    heard = (Given("citizen", "a", "yes", "", DAY, DAY + timedelta(days=4)),)
    story = replace(EMPTY, forms=(form("need", need),), contributions=heard)

    assert value(story, "breadth") == 50
    assert measured(story)["people"].value is None
    assert measured(story)["people"].few


@pytest.mark.parametrize(("number", "shown"), [(4, None), (5, 5)])
def test_fewer_than_five_people_are_not_shown(number: int, shown: int | None) -> None:
    given_by = tuple(Given("citizen", str(n), "", "", DAY, None) for n in range(number))

    assert value(replace(EMPTY, contributions=given_by), "people") == shown


def test_influence_counts_used_answered_and_reasoned() -> None:
    later = DAY + timedelta(days=6)
    given_ = (
        Given("citizen", "a", "yes", "", DAY, DAY + timedelta(days=2)),
        Given("citizen", "b", "no", "For dyrt.", DAY, later),
        Given("citizen", "c", "no", " ", DAY, later),
        Given("citizen", "d", "", "", DAY, None),
    )
    story = replace(EMPTY, contributions=given_)

    assert value(story, "influence") == 25
    assert value(story, "answered") == 75
    assert value(story, "days-to-answer") == 6
    assert value(story, "reasoned") == 50


def test_parity_of_time_information_and_minutes() -> None:
    hour = timedelta(hours=1)
    story = replace(
        EMPTY,
        meetings=(("a", hour), ("b", hour), ("b", hour * 2)),
        lags=(timedelta(days=1), timedelta(days=3)),
        minuted=(True, False),
    )

    assert value(story, "time-parity") == pytest.approx(0.25)
    assert value(story, "information-lag") == 3
    assert value(story, "minutes-confirmed") == 50


def test_where_there_are_no_first_class_minutes_the_forms_tell() -> None:
    soon = {
        "shares_needed": True,
        "approved_by_supplier": True,
        "end": "2026-03-23T09:00:00+00:00",
        "approved_at": "2026-03-25T09:00:00+00:00",
    }
    late = {**soon, "approved_at": "2026-04-20T09:00:00+00:00"}
    story = replace(
        EMPTY,
        forms=(
            form("meeting-minutes", soon),
            form("meeting-minutes", late, 1),
            form("shared-information", {}, 2),
        ),
    )

    assert value(story, "minutes-confirmed") == 50
    assert value(story, "information-lag") == 2


def test_yield_and_rounds() -> None:
    inputs = [{"outcome": "adopt"}, {"outcome": "reject"}]
    story = replace(EMPTY, forms=(form("hearing-answers", {"inputs": inputs}),), rounds=2)

    assert (value(story, "adopted"), value(story, "proposed"), value(story, "rounds")) == (50, 2, 2)


def test_time_is_told_by_phase_and_by_what_is_waited_for() -> None:
    stays = (
        Stay("need", DAY, DAY + timedelta(days=4)),
        Stay("market", DAY + timedelta(days=4), None),
    )
    waited = {"people": timedelta(hours=3), "clock": timedelta(hours=30)}
    story = replace(EMPTY, stays=stays, waited=waited, ended=DAY + timedelta(days=8))

    assert (value(story, "days"), value(story, "days-per-phase")) == (8, 4)
    assert (value(story, "waited-for-people"), value(story, "waited-for-clock")) == (3, 30)
    assert value(story, "waited-for-others") is None


def test_automation_compares_what_was_prepared_with_what_was_handed_in() -> None:
    story = replace(
        EMPTY,
        forms=(form("procedure-choice", {"result": "open", "reason": "Ny", "a": 1, "b": 2}),),
        prepared={"procedure-choice": {"result": "open", "reason": "Gammel"}},
        decisions=(
            decided("D1", "return", opens=False),
            decided("D1", "go"),
            decided("D3", "go", element="other"),
        ),
    )

    assert value(story, "prefilled") == 25
    assert value(story, "checks") == 9
    assert value(story, "opened-first-time") == 50


@pytest.mark.parametrize(
    ("baseline", "target", "got", "reached"),
    [(10, 5, 4, 100), (10, 5, 6, 0), (None, 5, 6, 100), (1, 5, 4, 0)],
)
def test_a_target_below_where_it_began_is_undershot(
    baseline: int | None, target: int, got: int, reached: int
) -> None:
    row = {"baseline": baseline, "target": target, "measured": got}
    story = replace(EMPTY, forms=(form("benefit", {"measurements": [row]}),))

    assert value(story, "targets-reached") == reached


def test_outcome_counts_phases_and_purchases() -> None:
    story = replace(
        EMPTY,
        decisions=(
            decided("D12", "go"),
            decided("D12", "terminate", opens=False),
            decided("D12", "pay"),
            decided("D13", "buy"),
        ),
        forms=(form("complaint", {}),),
    )

    assert value(story, "phases-passed") == 50
    assert value(story, "bought") == 100
    assert value(story, "complaints") == 1


@given(st.lists(st.floats(0.1, 1e4), min_size=2, max_size=20), st.floats(0.1, 100))
def test_gini_is_between_nought_and_one_and_knows_no_unit(values: list[float], by: float) -> None:
    found = gini(values)

    assert found is not None
    assert -1e-9 <= found < 1
    assert gini([each * by for each in values]) == pytest.approx(found, abs=1e-9)


def test_gini_of_equals_is_nought_and_of_one_or_nothing_is_not_known() -> None:
    assert gini([3, 3, 3]) == pytest.approx(0)
    assert gini([3]) is None
    assert gini([0, 0]) is None
