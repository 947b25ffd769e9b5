"""A meeting comes into the supplier's calendar, moves, and goes out again."""

from datetime import timedelta

from engine.commands.mails import ChooseMail
from engine.commands.meetings import BookSlot, CancelMeeting, OfferedSlot, OfferSlots
from service.outbox import Postman
from tests.support.delivering import A, B
from tests.support.guests import bring_supplier
from tests.support.mail_server import Behaviour
from tests.support.platform import START, Platform
from tests.web.mail.test_appointments import WANTED, events, steps

ANNA, BO = "anna@a.test", "bo@b.test"


def offered(platform: Platform, procurement: str) -> list[str]:
    first = OfferedSlot(START + timedelta(days=1), START + timedelta(days=1, hours=1), "Rådhuset")
    second = OfferedSlot(START + timedelta(days=2), START + timedelta(days=2, hours=1))
    command = OfferSlots(procurement, "round-1", "dialogue", (first, second), scope=A)
    return list(platform.act("lead", command)["slots"])


def test_booking_moving_and_cancelling_reach_the_calendar(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    any_platform.act("lead", ChooseMail(WANTED))
    procurement = any_platform.start()
    anna = bring_supplier(any_platform, procurement, A, email=ANNA)
    first, second = offered(any_platform, procurement)
    bring_supplier(any_platform, procurement, B, email=BO)

    key = any_platform.bus.handle(BookSlot(procurement, first), anna)["meeting"]
    postman.round()
    any_platform.bus.handle(BookSlot(procurement, second), anna)
    postman.round()
    any_platform.bus.handle(CancelMeeting(procurement, key), anna)
    postman.round()

    methods = [method for method, _ in steps(server, ANNA)]
    sequences = [sequence for _, sequence in steps(server, ANNA)]
    assert methods == ["REQUEST", "REQUEST", "CANCEL"]
    assert sequences == sorted(set(sequences))
    assert [method for method, _ in steps(server, "lead@x.test")] == methods
    (_, _, event), (_, _, moved), _ = events(server, ANNA)
    assert event["UID"] == moved["UID"] == f"meeting-{key}@pivotal"
    assert str(event["LOCATION"]) == "Rådhuset"
    assert event["DTSTART"].dt == START + timedelta(days=1)
    assert moved["DTSTART"].dt == START + timedelta(days=2)
    assert str(event["SUMMARY"]) == "Møte med Byen (2026/1)"
    assert steps(server, BO) == []


def test_what_was_moved_before_it_was_sent_is_told_once(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = any_platform.start()
    anna = bring_supplier(any_platform, procurement, A, email=ANNA)
    first, second = offered(any_platform, procurement)
    any_platform.bus.handle(BookSlot(procurement, first), anna)
    any_platform.bus.handle(BookSlot(procurement, second), anna)

    postman.round()

    ((_, _, event),) = events(server, ANNA)
    assert event["DTSTART"].dt == START + timedelta(days=2)
