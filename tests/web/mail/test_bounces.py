"""Mails that come back are noted, and the lead is told."""

import pytest
import sqlalchemy as sa

from engine.commands.mails import ResendMail
from engine.commands.organisations import AddPerson, GrantRole
from engine.errors import NotFoundError, RejectedError
from engine.model.actor import SYSTEM
from engine.model.notifications import Occasion
from service.bounces import note_bounce, read_bounce
from service.outbox import Postman
from service.wiring import Parts
from tests.support.mail_server import Behaviour
from tests.support.platform import GOOD_NEED, TOWN, Platform
from tests.web.mail.test_sending import states, to_draft, told

LOG = "pivotal.local"


REPORT = """\
From: MAILER-DAEMON@mail.town.test
Message-ID: <report@mail.town.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your mail could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.town.test

Final-Recipient: rfc822; owner@x.test
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user

--b
Content-Type: {kind}

Message-ID: <{key}@pivotal.local>
Subject: Ny oppgave

--b--
"""


def report(key: str, *, action: str = "failed", headers_only: bool = False) -> bytes:
    """What a mail server sends back."""
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    return REPORT.format(key=key, action=action, kind=kind).encode()


@pytest.mark.parametrize("headers_only", [True, False])
def test_a_report_names_the_mail_and_why(headers_only: bool) -> None:
    found = read_bounce(report("abc", headers_only=headers_only), LOG)

    assert found is not None
    assert (found.mail, found.problem) == ("abc", "550 5.1.1 No such user")


@pytest.mark.parametrize(
    "content",
    [
        report("abc", action="delayed"),
        report("abc").replace(LOG.encode(), b"elsewhere.test"),
        b"From: a@b.test\nMessage-ID: <abc@pivotal.local>\n\nI am on holiday.",
        b"",
        b"\xff\xfe\x00" * 50,
    ],
)
def test_other_mail_is_no_report(content: bytes) -> None:
    assert read_bounce(content, LOG) is None


def test_a_mail_that_came_back_is_shown_to_the_lead_once(
    any_platform: Platform, mailing: Parts, postman: Postman, server: Behaviour
) -> None:
    to_draft(any_platform)
    postman.round()
    (key,) = [
        str(message["Message-ID"]).strip("<>").partition("@")[0]
        for address, message in server.taken
        if address == "owner@x.test"
    ]

    said = [note_bounce(mailing, report(key)) for _ in range(2)]

    assert said == [f"{key} came back: 550 5.1.1 No such user"] * 2
    assert sorted(states(any_platform)) == ["returned", "sent"]
    assert told(any_platform, "lead") == [(Occasion.UNDELIVERED, "Owner")]


def came_back(platform: Platform, mailing: Parts, postman: Postman) -> str:
    """A mail to the owner that was taken, and came back."""
    to_draft(platform)
    postman.round()
    query = sa.text("SELECT id FROM mail WHERE address = 'owner@x.test'")
    with platform.store.reader() as connection:
        key = str(connection.scalar(query))
    note_bounce(mailing, report(key))
    return key


def test_who_leads_all_that_a_mail_speaks_of_hears_once_that_it_came_back(
    any_platform: Platform, mailing: Parts, postman: Postman
) -> None:
    other = any_platform.start(reference="2026/2")
    any_platform.complete("lead", other, "describe", submission=GOOD_NEED)

    came_back(any_platform, mailing, postman)

    assert told(any_platform, "lead") == [(Occasion.UNDELIVERED, "Owner")]


@pytest.mark.parametrize("who", ["lead", "clerk"])
def test_the_lead_or_the_administrator_sends_again_what_came_back(
    any_platform: Platform, mailing: Parts, postman: Postman, server: Behaviour, who: str
) -> None:
    handle = any_platform.bus.handle
    handle(AddPerson(TOWN, "Klara", "clerk", "clerk@x.test", "clerk"), SYSTEM)
    handle(GrantRole("clerk", TOWN, "administrator"), SYSTEM)
    key = came_back(any_platform, mailing, postman)
    server.taken.clear()

    any_platform.act(who, ResendMail(key))
    postman.round()

    assert "owner@x.test" in [address for address, _ in server.taken]
    assert states(any_platform) == ["sent", "sent"]


def test_what_is_under_way_or_arrived_is_not_sent_twice(
    any_platform: Platform, mailing: Parts, postman: Postman
) -> None:
    key = came_back(any_platform, mailing, postman)
    any_platform.act("lead", ResendMail(key))

    with pytest.raises(RejectedError):
        any_platform.act("lead", ResendMail(key))


@pytest.mark.parametrize("who", ["lawyer", "owner", "auditor", "neighbour"])
def test_nobody_else_sends_mail_again(
    any_platform: Platform, mailing: Parts, postman: Postman, who: str
) -> None:
    key = came_back(any_platform, mailing, postman)

    with pytest.raises(NotFoundError):
        any_platform.act(who, ResendMail(key))


def test_a_letter_that_came_back_is_on_record_once(any_platform: Platform, mailing: Parts) -> None:
    procurement = any_platform.start()
    letter = {"p": procurement, "id": "0" * 32}
    with any_platform.store.database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO outbox (id, procurement, kind, recipient, subject, body, scope,"
                " queued_at) VALUES (:id, :p, 'award', 'post@alfa.test', 'Tildeling', 'Hei', '', 0)"
            ),
            letter,
        )

    for _ in range(2):
        note_bounce(mailing, report("0" * 32))

    assert any_platform.entries(procurement).count("LetterReturned") == 1
    assert told(any_platform, "lead") == [(Occasion.LETTER_RETURNED, "Badeplass")]


def test_what_is_no_mail_of_ours_is_not_noted(any_platform: Platform, mailing: Parts) -> None:
    assert "no mail of ours" in note_bounce(mailing, report("f" * 32))
