"""Counts of who was heard give nobody away: not alone, and not beside their sum."""

from hypothesis import given
from hypothesis import strategies as st

from engine.procurement.voices import FEWEST, heard_by_group, kept_back, total_of

COUNTS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 30), max_size=8
)


@given(COUNTS)
def test_what_is_kept_back_cannot_be_worked_out_from_the_sum(counts: dict[str, int]) -> None:
    shown = kept_back(counts)
    hidden = [group for group, count in shown.items() if count is None]
    total = total_of(counts)

    assert all(count is None or count == 0 or count >= FEWEST for count in shown.values())
    if hidden and total is not None:
        together = total - sum(count or 0 for count in shown.values())
        assert len(hidden) > 1
        assert together >= FEWEST


def test_one_small_group_takes_the_smallest_large_one_with_it() -> None:
    counts = {"citizen": 40, "employee": 7, "union-representative": 2}

    shown = kept_back(counts)

    assert shown == {"citizen": 40, "employee": None, "union-representative": None}
    assert total_of(counts) == 49


def test_a_person_who_gives_much_is_one_person() -> None:
    given = [("citizen", "a")] * 9 + [("citizen", person) for person in "bcdef"]

    heard = heard_by_group(given)

    assert (heard.groups[0].people, heard.groups[0].contributions) == (6, 14)
    assert (heard.people, heard.contributions) == (6, 14)


def test_nothing_is_shown_of_fewer_than_five() -> None:
    heard = heard_by_group([("citizen", "a"), ("citizen", "b"), ("employee", "c")])

    assert {each.people for each in heard.groups} == {None}
    assert heard.people is None
