"""Firms ask for access to an announced competition by themselves, and nobody learns who asks."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from engine.commands.applications import MOST_OF_ONE, AskAccess
from engine.commands.participants import AskBack, UseInvitation
from engine.commands.questions import AskQuestion
from engine.errors import (
    AddressWrongError,
    CompetitionClosedError,
    InvitationNotValidError,
    NotFoundError,
    OrganisationNumberError,
    TextLengthError,
)
from engine.model.actor import Actor
from engine.queries.deliveries import own_deliveries, receipts_page
from engine.queries.documents import documents_of
from engine.queries.participants import participants_page
from engine.queries.portal import portal_page
from engine.queries.record import log_of
from engine.queries.view import View, see_procurement
from engine.store import applications, dialogue, participants
from engine.store.schema import mail
from tests.support.delivering import (
    RECEIVER,
    after_the_deadline,
    deliver,
    open_all,
    receiving,
    supplier,
    view_of,
)
from tests.support.platform import Platform
from tests.support.recording import announce

NOTICE = {"subtype": "16", "title": "Varsling på badeplasser", "procedure_code": "open"}
FIRM = "Hemmelig Fjord AS"
CONTACT = "Kari Hemmelig"
ADDRESS = "kari@hemmelig.test"
NUMBER = "910000004"
SECRETS = (FIRM, CONTACT, ADDRESS, NUMBER)


def announced(platform: Platform) -> tuple[str, str]:
    """A competition that anybody may tender in; its id and the intake's."""
    procurement, intake = receiving(platform)
    announce(platform, procurement, NOTICE)
    return procurement, intake


def ask(platform: Platform, procurement: str, secret: str = "hemmelig", **said: str) -> None:
    values = {"organisation": FIRM, "number": NUMBER, "contact": CONTACT, "email": ADDRESS, **said}
    digest = sha256(secret.encode()).hexdigest()
    command = AskAccess(procurement, **values, invitation=uuid4().hex, digest=digest)
    platform.bus.handle(command, Actor("nobody", "–", ""))


def come_in(platform: Platform, secret: str = "hemmelig") -> Actor:
    digest = sha256(secret.encode()).hexdigest()
    answer = platform.bus.handle(UseInvitation(digest, CONTACT), Actor("nobody", "–", ""))
    with platform.store.reader() as connection:
        return participants.load_participant(connection, answer["participant"])


def shown(platform: Platform, page: Any, person: str, procurement: str) -> str:
    with platform.store.reader() as connection:
        return repr(page(view_of(platform, platform.actor(person), connection), procurement))


def log_page(view: View, procurement: str) -> Any:
    return log_of(see_procurement(view, procurement))


def documents_page(view: View, procurement: str) -> Any:
    return documents_of(see_procurement(view, procurement))


def addresses(platform: Platform) -> list[str]:
    """Whom mails go to."""
    with platform.store.reader() as connection:
        return list(connection.scalars(sa.select(mail.c.address).where(mail.c.kind == "applied")))


def test_who_used_the_mailed_link_delivers_under_a_key_of_its_own(any_platform: Platform) -> None:
    procurement, intake = announced(any_platform)
    ask(any_platform, procurement, number="910 000 004")

    guest = come_in(any_platform)
    deliver(any_platform, guest, intake)

    assert guest.participation is not None
    assert guest.participation.scope.startswith("apply-")
    with any_platform.store.reader() as connection:
        view = view_of(any_platform, guest, connection)
        assert portal_page(view).supplier == f"{FIRM} (910\xa0000\xa0004)"
        assert len(own_deliveries(view).intakes[0].receipts) == 1
        (asked,) = applications.applications_of(connection, procurement)
    assert (asked.number, asked.organisation) == (NUMBER, FIRM)


def test_the_link_works_once_and_goes_to_the_address_alone(platform: Platform) -> None:
    procurement, _ = announced(platform)
    ask(platform, procurement)

    assert addresses(platform) == [ADDRESS]
    come_in(platform)
    with pytest.raises(InvitationNotValidError):
        come_in(platform)


@pytest.mark.parametrize("person", ["lead", RECEIVER, "owner"])
def test_before_the_opening_nobody_of_the_buyers_sees_more_than_how_many(
    platform: Platform, person: str
) -> None:
    procurement, intake = announced(platform)
    ask(platform, procurement)
    guest = come_in(platform)
    deliver(platform, guest, intake)
    platform.bus.handle(AskQuestion(procurement, "Gjelder kravet om natten?"), guest)
    platform.bus.handle(AskBack(uuid4().hex, "e" * 64), guest)
    pages = [receipts_page, documents_page, log_page]
    if person == "lead":
        pages.append(participants_page)

    said = "".join(shown(platform, page, person, procurement) for page in pages)
    with platform.store.reader() as connection:
        (question,) = dialogue.questions_of(connection, procurement)

    for secret in SECRETS:
        assert secret not in said
        assert secret not in question.asked_by
    assert person != "lead" or "applied=1" in said


def test_the_opened_name_is_that_of_the_firm_with_its_number(platform: Platform) -> None:
    procurement, intake = announced(platform)
    ask(platform, procurement)
    guest = come_in(platform)
    name = f"{FIRM} ({NUMBER})"
    deliver(platform, guest, intake, name=name)
    after_the_deadline(platform, procurement, intake)
    open_all(platform, procurement, intake)

    with platform.store.reader() as connection:
        view = view_of(platform, platform.actor(RECEIVER), connection)
        (found,) = receipts_page(view, procurement).intakes[0].deliveries

    assert found.readable


def test_before_the_link_is_used_nobody_has_asked(platform: Platform) -> None:
    procurement, _ = announced(platform)
    ask(platform, procurement)

    assert "applied=0" in shown(platform, participants_page, "lead", procurement)


def test_an_address_gets_a_few_links_and_nobody_is_told_that_it_asked_before(
    platform: Platform,
) -> None:
    procurement, _ = announced(platform)

    for at in range(MOST_OF_ONE + 2):
        ask(platform, procurement, f"hemmelig-{at}", email=ADDRESS.upper() if at % 2 else ADDRESS)

    with platform.store.reader() as connection:
        assert len(applications.applications_of(connection, procurement)) == MOST_OF_ONE
    assert len(addresses(platform)) == MOST_OF_ONE


def test_one_that_asked_cannot_come_near_what_is_another_suppliers(platform: Platform) -> None:
    procurement, intake = announced(platform)
    other = supplier(platform, procurement, NUMBER)
    deliver(platform, other, intake)
    ask(platform, procurement)

    guest = come_in(platform)

    with platform.store.reader() as connection:
        view = view_of(platform, guest, connection)
        assert own_deliveries(view).intakes[0].receipts == ()


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"number": "910000005"}, OrganisationNumberError),
        ({"number": " "}, OrganisationNumberError),
        ({"email": "kari"}, AddressWrongError),
        ({"email": "a@b.test c@d.test"}, AddressWrongError),
        ({"organisation": " "}, TextLengthError),
        ({"contact": "k" * 301}, TextLengthError),
    ],
)
def test_what_makes_no_sense_is_refused(
    platform: Platform, said: dict[str, str], refused: type[Exception]
) -> None:
    procurement, _ = announced(platform)

    with pytest.raises(refused):
        ask(platform, procurement, **said)


def test_where_nothing_was_announced_there_is_nothing_to_ask_for(platform: Platform) -> None:
    procurement, _ = receiving(platform)

    with pytest.raises(NotFoundError):
        ask(platform, procurement)


def test_after_the_deadline_nobody_can_ask(platform: Platform) -> None:
    procurement, intake = announced(platform)
    after_the_deadline(platform, procurement, intake)

    with pytest.raises(CompetitionClosedError):
        ask(platform, procurement)
