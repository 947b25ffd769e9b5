"""The open market dialogue before a competition: who signed up, what they said, how lots fell."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

MARKET: Final = "market-"
"""What the confidentiality keys of those begin with who signed up on the open page: they are known
by their own word alone, and get nothing that is kept for a supplier by its organisation number."""
OCCASION: Final = "market"
"""What one-to-one meetings of the market dialogue are booked for."""
WRITTEN: Final = "written"
HEARING: Final = "hearing"
INPUTS: Final = (WRITTEN, HEARING)
OUTCOMES: Final = ("adopt", "reject")


@dataclass(frozen=True, slots=True)
class SignUpRecord:
    """One business that signed up; `id` is the ticket it is drawn by, `people` how many come to
    the conference, 0 for none; `withdrawn_at` is when it took the sign-up back."""

    id: str
    procurement: str
    scope: str
    organisation: str
    number: str
    contact: str
    email: str
    people: int
    meeting: bool
    needs: str
    at: datetime
    withdrawn_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether the business still takes part."""
        return self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class InputRecord:
    """Written input, or a comment on a draft; `about` is the question or the passage by its number
    from 1, 0 for the whole, `draft` the submission of the draft. `where` is where in the documents
    it is found if it was adopted; `outcome` is "" until answered."""

    id: str
    procurement: str
    scope: str
    kind: str
    draft: str
    about: int
    text: str
    by: str
    at: datetime
    outcome: str
    answer: str
    where: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class DrawRecord:
    """How lots fell: everything that it takes to draw again. `order` is [ticket, number] with the
    winners first, `slots` [ticket, start] of those who got a meeting."""

    id: str
    procurement: str
    head: str
    words: str
    seed: str
    witness: str
    order: list[list[str]]
    slots: list[list[str]]
    at: datetime
