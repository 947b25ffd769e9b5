"""Drawing lots so that anybody can draw them again and nobody could choose how they fall.

The seed is the SHA-256 of two lines: the head of the record when signing up ended, which every
sign-up has gone into, and words that witnesses say aloud at the draw, which nobody knew before.
Each ticket's number is the SHA-256 of the seed and the ticket; the lowest number comes first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Lot:
    ticket: str
    number: str


def seed_of(head: str, words: str) -> str:
    """`head` in hexadecimal, `words` as they were said, without space around."""
    return _digest(head, " ".join(words.split()))


def drawn(seed: str, tickets: Iterable[str]) -> tuple[Lot, ...]:
    """All tickets in the order of their numbers, whatever order they came in."""
    lots = (Lot(ticket, _digest(seed, ticket)) for ticket in set(tickets))
    return tuple(sorted(lots, key=lambda lot: (lot.number, lot.ticket)))


def _digest(first: str, second: str) -> str:
    return sha256(f"{first}\n{second}".encode()).hexdigest()
