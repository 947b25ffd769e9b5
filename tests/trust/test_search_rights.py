"""Search shows exactly what the rules allow: not a word, not a count, not a hint of the rest."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.access.policy import Action, allowed
from engine.model.actor import Actor, Participation
from engine.model.sealing import sealed_scope
from engine.queries.search import Results, search
from engine.queries.view import View
from engine.search.entries import Entry, Found
from engine.store import people, tasks
from engine.store import search as index
from engine.store.schema import search_entry
from tests.support.circle import A, B, Circle, leave_traces, make_circle
from tests.support.crowd import PERSONS, ROLES, grants, make_crowd, seats, settle, target_of
from tests.support.platform import START, TOWN, Platform

TODAY: Final = START.date()
SCOPES: Final = ("", A, B, sealed_scope("legal"), sealed_scope("need-owner"))
WORD: Final = "kanarifugl"

work = st.lists(
    st.fixed_dictionaries(
        {
            "candidate": st.sampled_from(ROLES),
            "scope": st.sampled_from(SCOPES),
            "assignee": st.sampled_from(("", *PERSONS)),
            "owner": st.sampled_from(("", *PERSONS)),
        }
    ),
    min_size=3,
    max_size=3,
)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    return make_crowd(tmp_path_factory.mktemp("search"))


UNSETTLED: Final[dict[str, object]] = {
    "person": "neighbour",
    "role": "procurement-lead",
    "deputy_for": "",
    "scope": "",
    "valid_from": "",
    "valid_to": "",
    "removed": False,
    "impartiality": "asked",
}
"""A seat outside the border of the person's own organisation."""
FREE: Final = {"candidate": "procurement-lead", "scope": "", "assignee": "", "owner": ""}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(team=seats, open_tasks=work, given_roles=grants, joint=st.booleans())
@example(
    team=[UNSETTLED],
    open_tasks=[FREE] * 3,
    given_roles={("neighbour", "town", "auditor")},
    joint=False,
)
def test_search_and_rules_agree_for_any_team(
    crowd: Platform,
    team: list[dict[str, object]],
    open_tasks: list[dict[str, str]],
    given_roles: set[tuple[str, str, str]],
    joint: bool,
) -> None:
    with crowd.store.database.connect() as connection:
        transaction = connection.begin()
        said = _set_up(connection, team, open_tasks, given_roles, joint=joint)
        for person in PERSONS:
            actor = people.load_actor(connection, person)
            view = View(connection, crowd.bus.environment.definitions, actor, START)

            found = search(view, WORD)

            expected = {each.object for each in said if _readable(connection, each, actor, TODAY)}
            assert {hit.id for hit in found.hits} == expected
            assert found.total == len(expected)
        transaction.rollback()


def _set_up(
    connection: sa.Connection,
    team: list[dict[str, object]],
    open_tasks: list[dict[str, str]],
    given_roles: set[tuple[str, str, str]],
    *,
    joint: bool,
) -> list[Entry]:
    """The team is that of the first procurement; in it something is said in every confidence, and
    about each of the tasks."""
    keys, rows = settle(connection, team, open_tasks, given_roles, joint=joint)
    said = [_said(f"in-{scope}", keys[0], scope) for scope in SCOPES]
    said += [
        _said(f"task-{key}", keys[0], values["scope"], key)
        for key, values in zip(rows, open_tasks, strict=True)
    ]
    said.append(_said("elsewhere", keys[1], ""))
    connection.execute(sa.delete(search_entry))
    index.put(connection, said)
    return said


def _said(key: str, of: str, scope: str, task: str = "") -> Entry:
    return Entry(Found.COMMENT, key, of, TOWN, scope, task, "", f"{WORD} {key}", START)


def _readable(connection: sa.Connection, entry: Entry, actor: Actor, day: date) -> bool:
    target = target_of(connection, entry.procurement)
    if allowed(Action.READ, actor, replace(target, scope=entry.scope), day):
        return True
    if not entry.task:
        return False
    row = tasks.get(connection, entry.task)
    asked = {name: getattr(row, name) for name in ("scope", "candidate", "assignee", "owner")}
    return allowed(Action.READ_TASK, actor, replace(target, **asked), day) is not None


@pytest.fixture
def circle(any_platform: Platform) -> Circle:
    return make_circle(any_platform)


EVERYBODY: Final = (
    "lead",
    "deputy",
    "late-deputy",
    "owner",
    "lawyer",
    "employee",
    "member-a",
    "member-b",
    "auditor",
    "colleague",
    "administrator",
    "designer",
    "stranger",
    "neighbour",
)
SEE_BRANCH_A: Final = {"lead", "deputy", "owner", "owner-2", "lawyer", "member-a", "auditor"}


def results(circle: Circle, person: str, asked: str, actor: Actor | None = None) -> Results:
    platform = circle.platform
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        who = actor or platform.actor(person)
        view = View(connection, definitions, who, platform.clock.now())
        return search(view, asked)


def told(found: Results) -> Any:
    """All that a reader can learn from the answer."""
    return found.counts, found.more, found.pages, found.hits


def test_what_a_supplier_said_changes_nothing_for_those_who_may_not_know(circle: Circle) -> None:
    asked = ("sagt", "fil", "txt", "alfa", A, "score", "badeplass", "sagt badeplass")
    before = {
        (person, word): told(results(circle, person, word))
        for person in EVERYBODY
        for word in asked
    }

    leave_traces(circle, "branch-a", "Smaragdfisk")

    blind = set(EVERYBODY) - SEE_BRANCH_A
    for person in EVERYBODY:
        for word in asked:
            after = told(results(circle, person, word))
            if person in blind:
                assert after == before[person, word], (person, word)
        assert (results(circle, person, "smaragdfisk").total > 0) == (person in SEE_BRANCH_A)


def test_no_draft_is_ever_found(circle: Circle) -> None:
    leave_traces(circle, "branch-a", "Smaragdfisk")

    assert results(circle, "member-a", "utkast").total == 0


def test_people_from_outside_find_nothing(circle: Circle) -> None:
    place = Participation(circle.procurement, "supplier", A)
    outside = Actor("guest", "Gjest", "", participation=place)

    assert results(circle, "", "badeplass", outside).total == 0
    assert results(circle, "", "small", outside).total == 0
