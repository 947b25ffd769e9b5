"""What is known of a supplier as a business: how large, how new, and whether new to the buyer.

It is what the business says itself or what a register says, with its source; what nobody has said
is unknown. Sizes are those of Commission Recommendation 2003/361/EC.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

SIZES: Final = ("micro", "small", "medium", "large")
"""Fewer than 10, 50, 250 people; or as many and more."""
SMALL_AND_MEDIUM: Final = frozenset({"micro", "small", "medium"})
ANSWERS: Final = ("yes", "no")


@dataclass(frozen=True, slots=True)
class BusinessRecord:
    """`size` is one of `SIZES`; `startup` tells whether it is in its first five years, `newcomer`
    whether it has delivered nothing to the buyer before: one of `ANSWERS`. Each is "" where it is
    unknown. `source` is the register it was looked up in, "" for the business's own word; `by` who
    wrote it down."""

    procurement: str
    scope: str
    size: str
    startup: str
    newcomer: str
    source: str
    by: str
    at: datetime

    @property
    def is_small(self) -> bool | None:
        """Whether it is micro, small or medium-sized; None where that is unknown."""
        return self.size in SMALL_AND_MEDIUM if self.size else None

    @property
    def is_startup(self) -> bool | None:
        return _answer(self.startup)

    @property
    def is_newcomer(self) -> bool | None:
        return _answer(self.newcomer)


def _answer(text: str) -> bool | None:
    return text == "yes" if text else None
