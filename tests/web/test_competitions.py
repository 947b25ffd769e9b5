"""An announced competition as anybody meets it: read, asked for access to, and come in by mail."""

import re
from collections.abc import Callable
from html import unescape

import httpx2
import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.outbox import Postman
from service.wiring import Parts
from tests.engine.commands.test_applications import FIRM, NOTICE, NUMBER
from tests.support.api import V1, Program
from tests.support.delivering import receiving
from tests.support.platform import Platform
from tests.support.recording import announce
from tests.support.web import ADDRESS

Guest = Callable[[], TestClient]
SAID = {"organisation": FIRM, "number": NUMBER, "contact": "Kari", "email": "kari@fjord.test"}


@pytest.fixture
def guest(parts: Parts) -> Guest:
    return lambda: TestClient(
        create_app(parts.settings, parts), base_url=ADDRESS, follow_redirects=False
    )


@pytest.fixture
def competition(platform: Platform) -> str:
    procurement, _ = receiving(platform)
    announce(platform, procurement, {**NOTICE, "description": "Varsel <b>når</b> noen er i fare."})
    return procurement


def ask(browser: TestClient, procurement: str, **said: str) -> httpx2.Response:
    return browser.post(f"/competitions/{procurement}", data={**SAID, **said})


def test_anybody_reads_the_competition_and_comes_in_by_the_mailed_link(
    competition: str, parts: Parts, guest: Guest
) -> None:
    browser = guest()
    listed, page = browser.get("/competitions").text, browser.get(f"/competitions/{competition}")

    answer = ask(browser, competition)
    Postman(parts).round()
    (file,) = parts.settings.outbox.glob("*.eml")
    link = re.findall(r"(/join/[A-Z2-7-]+)", file.read_text().replace("=\n", ""))[0]
    invited = unescape(browser.get(link).text)
    come = browser.post(link, data={})
    own = unescape(browser.get("/portal").text)

    assert "Varsling på badeplasser" in listed
    assert "Varsel &lt;b&gt;når&lt;/b&gt; noen er i fare." in page.text
    assert "Åpen anbudskonkurranse" in page.text
    assert answer.headers["location"] == f"/competitions/{competition}?done=access-asked"
    assert "set-cookie" not in answer.headers
    assert 'name="name"' not in invited
    assert come.status_code == 303
    assert f"{FIRM} (910\xa0000\xa0004)" in own
    assert "Levering og kvitteringer" in own
    assert f'href="/competitions/{competition}"' in own


def test_what_was_typed_wrong_stays_typed_and_what_is_not_announced_is_not_there(
    competition: str, platform: Platform, guest: Guest
) -> None:
    hidden = platform.start(reference="2026/77")
    browser = guest()

    wrong = ask(browser, competition, number="910000005")

    assert wrong.status_code == 422
    assert "910000005 er ikke et organisasjonsnummer" in wrong.text
    assert f'value="{FIRM}"' in wrong.text
    for key in (hidden, "nothing"):
        assert browser.get(f"/competitions/{key}").status_code == 404
        assert ask(browser, key).status_code == 404
    assert hidden not in browser.get("/competitions").text


def test_programs_read_and_ask_alike(competition: str, parts: Parts) -> None:
    program = Program.at(parts)

    listed = program.get("/competitions").json()["items"]
    one = program.get(f"/competitions/{competition}").json()
    path = f"{V1}/competitions/{competition}/applications"
    answers = [program.client.post(path, json=SAID) for _ in range(5)]

    assert [each["procurement"] for each in listed] == [competition]
    assert (one["title"], one["open"]) == ("Varsling på badeplasser", True)
    assert {each.status_code for each in answers} == {204}
    assert not any(each.headers.get("set-cookie") for each in answers)


def test_one_address_that_asks_again_and_again_is_stopped(competition: str, guest: Guest) -> None:
    browser = guest()

    answers = [ask(browser, competition).status_code for _ in range(31)]

    assert answers[0] == 303
    assert answers[-1] == 429
