"""Plans and calendars for programs."""

from collections.abc import Callable
from datetime import date

import pytest
from icalendar import Calendar

from tests.support.api import Program
from tests.support.platform import Platform

SignIn = Callable[[str], Program]


def test_a_program_reads_the_plan_of_what_is_running(platform: Platform, lead: Program) -> None:
    procurement = platform.start()

    plan = lead.get(f"/procurements/{procurement}/plan").json()

    assert plan["procurement"] == procurement
    assert plan["differences"] == []
    bars = {bar["element"]: bar for bar in plan["bars"]}
    assert bars["describe"]["kind"] == "open"
    assert bars["describe"]["latest"] == "2026-04-06"
    assert bars["sign"]["kind"] == "planned"
    signing = next(each for each in plan["milestones"] if each["id"] == "earliest-signing")
    assert signing["citation"] == "FOA § 25-2(1)"
    assert plan["earliest_signing"] == signing["day"]


def test_a_choice_answers_with_its_differences(platform: Platform, lead: Program) -> None:
    path = f"/procurements/{platform.start()}/plan"

    plan = lead.get(path, extra=["draft:5", "sign:2"]).json()

    moved = {each["id"]: each for each in plan["differences"]}
    before, after = moved["end"]["before"], moved["end"]["after"]
    assert (date.fromisoformat(after) - date.fromisoformat(before)).days == moved["end"]["days"] > 5


def test_before_start_the_plan_begins_on_the_day_given(lead: Program) -> None:
    plan = lead.get("/plan", process="small", start="2027-01-04").json()

    assert plan["start"] == "2027-01-04"
    assert plan["procurement"] == ""
    assert {bar["kind"] for bar in plan["bars"]} <= {"planned", "waiting", "legal"}


@pytest.mark.parametrize(
    "query",
    [
        {"extra": "draft"},
        {"extra": "draft:many"},
        {"extra": "nothing:3"},
        {"repeat": "rounds:0"},
        {"procedure": "own-rules"},
    ],
)
def test_what_cannot_be_planned_with_is_refused(
    platform: Platform, lead: Program, query: dict[str, str]
) -> None:
    answer = lead.get(f"/procurements/{platform.start()}/plan", **query)

    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid-input"


def test_a_program_gets_the_calendar(platform: Platform, lead: Program) -> None:
    answer = lead.get(f"/procurements/{platform.start()}/calendar")

    assert answer.headers["content-type"].startswith("text/calendar")
    assert Calendar.from_ical(answer.content).walk("VEVENT")


@pytest.mark.parametrize("part", ["plan", "calendar"])
def test_what_others_run_has_no_plan_for_strangers(
    platform: Platform, program: SignIn, part: str
) -> None:
    procurement = platform.start()

    assert program("stranger").get(f"/procurements/{procurement}/{part}").status_code == 404
