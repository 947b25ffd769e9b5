"""What suppliers are called as firms: by their own names and organisation numbers, never by that of
the person who came for them."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from engine.procurement.reading import entries, said
from engine.registers.organisations import has_nine_digits, plain, spaced
from engine.store import market, participants, records

_MEETINGS: Final = ("consultation-meetings", "meeting-draw")
"""The forms that say whom the market consultation meets."""


@dataclass(frozen=True, slots=True)
class Firm:
    """`number` is the organisation number, "" where it is not known."""

    name: str
    number: str

    @property
    def label(self) -> str:
        """The name with the number, as a reader needs both to know who it is."""
        if not self.number or self.number in plain(self.name):
            return self.name
        return f"{self.name} ({spaced(self.number)})"


def firms_of(connection: sa.Connection, procurement: str) -> dict[str, Firm]:
    """Every supplier that has a name here, by key: as registered, else as it was invited, else as
    it signed up to the market dialogue, else as the market consultation agreed to meet it."""
    signed_up = market.signups_of(connection, procurement)
    invited = participants.invitations_of(connection, procurement)
    names = {
        **_met(connection, procurement),
        **{each.scope: each.organisation for each in signed_up},
        **{each.scope: each.group for each in invited if each.scope and each.group},
        **{each.key: each.name for each in records.suppliers(connection, procurement)},
    }
    numbers = {each.scope: plain(each.number) for each in signed_up}
    return {
        key: Firm(name, key if has_nine_digits(key) else numbers.get(key, ""))
        for key, name in names.items()
        if name
    }


def _met(connection: sa.Connection, procurement: str) -> dict[str, str]:
    return {
        said(row, "id"): said(row, "name")
        for form in _MEETINGS
        for each in records.submissions_of(connection, procurement, form)
        for row in entries(each.content, "meetings")
    }


def supplier_names(connection: sa.Connection, procurement: str) -> dict[str, str]:
    """The names alone, by key."""
    return {key: firm.name for key, firm in firms_of(connection, procurement).items()}


def supplier_labels(connection: sa.Connection, procurement: str) -> dict[str, str]:
    """The names with organisation numbers, by key."""
    return {key: firm.label for key, firm in firms_of(connection, procurement).items()}
