"""Who was heard, counted so that nobody can be picked out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

FEWEST: Final = 5
"""A count below this could point at persons, and is shown as «fewer than five»."""


@dataclass(frozen=True, slots=True)
class Heard:
    """`people` and `contributions` of one group; None where a number is too small to show."""

    group: str
    people: int | None
    contributions: int | None


def heard_by_group(given: Iterable[tuple[str, str]]) -> tuple[Heard, ...]:
    """Counts of (group, person) pairs, one pair for each contribution, the largest group first."""
    pairs = list(given)
    contributions = Counter(group for group, _ in pairs)
    people = Counter(group for group, _ in set(pairs))
    ordered = sorted(contributions, key=lambda group: (-contributions[group], group))
    return tuple(Heard(each, _shown(people[each]), _shown(contributions[each])) for each in ordered)


def _shown(number: int) -> int | None:
    return number if number >= FEWEST else None
