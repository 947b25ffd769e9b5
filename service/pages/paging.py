"""A long list in parts that a page can carry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

PER_PART: Final = 25
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """Part `number` of `count`, both from 1."""

    shown: tuple[T, ...]
    number: int
    count: int


def part_of(
    items: Sequence[T], wanted: str = "", holding: Callable[[T], bool] | None = None
) -> Part[T]:
    """The part with that number, or else the one with the item that is to be held; the nearest
    there is for a number that is none."""
    count = max(1, -(-len(items) // PER_PART))
    held = next((at for at, item in enumerate(items) if holding and holding(item)), 0)
    asked = int(wanted) if wanted.isdecimal() and len(wanted) < 9 else held // PER_PART + 1
    number = min(max(asked, 1), count)
    return Part(tuple(items[(number - 1) * PER_PART : number * PER_PART]), number, count)
