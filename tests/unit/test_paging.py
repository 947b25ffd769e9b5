"""A long list is cut into parts."""

import pytest

from service.pages.paging import PER_PART, part_of

THREE = range(2 * PER_PART + 1)


@pytest.mark.parametrize(
    ("wanted", "number"), [("", 1), ("1", 1), ("3", 3), ("4", 3), ("0", 1), ("-2", 1), ("x", 1)]
)
def test_a_number_that_is_none_leads_to_the_nearest_part(wanted: str, number: int) -> None:
    part = part_of(THREE, wanted)

    assert (part.number, part.count) == (number, 3)


def test_each_thing_is_in_one_part() -> None:
    shown = [each for number in "123" for each in part_of(THREE, number).shown]

    assert shown == list(THREE)


def test_the_part_that_holds_a_thing_is_found() -> None:
    part = part_of(THREE, holding=lambda each: each == 2 * PER_PART)

    assert (part.number, part.shown) == (3, (2 * PER_PART,))


def test_nothing_is_one_empty_part() -> None:
    assert part_of([]) == part_of([], "7")
    assert part_of([]).shown == ()
