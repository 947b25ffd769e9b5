"""What has changed in the law since a day."""

from datetime import date

from engine.procurement.rule_changes import rule_changes

BEFORE_THE_THRESHOLDS = date(2026, 3, 3)
AFTER_THEM = date(2026, 5, 1)
AFTER_THE_NEW_ACT = date(2026, 7, 2)


def test_a_changed_amount_is_told_with_both_rows() -> None:
    found = {each.rule_id: each for each in rule_changes(BEFORE_THE_THRESHOLDS, AFTER_THEM)}

    eea = found["threshold-eea-other"]
    assert eea.before is not None
    assert eea.after is not None
    assert (eea.before.amount, eea.after.amount) == (230_000_000, 250_000_000)
    assert eea.row is eea.after


def test_a_rule_that_ends_is_told_by_the_row_that_held() -> None:
    ended = [
        each for each in rule_changes(BEFORE_THE_THRESHOLDS, AFTER_THE_NEW_ACT) if not each.after
    ]

    assert all(each.row is each.before for each in ended)


def test_the_same_law_has_no_changes() -> None:
    assert rule_changes(AFTER_THEM, AFTER_THEM) == ()
    assert rule_changes(AFTER_THE_NEW_ACT, date(2026, 11, 1)) == ()
