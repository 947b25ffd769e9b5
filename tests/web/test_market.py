"""The market dialogue as businesses meet it on the open page, and the team on its own."""

import re
from collections.abc import Callable
from html import unescape

import httpx2
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from engine.commands.procurements import CancelProcurement
from service.app import create_app
from service.outbox import Postman
from service.wiring import Parts
from tests.engine.commands.test_market import SIGNED_UP
from tests.support.api import Program
from tests.support.market_process import draft, start_market
from tests.support.platform import Platform
from tests.support.web import ADDRESS, Visitor, hidden_fields

Visit = Callable[[str], Visitor]
Guest = Callable[[], TestClient]
FIELDS = {"number": "", "contact": "Kari", "email": "kari@alfa.test", "people": "2", "needs": ""}


@pytest.fixture
def guest(parts: Parts) -> Guest:
    return lambda: TestClient(
        create_app(parts.settings, parts), base_url=ADDRESS, follow_redirects=False
    )


def read(browser: TestClient, path: str) -> str:
    return unescape(browser.get(path).text)


def sign_up(browser: TestClient, procurement: str, name: str, **fields: str) -> httpx2.Response:
    sent = {**FIELDS, "organisation": name, "meeting": "true", **fields}
    return browser.post(f"/market/{procurement}", data=sent)


def say(browser: TestClient, **fields: str) -> httpx2.Response:
    hidden = hidden_fields(browser.get("/portal/market").text)
    return browser.post("/portal/market/inputs", data={**hidden, **fields})


def test_anybody_reads_the_invitation_and_signs_up_without_an_account(
    platform: Platform, guest: Guest
) -> None:
    procurement = start_market(platform)
    browser = guest()

    listed, page = read(browser, "/market"), read(browser, f"/market/{procurement}")
    answer = sign_up(browser, procurement, "Alfa <AS>")
    own = browser.get("/portal/market").text

    assert "Varsling på badeplasser" in listed
    assert "Byen trenger varsling" in page
    assert "Ingen andre som melder seg på, ser dere." in page
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/portal/market?done=signed-up",
    )
    assert "Alfa &lt;AS&gt;" in own
    assert "Dere er med i trekningen" in own
    assert "2 personer" in own


def test_what_was_typed_wrong_stays_typed_and_what_is_not_announced_is_not_there(
    platform: Platform, guest: Guest
) -> None:
    procurement, browser = start_market(platform), guest()

    wrong = sign_up(browser, procurement, "Alfa", email="ingen adresse")

    assert wrong.status_code == 422
    assert 'value="Alfa"' in wrong.text
    assert browser.get("/market/nothing").status_code == 404
    assert sign_up(browser, "nothing", "Alfa").status_code == 404


def test_the_mail_brings_the_link_back_and_it_works_once(
    platform: Platform, parts: Parts, guest: Guest
) -> None:
    procurement = start_market(platform)
    sign_up(guest(), procurement, "Alfa")
    Postman(parts).round()
    [file] = [
        each
        for each in parts.settings.outbox.glob("*.eml")
        if b"kari@alfa.test" in each.read_bytes()
    ]
    link = re.findall(r"(/join/[A-Z2-7-]+)", file.read_text().replace("=\n", ""))[0]

    browser = guest()
    back = browser.post(link, data={})
    again = guest().post(link, data={})

    assert back.status_code == 303
    assert "Alfa" in read(browser, "/portal/market")
    assert again.status_code == 409


def test_no_business_ever_reads_a_word_of_another_or_of_how_many_there_are(
    platform: Platform, visit: Visit, guest: Guest
) -> None:
    procurement = start_market(platform)
    names = ("Alfa", "Beta", "Gamma", "Delta")
    browsers = {name: guest() for name in names}
    canaries = {name: f"kanari-{name.lower()}-{place}" for place, name in enumerate(names)}
    for name, browser in browsers.items():
        sign_up(browser, procurement, f"Firma {canaries[name]}", contact=f"Person {canaries[name]}")
    first = draft("1", Varsling="Innen 10 sekunder.")
    platform.complete("lead", procurement, "hear", submission=first)
    for name, browser in browsers.items():
        said = f"Tekst {canaries[name]}"
        assert say(browser, kind="hearing", about="1", text=said).status_code == 303
        assert say(browser, kind="written", about="0", text=said).status_code == 303
    lead = visit("lead")
    page = f"/procurements/{procurement}/market"
    for key in re.findall(r'name="input" value="([0-9a-f]+)"', lead.get(page).text):
        fields = {"input": key, "outcome": "adopt", "answer": "Endret.", "where": "Krav 1"}
        assert lead.press(page, f"{page}/answer", fields).status_code == 303
    platform.complete("lead", procurement, "answer", submission={"next_version": "2"})
    platform.clock.set(SIGNED_UP)
    lead = visit("lead")  # a week later, in a session of its own
    drawn = lead.press(page, f"{page}/draw", {"words": "blå hest", "witness": "Kari og Ola"})

    assert drawn.status_code == 303
    anybody = guest()
    for name, browser in [*browsers.items(), ("nobody", anybody)]:
        paths = ["/portal", "/portal/market", "/market", f"/market/{procurement}"]
        api = ["/api/v1/portal", "/api/v1/portal/market", f"/api/v1/market/{procurement}"]
        told = "".join(browser.get(path).text for path in [*paths, *api])
        for other, canary in canaries.items():
            assert (canary in told) == (other == name), (name, other)
        assert "(4" not in told
    own = [read(each, "/portal/market") for each in browsers.values()]
    assert sum("kl. 09.00 – " in each for each in own) == 1
    whole = unescape(lead.get(page).text)
    assert all(canary in whole for canary in canaries.values())
    seen = unescape(visit("owner").get(page).text)
    assert "kanari" in seen  # the need owner may know
    assert visit("stranger").get(page).status_code == 404


def test_the_page_of_the_team_shows_how_lots_fell_and_refuses_a_second_draw(
    platform: Platform, visit: Visit, guest: Guest
) -> None:
    procurement = start_market(platform)
    for name in ("Alfa", "Beta"):
        sign_up(guest(), procurement, name)
    lead, page = visit("lead"), f"/procurements/{procurement}/market"
    early = lead.press(page, f"{page}/draw", {"words": "blå hest", "witness": "Kari"})
    platform.clock.set(SIGNED_UP)
    lead = visit("lead")  # a week later, in a session of its own
    lead.press(page, f"{page}/draw", {"words": "blå hest", "witness": "Kari"})
    shown = unescape(lead.get(page).text)

    assert early.status_code == 409
    assert 'value="blå hest"' in unescape(early.text)
    with platform.store.reader() as connection:
        seed = connection.scalar(sa.text("SELECT seed FROM market_draw"))
    assert str(seed) in shown
    assert "nummer 1 i trekningen" in shown
    assert f"/procurements/{procurement}/market" in lead.get(f"/procurements/{procurement}").text


def test_a_program_does_the_same(platform: Platform, parts: Parts, guest: Guest) -> None:
    procurement = start_market(platform)
    browser, api = guest(), "/api/v1"
    asked = {"organisation": "Alfa", "contact": "Kari", "email": "k@alfa.test", "meeting": True}

    came = browser.post(f"{api}/market/{procurement}/sign-up", json=asked)
    token = browser.get(f"{api}/portal").json()["csrf_token"]
    given = browser.post(
        f"{api}/portal/market/inputs",
        json={"kind": "written", "about": 1, "text": "Vi har en løsning."},
        headers={"X-CSRF-Token": token},
    )
    team = Program.at(parts).sign_in("lead")
    path = f"/procurements/{procurement}/market"
    answer = {"outcome": "reject", "answer": "Takk."}
    answered = team.post(f"{path}/inputs/{given.json()['input']}/answer", answer)
    platform.clock.set(SIGNED_UP)
    team.sign_in("lead")
    drawn = team.post(f"{path}/draw", {"words": "ord", "witness": "Kari"})

    assert (came.status_code, given.status_code) == (204, 201)
    assert (answered.status_code, drawn.json()["drawn"]) == (200, 1)
    assert team.get(path).json()["signups"][0]["record"]["organisation"] == "Alfa"
    own = browser.get(f"{api}/portal/market").json()
    assert own["inputs"][0]["answer"] == "Takk."
    assert len(own["meetings"]) == 1
    assert browser.get(f"{api}/market").json()["items"][0]["report"]["rejected"] == 1


def test_signing_up_over_and_over_is_slowed(platform: Platform, guest: Guest) -> None:
    procurement, browser = start_market(platform), guest()

    told = [sign_up(browser, procurement, f"Firma {n}").status_code for n in range(31)]

    assert told[0] == 303
    assert told[-1] == 429


def test_who_withdrew_reads_so_and_the_address_of_a_draft_can_be_followed(
    platform: Platform, guest: Guest
) -> None:
    procurement, browser = start_market(platform), guest()
    sign_up(browser, procurement, "Alfa")
    platform.complete("lead", procurement, "hear", submission=draft("1", Varsling="Nå."))

    before = read(browser, "/portal/market")
    hidden = hidden_fields(browser.get("/portal/market").text)
    gone = browser.post("/portal/market/withdraw", data=hidden)

    assert 'href="https://eksempel.test/utkast"' in before
    assert gone.status_code == 303
    assert "Dere har ikke noe møte, for dere har trukket påmeldingen." in read(
        browser, "/portal/market"
    )


def test_the_open_page_says_that_the_case_is_cancelled(platform: Platform, guest: Guest) -> None:
    procurement = start_market(platform)

    platform.act("lead", CancelProcurement(procurement, "Behovet er borte."))

    assert "Saken er avbrutt." in read(guest(), f"/market/{procurement}")
    assert "Varsling på badeplasser" not in read(guest(), "/market")
