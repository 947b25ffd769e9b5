"""Figures over many procurements, over the API."""

from collections.abc import Callable

from engine.commands.usage import CountUse
from engine.model.actor import SYSTEM
from tests.support.api import Program
from tests.support.platform import Platform

Sign = Callable[[str], Program]


def test_bottlenecks_phases_and_heat_are_told(platform: Platform, program: Sign) -> None:
    key = platform.start()
    platform.to_branches(key)
    platform.bus.handle(CountUse(key), SYSTEM)
    lead = program("lead")

    found = lead.get("/portfolio/bottlenecks").json()
    [version] = lead.get("/portfolio/heat").json()
    heat = lead.get(f"/portfolio/heat/{version['digest']}", measure="times").json()

    assert {step["element"] for step in found["steps"]} >= {"describe", "score"}
    assert (found["procurements"], found["behind"]) == (1, 0)
    assert {each["element"]: each["times"] for each in heat["elements"]}["describe"] == 1
    assert heat["drawings"][0]["svg"].startswith("<svg")


def test_tables_are_downloads(platform: Platform, program: Sign) -> None:
    platform.start()
    lead = program("lead")
    [version] = lead.get("/portfolio/heat").json()

    for path in ("/portfolio/bottlenecks/table", f"/portfolio/heat/{version['digest']}/table"):
        answer = lead.get(path, format="csv")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/csv")


def test_a_stranger_has_no_figures(platform: Platform, program: Sign) -> None:
    platform.start()
    stranger = program("stranger")

    assert stranger.get("/portfolio/heat").json() == []
    assert stranger.get("/portfolio/bottlenecks").json()["procurements"] == 0
