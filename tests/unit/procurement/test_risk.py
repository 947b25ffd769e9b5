"""What puts a procurement at risk, and how gravely."""

from dataclasses import fields

import pytest

from engine.procurement.risk import FACTORS, Level, RiskFacts, risk_of


def test_nothing_to_see_is_a_low_risk_without_reasons() -> None:
    risk = risk_of(RiskFacts())

    assert (risk.level, risk.reasons) == (Level.LOW, ())


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        (RiskFacts(late=1), Level.MEDIUM),
        (RiskFacts(late=4), Level.MEDIUM),
        (RiskFacts(late=5), Level.HIGH),
        (RiskFacts(late=1, late_legal=1), Level.HIGH),
        (RiskFacts(incidents=1), Level.HIGH),
        (RiskFacts(complaints=1), Level.HIGH),
        (RiskFacts(unverified=3), Level.MEDIUM),
        (RiskFacts(suppliers_missing=1), Level.MEDIUM),
        (RiskFacts(suspended=1), Level.MEDIUM),
    ],
)
def test_each_fact_has_its_level(facts: RiskFacts, level: Level) -> None:
    assert risk_of(facts).level is level


def test_a_fact_is_told_once_and_the_gravest_comes_first() -> None:
    risk = risk_of(RiskFacts(late=6, suspended=1, incidents=2))

    assert [(each.fact, each.number) for each in risk.reasons] == [
        ("incidents", 2),
        ("late", 6),
        ("suspended", 1),
    ]
    assert [each.level for each in risk.reasons] == sorted(
        (each.level for each in risk.reasons), reverse=True
    )


def test_every_fact_that_is_counted_can_raise_the_risk() -> None:
    assert {factor.fact for factor in FACTORS} == {field.name for field in fields(RiskFacts)}
