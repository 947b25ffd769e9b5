"""Signing in through a certified provider of OpenID Connect, over real HTTP, and out from both
sides."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import orjson
import pytest
import sqlalchemy as sa

from engine.access.policy import Action
from engine.clock import SystemClock
from engine.commands.participants import Invited, InviteParticipants, RemoveParticipant
from engine.commands.procurements import Seat
from engine.store import participants
from service.security.invitations import digest_of, secret_of
from tests.support.openid import Town, town
from tests.support.platform import TEAM, TOWN, Platform
from tests.support.web import hidden_fields


@pytest.fixture
def site(platform: Platform, tmp_path: Path) -> Iterator[Town]:
    """The provider's clock is the machine's, so ours is too."""
    platform.clock.set(SystemClock().now())
    with town(platform, tmp_path) as found:
        yield found


def test_a_person_of_the_provider_comes_in_with_the_roles_of_the_claims(
    site: Town, platform: Platform
) -> None:
    client, page = site.sign_in("kari", path="/sign-in/test?next=/procurements")

    me = client.get("/api/v1/me").json()
    assert page.status_code == 200
    assert urlsplit(str(page.url)).path == "/procurements"
    assert me["name"] == "Kari Nordmann"
    assert me["grants"] == [{"organisation": TOWN, "role": "procurement-lead"}]
    assert me["level"] == 2
    assert platform.entries(TOWN)[-3:] == ["PersonAdded", "IdentityLinked", "RoleGranted"]
    assert all(verdict.ok for verdict in platform.verify())


def test_the_page_of_ways_in_names_the_provider_and_no_demonstration(site: Town) -> None:
    page = site.client().get("/sign-in?next=/rules").text

    assert "Logg inn med Prøvekommunen" in page
    assert "/sign-in/test?next=%2Frules&amp;level=0" in page
    assert 'name="person"' not in page
    assert site.client().post("/sign-in", data={"person": "lead"}).status_code == 404
    answer = site.client().post("/api/v1/session", json={"person": "lead"})
    assert answer.status_code == 404


def test_what_the_browser_is_sent_with_is_guarded(site: Town) -> None:
    with site.client() as client:
        answer = client.get("/sign-in/test", follow_redirects=False)

    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["acr_values"] == ["substantial"]
    assert len(asked["state"][0]) >= 43
    assert len(asked["nonce"][0]) >= 43
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert asked["nonce"][0] not in cookie


def test_somebody_whom_the_provider_does_not_send_here_is_refused_with_a_reference(
    site: Town,
) -> None:
    client, page = site.sign_in("gjest")

    assert page.status_code == 403
    assert "Vi kjenner deg ikke ennå" in page.text
    assert re.search(r"referansen: [0-9a-f]{64}", page.text)
    assert client.get("/api/v1/me").status_code == 401


def test_a_sign_in_that_is_not_sure_enough_says_so_and_leads_to_a_surer_one(site: Town) -> None:
    client, page = site.sign_in("usikker", path="/sign-in/test?next=/rules")

    assert page.status_code == 403
    assert "krever innlogging på sikkerhetsnivå 2 av 3" in page.text
    assert 'href="/sign-in?next=%2Frules&amp;level=2"' in page.text
    assert client.get("/api/v1/me").status_code == 401


def test_saying_no_at_the_provider_leads_back_with_a_clear_page(site: Town) -> None:
    with site.client() as client:
        form = client.get("/sign-in/test")
        page = client.post(form.url, data={"name": "kari", "cancel": "1"})

    assert page.status_code == 403
    assert "Du ble ikke logget inn" in page.text
    assert "access_denied" in page.text


def test_a_session_has_a_new_name_and_the_old_one_ends(site: Town, platform: Platform) -> None:
    client, _ = site.sign_in("kari")
    first = client.cookies["pivotal"]

    site.sign_in("kari", client)

    assert client.cookies["pivotal"] != first
    thief = site.client()
    thief.cookies.set("pivotal", first)
    assert thief.get("/api/v1/me").status_code == 401
    with platform.store.reader() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM session")) == 1


def test_a_cookie_that_somebody_laid_out_is_not_taken_over(site: Town) -> None:
    client = site.client()
    client.cookies.set("pivotal", "laid-out-by-somebody", domain="127.0.0.1")

    site.sign_in("kari", client)

    values = [cookie.value for cookie in client.cookies.jar if cookie.name == "pivotal"]
    assert values
    assert "laid-out-by-somebody" not in values


def test_an_answer_that_another_browser_was_to_get_counts_nothing(site: Town) -> None:
    mallory, victim = site.client(), site.client()
    form = mallory.get("/sign-in/test")
    answer = mallory.post(form.url, data={"name": "kari"}, follow_redirects=False)
    while "/callback" not in answer.headers["location"]:
        answer = mallory.get(answer.headers["location"], follow_redirects=False)

    page = victim.get(answer.headers["location"])

    assert page.status_code == 403
    assert "Innloggingen er for gammel" in page.text
    assert victim.get("/api/v1/me").status_code == 401


def test_an_answer_counts_once(site: Town) -> None:
    client = site.client()
    form = client.get("/sign-in/test")
    answer = client.post(form.url, data={"name": "kari"}, follow_redirects=False)
    while "/callback" not in answer.headers["location"]:
        answer = client.get(answer.headers["location"], follow_redirects=False)
    address = answer.headers["location"]
    client.get(address)

    assert client.get(address).status_code == 403


def test_an_attempt_goes_stale(site: Town, platform: Platform) -> None:
    client = site.client()
    form = client.get("/sign-in/test")
    platform.clock.set(platform.clock.now() + timedelta(minutes=11))

    page = client.post(form.url, data={"name": "kari"})

    assert page.status_code == 403
    assert "Innloggingen er for gammel" in page.text


def test_two_tabs_do_not_disturb_each_other(site: Town) -> None:
    client = site.client()
    first = client.get("/sign-in/test?next=/rules")
    second = client.get("/sign-in/test?next=/processes")

    pages = [client.post(form.url, data={"name": "kari"}) for form in (first, second)]

    assert [urlsplit(str(page.url)).path for page in pages] == ["/rules", "/processes"]


@pytest.mark.parametrize("address", ["https://evil.test/", "//evil.test", "/\\evil.test", "x:y"])
def test_nobody_is_led_elsewhere_after_signing_in(site: Town, address: str) -> None:
    client = site.client()
    form = client.get("/sign-in/test", params={"next": address})

    page = client.post(form.url, data={"name": "kari"})

    assert urlsplit(str(page.url)).path == "/tasks"


def test_signing_out_here_leads_on_to_the_provider_and_back(site: Town) -> None:
    client, _ = site.sign_in("kari")
    tokens = hidden_fields(client.get("/tasks").text)

    page = client.post("/sign-out", data=tokens)

    assert client.get("/api/v1/me").status_code == 401
    address = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)
    assert address is not None
    asked = parse_qs(urlsplit(unescape(address[1])).query)
    assert unescape(address[1]).startswith(f"{site.issuer}/session/end")
    assert asked["post_logout_redirect_uri"] == [f"{site.url}/signed-out"]
    there = client.get(unescape(address[1]))
    xsrf = re.search(r'name="xsrf" value="([^"]+)"', there.text)
    assert xsrf is not None
    back = client.post(
        f"{site.issuer}/session/end/confirm", data={"xsrf": xsrf[1], "logout": "yes"}
    )
    assert urlsplit(str(back.url)).path == "/signed-out"
    assert "Du er logget ut" in back.text


def test_the_database_holds_neither_cookie_nor_id_token_nor_who_it_is_there(
    site: Town, platform: Platform
) -> None:
    client, _ = site.sign_in("kari")

    with platform.store.reader() as connection:
        row = connection.execute(sa.text("SELECT * FROM session")).mappings().one()
        subjects = list(connection.scalars(sa.text("SELECT subject FROM identity")))
    stored = str(dict(row))
    assert client.cookies["pivotal"] not in stored
    assert "eyJ" not in stored
    assert "kari" not in {*subjects, row["subject"]}


def test_signing_out_at_the_provider_ends_the_session_here(site: Town) -> None:
    client, _ = site.sign_in("kari")
    other, _ = site.sign_in("ola")
    assert client.get("/api/v1/me").status_code == 200

    there = client.get(f"{site.issuer}/session/end")
    xsrf = re.search(r'name="xsrf" value="([^"]+)"', there.text)
    assert xsrf is not None
    client.post(f"{site.issuer}/session/end/confirm", data={"xsrf": xsrf[1], "logout": "yes"})

    assert _eventually(lambda: client.get("/api/v1/me").status_code == 401)
    assert other.get("/api/v1/me").status_code == 200


def _eventually(holds: object) -> bool:
    """The provider tells us beside the answer to the browser, so it may come a moment later."""
    assert callable(holds)
    for _ in range(100):
        if holds():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_a_logout_that_the_provider_did_not_sign_ends_nothing(site: Town, token: str) -> None:
    client, _ = site.sign_in("kari")

    answer = site.client().post("/sign-in/test/logout", data={"logout_token": token or "-"})

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"
    assert client.get("/api/v1/me").status_code == 200


def test_when_the_provider_is_down_people_read_that_it_is(site: Town) -> None:
    site.stop_provider()

    page = site.client().get("/sign-in/test")

    assert page.status_code == 503
    assert "Innloggingstjenesten svarer ikke" in page.text


def test_who_is_in_stays_in_while_the_provider_is_down_and_can_sign_out(site: Town) -> None:
    client, _ = site.sign_in("kari")
    site.stop_provider()

    page = client.get("/tasks")
    client.post("/sign-out", data=hidden_fields(page.text))

    assert page.status_code == 200
    assert client.get("/api/v1/me").status_code == 401


def test_an_act_that_asks_for_more_leads_to_a_surer_sign_in_and_then_goes_through(
    site: Town, platform: Platform
) -> None:
    client, _ = site.sign_in("kari")
    person = client.get("/api/v1/me").json()["id"]
    seats = (Seat(person, "procurement-lead"), *TEAM[1:])
    key = platform.start(team=seats)
    address = f"/procurements/{key}/acts/suspend"

    refused = client.post(
        address,
        data={**hidden_fields(client.get(f"/procurements/{key}").text), "_reason": "Ferie."},
    )
    again = re.search(r'href="/sign-in\?([^"]+)"', refused.text)
    site.sign_in("kari", client, path=f"/sign-in/test?level=3&next={address}")
    looked = client.get(address).text
    seal = looked.split('name="_seal" value="')[1].split('"')[0]
    sent = {**hidden_fields(looked), "_reason": "Ferie.", "_seal": seal, "_action": "do"}
    done = client.post(address, data=sent)

    assert refused.status_code == 403
    assert again is not None
    assert parse_qs(unescape(again[1])) == {"next": [address], "level": ["3"]}
    assert done.status_code == 200
    query = sa.text("SELECT body FROM audit_event WHERE type = 'ProcurementSuspended'")
    with platform.store.reader() as connection:
        actor = orjson.loads(connection.scalar(query))["actor"]
    assert (actor["via"], actor["level"]) == ("provider:test", 3)


def test_who_cannot_reach_the_level_keeps_the_session_there_is(site: Town) -> None:
    client, _ = site.sign_in("ola")

    _, page = site.sign_in("ola", client, path="/sign-in/test?level=3")

    assert page.status_code == 403
    assert client.get("/api/v1/me").json()["level"] == 2


def test_a_gate_says_beforehand_that_it_asks_for_a_surer_sign_in(
    site: Town, platform: Platform
) -> None:
    platform.bus.environment.levels[Action.DECIDE] = 3
    client, _ = site.sign_in("kari")
    person = client.get("/api/v1/me").json()["id"]
    key = platform.start(team=(Seat(person, "procurement-lead"), *TEAM))
    gate = platform.to_gate(key)

    before = client.get(f"/tasks/{gate.id}").text
    site.sign_in("kari", client, path="/sign-in/test?level=3")
    after = client.get(f"/tasks/{gate.id}").text

    assert f'href="/sign-in?next=%2Ftasks%2F{gate.id}&amp;level=3"' in before
    assert "Å beslutte her krever innlogging på sikkerhetsnivå 3 av 3" in before
    assert "Å beslutte her krever" not in after


def test_a_participant_comes_back_by_the_provider_to_the_same_place_and_is_no_person(
    site: Town, platform: Platform
) -> None:
    procurement = platform.start()
    secret = secret_of(site.parts.settings, "0" * 32)
    guest = Invited("0" * 32, digest_of(secret), "citizen", 14, name="Siv Oppdiktet")
    platform.act("lead", InviteParticipants(procurement, (guest,)))
    with site.client() as stranger:
        _, refused = site.sign_in("gjest", stranger, path="/join/sign-in/test")
    first = site.client()
    first.post(f"/join/{secret}", data={"name": "Siv Oppdiktet"})

    _, tied = site.sign_in("gjest", first, path="/join/sign-in/test")
    again, back = site.sign_in("gjest", path="/join/sign-in/test")

    assert urlsplit(str(refused.url)).path == "/join"
    assert "Innloggingen er ikke knyttet til noen plass her." in refused.text
    assert "Plassen din er knyttet til innloggingen." in tied.text
    assert urlsplit(str(back.url)).path == "/portal"
    assert "Siv Oppdiktet" in back.text
    assert again.get("/tasks", follow_redirects=False).status_code == 303
    assert platform.entries(procurement).count("ParticipantJoined") == 1
    assert platform.entries(procurement)[-1] == "ParticipantIdentified"
    with platform.store.reader() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM identity")) == 0
    (joined,) = participants_of(platform, procurement)
    platform.act("lead", RemoveParticipant(procurement, joined, "Feil person."))
    _, gone = site.sign_in("gjest", path="/join/sign-in/test")
    assert urlsplit(str(gone.url)).path == "/join"
    assert all(verdict.ok for verdict in platform.verify())


def test_one_person_enters_each_of_several_places_alone(site: Town, platform: Platform) -> None:
    first, second = platform.start(), platform.start(reference="2026/2")
    for number, (procurement, role) in enumerate(((first, "citizen"), (second, "employee"))):
        browser = join(site, platform, procurement, role, str(number))
        site.sign_in("gjest", browser, path="/join/sign-in/test")
    alone = join(site, platform, first, "citizen", "2")

    browser, listed = site.sign_in("gjest", path="/join/sign-in/test")
    places = browser.get("/api/v1/portal/places").json()
    (here,) = (each["reference"] for each in places if each["here"])
    ((elsewhere, there),) = ((each["id"], each["reference"]) for each in places if not each["here"])
    before = browser.get("/portal").text
    token = browser.get("/api/v1/portal").json()["csrf_token"]
    moved = browser.post(f"/api/v1/portal/places/{elsewhere}", headers={"X-CSRF-Token": token})
    after = browser.get("/portal").text

    assert urlsplit(str(listed.url)).path == "/portal/places"
    assert {here, there} == {"2026/1", "2026/2"}
    assert (here in before, there in before) == (True, False)
    assert moved.status_code == 204
    assert (here in after, there in after) == (False, True)
    assert alone.get("/api/v1/portal/places").json() == []
    head = {"X-CSRF-Token": alone.get("/api/v1/portal").json()["csrf_token"]}
    wrong = alone.post(f"/api/v1/portal/places/{elsewhere}", headers=head)
    absent = alone.post("/api/v1/portal/places/nobody", headers=head)
    assert (wrong.status_code, absent.status_code) == (404, 404)


def test_two_places_in_one_procurement_are_never_tied_to_one_sign_in(
    site: Town, platform: Platform
) -> None:
    procurement = platform.start()
    one = join(site, platform, procurement, "supplier", "0", "910000004")
    other = join(site, platform, procurement, "supplier", "1", "910000012")
    site.sign_in("gjest", one, path="/join/sign-in/test")

    _, refused = site.sign_in("gjest", other, path="/join/sign-in/test")

    assert refused.status_code == 409
    assert "Du har en annen plass i denne saken" in unescape(refused.text)
    assert platform.entries(procurement).count("ParticipantIdentified") == 1


def join(
    site: Town, platform: Platform, procurement: str, role: str, key: str, scope: str = ""
) -> httpx2.Client:
    """A browser of somebody who has come in by an invitation."""
    secret = secret_of(site.parts.settings, key * 32)
    guest = Invited(key * 32, digest_of(secret), role, 14, scope, scope and f"Firma {scope}")
    platform.act("lead", InviteParticipants(procurement, (guest,)))
    browser = site.client()
    browser.post(f"/join/{secret}", data={"name": "Siv Oppdiktet"})
    return browser


def participants_of(platform: Platform, procurement: str) -> list[str]:
    with platform.store.reader() as connection:
        return [each.id for each in participants.participants_of(connection, procurement)]
