"""The demonstration's clock: moved forward on a page, and by nobody where there is none."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine.clock import OSLO, MovedClock, SetClock
from engine.commands.bus import CommandBus
from engine.commands.environment import Environment
from engine.commands.organisations import AddOrganisation
from engine.model.actor import SYSTEM
from service.demo import open_demonstration
from service.scheduler import tick
from service.settings import Settings
from service.wiring import Parts
from tests.support.platform import START, Platform
from tests.support.web import ADDRESS, Visitor, make_parts

PAGE = "/demonstration"


@pytest.fixture
def clock(platform: Platform) -> MovedClock:
    return MovedClock(platform.clock)


@pytest.fixture
def parts(platform: Platform, clock: MovedClock, tmp_path: Path) -> Parts:
    made = make_parts(platform, tmp_path)
    bus = CommandBus(platform.store, Environment(clock, made.definitions))
    platform.bus = bus
    return replace(made, clock=clock, bus=bus)


def waiting(platform: Platform) -> str:
    """A procurement that waits for a moment."""
    procurement = platform.start()
    platform.to_branches(procurement)
    for supplier in ("910000004", "910000012"):
        platform.complete("owner", procurement, "score", supplier, submission={"points": 7})
    return procurement


def test_every_page_says_what_the_clock_says_and_leads_to_moving_it(parts: Parts) -> None:
    page = Visitor.at(parts).sign_in("lead").get("/tasks").text

    assert "Klokka her er 23.03.2026 kl. 09.00." in page
    assert '<a href="/demonstration?next=/tasks">Flytt klokka fram</a>' in page


def test_moving_to_what_a_procurement_waits_for_lets_it_happen(
    platform: Platform, parts: Parts
) -> None:
    procurement = waiting(platform)
    visitor = Visitor.at(parts).sign_in("lead")
    with parts.store.reader() as connection:
        due = connection.exec_driver_sql("SELECT count(*) FROM timer").scalar()
    page = visitor.get(PAGE).text
    goal = page.split('name="to" value="')[1].split('"')[0]

    answer = visitor.press(PAGE, PAGE, {"to": goal, "next": f"/procurements/{procurement}"})
    fired = tick(parts)

    assert due == 1
    assert answer.headers["location"] == f"/procurements/{procurement}?done=clock-moved"
    assert fired == 1
    assert visitor.get(f"/procurements/{procurement}").status_code == 200, "still signed in"


@pytest.mark.parametrize(
    "typed", ["", "i morgen", "2026-03-23T08:00", "2027-04-01T08:00", "9999-12-31T23:59"]
)
def test_a_goal_that_cannot_be_reached_is_refused(parts: Parts, typed: str) -> None:
    answer = Visitor.at(parts).sign_in("lead").press(PAGE, PAGE, {"to": typed, "next": "/tasks"})

    assert answer.status_code == 422
    assert "Velg et tidspunkt fra nå og inntil ett år fram" in answer.text
    assert parts.clock.now() == START


@pytest.mark.parametrize("method", ["get", "post"])
def test_there_is_no_such_page_where_the_clock_cannot_be_moved(
    platform: Platform, tmp_path: Path, method: str
) -> None:
    fixed = Visitor.at(make_parts(platform, tmp_path)).sign_in("lead")

    answer = (
        fixed.get(PAGE)
        if method == "get"
        else fixed.client.post(PAGE, data={**fixed.hidden("/account"), "to": "2026-04-01T08:00"})
    )

    assert answer.status_code == 404
    assert "Flytt klokka" not in fixed.get("/tasks").text


def test_programs_move_the_clock_too_and_stay_signed_in(parts: Parts) -> None:
    client = Visitor.at(parts).sign_in("lead").client
    place = "/api/v1/demonstration/clock"
    goal = START + timedelta(days=40)
    token = {"X-CSRF-Token": client.get("/api/v1/me").json()["csrf_token"]}

    moved = client.post(place, json={"to": goal.isoformat()}, headers=token)
    says = client.get(place).json()["now"]
    token = {"X-CSRF-Token": client.get("/api/v1/me").json()["csrf_token"]}
    back = client.post(place, json={"to": START.isoformat()}, headers=token)

    assert moved.status_code == 204
    assert datetime.fromisoformat(says) == goal
    assert back.status_code == 422


def test_a_new_start_goes_on_where_the_record_ends(tmp_path: Path) -> None:
    settings = Settings(tmp_path, f"sqlite:///{tmp_path / 'pivotal.db'}", ADDRESS, demo=True)
    later = datetime(2999, 1, 1, tzinfo=OSLO)
    first = open_demonstration(settings)
    bus = CommandBus(first.store, Environment(SetClock(later), first.definitions))
    bus.handle(AddOrganisation("town", "Byen", "municipality", "2"), SYSTEM)
    first.close()

    again = open_demonstration(settings)

    assert again.clock.now() - later < timedelta(hours=1)
    assert again.clock.now() >= later
    again.close()
