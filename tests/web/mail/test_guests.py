"""Mail to people from outside that does not arrive: who hears of it and whom it names."""

import re
from datetime import timedelta

import pytest

from engine.commands.mails import ResendMail
from engine.commands.meetings import BookSlot
from engine.commands.organisations import AddPerson, GrantRole
from engine.commands.participants import RemoveParticipant
from engine.errors import NotFoundError, RejectedError
from engine.model.actor import SYSTEM, Actor
from engine.model.mails import MailState
from engine.model.notifications import Occasion
from engine.queries.mails import Undelivered, undelivered_of_organisation
from engine.queries.view import View
from service.bounces import note_bounce
from service.outbox import Postman
from service.security import guests
from service.wiring import Parts
from tests.support.circle import A
from tests.support.guests import bring_supplier
from tests.support.mail_server import Behaviour
from tests.support.platform import TOWN, Platform
from tests.web.mail.test_bounces import report
from tests.web.mail.test_meetings import offered
from tests.web.mail.test_sending import told, trouble

ANNA = "anna@a.test"


def refused(
    platform: Platform, postman: Postman, server: Behaviour
) -> tuple[str, Actor, Undelivered]:
    """The procurement, the supplier's Anna, and the mail with her meeting that was refused."""
    procurement = platform.start()
    anna = bring_supplier(platform, procurement, A, name="Anna", email=ANNA)
    slot, _ = offered(platform, procurement)
    server.answers[ANNA] = f"550 5.1.1 <{ANNA}>: No such user"
    platform.bus.handle(BookSlot(procurement, slot), anna)
    postman.round()
    [mail] = trouble(platform, procurement)
    return procurement, anna, mail


def make_administrator(platform: Platform) -> None:
    platform.bus.handle(AddPerson(TOWN, "Klara", "clerk", "clerk@x.test", "clerk"), SYSTEM)
    platform.bus.handle(GrantRole("clerk", TOWN, "administrator"), SYSTEM)


def list_of(platform: Platform, person: str) -> list[Undelivered]:
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        view = View(connection, definitions, platform.actor(person), platform.clock.now())
        return list(undelivered_of_organisation(view))


def test_the_lead_sees_who_was_not_reached_and_is_told(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement, _, mail = refused(any_platform, postman, server)

    assert (mail.name, mail.role, mail.address) == ("Anna", "supplier", ANNA)
    assert (mail.state, ANNA in mail.problem) == (MailState.FAILED, True)
    assert (Occasion.UNDELIVERED, "Anna") in told(any_platform, "lead")
    assert trouble(any_platform, procurement, "owner") == []


def test_what_came_back_later_is_told_too(
    any_platform: Platform, mailing: Parts, postman: Postman, server: Behaviour
) -> None:
    procurement = any_platform.start()
    anna = bring_supplier(any_platform, procurement, A, name="Anna", email=ANNA)
    slot, _ = offered(any_platform, procurement)
    any_platform.bus.handle(BookSlot(procurement, slot), anna)
    postman.round()
    (key,) = [
        str(message["Message-ID"]).strip("<>").partition("@")[0]
        for address, message in server.taken
        if address == ANNA
    ]

    note_bounce(mailing, report(key))

    [mail] = trouble(any_platform, procurement)
    assert (mail.name, mail.state) == ("Anna", MailState.RETURNED)
    assert (Occasion.UNDELIVERED, "Anna") in told(any_platform, "lead")


def test_the_administrator_learns_that_it_failed_and_not_whom_it_was_for(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    make_administrator(any_platform)
    refused(any_platform, postman, server)

    [mail] = list_of(any_platform, "clerk")

    assert (mail.name, mail.address, mail.role) == ("", "", "supplier")
    assert mail.problem == "550 5.1.1"


@pytest.mark.parametrize("who", ["lead", "clerk"])
def test_the_lead_or_the_administrator_sends_it_again(
    any_platform: Platform, postman: Postman, server: Behaviour, who: str
) -> None:
    make_administrator(any_platform)
    procurement, _, mail = refused(any_platform, postman, server)
    server.answers.clear()

    any_platform.act(who, ResendMail(mail.id))
    any_platform.clock.set(any_platform.clock.now() + timedelta(minutes=1))
    postman.round()

    assert ANNA in [address for address, _ in server.taken]
    assert trouble(any_platform, procurement) == []


def test_nobody_else_does_and_not_to_whoever_has_left(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement, anna, mail = refused(any_platform, postman, server)

    for who in ("owner", "lawyer", "neighbour"):
        with pytest.raises(NotFoundError):
            any_platform.act(who, ResendMail(mail.id))
    any_platform.act("lead", RemoveParticipant(procurement, anna.id, "Sluttet."))
    with pytest.raises(RejectedError):
        any_platform.act("lead", ResendMail(mail.id))


def test_the_link_that_is_mailed_to_who_asks_for_it_lets_in(
    any_platform: Platform, mailing: Parts, postman: Postman, server: Behaviour
) -> None:
    procurement = any_platform.start()
    anna = bring_supplier(any_platform, procurement, A, name="Anna", email=ANNA)
    any_platform.clock.set(any_platform.clock.now() + timedelta(hours=1))

    guests.ask_back(mailing, ANNA)
    postman.round()

    ((_, message),) = [each for each in server.taken if each[0] == ANNA]
    (secret,) = re.findall(r"/join/(\S+)", message.get_content())
    arrived = guests.come_in(mailing, secret, "", "")
    assert guests.who(mailing, arrived.cookie).actor.id == anna.id
