"""Organisations, persons, their roles, and the teams of procurements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from engine.errors import NotFoundError
from engine.model.actor import Actor, Grant, Impartiality, Membership
from engine.model.records import OrganisationRecord, PersonRecord
from engine.procurement.text import Language, checked_language
from engine.store.prepared import Prepared
from engine.store.rows import Selection
from engine.store.schema import draft, member, organisation, person, procurement_party, role_grant
from engine.store.types import Among

_ORGANISATION: Final = Selection(
    organisation, OrganisationRecord, organisation.c.id == sa.bindparam("key")
)
_PERSON: Final = Selection(person, PersonRecord, person.c.id == sa.bindparam("key"))
_USERNAME: Final = Selection(person, PersonRecord, person.c.username == sa.bindparam("username"))
_PERSONS: Final = Selection(person, PersonRecord, Among(person.c.id, "ids"))
_GRANTS: Final = Prepared(
    sa.select(role_grant.c.organisation, role_grant.c.role).where(
        role_grant.c.person == sa.bindparam("person")
    )
)
_OF_SEATS: Final = sa.select(
    member.c.id,
    member.c.person,
    member.c.role,
    member.c.deputy_for,
    member.c.scope,
    member.c.valid_from,
    member.c.valid_to,
    member.c.absence,
    member.c.impartiality,
).where(member.c.procurement == sa.bindparam("procurement"), member.c.removed.is_(False))
_OF_PARTIES: Final = sa.select(procurement_party.c.organisation).where(
    procurement_party.c.procurement == sa.bindparam("procurement")
)
_NO_SEAT: Final = [sa.literal("")] * (len(_OF_SEATS.selected_columns) - 1)
_TEAM: Final = Prepared(_OF_SEATS)
_EVER_SEATED: Final = Prepared(
    sa.select(member.c.person, member.c.scope).where(
        member.c.procurement == sa.bindparam("procurement")
    )
)
_BARRED: Final = Prepared(
    sa.select(member.c.person).where(
        member.c.procurement == sa.bindparam("procurement"),
        member.c.impartiality == Impartiality.BARRED.value,
    )
)
_PARTIES: Final = Prepared(_OF_PARTIES)
_CIRCLE: Final = Prepared(
    sa.union_all(
        _OF_SEATS.add_columns(sa.literal("seat")),
        _OF_PARTIES.add_columns(*_NO_SEAT, sa.literal("party")),
        sa.select(draft.c.holder, *_NO_SEAT, sa.literal("draft")).where(
            draft.c.task == sa.bindparam("task")
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Circle:
    """Who stands around an act: the team, the organisations that take part besides the owner, and
    whether the actor has left a draft on the task."""

    team: tuple[Membership, ...]
    parties: frozenset[str]
    drafted: bool


def find_organisation(connection: sa.Connection, key: str) -> OrganisationRecord | None:
    return _ORGANISATION.one(connection, key=key)


def letter_language(connection: sa.Connection, key: str) -> Language:
    """In which language the organisation writes its letters; raises NotFoundError."""
    found = find_organisation(connection, key)
    if found is None:
        raise NotFoundError("organisation", key)
    return checked_language(found.language)


def find_person(connection: sa.Connection, key: str) -> PersonRecord | None:
    return _PERSON.one(connection, key=key)


def find_username(connection: sa.Connection, username: str) -> PersonRecord | None:
    return _USERNAME.one(connection, username=username)


def persons(connection: sa.Connection, ids: list[str]) -> dict[str, PersonRecord]:
    """The persons with these ids, by id."""
    return {record.id: record for record in _PERSONS.all(connection, ids=ids)}


def load_actor(connection: sa.Connection, key: str) -> Actor:
    """The person as one who acts, with the roles held in organisations; raises NotFoundError."""
    found = find_person(connection, key)
    if found is None or not found.active:
        raise NotFoundError("person", key)
    grants = frozenset(Grant(*row) for row in _GRANTS.all(connection, {"person": key}))
    return Actor(found.id, found.name, found.organisation, grants)


def parties(connection: sa.Connection, procurement: str) -> frozenset[str]:
    """Organisations that take part in the procurement besides its owner."""
    return frozenset(_PARTIES.column(connection, {"procurement": procurement}))


def team(connection: sa.Connection, procurement: str) -> tuple[Membership, ...]:
    """The seats of the procurement's team that have not been removed."""
    return _seated(_TEAM.all(connection, {"procurement": procurement}))


def ever_seated(connection: sa.Connection, procurement: str) -> tuple[tuple[str, str], ...]:
    """Person and branch of every seat there has been, those removed too: a form may be about one
    who has left."""
    return tuple(
        (row[0], row[1]) for row in _EVER_SEATED.all(connection, {"procurement": procurement})
    )


def barred(connection: sa.Connection, procurement: str) -> frozenset[str]:
    """Whoever was found to have a conflict of interest, those who have left the team too."""
    return frozenset(_BARRED.column(connection, {"procurement": procurement}))


def circle(connection: sa.Connection, procurement: str, task: str, actor: str) -> Circle:
    """What every act asks for, in one question; it is asked once the procurement is locked."""
    values = {"procurement": procurement, "task": task, "actor": actor}
    found: dict[str, list[Any]] = {"seat": [], "party": [], "draft": []}
    for *row, kind in _CIRCLE.all(connection, values):
        found[kind].append(row)
    parties = frozenset(row[0] for row in found["party"])
    return Circle(_seated(found["seat"]), parties, bool(found["draft"]))


def _seated(rows: Iterable[Any]) -> tuple[Membership, ...]:
    seats = map(_seat, map(tuple, rows))
    return tuple(sorted(seats, key=lambda seat: (seat.role, seat.id)))


@lru_cache(maxsize=4096)
def _seat(row: tuple[Any, ...]) -> Membership:
    """Every act asks for all seats of its procurement, and they seldom change."""
    key, person, role, deputy_for, scope, first, last, absence, stands = row
    days, declared = (_day(first), _day(last)), Impartiality(stands)
    return Membership(key, person, role, deputy_for, scope, *days, absence, declared)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
