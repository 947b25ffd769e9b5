"""Letters to suppliers go to their own addresses, once; one that comes back is on record."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.mails import ResendMail
from engine.commands.participants import Invited, InviteParticipants, RemoveParticipant
from engine.commands.sharing import ReleaseInformation, Text
from engine.errors import RejectedError
from engine.model.notifications import Occasion
from service.bounces import note_bounce
from service.outbox import Postman
from service.wiring import Parts
from tests.support.guests import bring_supplier
from tests.support.mail_server import Behaviour
from tests.support.platform import Platform
from tests.web.mail.test_bounces import report
from tests.web.mail.test_sending import states, told, trouble

ALFA, BETA, GAMMA = "910000004", "910000012", "910000020"


def competition(platform: Platform) -> str:
    procurement = platform.start()
    bring_supplier(platform, procurement, ALFA, name="Alva", email="alva@alfa.test")
    bring_supplier(platform, procurement, BETA, name="Bo", email="bo@beta.test")
    return procurement


def invite(platform: Platform, procurement: str, scope: str, **more: str) -> None:
    invited = Invited(scope * 2, "d" * 55 + scope, "supplier", 14, scope, f"Firma {scope}", **more)
    platform.act("lead", InviteParticipants(procurement, (invited,)))


def release(platform: Platform, procurement: str, text: str = "Fristen er uendret.") -> None:
    platform.act("lead", ReleaseInformation(procurement, (Text(text),)))


def mail_at(platform: Platform, address: str) -> str:
    query = sa.text("SELECT id FROM mail WHERE address = :address ORDER BY queued_at DESC, id")
    with platform.store.reader() as connection:
        return str(connection.scalars(query, {"address": address}).first())


def reached(server: Behaviour) -> list[str]:
    return sorted(address for address, _ in server.taken)


def test_a_letter_reaches_each_supplier_whole_and_once(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = competition(any_platform)
    release(any_platform, procurement)

    sent = [postman.round(), postman.round()]

    assert sent == [2, 0]
    assert reached(server) == ["alva@alfa.test", "bo@beta.test"]
    message = server.taken[0][1]
    assert "Fristen er uendret." in message.get_content()
    assert "/portal" in message.get_content()
    assert str(message["Subject"]) == "Informasjon til alle i konkurransen (2026/1)"


def test_a_supplier_that_has_not_come_in_is_reached_where_it_was_invited(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = competition(any_platform)
    invite(any_platform, procurement, ALFA, email="post@alfa.test")
    invite(any_platform, procurement, GAMMA, email="post@gamma.test")
    release(any_platform, procurement)

    postman.round()

    assert reached(server) == ["alva@alfa.test", "bo@beta.test", "post@alfa.test"]


def test_who_was_removed_before_it_left_gets_no_letter(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = any_platform.start()
    gone = bring_supplier(any_platform, procurement, ALFA, email="alva@alfa.test")
    bring_supplier(any_platform, procurement, ALFA, email="arne@alfa.test")
    release(any_platform, procurement)
    any_platform.act("lead", RemoveParticipant(procurement, gone.id, "Har sluttet."))

    postman.round()

    assert reached(server) == ["arne@alfa.test"]


def test_a_letter_that_came_back_is_on_record_and_shown_and_sent_to_the_newer_address(
    any_platform: Platform, mailing: Parts, postman: Postman, server: Behaviour
) -> None:
    procurement = competition(any_platform)
    release(any_platform, procurement)
    postman.round()
    key = mail_at(any_platform, "bo@beta.test")

    for _ in range(2):
        note_bounce(mailing, report(key))

    assert any_platform.entries(procurement).count("LetterReturned") == 1
    assert told(any_platform, "lead") == [(Occasion.LETTER_RETURNED, "Badeplass")]
    assert [each.address for each in trouble(any_platform, procurement)] == ["bo@beta.test"]
    any_platform.clock.set(any_platform.clock.now() + timedelta(hours=1))
    with any_platform.store.reader() as connection:
        bo = str(connection.scalar(sa.text("SELECT id FROM participant WHERE name = 'Bo'")))
    invite(any_platform, procurement, BETA, email="bo@new.test", participant=bo)
    any_platform.act("lead", ResendMail(key))
    postman.round()
    assert reached(server) == ["alva@alfa.test", "bo@beta.test", "bo@new.test", "lead@x.test"]
    assert set(states(any_platform)) == {"sent"}


def test_a_letter_that_the_server_refuses_for_good_is_on_record_as_returned(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = competition(any_platform)
    server.answers["bo@beta.test"] = "550 5.1.1 No such user"
    release(any_platform, procurement)

    postman.round()

    assert any_platform.entries(procurement).count("LetterReturned") == 1


def test_an_award_letter_that_came_back_is_not_sent_to_one_alone(
    any_platform: Platform, mailing: Parts, postman: Postman
) -> None:
    procurement = competition(any_platform)
    release(any_platform, procurement)
    with any_platform.store.database.begin() as connection:
        connection.execute(sa.text("UPDATE outbox SET kind = 'award'"))
    postman.round()
    key = mail_at(any_platform, "bo@beta.test")
    note_bounce(mailing, report(key))

    with pytest.raises(RejectedError, match="to all anew"):
        any_platform.act("lead", ResendMail(key))
