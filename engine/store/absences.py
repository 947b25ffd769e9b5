"""Who is away when, and who stands in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from engine.errors import NotFoundError
from engine.store.prepared import Prepared
from engine.store.rows import Selection
from engine.store.schema import absence, member, procurement
from engine.store.types import Among

_ALIVE: Final = ("running", "suspended")


@dataclass(frozen=True, slots=True)
class AbsenceRecord:
    """Days, first and last included, on which `person` is away; `substitute` stands in, "" for
    nobody. `begun` once the substitute has taken over."""

    id: str
    organisation: str
    person: str
    substitute: str
    first_day: str
    last_day: str
    begun: bool
    withdrawn: bool

    @property
    def first(self) -> date:
        return date.fromisoformat(self.first_day)

    @property
    def last(self) -> date:
        return date.fromisoformat(self.last_day)

    def lasts_on(self, day: date) -> bool:
        return self.first <= day <= self.last


_TODAY: Final[sa.BindParameter[str]] = sa.bindparam("today", type_=sa.String)
_COUNTS: Final = (absence.c.withdrawn.is_(False), absence.c.last_day >= _TODAY)
_ORDER: Final = (absence.c.first_day, absence.c.id)
_ONE: Final = Selection(absence, AbsenceRecord, absence.c.id == sa.bindparam("key"))
_OF_PERSONS: Final = Selection(
    absence, AbsenceRecord, Among(absence.c.person, "persons"), *_COUNTS, order=_ORDER
)
_OF_SUBSTITUTE: Final = Selection(
    absence,
    AbsenceRecord,
    absence.c.substitute == sa.bindparam("substitute"),
    *_COUNTS,
    order=_ORDER,
)
_OF_ORGANISATION: Final = Selection(
    absence,
    AbsenceRecord,
    absence.c.organisation == sa.bindparam("organisation"),
    *_COUNTS,
    order=_ORDER,
)
_TO_BEGIN: Final = Selection(
    absence,
    AbsenceRecord,
    absence.c.begun.is_(False),
    absence.c.first_day <= _TODAY,
    *_COUNTS,
    order=_ORDER,
)
_PLACES: Final = Prepared(
    sa.select(member.c.procurement)
    .join(procurement, procurement.c.id == member.c.procurement)
    .where(
        member.c.person == sa.bindparam("person"),
        member.c.removed.is_(False),
        procurement.c.status.in_([sa.literal(each) for each in _ALIVE]),
    )
    .distinct()
    .order_by(member.c.procurement)
)
_ENDED: Final = Prepared(
    sa.select(member.c.procurement)
    .join(procurement, procurement.c.id == member.c.procurement)
    .where(
        member.c.valid_to != sa.literal_column("''"),
        member.c.valid_to < _TODAY,
        member.c.removed.is_(False),
        procurement.c.status.in_([sa.literal(each) for each in _ALIVE]),
    )
    .distinct()
    .order_by(member.c.procurement)
    .limit(sa.bindparam("count"))
)


def get(connection: sa.Connection, key: str) -> AbsenceRecord:
    """The absence; raises NotFoundError."""
    found = _ONE.one(connection, key=key)
    if found is None:
        raise NotFoundError("absence", key)
    return found


def of_persons(
    connection: sa.Connection, persons: Collection[str], today: date
) -> list[AbsenceRecord]:
    """Absences of these persons that last or are to come, by their first day."""
    return _OF_PERSONS.all(connection, persons=sorted(persons), today=today.isoformat())


def of_substitute(connection: sa.Connection, person: str, today: date) -> list[AbsenceRecord]:
    """Absences in which the person stands in, now or later."""
    return _OF_SUBSTITUTE.all(connection, substitute=person, today=today.isoformat())


def of_organisation(
    connection: sa.Connection, organisation: str, today: date
) -> list[AbsenceRecord]:
    """Absences of the organisation's people that last or are to come."""
    return _OF_ORGANISATION.all(connection, organisation=organisation, today=today.isoformat())


def to_begin(connection: sa.Connection, today: date) -> list[AbsenceRecord]:
    """Absences whose first day has come, and that have not begun."""
    return _TO_BEGIN.all(connection, today=today.isoformat())


def places_of(connection: sa.Connection, person: str) -> list[str]:
    """The procurements under way in which the person has a seat, in the order of locks."""
    return [str(key) for key in _PLACES.column(connection, {"person": person})]


def with_ended_seats(connection: sa.Connection, today: date, count: int) -> list[str]:
    """Procurements under way with a seat whose last day is over and that nobody has ended."""
    values = {"today": today.isoformat(), "count": count}
    return [str(key) for key in _ENDED.column(connection, values)]
