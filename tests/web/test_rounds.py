"""Rounds on the page of those who lead them, and in the portals of suppliers who never meet."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from engine.commands.handing import HandDocument
from engine.commands.meetings import BookSlot, OfferedSlot, OfferSlots
from engine.commands.minutes import AnswerMinutes
from engine.commands.participants import Invited, InviteParticipants
from engine.commands.questions import AskQuestion
from engine.commands.sharing import NoteItem
from engine.model.actor import Actor
from engine.store import dialogue, meetings
from service.app import create_app
from service.security.invitations import digest_of, secret_of
from service.wiring import Parts
from tests.support.api import V1, Program
from tests.support.circle import A, B
from tests.support.guests import bring_supplier
from tests.support.platform import Platform
from tests.support.rounds import meet, start_rounds
from tests.support.web import ADDRESS, Visitor, hidden_fields

Visit = Callable[[str], Visitor]
Enter = Callable[[str, str], TestClient]


@pytest.fixture
def enter(platform: Platform, parts: Parts) -> Enter:
    """A browser of somebody from the supplier, who has come in."""

    def come(procurement: str, scope: str) -> TestClient:
        key = uuid4().hex
        secret = secret_of(parts.settings, key)
        invited = Invited(
            key, digest_of(secret), "supplier", 14, scope, f"Firma {scope}", f"Fra {scope}"
        )
        platform.act("lead", InviteParticipants(procurement, (invited,)))
        app = create_app(parts.settings, parts)
        browser = TestClient(app, base_url=ADDRESS, follow_redirects=False)
        assert browser.post(f"/join/{secret}", data={"name": "Noen"}).status_code == 303
        return browser

    return come


def press(browser: TestClient, act: str, **fields: str) -> Any:
    hidden = hidden_fields(browser.get("/portal/dialogue").text)
    return browser.post(f"/portal/dialogue/{act}", data={**hidden, **fields})


def read(browser: TestClient) -> str:
    return unescape(browser.get("/portal/dialogue").text)


def offer(platform: Platform, procurement: str, number: int, scope: str) -> list[str]:
    with platform.store.reader() as connection:
        (round_,) = dialogue.rounds_of(connection, procurement)
    start = platform.clock.now() + timedelta(days=1)
    slots = tuple(
        OfferedSlot(start + timedelta(hours=each), start + timedelta(hours=each + 1), "Rådhuset")
        for each in range(number)
    )
    offered = OfferSlots(procurement, round_.id, "dialogue", slots, scope=scope)
    return list(platform.act("lead", offered)["slots"])


def leave_canary(platform: Platform, procurement: str, guest: Actor, canary: str) -> None:
    """Put `canary` wherever one supplier's matter takes words."""
    place = guest.participation
    assert place is not None
    scope = place.scope
    meet(
        platform,
        procurement,
        scope,
        said=f"{canary} sagt",
        agenda=[{"item": f"{canary} tema"}],
        supplier_attendees=[{"name": f"{canary} navn"}],
        questions=[{"question": f"{canary} spurt", "answer": f"{canary} svart"}],
        shares_needed=True,
        shared_to_all=[{"text": f"{canary} lært"}],
    )
    told = NoteItem(procurement, scope, f"{canary} fortalt", platform.clock.now(), "phone")
    platform.act("lead", told)
    platform.bus.handle(AskQuestion(procurement, f"{canary} lurer"), guest)
    for who in (platform.actor("lead"), guest):
        file = HandDocument(procurement, f"{canary}.txt", "text/plain", canary.encode(), scope)
        platform.bus.handle(file, who)


def test_no_word_of_one_supplier_reaches_another_anywhere(platform: Platform, enter: Enter) -> None:
    procurement = start_rounds(platform)
    anna, bo = (bring_supplier(platform, procurement, scope) for scope in (A, B))
    for scope, guest in ((A, anna), (B, bo)):
        (key,) = offer(platform, procurement, 1, scope)
        platform.bus.handle(BookSlot(procurement, key), guest)
    platform.clock.set(platform.clock.now() + timedelta(days=2))
    leave_canary(platform, procurement, anna, "KANARIFUGL-A")
    leave_canary(platform, procurement, bo, "KANARIFUGL-B")
    with platform.store.reader() as connection:
        documents = dialogue.handed_of(connection, procurement)
        met = meetings.meetings_of(connection, procurement)
    for own, other, name, scope in (("A", "B", "Beta AS", B), ("B", "A", "Alfa AS", A)):
        browser = enter(procurement, A if own == "A" else B)
        pages = [browser.get(path).text for path in ("/portal", "/portal/dialogue")]
        pages += [browser.get(f"{V1}{path}").text for path in ("/portal", "/portal/dialogue")]
        for each in documents:
            pages += [
                browser.get(f"/portal/documents/{each.id}").text,
                browser.get(f"{V1}/portal/documents/{each.id}").text,
            ]
        pages += [browser.get(f"/portal/meetings/{each.id}.ics").text for each in met]
        found = unescape("\n".join(pages))

        assert f"KANARIFUGL-{own} sagt" in found
        assert f"KANARIFUGL-{other}" not in found
        assert name not in found
        assert scope not in found


def test_what_is_anothers_looks_like_nothing_there(platform: Platform, enter: Enter) -> None:
    procurement = start_rounds(platform)
    anna = bring_supplier(platform, procurement, A)
    leave_canary(platform, procurement, anna, "KANARIFUGL")
    with platform.store.reader() as connection:
        theirs = dialogue.minutes_of(connection, procurement)[0].id
        document = dialogue.handed_of(connection, procurement)[0].id
        meeting = meetings.meetings_of(connection, procurement)[0].id
    browser = enter(procurement, B)

    def told(key: str) -> list[tuple[int, str]]:
        answers = [
            browser.get(f"/portal/documents/{key}"),
            browser.get(f"/portal/meetings/{key}.ics"),
            press(browser, "confirm", minutes=key),
            press(browser, "cancel", meeting=key),
        ]
        return [(each.status_code, _bare(each.text, key)) for each in answers]

    for key in (theirs, document, meeting):
        assert told(key) == told("0" * 32)


def _bare(page: str, key: str) -> str:
    """The page without the id that was asked for and what differs from one answer to the next."""
    return re.sub(r'name="_(csrf|request)" value="[^"]*"', "", page.replace(key, "it"))


def test_a_supplier_books_confirms_asks_and_hands_in_on_its_own(
    platform: Platform, enter: Enter
) -> None:
    procurement = start_rounds(platform)
    browser = enter(procurement, A)
    slot, _ = offer(platform, procurement, 2, A)

    assert press(browser, "book", slot=slot).status_code == 303
    assert "Flytt møtet til en annen tid" in read(browser)
    with platform.store.reader() as connection:
        (meeting,) = meetings.meetings_of(connection, procurement)
    assert "BEGIN:VEVENT" in browser.get(f"/portal/meetings/{meeting.id}.ics").text
    platform.clock.set(platform.clock.now() + timedelta(days=2))
    meet(platform, procurement, A)
    with platform.store.reader() as connection:
        (minutes,) = dialogue.minutes_of(connection, procurement)
    marked = press(browser, "mark", minutes=minutes.id, passage="3", _reason="Vår metode")
    assert marked.status_code == 303
    assert "Fordi: Vår metode" in read(browser)
    assert press(browser, "confirm", minutes=minutes.id).status_code == 303
    assert press(browser, "ask", text="Gjelder kravet <b>om natten</b>?").status_code == 303
    assert "Gjelder kravet <b>om natten</b>?" in read(browser)
    assert "<b>om natten" not in browser.get("/portal/dialogue").text
    hidden = hidden_fields(browser.get("/portal/dialogue").text)
    sent = browser.post(
        "/portal/dialogue/hand",
        data={**hidden, "note": "Utkast"},
        files={"_upload.file": ("plan.txt", b"Planen", "text/plain")},
    )
    assert sent.status_code == 303
    assert "plan.txt" in read(browser)


def test_the_wrong_input_is_met_with_a_sentence(platform: Platform, enter: Enter) -> None:
    procurement = start_rounds(platform)
    browser = enter(procurement, A)

    for act, fields, status in (
        ("ask", {"text": ""}, 422),
        ("ask", {"text": "x" * 8001}, 422),
        ("book", {"slot": "nothing"}, 404),
        ("no-such-act", {}, 422),
        ("hand", {}, 422),
    ):
        answer = press(browser, act, **fields)
        assert answer.status_code == status, act
        assert "Traceback" not in answer.text
        assert 'role="alert"' in answer.text


def test_the_lead_shares_what_one_learned_and_sees_who_is_behind(
    platform: Platform, visit: Visit, enter: Enter
) -> None:
    procurement = start_rounds(platform)
    meet(
        platform,
        procurement,
        A,
        shares_needed=True,
        shared_to_all=[{"text": "Kravet gjelder også om natten."}],
    )
    lead, page = visit("lead"), f"/procurements/{procurement}/rounds"
    before = unescape(lead.get(page).text)

    sent = lead.press(page, f"{page}/release", {"item-1": "Kravet gjelder hele døgnet."})

    after = unescape(lead.get(page).text)
    assert sent.status_code == 303, sent.text
    assert "Én opplysning er ikke delt med alle." in before
    assert "Noen vet mer enn andre" in before
    assert "Alle vet det samme" in after
    pages = [read(enter(procurement, scope)) for scope in (A, B)]
    moments = {
        re.search(r'<time datetime="([^"]+)">[^<]+</time> · Informasjon til alle', each)[1]  # type: ignore[index]
        for each in pages
    }
    assert len(moments) == 1
    assert all("Kravet gjelder hele døgnet." in each for each in pages)


def test_who_came_is_not_typed_again_when_a_meeting_is_not_over(
    platform: Platform, visit: Visit
) -> None:
    procurement = start_rounds(platform)
    slot = offer(platform, procurement, 1, A)[0]
    meeting = platform.act("lead", BookSlot(procurement, slot, A))["meeting"]
    lead, page = visit("lead"), f"/procurements/{procurement}/rounds"
    came = {"ours": "Frida Fiktiv", "theirs": "Salgssjefen"}
    times = {"began_at": "2026-11-21T10:05", "ended_at": "2026-11-21T11:00"}

    refused = lead.press(page, f"{page}/hold", {"meeting": meeting, **came, **times})

    assert refused.status_code == 422
    for typed in (">Frida Fiktiv</textarea>", ">Salgssjefen</textarea>", "2026-11-21T10:05"):
        assert refused.text.count(typed) == 1


def test_what_a_supplier_answered_is_told_by_the_name_of_its_firm(
    platform: Platform, visit: Visit
) -> None:
    procurement = start_rounds(platform)
    for scope in (A, B):
        meet(platform, procurement, scope)
        guest = bring_supplier(platform, procurement, scope)
        with platform.store.reader() as connection:
            written = dialogue.minutes_of(connection, procurement)
        mine = next(each.id for each in written if each.scope == scope)
        answered = platform.task(procurement, "confirm-minutes", scope)
        platform.bus.handle(AnswerMinutes(procurement, mine, confirmed=True), guest)
        for page in (f"/procurements/{procurement}/documents", f"/tasks/{answered.id}"):
            shown = unescape(visit("lead").get(page).text)
            assert guest.id not in shown
            assert {A: "Alfa AS", B: "Beta AS"}[scope] in shown


def test_members_who_may_not_know_see_no_supplier_in_the_rounds(
    platform: Platform, visit: Visit
) -> None:
    procurement = start_rounds(platform)
    meet(platform, procurement, A, said="KANARIFUGL")

    page = visit("stranger").get(f"/procurements/{procurement}/rounds")

    assert page.status_code == 404


def test_what_the_lead_does_on_the_page_a_program_does(platform: Platform, parts: Parts) -> None:
    procurement = start_rounds(platform)
    lead, of = Program.at(parts).sign_in("lead"), f"/procurements/{procurement}"
    (round_,) = lead.get(f"{of}/rounds").json()["rounds"]
    start = platform.clock.now() + timedelta(days=1)
    times = [
        {
            "starts_at": (start + timedelta(hours=each)).isoformat(),
            "ends_at": (start + timedelta(hours=each + 1)).isoformat(),
        }
        for each in range(2)
    ]
    offered = lead.post(
        f"{of}/slots",
        {"occasion": round_["round"]["id"], "kind": "dialogue", "slots": times, "scope": A},
    )
    slot, spare = offered.json()["slots"]
    booked = lead.post(f"{of}/slots/{slot}/book", {"scope": A})
    assert lead.post(f"{of}/slots/{spare}/withdraw").status_code == 200
    cancelled = lead.post(f"{of}/meetings/{booked.json()['meeting']}/cancel", {"reason": "Syk."})
    note = {
        "scope": A,
        "said": "Ja.",
        "learned_at": platform.clock.now().isoformat(),
        "channel": "phone",
    }
    noted = lead.post(f"{of}/information", note)
    released = lead.post(f"{of}/releases", {"texts": [{"text": "Ja, til alle.", "item": 1}]})

    assert (offered.status_code, booked.status_code, cancelled.status_code) == (201, 200, 200)
    assert (noted.status_code, released.status_code) == (201, 201)
    found = lead.get(f"{of}/rounds").json()
    assert found["items"][0]["waits"] is False
    assert sorted(found["releases"][0]["recipients"]) == [A, B]
