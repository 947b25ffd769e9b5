"""What open pages wait for, asked for all of them at once.

Each answer is a state, not a list of news: nothing is missed when transactions commit in another
order than they began, and it is the same on every database and for every process.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from engine.queries.notifications import unread_counts
from engine.store.schema import member, person, procurement, session

_MOST: Final = 500
"""How many values one question names: below what any database refuses."""
_VERSIONS: Final = sa.select(procurement.c.id, procurement.c.version).where(
    procurement.c.id.in_(sa.bindparam("keys", expanding=True))
)
_TEAMS: Final = (
    sa.select(member.c.person, sa.func.sum(procurement.c.version))
    .join(procurement, procurement.c.id == member.c.procurement)
    .where(member.c.person.in_(sa.bindparam("keys", expanding=True)), member.c.removed.is_(False))
    .group_by(member.c.person)
)
_SESSIONS: Final = (
    sa.select(session.c.digest, session.c.started_at, session.c.seen_at)
    .join(person, person.c.id == session.c.person)
    .where(session.c.digest.in_(sa.bindparam("keys", expanding=True)), person.c.active.is_(True))
)


@dataclass(frozen=True, slots=True)
class Watched:
    """Ids: persons whose unread are counted, procurements, persons whose teams' procurements are
    watched together, and sessions."""

    persons: Collection[str] = ()
    procurements: Collection[str] = ()
    teams: Collection[str] = ()
    sessions: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Live:
    """How it stands. A number in `versions` or `teams` differs as soon as anything has changed;
    `sessions` gives start and last use of those that are there."""

    unread: Mapping[str, int] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    teams: Mapping[str, int] = field(default_factory=dict)
    sessions: Mapping[str, tuple[datetime, datetime]] = field(default_factory=dict)


def look(connection: sa.Connection, watched: Watched, today: date) -> Live:
    """The state of everything watched."""
    unread: dict[str, int] = {}
    for keys in _lots(watched.persons):
        unread |= unread_counts(connection, keys, today)
    return Live(
        unread=unread,
        versions=_pairs(connection, _VERSIONS, watched.procurements),
        teams=_pairs(connection, _TEAMS, watched.teams),
        sessions={
            row.digest: (row.started_at, row.seen_at)
            for keys in _lots(watched.sessions)
            for row in connection.execute(_SESSIONS, {"keys": keys})
        },
    )


def stamp_of_teams(connection: sa.Connection, key: str) -> int:
    """A number that differs as soon as a procurement changes in whose team the person is."""
    return _pairs(connection, _TEAMS, [key]).get(key, 0)


def _pairs(
    connection: sa.Connection, query: "sa.Select[Any]", keys: Collection[str]
) -> dict[str, int]:
    return {
        str(row[0]): int(row[1])
        for lot in _lots(keys)
        for row in connection.execute(query, {"keys": lot})
    }


def _lots(keys: Collection[str]) -> list[list[str]]:
    every = sorted(keys)
    return [every[start : start + _MOST] for start in range(0, len(every), _MOST)]
