"""Filters and counts of task lists, over the API."""

from collections.abc import Callable

from tests.support.api import Program
from tests.support.platform import GOOD_NEED, TOWN, Platform

Sign = Callable[[str], Program]


def test_a_filter_is_saved_found_by_the_organisation_and_removed(
    platform: Platform, program: Sign
) -> None:
    lead, stranger = program("lead"), program("stranger")
    content = {"list": "roles", "due": "late", "text": ""}

    saved = lead.post(
        "/task-filters", {"name": "Forsinket", "content": content, "organisation": TOWN}
    )
    [found] = stranger.get("/task-filters").json()
    lead.post(f"/task-filters/{saved.json()['filter']}/remove")

    assert saved.status_code == 201
    assert found["content"] == {"list": "roles", "due": "late"}
    assert (found["shared_with"], found["by"], found["mine"]) == ("organisation", "Lead", False)
    assert stranger.get("/task-filters").json() == []


def test_a_filter_of_unknown_fields_is_refused(platform: Platform, program: Sign) -> None:
    answer = program("lead").post("/task-filters", {"name": "x", "content": {"colour": "red"}})

    assert answer.status_code == 422


def test_what_was_looked_at_last_is_kept(platform: Platform, program: Sign) -> None:
    lead = program("lead")
    before = lead.get("/task-filters/last").json()

    answer = lead.post("/task-filters/last", {"list": "mine", "role": "legal"}, method="PUT")

    assert (before, answer.status_code) == ({}, 204)
    assert program("lead").get("/task-filters/last").json() == {"list": "mine", "role": "legal"}


def test_tasks_are_counted_by_list_and_narrowed(platform: Platform, program: Sign) -> None:
    first, second = (platform.start(reference=f"2026/{number}") for number in range(2))
    platform.complete("lead", first, "describe", submission=GOOD_NEED)
    lead = program("lead")

    counts = lead.get("/tasks/counts").json()
    narrowed = lead.get("/tasks/counts", procurement=first).json()
    listed = lead.get("/tasks", list="roles", due="month", text="describe").json()

    assert counts["counts"]["roles"] == {"number": 1, "late": 0, "more": False}
    assert [each["value"] for each in counts["procurements"]] == [second]
    assert counts["roles"] == ["procurement-lead"]
    assert narrowed["counts"]["roles"]["number"] == 0
    assert [each["procurement"] for each in listed["items"]] == [second]
    assert listed["items"][0]["period"] == "P14D"
