"""A list shows exactly what the rule for one object allows, whatever the team looks like."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.access.policy import Action, allowed
from engine.access.rules import Target
from engine.model.actor import Actor, Grant
from engine.queries.my_tasks import WAITING
from engine.queries.notifications import inbox, still_to_tell
from engine.queries.portfolio import PortfolioFilter, Standing, portfolio
from engine.queries.tally import tally
from engine.queries.task_filter import TaskFilter
from engine.queries.view import View
from engine.queries.worklist import task_lists
from engine.store import people, tasks
from engine.store.database import open_database
from engine.store.migrate import upgrade
from engine.store.schema import (
    member,
    notification,
    procurement,
    procurement_party,
    role_grant,
    task,
)
from tests.support.circle import A, B
from tests.support.platform import ELSEWHERE, START, TOWN, Platform, make_platform

EVERYTHING: Final = PortfolioFilter(Standing.ALL)
TODAY: Final = START.date()
PERSONS: Final = ("lead", "owner", "stranger", "neighbour")
DAYS: Final = ("", "2026-03-20", TODAY.isoformat(), "2026-03-24")
ROLES: Final = ("procurement-lead", "need-owner", "legal", "employee")
PROPOSAL: Final = {"option": "go", "submission": "", "reason": "", "by": "lawyer", "for": ""}
seats = st.lists(
    st.fixed_dictionaries(
        {
            "person": st.sampled_from(PERSONS),
            "role": st.sampled_from(ROLES),
            "deputy_for": st.sampled_from(("", "lawyer")),
            "scope": st.sampled_from(("", A, B)),
            "valid_from": st.sampled_from(DAYS),
            "valid_to": st.sampled_from(DAYS),
            "removed": st.booleans(),
            "impartiality": st.sampled_from(("", "", "asked", "cleared", "barred")),
        }
    ),
    max_size=5,
)
work = st.lists(
    st.fixed_dictionaries(
        {
            "candidate": st.sampled_from(ROLES),
            "scope": st.sampled_from(("", A, B)),
            "assignee": st.sampled_from(("", "", *PERSONS)),
            "status": st.sampled_from(("open", "approval")),
        }
    ),
    min_size=3,
    max_size=3,
)
grants = st.sets(
    st.tuples(
        st.sampled_from(PERSONS),
        st.sampled_from((TOWN, ELSEWHERE)),
        st.sampled_from(("procurement-lead", "manager", "auditor", "administrator")),
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """One procurement with three open tasks whose rows the examples set anew."""
    folder: Path = tmp_path_factory.mktemp("rights")
    database = open_database(f"sqlite:///{folder / 'p.sqlite'}", durable=False)
    upgrade(database)
    made = make_platform(database)
    for number in range(3):
        made.start(reference=f"2026/{number}")
    return made


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(team=seats, open_tasks=work, given_roles=grants, joint=st.booleans())
def test_lists_and_rules_agree_for_any_team(
    crowd: Platform,
    team: list[dict[str, object]],
    open_tasks: list[dict[str, str]],
    given_roles: set[tuple[str, str, str]],
    joint: bool,
) -> None:
    with crowd.store.database.connect() as connection:
        transaction = connection.begin()
        _set_up(connection, team, open_tasks, given_roles, joint=joint)
        for person in PERSONS:
            actor = people.load_actor(connection, person)
            view = View(connection, crowd.bus.environment.definitions, actor, START)
            lists = task_lists(view)

            counts = tally(view, TaskFilter()).counts
            assert {which.value: counts[which].number for which in WAITING} == {
                which.value: len(getattr(lists, which.value)) for which in WAITING
            }
            free = {row.id for row in (*lists.roles, *lists.second)}
            assert free == _workable(connection, actor, TODAY)
            listed = {row.id for row in portfolio(view, EVERYTHING).rows}
            assert listed == _readable(connection, actor, TODAY)
            told = {(row.procurement, row.task) for row in inbox(view).rows}
            assert told == _tellable(connection, actor, TODAY)
            mailed = still_to_tell(view, f"mail-to-{person}")
            assert {(row.procurement, row.task) for row in mailed} <= told
            assert all(not row.over for row in mailed)
        transaction.rollback()


def _set_up(
    connection: sa.Connection,
    team: list[dict[str, object]],
    open_tasks: list[dict[str, str]],
    given_roles: set[tuple[str, str, str]],
    *,
    joint: bool,
) -> None:
    """Everything happens in the first procurement; the others keep no team at all."""
    connection.execute(sa.delete(member))
    connection.execute(sa.delete(role_grant))
    keys = list(connection.scalars(sa.select(procurement.c.id).order_by(procurement.c.reference)))
    for number, seat in enumerate(team):
        row = {**seat, "id": f"seat-{number}", "procurement": keys[0]}
        connection.execute(sa.insert(member), row)
    if joint:
        connection.execute(
            sa.insert(procurement_party), {"procurement": keys[0], "organisation": ELSEWHERE}
        )
    for person, organisation, role in given_roles:
        row = {"person": person, "organisation": organisation, "role": role, "source": ""}
        connection.execute(sa.insert(role_grant), row)
    rows = list(connection.scalars(sa.select(task.c.id).order_by(task.c.id)))
    for key, values in zip(rows, open_tasks, strict=True):
        update = sa.update(task).where(task.c.id == key)
        proposal = PROPOSAL if values["status"] == "approval" else None
        connection.execute(update.values(procurement=keys[0], proposal=proposal, **values))
    connection.execute(sa.delete(notification))
    for person in PERSONS:
        for about in ("", *rows):
            connection.execute(sa.insert(notification), _told(person, keys[0], about))


def _told(person: str, of: str, about: str) -> dict[str, object]:
    return {
        "person": person,
        "procurement": of,
        "kind": "task-opened" if about else "incident",
        "task": about,
        "subject": "",
        "by": "",
        "at": START,
        "mail": f"mail-to-{person}",
    }


def _target(connection: sa.Connection, key: str) -> Target:
    owner = connection.scalar(sa.select(procurement.c.organisation).where(procurement.c.id == key))
    team, parties = people.team(connection, key), people.parties(connection, key)
    return Target(str(owner), parties, team)


def _workable(connection: sa.Connection, actor: Actor, day: date) -> set[str]:
    """Free tasks that the rule lets the person do."""
    found = set()
    for key in connection.scalars(sa.select(task.c.id)):
        row = tasks.get(connection, key)
        of = _target(connection, row.procurement)
        target = Target(
            of.organisation,
            of.parties,
            of.team,
            scope=row.scope,
            candidate=row.candidate,
            assignee=row.assignee,
            owner=row.owner,
        )
        if not row.assignee and allowed(Action.WORK, actor, target, day):
            found.add(key)
    return found


def _tellable(connection: sa.Connection, actor: Actor, day: date) -> set[tuple[str, str]]:
    """Procurement and task ("" for the procurement as a whole) that the person may be told of."""
    found = set()
    for of, about in connection.execute(
        sa.select(notification.c.procurement, notification.c.task).distinct()
    ):
        target, action = _target(connection, of), Action.READ
        if about:
            row = tasks.get(connection, about)
            names = ("scope", "candidate", "assignee", "owner")
            target = replace(target, **{name: getattr(row, name) for name in names})
            action = Action.READ_TASK
        if allowed(action, actor, target, day):
            found.add((of, about))
    return found


def _readable(connection: sa.Connection, actor: Actor, day: date) -> set[str]:
    return {
        key
        for key in connection.scalars(sa.select(procurement.c.id))
        if allowed(Action.READ, actor, _target(connection, key), day)
    }


def test_a_grant_elsewhere_opens_nothing_here() -> None:
    actor = Actor("x", "X", ELSEWHERE, frozenset({Grant(ELSEWHERE, "auditor")}))

    assert allowed(Action.READ, actor, Target(TOWN), TODAY) is None
