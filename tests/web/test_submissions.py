"""Handing in through the portal, and opening what came, as suppliers and members meet it."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient

from engine.commands.participants import Invited, InviteParticipants
from service.app import create_app
from service.security import guests
from service.security.invitations import digest_of
from service.wiring import Parts
from tests.support.delivering import (
    OPENER,
    RECEIVER,
    A,
    B,
    after_the_deadline,
    deadline_of,
    receiving,
)
from tests.support.platform import Platform
from tests.support.web import ADDRESS, Visitor, hidden_fields

Visit = Callable[[str], Visitor]
CANARY = "KANARIFUGL"


class Stay:
    """The browser of somebody who came in for a supplier."""

    def __init__(self, parts: Parts, platform: Platform, procurement: str, scope: str) -> None:
        secret = f"SECRET{scope}{procurement}"
        name = f"Leverandør {scope}"
        invited = Invited(f"i{scope}", digest_of(secret), "supplier", 14, scope, name)
        platform.act("lead", InviteParticipants(procurement, (invited,)))
        self.browser = TestClient(
            create_app(parts.settings, parts), base_url=ADDRESS, follow_redirects=False
        )
        arrived = guests.come_in(parts, secret, "", "")
        self.browser.cookies.set(guests.cookie_name(parts), arrived.cookie)

    def page(self, path: str = "/portal/submissions") -> str:
        return unescape(self.browser.get(path).text)

    def submit(self, intake: str, *files: tuple[str, bytes], **more: str) -> str:
        """The address of the receipt."""
        answer = self.send(intake, *files, **more)
        assert answer.status_code == 303, unescape(answer.text)
        return str(answer.headers["location"]).partition("?")[0]

    def send(self, intake: str, *files: tuple[str, bytes], **more: str) -> object:
        data = {**hidden_fields(self.browser.get("/portal").text), **more}
        chosen = [("file", (name, io.BytesIO(content))) for name, content in files]
        return self.browser.post(f"/portal/submissions/{intake}", data=data, files=chosen)


@pytest.fixture
def stay(parts: Parts, platform: Platform) -> Callable[[str, str], Stay]:
    return lambda procurement, scope=A: Stay(parts, platform, procurement, scope)


def test_a_supplier_hands_in_and_two_open_and_read(
    platform: Platform, visit: Visit, stay: Callable[..., Stay]
) -> None:
    procurement, intake = receiving(platform)
    page = f"/procurements/{procurement}/receipts"
    supplier = stay(procurement)

    receipt = supplier.page(supplier.submit(intake, ("tilbud.txt", b"pris: 42")))
    after_the_deadline(platform, procurement, intake)
    first = visit(RECEIVER)
    assert first.press(page, f"{page}/begin", {"intake": intake}).status_code == 303
    second = visit(OPENER)
    begun = re.search(r'name="opening" value="([^"]+)"', second.get(page).text)
    assert begun is not None
    assert second.press(page, f"{page}/open", {"opening": begun[1]}).status_code == 303
    opened = unescape(visit("lead").get(page).text)
    file = re.search(r'href="(/procurements/[^"]+/files/[^"]+)"', opened)
    assert file is not None
    read = visit("lead").get(file[1])

    assert "Mottatt i tide" in receipt
    assert len(re.findall(r"\b[0-9a-f]{64}\b", receipt)) == 3
    assert "Åpningsprotokoll" in opened
    assert "Owner-2, Lawyer" in opened
    assert (read.text, read.headers["content-disposition"]) == (
        "pris: 42",
        "attachment; filename*=UTF-8''tilbud.txt",
    )
    assert "sandbox" in read.headers["content-security-policy"]


def test_nothing_that_one_supplier_hands_in_reaches_another_or_who_guesses(
    platform: Platform, visit: Visit, stay: Callable[..., Stay]
) -> None:
    procurement, intake = receiving(platform)
    ola, kari = stay(procurement, A), stay(procurement, B)
    receipt = ola.submit(intake, (f"{CANARY}.txt", CANARY.encode()))
    delivery = receipt.split("/")[3]

    for path in ("/portal", "/portal/submissions", receipt):
        assert CANARY not in kari.page(path)
        assert A not in kari.page(path)
    guessed = kari.browser.get("/portal/submissions/nothing-there/receipt")
    other = kari.browser.get(receipt)
    assert (guessed.status_code, other.status_code) == (404, 404)
    hidden = hidden_fields(kari.browser.get("/portal").text)
    refused = kari.browser.post(f"/portal/submissions/{delivery}/withdraw", data=hidden)
    assert refused.status_code == 404
    page = f"/procurements/{procurement}/receipts"
    for person in ("lead", "owner", OPENER):
        text = unescape(visit(person).get(page).text)
        assert A not in text
        assert delivery not in text
    assert visit("stranger").get(page).status_code == 404


def test_before_the_deadline_one_replaces_and_withdraws(
    platform: Platform, stay: Callable[..., Stay]
) -> None:
    procurement, intake = receiving(platform)
    supplier = stay(procurement)
    supplier.submit(intake, ("a.txt", b"a"))
    newest = supplier.submit(intake, ("b.txt", b"b"), _request="another")

    page = supplier.page()
    address = f"/portal/submissions/{newest.split('/')[3]}/withdraw"
    asked = supplier.page(address)
    answer = supplier.browser.post(address, data=hidden_fields(asked))

    assert "Erstattet" in page
    assert address in page
    assert "åpnes aldri" in asked
    assert "Det dere leverte før den, kommer ikke til å gjelde igjen." in asked
    assert "Dere kan levere på nytt til 23.03.2026 kl. 11.00." in asked
    assert answer.status_code == 303
    assert "kan ikke trekkes tilbake nå" in supplier.page(address)
    assert "<form class" not in supplier.page(address)
    assert "Trukket tilbake" in supplier.page()
    after_the_deadline(platform, procurement, intake)
    late = supplier.send(intake, ("c.txt", b"c"), _request="third")
    assert late.status_code == 409
    assert "Fristen var 23.03.2026 kl. 11.00.00,000000" in unescape(late.text)
    assert "Fristen er ute" in supplier.page()


def test_the_same_form_sent_twice_hands_in_once(
    platform: Platform, stay: Callable[..., Stay]
) -> None:
    procurement, intake = receiving(platform)
    supplier = stay(procurement)

    first = supplier.submit(intake, ("a.txt", b"a"), _request="same")
    again = supplier.submit(intake, ("a.txt", b"a"), _request="same")

    assert first == again
    assert platform.entries(procurement).count("DeliveryReceived") == 1


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("a.txt", bytes(80_000_000))
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("side.html", b"<html>", "Disse tas imot"),
        ("tegning.svg", b"<svg/>", "Disse tas imot"),
        ("tilbud.pdf", b"MZ", "er ikke en .pdf-fil"),
        ("tilbud.pdf", b"%PDF-1.7 and no more", "er ødelagt eller låst"),
        ("notat.txt", b"<svg onload=alert(1)>", "kan kjøre"),
        ("alt.zip", bomb(), "kan ikke tas imot på grunn av 76 MB"),
    ],
)
def test_what_could_do_harm_is_refused_with_what_to_do(
    platform: Platform, stay: Callable[..., Stay], name: str, content: bytes, said: str
) -> None:
    procurement, intake = receiving(platform)

    answer = stay(procurement).send(intake, ("god.txt", b"god"), (name, content))

    assert answer.status_code == 415
    assert said in unescape(answer.text)
    assert name in unescape(answer.text)
    assert "DeliveryReceived" not in platform.entries(procurement)


def test_no_file_and_too_many_are_told(platform: Platform, stay: Callable[..., Stay]) -> None:
    procurement, intake = receiving(platform)
    supplier = stay(procurement)

    assert supplier.send(intake).status_code == 422
    many = [(f"{n}.txt", b"x") for n in range(21)]
    assert supplier.send(intake, *many).status_code in (400, 422)


def test_staff_open_receipt_and_register_what_came_on_paper(
    platform: Platform, visit: Visit
) -> None:
    procurement, intake = receiving(platform)
    page = f"/procurements/{procurement}/receipts"
    officer = visit(RECEIVER)
    paper = {"supplier": B, "name": "Fjell AS", "channel": "paper", "remark": "Levert i luka."}

    opened = officer.press(
        page, f"{page}/intake", {"kind": "request", "deadline": "2026-03-24T12:00"}
    )
    wrong = officer.press(page, f"{page}/intake", {"kind": "request", "deadline": "i går"})
    kept = officer.press(page, f"{page}/{intake}/register", paper)
    hers = visit("lead").press(page, f"{page}/{intake}/register", paper)

    assert (opened.status_code, wrong.status_code, kept.status_code) == (303, 422, 303)
    assert hers.status_code == 404
    text = unescape(officer.get(page).text)
    assert "Levert i luka." in text
    assert deadline_of(platform, intake) - platform.clock.now() == timedelta(hours=2)


def test_who_is_behind_a_code_is_shown_to_the_receiving_officer_alone(
    platform: Platform, visit: Visit, stay: Callable[..., Stay]
) -> None:
    procurement, intake = receiving(platform, "project")
    receipt = stay(procurement).submit(intake, ("prosjekt.txt", b"prosjekt"))
    delivery = receipt.split("/")[3]
    page = f"/procurements/{procurement}/receipts"
    officer = visit(RECEIVER)

    before = unescape(officer.get(page).text)
    shown = officer.press(page, f"{page}/identity", {"delivery": delivery})
    hers = visit("lead").press(page, f"{page}/identity", {"delivery": delivery})

    assert "Bak kode" not in before
    assert f"Leverandør {A} ({A})" in unescape(shown.text)
    assert hers.status_code == 403
    assert A not in unescape(hers.text)


def test_more_than_may_be_handed_in_is_refused_unread(
    platform: Platform, stay: Callable[..., Stay]
) -> None:
    procurement, intake = receiving(platform)
    supplier = stay(procurement)

    answers = [
        supplier.browser.post(path, content=b"", headers={"Content-Length": str(size)})
        for path, size in (
            (f"/portal/submissions/{intake}", 3 * 1024**3),
            (f"/portal/submissions/{intake}", 1024**3),
            ("/portal/contributions", 1024**3),
        )
    ]

    assert [answer.status_code == 413 for answer in answers] == [True, False, True]
