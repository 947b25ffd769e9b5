"""Who was heard, counted so that nobody can be picked out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

FEWEST: Final = 5
"""A count below this could point at persons, and is shown as «fewer than five»."""


@dataclass(frozen=True, slots=True)
class Heard:
    """`people` and `contributions` of one group; None where a number is kept back."""

    group: str
    people: int | None
    contributions: int | None


@dataclass(frozen=True, slots=True)
class HeardByGroup:
    """The groups, the largest first, and what they sum up to; None where that is too small."""

    groups: tuple[Heard, ...]
    people: int | None
    contributions: int | None


def heard_by_group(given: Iterable[tuple[str, str]]) -> HeardByGroup:
    """Counts of (group, person) pairs, one pair for each contribution."""
    pairs = list(given)
    contributions = Counter(group for group, _ in pairs)
    people = Counter(group for group, _ in set(pairs))
    ordered = sorted(contributions, key=lambda group: (-contributions[group], group))
    shown, written = kept_back(people), kept_back(contributions)
    return HeardByGroup(
        tuple(Heard(each, shown[each], written[each]) for each in ordered),
        total_of(people),
        total_of(contributions),
    )


def total_of(counts: Mapping[str, int]) -> int | None:
    """The sum, None where it is too small itself."""
    total = sum(counts.values())
    return total if total >= FEWEST else None


def kept_back(counts: Mapping[str, int]) -> Mapping[str, int | None]:
    """Counts that may be shown beside their sum; None for those that may not.

    Small ones are kept back, and as many more, the smallest first, as it takes for the sum to give
    none of them away: those kept back are never one alone, nor fewer than `FEWEST` together.
    """
    hidden = {group for group, count in counts.items() if 0 < count < FEWEST}
    rest = sorted((count, group) for group, count in counts.items() if count >= FEWEST)
    while hidden and rest and (len(hidden) == 1 or sum(counts[each] for each in hidden) < FEWEST):
        hidden.add(rest.pop(0)[1])
    return {group: None if group in hidden else count for group, count in counts.items()}
