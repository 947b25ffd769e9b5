"""A low tender is asked about in writing, and the supplier's own reply is on record."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.inquiries import AnswerInquiry
from engine.commands.tasks import CompleteTask
from engine.errors import GateClosedError, InvalidInputError, NotFoundError, RejectedError
from engine.model.actor import Actor
from engine.model.dialogue import InquiryRecord
from engine.model.notifications import Occasion
from engine.queries.portal import portal_page
from engine.queries.rounds import dialogue_page
from engine.queries.task import task_page
from engine.store import dialogue
from tests.support.circle import A, B
from tests.support.delivering import view_of
from tests.support.evaluating import ask_about_low_tender, start_evaluation
from tests.support.guests import bring_supplier
from tests.support.platform import Platform

ASSESSED = {"assessment": "Forklart nok.", "explained": True, "labour_breach": False}
REPLY = "Vi lager sensorene selv."


@pytest.fixture
def asked(any_platform: Platform) -> tuple[str, Actor]:
    """The procurement in which A was asked, and somebody of A."""
    procurement = start_evaluation(any_platform)
    guest = bring_supplier(any_platform, procurement, A, email="alva@alfa.test")
    ask_about_low_tender(any_platform, procurement)
    return procurement, guest


def inquiry(platform: Platform, procurement: str) -> InquiryRecord:
    with platform.store.reader() as connection:
        (found,) = dialogue.inquiries_of(connection, procurement, A)
    return found


def test_the_question_leaves_with_its_time_limit_in_the_act_that_asks(
    any_platform: Platform, asked: tuple[str, Actor]
) -> None:
    _, guest = asked

    with any_platform.store.reader() as connection:
        page = portal_page(view_of(any_platform, guest, connection))
        mails = connection.execute(sa.text("SELECT kind, address FROM mail")).all()

    (letter,) = page.letters
    assert letter.kind == "tender-inquiry"
    assert "Hva gjelder det? Unormalt lav pris" in letter.body
    assert "Halve prisen." in letter.body
    assert "Svarfrist: 30.03.2026 10:00" in letter.body
    assert page.unanswered == 1
    assert ("letter", "alva@alfa.test") in [tuple(each) for each in mails]


def test_the_reply_in_the_portal_is_what_the_form_says(
    any_platform: Platform, asked: tuple[str, Actor]
) -> None:
    procurement, guest = asked
    made = inquiry(any_platform, procurement)
    any_platform.bus.handle(AnswerInquiry(procurement, made.id, REPLY), guest)
    task = any_platform.task(procurement, "record-reply", A)

    with any_platform.store.reader() as connection:
        page = task_page(view_of(any_platform, any_platform.actor("lead"), connection), task.id)
        told = connection.scalars(sa.text("SELECT kind FROM notification WHERE person = 'lead'"))
        kinds = list(told)
    assert page.on_record is not None
    assert page.on_record.content["reply"] == REPLY
    assert Occasion.SUPPLIER_WROTE in kinds
    made_up = {"replied": False, "reply": "Oppdiktet."}
    any_platform.act("lead", CompleteTask(task.id, {**made_up, **ASSESSED}))
    found = inquiry(any_platform, procurement)
    assert (found.reply, found.replied_at, found.channel) == (
        REPLY,
        any_platform.clock.now(),
        "portal",
    )
    gate = any_platform.task(procurement, "decide-tender", A)
    any_platform.act("lead", CompleteTask(gate.id, option="accept"))


def test_a_reply_is_given_once(any_platform: Platform, asked: tuple[str, Actor]) -> None:
    procurement, guest = asked
    command = AnswerInquiry(procurement, inquiry(any_platform, procurement).id, REPLY)
    any_platform.bus.handle(command, guest)

    with pytest.raises(RejectedError, match="on record already"):
        any_platform.bus.handle(command, guest)


def test_another_supplier_finds_no_question(
    any_platform: Platform, asked: tuple[str, Actor]
) -> None:
    procurement, _ = asked
    other = bring_supplier(any_platform, procurement, B)
    key = inquiry(any_platform, procurement).id

    with any_platform.store.reader() as connection:
        view = view_of(any_platform, other, connection)
        assert dialogue_page(view).inquiries == ()
        assert portal_page(view).letters == ()
    with pytest.raises(NotFoundError):
        any_platform.bus.handle(AnswerInquiry(procurement, key, REPLY), other)


def test_nobody_says_that_no_reply_came_while_there_is_time(
    any_platform: Platform, asked: tuple[str, Actor]
) -> None:
    procurement, _ = asked
    silent = {"replied": False, **ASSESSED, "explained": False}

    with pytest.raises(RejectedError, match="may reply until"):
        any_platform.complete("lead", procurement, "record-reply", A, submission=silent)

    any_platform.clock.set(any_platform.clock.now() + timedelta(days=8))
    any_platform.complete("lead", procurement, "record-reply", A, submission=silent)
    gate = any_platform.task(procurement, "decide-tender", A)
    with pytest.raises(GateClosedError):
        any_platform.act("lead", CompleteTask(gate.id, option="accept"))
    any_platform.act("lead", CompleteTask(gate.id, option="reject", reason="Ikke forklart."))


def test_a_time_limit_in_the_past_is_refused(any_platform: Platform) -> None:
    procurement = start_evaluation(any_platform)

    with pytest.raises(InvalidInputError, match="time to reply"):
        ask_about_low_tender(any_platform, procurement, days=-1)
