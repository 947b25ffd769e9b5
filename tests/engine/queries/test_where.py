"""Where the tokens are, as far as the reader may know."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.bpmn.diagram import ElementState
from engine.commands.procurements import Seat
from engine.queries.diagrams import drawings_of, places_of, standing_of
from engine.queries.overview import OPEN, Overview, overview_of, visible_tasks
from engine.queries.view import View, see_procurement
from engine.queries.where import Where, where_of
from tests.support.circle import make_circle
from tests.support.platform import GOOD_NEED, Platform


def view_of(platform: Platform, person: str, connection: object) -> View:
    definitions, now = platform.bus.environment.definitions, platform.clock.now()
    return View(connection, definitions, platform.actor(person), now)  # type: ignore[arg-type]


def where(platform: Platform, procurement: str, person: str = "lead") -> Where:
    with platform.store.reader() as connection:
        seen = see_procurement(view_of(platform, person, connection), procurement)
        return where_of(seen, visible_tasks(seen, *OPEN))


def overview(platform: Platform, procurement: str, person: str = "lead") -> Overview:
    with platform.store.reader() as connection:
        return overview_of(see_procurement(view_of(platform, person, connection), procurement))


def test_what_is_done_active_and_late_is_told_apart(platform: Platform) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    begun = where(platform, platform.start(reference="2026/2"))
    platform.clock.set(platform.clock.now() + timedelta(days=60))

    states = where(platform, procurement).states["small"]

    assert begun.states["small"]["describe"] == ElementState(active=1)
    assert states["describe"] == ElementState(done=True)
    assert states["draft"] == ElementState(active=1)


def test_a_task_past_its_date_is_late_in_the_drawing(platform: Platform) -> None:
    procurement = platform.start()
    platform.clock.set(platform.clock.now() + timedelta(days=60))

    found = where(platform, procurement)

    assert found.states["small"]["describe"].late
    assert [row.name for row in found.tasks["small", "describe"]] == ["Describe"]


def test_a_moment_that_is_awaited_is_told_as_waiting(platform: Platform) -> None:
    procurement = platform.start()
    platform.to_branches(procurement)
    for scope in ("910000004", "910000012"):
        platform.complete("owner", procurement, "score", scope, submission={"points": 7})

    assert where(platform, procurement).states["small"]["wait"].waiting


def test_who_may_not_know_the_suppliers_sees_one_token_for_all_branches(
    platform: Platform,
) -> None:
    circle = make_circle(platform)

    ours = where(platform, circle.procurement, "lead").states["small"]
    theirs = where(platform, circle.procurement, "employee").states["small"]

    assert ours["score"].active == 2
    assert "score" not in theirs
    assert theirs["with-supplier"].active == 1


def test_the_drawing_and_its_list_say_the_same(platform: Platform) -> None:
    procurement = platform.start()

    with platform.store.reader() as connection:
        view = view_of(platform, "lead", connection)
        seen = see_procurement(view, procurement)
        found = where_of(seen, visible_tasks(seen, *OPEN))
        [drawing] = drawings_of(view, seen.row.definition, found)
        [standing] = standing_of(view, seen.row.definition, found)

    assert [(place.element, place.tokens) for place in drawing.places] == [("describe", 1)]
    assert {each.element: each.state for each in standing.states} == {
        "start": "done",
        "describe": "active",
    }
    assert 'data-element="describe"' in drawing.svg


@pytest.mark.parametrize(("person", "failing"), [("lead", 1), ("owner", 1)])
def test_a_gate_that_waits_tells_what_fails_and_who_can_mend_it(
    platform: Platform, person: str, failing: int
) -> None:
    procurement = platform.start()
    platform.to_gate(procurement, {"title": "Vaskemaskin", "functional": False})

    [gate] = overview(platform, procurement, person).gates

    assert gate.gate.failing == failing
    [check] = [each for each in gate.gate.checks if not each["holds"]]
    assert set(check["who_can_mend"]) <= set(gate.menders)
    assert gate.menders["need-owner"] == ("Owner", "Owner-2")


def test_the_ball_is_with_a_person_or_with_those_who_hold_the_role(platform: Platform) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    [free] = overview(platform, procurement).balls

    assert (free.role, free.name, free.names) == ("need-owner", "", ("Owner", "Owner-2"))


def test_the_ball_is_with_who_alone_may_take_the_task(platform: Platform) -> None:
    team = (Seat("lead", "procurement-lead"), Seat("owner", "need-owner"))
    procurement = platform.start(team=team)
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    [ball] = overview(platform, procurement).balls

    assert (ball.role, ball.name) == ("need-owner", "Owner")


def test_a_role_that_nobody_holds_is_vacant_while_something_waits_for_it(
    platform: Platform,
) -> None:
    procurement = platform.start(team=(Seat("lead", "procurement-lead"),))
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    found = overview(platform, procurement)

    assert [role.role for role in found.vacant] == ["need-owner"]
    assert [ball.nobody for ball in found.balls] == [True]


@pytest.mark.parametrize(("state", "listed"), [("active", []), ("failed", ["draft"])])
def test_what_has_no_name_is_listed_only_where_it_failed(
    platform: Platform, state: str, listed: list[str]
) -> None:
    procurement = platform.start()
    marks = {"active": ElementState(active=1), "failed": ElementState(failed=True, active=1)}

    with platform.store.reader() as connection:
        view = view_of(platform, "lead", connection)
        definition = view.definition(see_procurement(view, procurement).row.definition)
        process = definition.processes["small"]
        draft = replace(process.elements["draft"], name="")
        bare = replace(process, elements={**process.elements, "draft": draft})
        found = Where({"small": {"draft": marks[state]}}, {})
        places = places_of(view, replace(definition, processes={"small": bare}), "small", found)

    assert [place.element for place in places] == listed
