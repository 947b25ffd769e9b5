"""Any team, any grants, any tasks: three procurements whose rows examples set anew."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from hypothesis import strategies as st

from engine.access.rules import Target
from engine.store import people
from engine.store.database import open_database
from engine.store.migrate import upgrade
from engine.store.schema import member, procurement, procurement_party, role_grant, task
from tests.support.circle import A, B
from tests.support.platform import ELSEWHERE, START, TOWN, Platform, make_platform

PERSONS: Final = ("lead", "owner", "stranger", "neighbour")
ROLES: Final = ("procurement-lead", "need-owner", "legal", "employee")
DAYS: Final = ("", "2026-03-20", START.date().isoformat(), "2026-03-24")

Grant = tuple[str, str, str]

seats: Final = st.lists(
    st.fixed_dictionaries(
        {
            "person": st.sampled_from(PERSONS),
            "role": st.sampled_from(ROLES),
            "deputy_for": st.sampled_from(("", "lawyer")),
            "scope": st.sampled_from(("", "", A, B)),
            "valid_from": st.sampled_from(DAYS),
            "valid_to": st.sampled_from(DAYS),
            "removed": st.booleans(),
            "impartiality": st.sampled_from(("", "", "asked", "cleared", "barred")),
        }
    ),
    max_size=5,
)
grants: Final = st.sets(
    st.tuples(
        st.sampled_from(PERSONS),
        st.sampled_from((TOWN, ELSEWHERE)),
        st.sampled_from(
            ("procurement-lead", "manager", "auditor", "records-officer", "administrator")
        ),
    ),
    max_size=4,
)


def make_crowd(folder: Path) -> Platform:
    """Three procurements with one open task each."""
    database = open_database(f"sqlite:///{folder / 'p.sqlite'}", durable=False)
    upgrade(database)
    made = make_platform(database)
    for number in range(3):
        made.start(reference=f"2026/{number}")
    return made


def settle(
    connection: sa.Connection,
    team: Iterable[Mapping[str, Any]],
    open_tasks: Iterable[Mapping[str, Any]],
    given: Iterable[Grant],
    *,
    joint: bool,
) -> tuple[list[str], list[str]]:
    """Team and tasks are those of the first procurement, the others keep no team at all; the ids of
    procurements and tasks, in one order."""
    connection.execute(sa.delete(member))
    connection.execute(sa.delete(role_grant))
    keys = list(connection.scalars(sa.select(procurement.c.id).order_by(procurement.c.reference)))
    for number, seat in enumerate(team):
        row = {**seat, "id": f"seat-{number}", "procurement": keys[0]}
        connection.execute(sa.insert(member), row)
    if joint:
        party = {"procurement": keys[0], "organisation": ELSEWHERE}
        connection.execute(sa.insert(procurement_party), party)
    for person, organisation, role in given:
        row = {"person": person, "organisation": organisation, "role": role, "source": ""}
        connection.execute(sa.insert(role_grant), row)
    tasks = list(connection.scalars(sa.select(task.c.id).order_by(task.c.id)))
    for key, values in zip(tasks, open_tasks, strict=True):
        update = sa.update(task).where(task.c.id == key)
        connection.execute(update.values(procurement=keys[0], **values))
    return keys, tasks


def target_of(connection: sa.Connection, key: str) -> Target:
    """The procurement as the access policy sees it."""
    owner = connection.scalar(sa.select(procurement.c.organisation).where(procurement.c.id == key))
    team, parties = people.team(connection, key), people.parties(connection, key)
    return Target(str(owner), parties, team)
