"""The inbox as a page: plain, and only one's own."""

import re

import pytest

from engine.commands.mails import ClaimMails, PlanMails, ReportMail
from engine.commands.organisations import GrantRole
from engine.model.actor import SYSTEM
from engine.model.mails import Outcome
from service.wiring import Parts
from tests.support.platform import GOOD_NEED, TOWN, Platform
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


@pytest.fixture
def lost(platform: Platform, procurement: str) -> str:
    """The procurement, after two mails about it were refused; the lead administers the town."""
    platform.bus.handle(GrantRole("lead", TOWN, "administrator"), SYSTEM)
    platform.bus.handle(PlanMails(), SYSTEM)
    for mail in platform.bus.handle(ClaimMails(), SYSTEM)["mails"]:
        platform.bus.handle(ReportMail(mail, Outcome.REFUSED, "550 5.1.1 No such user"), SYSTEM)
    return procurement


def test_mail_that_was_lost_is_sent_again_by_a_button_where_it_is_seen(
    lost: str, parts: Parts
) -> None:
    lead = Visitor.at(parts).sign_in("lead")
    page = f"/procurements/{lost}"
    buttons = re.findall(r'action="(/mails/\w+/resend)"', lead.get(page).text)

    on_procurement = lead.press(page, buttons[0], {"procurement": lost})
    on_list = lead.press("/mails", buttons[1], {"procurement": ""})

    assert on_procurement.headers["location"] == f"{page}?done=resend"
    assert on_list.headers["location"] == "/mails?done=resend"
    assert 'href="/mails"' in lead.get("/account").text
    assert lead.get("/mails").text.count("prøves igjen") == 2
    assert lead.press("/mails", buttons[0], {"procurement": ""}).status_code == 409


def test_the_mail_of_the_organisation_is_for_its_administrator_alone(
    owner: Visitor,
) -> None:
    assert owner.get("/mails").status_code == 403
    assert 'href="/mails"' not in owner.get("/account").text
