"""The portal as people from outside meet it: in by link or code, their own matter and no more."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from engine.commands.ballots import CastBallot
from engine.commands.contributions import AnswerContribution
from engine.commands.participants import RemoveParticipant
from engine.commands.polls import Asked, ClosePoll, ConcludePoll, OpenPoll
from engine.commands.procurements import CancelProcurement, SuspendProcurement
from engine.store import contributions, participants
from service.app import create_app
from service.security.invitations import secret_of
from service.wiring import Parts
from tests.support.pictures import photograph
from tests.support.platform import Platform
from tests.support.web import ADDRESS, Visitor, hidden_fields

Visit = Callable[[str], Visitor]
A, B = "910000004", "910000012"


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
    """The doors that inviting opens: one without a name, unless the fields say whom or how many."""
    page = f"/procurements/{procurement}/participants"
    before = doors_of(visitor, page)
    answer = visitor.press(page, f"{page}/invite", {"count": "1", **fields})
    assert answer.status_code == 303, answer.text
    return [door for door in doors_of(visitor, page) if door not in before]


def come_in(browser: TestClient, link: str, name: str = "") -> None:
    answer = browser.post(link, data={"name": name})
    assert (answer.status_code, answer.headers["location"]) == (303, "/portal?done=joined")


def read(browser: TestClient, path: str = "/portal") -> str:
    return unescape(browser.get(path).text)


@pytest.mark.parametrize(
    ("command", "said"),
    [(SuspendProcurement, "er satt på vent"), (CancelProcurement, "er avbrutt")],
)
def test_a_case_that_does_not_run_says_which_it_is_and_takes_nothing_new(
    platform: Platform,
    visit: Visit,
    guest: Callable[[], TestClient],
    command: type[SuspendProcurement | CancelProcurement],
    said: str,
) -> None:
    procurement = platform.start()
    [(link, _)] = invite(visit("lead"), procurement, role="citizen", count="1", days="10")
    browser = guest()
    come_in(browser, link)
    tokens = hidden_fields(browser.get("/portal").text)
    platform.act("lead", command(procurement, "Budsjettet er borte."))

    page = read(browser)
    refused = browser.post("/portal/contributions", data={**tokens, "kind": "need", "text": "Hei"})

    assert f"Saken {said}." in page
    assert refused.status_code == 409
    assert f"2026/1 {said}." in unescape(refused.text)


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


def test_the_browser_keeps_the_stay_when_it_is_closed(
    platform: Platform, visit: Visit, guest: Callable[[], TestClient]
) -> None:
    ((link, _),) = invite(visit("lead"), platform.start(), role="citizen")

    cookie = guest().post(link, data={}).headers["set-cookie"].lower()

    assert f"max-age={14 * 24 * 3600}" in cookie
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_who_has_lost_the_way_back_gets_a_new_link_by_mail_and_nobody_learns_who_is_here(
    platform: Platform, visit: Visit, guest: Callable[[], TestClient], parts: Parts
) -> None:
    procurement = platform.start()
    names = "Kari <kari@eksempel.test>\nOla <ola@eksempel.test>"
    doors = invite(visit("lead"), procurement, role="citizen", names=names)
    for link, _ in doors:
        come_in(guest(), link)
    with platform.store.reader() as connection:
        people = participants.participants_of(connection, procurement)
    ola = next(each for each in people if each.name == "Ola")
    platform.act("lead", RemoveParticipant(procurement, ola.id, "Feil person."))
    platform.clock.set(platform.clock.now() + timedelta(days=15))

    asked = [" KARI@eksempel.test ", "kari@eksempel.test", "ola@eksempel.test", "x@y.test", ""]
    told = [guest().post("/join/again", data={"email": each}) for each in asked]
    by_program = guest().post("/api/v1/portal/stay/again", json={"email": "kari@eksempel.test"})

    assert {(each.status_code, each.headers["location"]) for each in told} == {
        (303, "/join?done=link-sent")
    }
    assert by_program.status_code == 204
    with platform.store.reader() as connection:
        (*_, sent) = participants.invitations_of(connection, procurement)
        mailed = connection.scalars(sa.text("SELECT address FROM mail WHERE kind = 'back'")).all()
    assert mailed == ["kari@eksempel.test"]
    come_in(guest(), f"/join/{secret_of(parts.settings, sent.id)}")
    with platform.store.reader() as connection:
        assert len(participants.participants_of(connection, procurement)) == len(people)


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
    ((link, _),) = invite(
        visit("lead"), procurement, role="supplier", scope=A, group="Fjord AS", names="Ola"
    )
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
    invite(
        lead, procurement, role="supplier", scope=B, group="Stille AS", names="Hemmelig Konkurrent"
    )
    doors = invite(lead, procurement, role="supplier", scope=A, group="Fjord AS", names="Ola")
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
    assert "Du er ikke inne lenger" in read(stays[1], "/join")
    assert "Du er ikke inne lenger" not in read(guest(), "/join")


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


def test_who_says_neither_whom_nor_how_many_invites_nobody(
    platform: Platform, visit: Visit
) -> None:
    page = f"/procurements/{platform.start()}/participants"
    lead = visit("lead")

    answer = lead.press(page, f"{page}/invite", {"role": "citizen", "group": "Pårørende"})

    assert answer.status_code == 422
    assert "Skriv hvem du inviterer, eller hvor mange koder uten navn du trenger." in answer.text
    assert "Pårørende" in answer.text
    assert doors_of(lead, page) == []


def test_a_firm_is_invited_by_its_number_alone(platform: Platform, visit: Visit) -> None:
    fields = {"role": "supplier", "scope": A, "group": "Fjord AS", "count": ""}

    doors = invite(visit("lead"), platform.start(), **fields)

    assert len(doors) == 1


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


def citizen(visitor: Visitor, procurement: str, guest: Callable[[], TestClient]) -> TestClient:
    """The browser of a citizen who gave no name."""
    ((link, _),) = invite(visitor, procurement, role="citizen")
    browser = guest()
    come_in(browser, link)
    return browser


def send(browser: TestClient, act: str, fields: dict[str, str], **files: Any) -> httpx2.Response:
    hidden = hidden_fields(browser.get("/portal").text)
    return browser.post(f"/portal/{act}", data={**hidden, **fields}, files=files or None)


def test_a_citizen_without_a_name_is_called_what_citizens_are_called(
    platform: Platform, visit: Visit, guest: Callable[[], TestClient]
) -> None:
    procurement = platform.start()
    browser = citizen(visit("lead"), procurement, guest)

    header = read(browser).partition("<header")[2].partition("</header>")[0]
    browser.cookies.set("language", "en")
    english = read(browser).partition("<header")[2].partition("</header>")[0]

    assert "<span>Innbygger</span>" in header
    assert "<span>Citizen</span>" in english
    participants_page = visit("lead").get(f"/procurements/{procurement}/participants").text
    assert ">citizen<" not in participants_page
    assert ">citizen<" not in visit("lead").get(f"/procurements/{procurement}/log").text


def test_a_citizen_answers_a_poll_and_reads_what_it_came_to(
    platform: Platform, visit: Visit, guest: Callable[[], TestClient]
) -> None:
    procurement = platform.start()
    browser = citizen(visit("lead"), procurement, guest)
    questions = (Asked("rank", "Hva er viktigst?", ("Lys", "Ro", "Pris")),)
    command = OpenPoll(procurement, "ranking", "Rekkefølge", "", questions, "decide", 7)
    poll = platform.act("owner", command)["poll"]
    before = read(browser)
    receipt = re.findall(r'name="receipt" value="([A-Z2-7-]{19})"', before)[0]
    ballot = {"poll": poll, "receipt": receipt}

    wrong = send(browser, "ballots", ballot | {"q1.0": "1", "q1.1": "1", "q1.2": "2"})
    right = send(browser, "ballots", ballot | {"q1.0": "2", "q1.1": "1", "q1.2": "3"})
    after = read(browser)
    platform.act("owner", ClosePoll(procurement, poll, "Nok svar."))
    platform.act("owner", ConcludePoll(procurement, poll, "yes", "Ro kommer først."))

    assert "Bestemme: det dere velger, blir fulgt" in before
    assert "Ingen kan lese ut hva du svarte" in before
    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "Du har svart." in after
    assert "Ro kommer først." in read(browser)
    assert "Færre enn fem har svart" in read(browser)


def test_who_kept_the_receipt_finds_the_answer_among_those_counted(
    platform: Platform, visit: Visit, guest: Callable[[], TestClient]
) -> None:
    procurement = platform.start()
    questions = (Asked("one", "Hvilken farge?", ("Rød", "Gul")),)
    command = OpenPoll(procurement, "vote", "Farge", "", questions, "decide", 7)
    poll = platform.act("owner", command)["poll"]
    kari = citizen(visit("lead"), procurement, guest)
    mine = {"poll": poll, "receipt": "KARI-KARI-KARI-KARI"}
    send(kari, "ballots", mine | {"q1": "1"})
    for number in range(4):
        other = CastBallot(procurement, poll, {"q1": (0,)}, "R" * 16, "citizen", "", str(number))
        platform.act("owner", other)
    platform.act("owner", ClosePoll(procurement, poll, "Nok svar."))

    found = unescape(send(kari, "ballots/find", mine).text)
    wrong = unescape(send(kari, "ballots/find", mine | {"receipt": "OLA"}).text)

    assert "Svaret ditt er talt slik:" in found
    assert "Hvilken farge? Gul" in found
    assert "Ingen av de talte svarene har denne koden." in wrong
    assert "KARI-KARI" not in unescape(visit("lead").get(f"/procurements/{procurement}/log").text)


def test_a_citizen_sends_a_picture_and_others_talk_about_it(
    platform: Platform, visit: Visit, guest: Callable[[], TestClient]
) -> None:
    procurement = platform.start()
    kari, ola = (citizen(visit("lead"), procurement, guest) for _ in range(2))
    picture = ("IMG_1.jpg", photograph(), "image/jpeg")
    fields = {"kind": "need", "text": "Slik ser det ut.", "shows": "Mørk <gang>"}

    sent = send(kari, "contributions", fields, **{"_upload.picture": picture})
    page = ola.get("/portal").text
    address = re.findall(r'src="(/portal/pictures/[0-9a-f]+)"', page)[0]
    key = re.findall(r'name="contribution" value="([0-9a-f]+)"', page)[0]
    said = send(ola, "remarks", {"contribution": key, "text": "Her går jeg hver kveld."})

    shown = ola.get(address)
    assert (sent.status_code, said.status_code) == (303, 303)
    assert 'alt="Mørk &lt;gang&gt;"' in page
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert b"Storgata" not in shown.content
    assert "Her går jeg hver kveld." in read(kari)
    refused = send(kari, "contributions", fields, **{"_upload.picture": ("a.svg", b"<svg/>", "")})
    assert refused.status_code == 415
    assert "Slik ser det ut." in refused.text


def test_a_supplier_gets_the_same_answer_for_what_citizens_see_as_for_nothing(
    platform: Platform, visit: Visit, guest: Callable[[], TestClient]
) -> None:
    procurement = platform.start()
    kari = citizen(visit("lead"), procurement, guest)
    picture = ("IMG_1.jpg", photograph(), "image/jpeg")
    fields = {"kind": "need", "text": "Slik ser det ut."}
    send(kari, "contributions", fields, **{"_upload.picture": picture})
    address = re.findall(r'src="(/portal/pictures/[0-9a-f]+)"', kari.get("/portal").text)[0]
    doors = invite(
        visit("lead"), procurement, role="supplier", scope=A, group="Fjord AS", names="Ola"
    )
    browser = guest()
    come_in(browser, doors[-1][0], "Ola Oppdiktet")

    told = [browser.get(path).status_code for path in (address, "/portal/pictures/x")]

    assert told == [404, 404]
    assert browser.get("/portal/trace").status_code == 404


def test_a_program_takes_part_as_people_do(
    platform: Platform, visit: Visit, parts: Parts, guest: Callable[[], TestClient]
) -> None:
    procurement = platform.start()
    ((link, _),) = invite(visit("lead"), procurement, role="citizen")
    questions = (Asked("one", "Hvilken farge?", ("Rød", "Gul")),)
    poll = platform.act(
        "owner", OpenPoll(procurement, "vote", "Farge", "", questions, "consult", 7)
    )["poll"]
    browser, api = guest(), "/api/v1/portal"

    came = browser.post(f"{api}/stay", json={"secret": link.rpartition("/")[2]})
    token = browser.get(api).json()["csrf_token"]
    given = {"kind": "need", "text": "Mer lys."}
    unsigned = browser.post(f"{api}/contributions", json=given)
    head = {"X-CSRF-Token": token}
    done = browser.post(f"{api}/contributions", json=given, headers=head).json()
    picture = browser.post(
        f"{api}/contributions/with-picture",
        data={**given, "shows": "Gang"},
        files={"picture": ("a.jpg", photograph(), "image/jpeg")},
        headers=head,
    )
    talk = f"{api}/contributions/{done['contribution']}/remarks"
    said = browser.post(talk, json={"text": "Takk."}, headers=head)
    vote = browser.post(
        f"{api}/polls/{poll}/ballots",
        json={"answers": {"q1": [0]}, "receipt": "R" * 16},
        headers=head,
    )
    voices = browser.get(api).json()["voices"]

    assert came.status_code == 204
    assert unsigned.status_code == 403
    assert (picture.status_code, said.status_code, vote.status_code) == (201, 201, 201)
    assert [each["text"] for each in voices["mine"]] == ["Mer lys.", "Mer lys."]
    assert voices["polls"][0]["cast"] is True
    assert browser.get("/api/v1/me").status_code == 401
    assert browser.get(f"{api}/trace").json()["links"] == []
    assert browser.request("DELETE", f"{api}/stay", headers=head).status_code == 204
    assert browser.get(api).status_code == 401
