"""The inbox as a page: plain, and only one's own."""

import re

import pytest

from service.wiring import Parts
from tests.support.platform import GOOD_NEED, Platform
from tests.support.web import Visitor


@pytest.fixture
def procurement(platform: Platform) -> str:
    """One in which the need owners have been told of a task."""
    started = platform.start()
    platform.complete("lead", started, "describe", submission=GOOD_NEED)
    return started


@pytest.fixture
def owner(procurement: str, parts: Parts) -> Visitor:
    return Visitor.at(parts).sign_in("owner")


def links(page: str) -> list[str]:
    return re.findall(r'href="(/notifications/\d+)"', page)


def test_every_page_says_how_much_waits(owner: Visitor) -> None:
    page = owner.get("/procurements").text

    assert "1 ulest varsel" in page


def test_the_inbox_says_what_happened_where(owner: Visitor) -> None:
    page = owner.get("/notifications").text

    assert "Ny oppgave: Draft" in page
    assert "2026/1 Badeplass" in page


def test_opening_leads_to_the_task_and_marks_it_as_read(
    platform: Platform, procurement: str, owner: Visitor
) -> None:
    (link,) = links(owner.get("/notifications").text)

    answer = owner.get(link)

    task = platform.task(procurement, "draft")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/tasks/{task.id}"
    assert "ulest varsel" not in owner.get("/tasks").text


def test_one_and_all_are_marked_as_read_by_buttons(owner: Visitor) -> None:
    (link,) = links(owner.get("/notifications").text)
    key = link.rpartition("/")[2]

    answer = owner.press("/notifications", "/notifications/read", {"up_to": key})
    page = owner.get("/notifications?unread=true").text

    assert answer.headers["location"] == "/notifications?done=read"
    assert "Du har lest alt." in page


def test_an_empty_inbox_says_what_will_be_there(parts: Parts) -> None:
    page = Visitor.at(parts).sign_in("lawyer").get("/notifications").text

    assert "Her får du vite om oppgaver, beslutninger og frister" in page


@pytest.mark.parametrize("key", ["0", "99", "9" * 30, "-1"])
def test_what_is_not_there_and_what_is_anothers_look_the_same(
    owner: Visitor, parts: Parts, key: str
) -> None:
    (link,) = links(owner.get("/notifications").text)
    other = Visitor.at(parts).sign_in("owner-2")

    assert other.get(link).status_code == 404
    assert other.get(f"/notifications/{key}").status_code == 404


@pytest.mark.parametrize("fields", [{}, {"key": "x"}, {"up_to": "-3"}, {"key": "1.5"}])
def test_a_button_that_names_nothing_is_refused(owner: Visitor, fields: dict[str, str]) -> None:
    assert owner.press("/notifications", "/notifications/read", fields).status_code == 422
