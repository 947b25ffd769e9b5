"""The portal as people from outside meet it: in by link or code, their own matter and no more."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient

from engine.commands.contributions import AnswerContribution
from engine.commands.participants import RemoveParticipant
from engine.store import contributions, participants
from service.app import create_app
from service.wiring import Parts
from tests.support.platform import Platform
from tests.support.web import ADDRESS, Visitor, hidden_fields

Visit = Callable[[str], Visitor]
A, B = "910000001", "910000002"


@pytest.fixture
def guest(parts: Parts) -> Callable[[], TestClient]:
    """A browser of somebody from outside."""
    return lambda: TestClient(
        create_app(parts.settings, parts), base_url=ADDRESS, follow_redirects=False
    )


def doors_of(visitor: Visitor, page: str) -> list[tuple[str, str]]:
    """(path of the link, code) of every invitation that is open."""
    found = visitor.get(page).text
    links = re.findall(r'href="[^"]*(/join/[A-Z2-7-]+)"', found)
    codes = re.findall(r"<strong>([A-Z2-7-]{19})</strong>", found)
    return list(zip(links, codes, strict=True))


def invite(visitor: Visitor, procurement: str, **fields: str) -> list[tuple[str, str]]:
    """The doors that inviting opens."""
    page = f"/procurements/{procurement}/participants"
    before = doors_of(visitor, page)
    answer = visitor.press(page, f"{page}/invite", fields)
    assert answer.status_code == 303, answer.text
    return [door for door in doors_of(visitor, page) if door not in before]


def come_in(browser: TestClient, link: str, name: str = "") -> None:
    answer = browser.post(link, data={"name": name})
    assert (answer.status_code, answer.headers["location"]) == (303, "/portal?done=joined")


def read(browser: TestClient, path: str = "/portal") -> str:
    return unescape(browser.get(path).text)


def test_a_citizen_comes_in_by_a_link_and_gives_and_gets_an_answer(
    platform: Platform, visit: Visit, guest: Callable[[], TestClient]
) -> None:
    procurement = platform.start()
    ((link, _),) = invite(visit("lead"), procurement, role="citizen", group="Pårørende")
    browser = guest()
    before = read(browser, link)

    come_in(browser, link)
    fields = {**hidden_fields(browser.get("/portal").text), "kind": "need", "text": "Mer <lys>."}
    sent = browser.post("/portal/contributions", data=fields)

    assert "Badeplass" in before
    assert "Du velger selv om andre skal se navnet ditt." in before
    assert sent.status_code == 303
    with platform.store.reader() as connection:
        (given,) = contributions.all_of(connection, procurement)
    platform.act("owner", AnswerContribution(procurement, given.id, "yes", "Det blir flere lys."))
    page = read(browser)
    assert "Mer <lys>." in page
    assert "<lys>" not in browser.get("/portal").text
    assert "Det blir flere lys." in page


def test_a_code_on_paper_is_typed_as_people_type(
    platform: Platform, visit: Visit, guest: Callable[[], TestClient]
) -> None:
    ((_, code),) = invite(visit("lead"), platform.start(), role="citizen", count="1")
    browser = guest()

    typed = browser.post("/join", data={"code": f" {code.lower().replace('-', ' ')} "})
    come_in(browser, typed.headers["location"])

    assert browser.get("/portal").status_code == 200


def test_looking_uses_nothing_up_and_coming_in_does(
    platform: Platform, visit: Visit, guest: Callable[[], TestClient]
) -> None:
    ((link, _),) = invite(visit("lead"), platform.start(), role="citizen")
    browser = guest()
    for _ in range(3):
        assert browser.get(link).status_code == 200

    come_in(browser, link)
    again = guest().post(link, data={})

    assert again.status_code == 409
    assert "Be innkjøperen om en ny" in unescape(again.text)


def test_a_guessed_secret_is_refused_and_guessing_is_slowed(
    platform: Platform, guest: Callable[[], TestClient]
) -> None:
    browser = guest()

    told = [browser.get(f"/join/AAAA-AAAA-AAAA-{n:04}").status_code for n in range(40)]

    assert told[0] == 409
    assert told[-1] == 429


def test_without_an_invitation_the_portal_leads_to_the_door(
    guest: Callable[[], TestClient],
) -> None:
    answer = guest().get("/portal")

    assert (answer.status_code, answer.headers["location"]) == (303, "/join")


def test_a_portal_cookie_opens_no_page_of_members_and_the_other_way_round(
    platform: Platform, visit: Visit, guest: Callable[[], TestClient]
) -> None:
    procurement = platform.start()
    ((link, _),) = invite(visit("lead"), procurement, role="supplier", scope=A, names="Ola")
    browser = guest()
    come_in(browser, link, "Ola Oppdiktet")

    for path in ("/tasks", f"/procurements/{procurement}", "/procurements", "/account"):
        assert browser.get(path).headers["location"].startswith("/sign-in"), path
    assert browser.get(f"/api/v1/procurements/{procurement}").status_code == 401
    assert visit("lead").get("/portal").headers["location"] == "/join"


def test_a_supplier_sees_nothing_of_contributions_or_of_other_suppliers(
    platform: Platform, visit: Visit, guest: Callable[[], TestClient]
) -> None:
    procurement = platform.start()
    lead = visit("lead")
    invite(lead, procurement, role="citizen", group="Pårørende")
    invite(lead, procurement, role="supplier", scope=B, names="Hemmelig Konkurrent")
    doors = invite(lead, procurement, role="supplier", scope=A, names="Ola")
    browser = guest()
    come_in(browser, doors[-1][0], "Ola Oppdiktet")
    fields = {**hidden_fields(browser.get("/portal").text), "kind": "need", "text": "Kjøp."}

    page = read(browser)
    refused = browser.post("/portal/contributions", data=fields)

    assert "Brev til dere" in page
    for secret in (B, "Konkurrent", "Pårørende", "innspill"):
        assert secret not in page
    assert refused.status_code == 404


def test_the_stay_ends_with_its_time_on_leaving_and_when_access_is_taken(
    platform: Platform, visit: Visit, guest: Callable[[], TestClient]
) -> None:
    procurement = platform.start()
    doors = invite(visit("lead"), procurement, role="citizen", count="3")
    stays = [guest() for _ in doors]
    for browser, (link, _) in zip(stays, doors, strict=True):
        come_in(browser, link)
        platform.clock.set(platform.clock.now() + timedelta(minutes=1))

    stays[0].post("/portal/leave", data=hidden_fields(stays[0].get("/portal").text))
    with platform.store.reader() as connection:
        second = participants.participants_of(connection, procurement)[1]
    platform.act("lead", RemoveParticipant(procurement, second.id, "Feil person."))

    assert stays[0].get("/portal").status_code == 303
    assert sum(each.get("/portal").status_code == 200 for each in stays[1:]) == 1
    platform.clock.set(platform.clock.now() + timedelta(days=14, seconds=1))
    assert all(each.get("/portal").status_code == 303 for each in stays)


def test_only_those_who_may_invite_see_links_and_codes(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    invite(visit("lead"), procurement, role="citizen", names="Kari <kari@eksempel.test>")
    page = f"/procurements/{procurement}/participants"

    lead, owner = visit("lead").get(page).text, visit("owner").get(page).text

    assert "/join/" in lead
    assert "kari@eksempel.test" in lead
    assert "/join/" not in owner
    assert "kari@eksempel.test" not in owner
    assert visit("stranger").get(page).status_code == 404


def test_what_was_typed_wrong_stays_typed(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    page = f"/procurements/{procurement}/participants"

    answer = visit("lead").press(
        page, f"{page}/invite", {"role": "supplier", "names": "Ola Oppdiktet", "days": "14"}
    )

    assert answer.status_code == 422
    assert "Ola Oppdiktet" in answer.text


def test_a_program_invites_and_the_same_request_makes_no_second_invitation(
    platform: Platform, parts: Parts
) -> None:
    from tests.support.api import Program

    procurement = platform.start()
    program = Program.at(parts).sign_in("lead")
    asked = {"invitations": [{"role": "citizen", "group": "Pårørende"}]}
    path = f"/procurements/{procurement}/participants"

    first, again = program.post(path, asked, key="k1"), program.post(path, asked, key="k1")

    assert first.status_code == 201
    assert first.json() == again.json()
    assert len(program.get(path).json()["invitations"]) == 1
