"""Who has seen what is confidential. Rows are only ever put in: the database refuses anything else.

It is no part of the chain of acts, since reading changes nothing; a look is at most one row for
each person, thing and minute, however often somebody reads it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.rows import Selection
from engine.store.schema import look
from engine.store.types import EPOCH
from engine.store.unit_of_work import UnitOfWork

_ONCE: Final[Mapping[str, sa.Insert]] = {
    "sqlite": sqlite.insert(look).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(look).on_conflict_do_nothing(),
}


@dataclass(frozen=True, slots=True)
class LookRecord:
    """`person` saw `what` (the address that was read) of matter with `scope`, as `rule` allows."""

    procurement: str
    person: str
    what: str
    scope: str
    rule: str
    via: str
    at: datetime


_LOOKS: Final = Selection(
    look,
    LookRecord,
    look.c.procurement == sa.bindparam("procurement"),
    look.c.at <= sa.bindparam("until"),
    order=(look.c.at.desc(), look.c.id.desc()),
)
_OF_PERSON: Final = Selection(
    look,
    LookRecord,
    look.c.procurement == sa.bindparam("procurement"),
    look.c.person == sa.bindparam("person"),
    order=(look.c.at, look.c.id),
)


def add(work: UnitOfWork, found: list[LookRecord]) -> None:
    """Put in those that are not there for this minute."""
    rows = [
        {
            **{name: getattr(each, name) for name in LookRecord.__slots__},
            "minute": int((each.at - EPOCH).total_seconds()) // 60,
        }
        for each in found
    ]
    work.connection.execute(_ONCE[work.connection.dialect.name], rows)


def looks_of(connection: sa.Connection, procurement: str, until: datetime) -> list[LookRecord]:
    """Every look up to a moment, the newest first."""
    return _LOOKS.all(connection, procurement=procurement, until=until)


def looks_by(connection: sa.Connection, procurement: str, person: str) -> list[LookRecord]:
    """Every look of one person, the first first."""
    return _OF_PERSON.all(connection, procurement=procurement, person=person)
