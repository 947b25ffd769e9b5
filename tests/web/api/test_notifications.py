"""What one was told, over the API."""

from collections.abc import Callable

import pytest

from tests.support.api import Program
from tests.support.platform import GOOD_NEED, Platform

Programs = Callable[[str], Program]


@pytest.fixture
def owner(platform: Platform, program: Programs) -> Program:
    """The need owner, who has been told of a task."""
    platform.complete("lead", platform.start(), "describe", submission=GOOD_NEED)
    return program("owner")


def test_the_list_says_what_happened_and_how_much_waits(owner: Program) -> None:
    answer = owner.get("/notifications").json()

    (told,) = answer["items"]
    assert (answer["unread"], answer["older"]) == (1, 0)
    assert told["kind"] == "task-opened"
    assert told["text"] == "Ny oppgave: Draft"
    assert (told["read"], told["over"], told["reference"]) == (False, False, "2026/1")


def test_marking_as_read_has_one_effect(owner: Program) -> None:
    (told,) = owner.get("/notifications").json()["items"]

    first = owner.post("/notifications/read", {"ids": [told["id"]]}, key="a")
    again = owner.post("/notifications/read", {"ids": [told["id"]]}, key="a")
    other = owner.post("/notifications/read", {"up_to": told["id"]}, key="b")

    assert [each.json() for each in (first, again, other)] == [
        {"read": 1},
        {"read": 1},
        {"read": 0},
    ]
    assert owner.get("/notifications", unread=True).json()["items"] == []


@pytest.mark.parametrize(
    "asked",
    [{}, {"ids": []}, {"ids": [1], "up_to": 1}, {"ids": [0]}, {"ids": ["x"]}, {"up_to": -1}],
)
def test_marking_nothing_or_everything_at_once_is_refused(owner: Program, asked: object) -> None:
    assert owner.post("/notifications/read", asked).status_code == 422
