"""Legal time limits by rule id."""

from datetime import UTC, date, datetime

import pytest

from engine.clock import OSLO
from engine.errors import InvalidInputError, RejectedError
from engine.procurement.ruledata import Kind, known_rules
from engine.procurement.time_limits import time_limit

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("rule", "start", "last_day"),
    [
        ("rtp-innovation-partnership", date(2026, 3, 4), date(2026, 4, 7)),
        ("rtp-competitive-dialogue", date(2026, 2, 2), date(2026, 3, 4)),
        ("tender-period-open-not-electronic", date(2026, 2, 2), date(2026, 3, 9)),
        ("standstill-electronic", date(2026, 12, 15), date(2026, 12, 28)),
        ("contract-award-notice", date(2026, 11, 25), date(2026, 12, 28)),
        ("kofa-status", date(2026, 12, 21), date(2026, 12, 29)),
        ("kofa-reply", date(2026, 12, 21), date(2027, 1, 6)),
        ("kofa-complaint", date(2026, 11, 25), date(2027, 5, 25)),
        ("suit-sanctions", date(2026, 11, 25), date(2028, 11, 27)),
    ],
)
def test_a_rule_gives_the_last_day_the_law_gives(rule: str, start: date, last_day: date) -> None:
    limit = time_limit(rule, start, TODAY)

    assert limit.period.legal_last_day == last_day


def test_an_answer_is_due_six_whole_days_before_the_tender_deadline() -> None:
    deadline = datetime(2026, 6, 18, 12, tzinfo=OSLO)

    usual = time_limit("answers", deadline, TODAY)
    urgent = time_limit("answers-urgent", deadline, TODAY)

    assert usual.period.latest_act == date(2026, 6, 11)
    assert urgent.period.latest_act == date(2026, 6, 13)


def test_five_days_are_added_where_the_documents_are_not_freely_available() -> None:
    limit = time_limit(
        "tender-period-open", date(2026, 2, 2), TODAY, extended_by=["documents-not-electronic"]
    )

    assert limit.period.amount == 35
    assert limit.citation == "FOA § 20-2(1); FOA § 14-3(2)-(3)"
    assert any(line.startswith("+ 5") for line in limit.explain("en"))


def test_an_extension_in_another_unit_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="same unit"):
        time_limit("kofa-reply", date(2026, 2, 2), TODAY, extended_by=["documents-not-electronic"])


def test_a_breach_of_personal_data_is_notified_within_72_hours() -> None:
    limit = time_limit("personal-data-breach", datetime(2026, 10, 24, 8, 15, tzinfo=UTC), TODAY)

    assert limit.ends_at == datetime(2026, 10, 27, 9, tzinfo=UTC)


def test_an_unverified_rule_says_so_in_both_languages() -> None:
    limit = time_limit("kofa-reply", date(2026, 12, 21), TODAY)

    assert limit.verified is False
    assert limit.explain("nb")[-1] == "Regelen er ikke kontrollert mot lovteksten."
    assert limit.explain("en")[-1] == "The rule has not been verified against the law text."


def test_a_verified_rule_names_its_article_and_carries_no_warning() -> None:
    limit = time_limit("standstill-electronic", date(2026, 3, 20), TODAY)

    assert limit.verified is True
    assert "FOA § 25-2(1)" in limit.explain("nb")[0]
    assert "verified" not in " ".join(limit.explain("en"))


def test_an_unknown_rule_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(InvalidInputError, match="rtp-innovation-partnership"):
        time_limit("rtp", date(2026, 1, 1), TODAY)


def test_a_rule_that_is_no_time_limit_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="not a time limit"):
        time_limit("minimum-evaluators", date(2026, 1, 1), TODAY)


def test_a_day_without_a_row_is_refused() -> None:
    with pytest.raises(RejectedError, match="2018-07-20"):
        time_limit("personal-data-breach", datetime(2017, 5, 1, tzinfo=UTC), date(2017, 5, 1))


@pytest.mark.parametrize("rule", known_rules(Kind.TIME_LIMIT))
def test_every_time_limit_can_be_computed_and_explained(rule: str) -> None:
    limit = time_limit(rule, datetime(2026, 8, 12, 10, tzinfo=UTC), TODAY)

    assert limit.explain("nb")
    assert limit.explain("en")
    assert limit.ends_at.tzinfo is UTC
