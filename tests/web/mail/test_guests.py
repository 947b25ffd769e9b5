"""Mail to people from outside that does not arrive: who hears of it and whom it names."""

import re
from datetime import timedelta

import pytest

from engine.commands.mails import ResendMail
from engine.commands.meetings import BookSlot
from engine.commands.organisations import AddPerson, GrantRole
from engine.commands.participants import (
    Invited,
    InviteParticipants,
    MailInvitation,
    RemoveParticipant,
    RevokeInvitation,
)
from engine.errors import (
    AddressWrongError,
    InvitationNotValidError,
    NotFoundError,
    RejectedError,
)
from engine.model.actor import SYSTEM, Actor
from engine.model.mails import MailState
from engine.model.notifications import Occasion
from engine.queries.mails import Undelivered, undelivered_of_organisation
from engine.queries.view import View
from engine.store.schema import metadata
from service.bounces import note_bounce
from service.outbox import Postman
from service.security import guests
from service.security.invitations import digest_of, secret_of
from service.wiring import Parts
from tests.support.delivering import A
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
    postman.round()
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
    postman.round()
    server.taken.clear()
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


def invite_by_mail(platform: Platform, parts: Parts, procurement: str, email: str = ANNA) -> str:
    """The id of an invitation to Anna that is to be mailed to her."""
    key = "0123456789abcdef0123456789abcdef"
    digest = digest_of(secret_of(parts.settings, key))
    invited = Invited(key, digest, "citizen", 14, name="Anna", email=email, by_mail=True)
    platform.act("lead", InviteParticipants(procurement, (invited,)))
    return key


def test_an_invitation_goes_by_mail_and_its_secret_stands_there_alone(
    any_platform: Platform, mailing: Parts, postman: Postman, server: Behaviour
) -> None:
    procurement = any_platform.start()
    key = invite_by_mail(any_platform, mailing, procurement)
    any_platform.act("lead", MailInvitation(procurement, key))

    postman.round()

    messages = [message for address, message in server.taken if address == ANNA]
    said = [message.get_content() for message in messages]
    (secret,) = {each for text in said for each in re.findall(r"/join/(\S+)", text)}
    assert len(said) == 2
    assert all("inviterer deg til å delta" in each for each in said)
    assert secret not in everything(any_platform)
    arrived = guests.come_in(mailing, secret, "", "")
    assert guests.who(mailing, arrived.cookie).actor.name == "Anna"
    assert any_platform.entries(procurement).count("InvitationMailed") == 2
    with pytest.raises(InvitationNotValidError):
        any_platform.act("lead", MailInvitation(procurement, key))


def everything(platform: Platform) -> str:
    """All rows of all tables, and all entries of the record."""
    with platform.store.reader() as connection:
        tables = (connection.execute(table.select()).all() for table in metadata.sorted_tables)
        return "\n".join(repr(row) for rows in tables for row in rows)


def test_one_that_is_revoked_before_it_leaves_is_not_mailed(
    any_platform: Platform, mailing: Parts, postman: Postman, server: Behaviour
) -> None:
    procurement = any_platform.start()
    key = invite_by_mail(any_platform, mailing, procurement)
    any_platform.act("lead", RevokeInvitation(procurement, key, "Feil person."))

    postman.round()

    assert ANNA not in [address for address, _ in server.taken]


def test_nobody_is_invited_by_mail_without_an_address(
    any_platform: Platform, mailing: Parts
) -> None:
    procurement = any_platform.start()

    with pytest.raises(AddressWrongError, match="Anna has no mail address"):
        invite_by_mail(any_platform, mailing, procurement, email="")
    assert "ParticipantInvited" not in any_platform.entries(procurement)


def test_an_invitation_that_does_not_arrive_is_shown_to_the_lead_and_sent_again(
    any_platform: Platform, mailing: Parts, postman: Postman, server: Behaviour
) -> None:
    procurement = any_platform.start()
    server.answers[ANNA] = "550 5.1.1 No such user"
    invite_by_mail(any_platform, mailing, procurement)
    postman.round()

    [mail] = trouble(any_platform, procurement)
    server.answers.clear()
    any_platform.act("lead", ResendMail(mail.id))
    postman.round()

    assert (mail.name, mail.role, mail.address) == ("Anna", "citizen", ANNA)
    assert (Occasion.UNDELIVERED, "Anna") in told(any_platform, "lead")
    assert ANNA in [address for address, _ in server.taken]
