"""A list shows exactly what the rule for one object allows, whatever the team looks like."""

from dataclasses import replace
from datetime import date
from typing import Final

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.access.policy import Action, allowed
from engine.access.rules import Target
from engine.model.actor import Actor, Grant
from engine.queries.first_page import first_page
from engine.queries.my_tasks import WAITING
from engine.queries.notifications import inbox, still_to_tell
from engine.queries.portfolio import PortfolioFilter, Standing, portfolio
from engine.queries.task_filter import TaskFilter
from engine.queries.view import View
from engine.queries.worklist import PAGE, task_lists
from engine.store import people, tasks
from engine.store.schema import (
    notification,
    procurement,
    task,
)
from tests.support.circle import A, B
from tests.support.crowd import PERSONS, ROLES, grants, make_crowd, seats, settle, target_of
from tests.support.platform import ELSEWHERE, START, TOWN, Platform

EVERYTHING: Final = PortfolioFilter(Standing.ALL)
TODAY: Final = START.date()
PROPOSAL: Final = {"option": "go", "submission": "", "reason": "", "by": "lawyer", "for": ""}
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


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    return make_crowd(tmp_path_factory.mktemp("rights"))


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

            looked = first_page(view, TaskFilter(), dict.fromkeys(WAITING, PAGE))
            assert {which: part.rows for which, part in looked.parts.items()} == {
                which: getattr(lists, which.value) for which in WAITING
            }
            counts = looked.tally.counts
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
    proposed = [
        {**values, "proposal": PROPOSAL if values["status"] == "approval" else None}
        for values in open_tasks
    ]
    keys, rows = settle(connection, team, proposed, given_roles, joint=joint)
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


def _workable(connection: sa.Connection, actor: Actor, day: date) -> set[str]:
    """Free tasks that the rule lets the person do."""
    found = set()
    for key in connection.scalars(sa.select(task.c.id)):
        row = tasks.get(connection, key)
        of = target_of(connection, row.procurement)
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
        target, action = target_of(connection, of), Action.READ
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
        if allowed(Action.READ, actor, target_of(connection, key), day)
    }


def test_a_grant_elsewhere_opens_nothing_here() -> None:
    actor = Actor("x", "X", ELSEWHERE, frozenset({Grant(ELSEWHERE, "auditor")}))

    assert allowed(Action.READ, actor, Target(TOWN), TODAY) is None
