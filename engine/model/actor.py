"""Who acts, and with what rights."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

SYSTEM_ID: Final = "system"
HIGHEST_LEVEL: Final = 3


@dataclass(frozen=True, slots=True)
class Grant:
    """A role a person holds in a whole organisation, for instance procurement lead or auditor."""

    organisation: str
    role: str


@dataclass(frozen=True, slots=True)
class Participation:
    """The place of somebody outside the buyer: one procurement, and in it one supplier or group.

    `scope` is the supplier's key for the role supplier; `group` names the others, such as «users».
    """

    procurement: str
    role: str
    scope: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """The natural person (or the system itself) behind a command.

    `on_behalf_of` is the id of the person whose place a deputy takes in this act, or "".
    `participation` is set for those who come from outside: they belong to no organisation, hold no
    grants and no seats. `via` says how the person came in, such as `provider:entra` or
    `token:<id>`; `level` how sure that way is of who it is, from 0 to 3; `scopes` what an API token
    is limited to, None for no limit.
    """

    id: str
    name: str
    organisation: str
    grants: frozenset[Grant] = frozenset()
    on_behalf_of: str = ""
    participation: Participation | None = None
    via: str = ""
    level: int = HIGHEST_LEVEL
    scopes: frozenset[str] | None = None

    def holds(self, role: str, organisation: str) -> bool:
        """Whether the person holds `role` in `organisation` itself."""
        return Grant(organisation, role) in self.grants

    @property
    def homes(self) -> frozenset[str]:
        """The organisations the person belongs to, or holds a role in."""
        return frozenset({self.organisation, *(each.organisation for each in self.grants)} - {""})

    @property
    def is_system(self) -> bool:
        return self.id == SYSTEM_ID


SYSTEM: Final = Actor(SYSTEM_ID, "PIVOTAL", "")


class Impartiality(StrEnum):
    """How it stands with the declaration (F-10) of whoever holds a seat: the model asks for none,
    it is asked for and lacks, it is settled against the suppliers known so far, or there is a
    conflict of interest."""

    NOT_ASKED = ""
    ASKED = "asked"
    CLEARED = "cleared"
    BARRED = "barred"


BARRING: Final = frozenset({Impartiality.ASKED, Impartiality.BARRED})
"""With a seat that stands like this, one sees nothing of what suppliers say in confidence."""


@dataclass(frozen=True, slots=True)
class Membership:
    """One seat in a procurement's team.

    `deputy_for` is the id of the person this one stands in for, or "". `scope` is a supplier's key
    when the seat is bound to one supplier, else "". Dates are inclusive, in Oslo. `absence` is the
    absence of the other that the seat comes from, "" where the lead gave it.
    """

    id: str
    person: str
    role: str
    deputy_for: str = ""
    scope: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    absence: str = ""
    impartiality: Impartiality = Impartiality.NOT_ASKED

    def valid_on(self, day: date) -> bool:
        """Whether the seat is held on `day`."""
        after_start = self.valid_from is None or self.valid_from <= day
        return after_start and (self.valid_to is None or day <= self.valid_to)
