"""Times are offered, suppliers book them themselves, and learn of nobody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from engine.commands.decisions import ConfirmDecision
from engine.commands.meetings import (
    BookSlot,
    CancelMeeting,
    HoldMeeting,
    OfferedSlot,
    OfferSlots,
)
from engine.commands.tasks import CompleteTask
from engine.errors import (
    EngineError,
    InvalidInputError,
    NotFoundError,
    ReasonMissingError,
    RejectedError,
)
from engine.model.actor import Actor
from engine.model.meeting import MeetingRecord
from engine.queries.rounds import dialogue_page
from engine.queries.view import View
from engine.store import meetings
from tests.support.delivering import A, B
from tests.support.guests import bring_citizen, bring_supplier
from tests.support.platform import START, Platform

TOMORROW = START + timedelta(days=1)


def at(hour: int, minutes: int = 60) -> OfferedSlot:
    start = TOMORROW + timedelta(hours=hour)
    return OfferedSlot(start, start + timedelta(minutes=minutes), "Rådhuset")


def offer(platform: Platform, procurement: str, *slots: OfferedSlot, scope: str = "") -> list[str]:
    command = OfferSlots(procurement, "round-1", "dialogue", slots, scope=scope)
    return list(platform.act("lead", command)["slots"])


def standing(platform: Platform, procurement: str) -> list[MeetingRecord]:
    with platform.store.reader() as connection:
        return [each for each in meetings.meetings_of(connection, procurement) if each.stands]


def test_a_supplier_books_a_time_and_moves_it(any_platform: Platform) -> None:
    procurement = any_platform.start()
    anna = bring_supplier(any_platform, procurement, A)
    first, second = offer(any_platform, procurement, at(0), at(2))

    booked = any_platform.bus.handle(BookSlot(procurement, first), anna)
    moved = any_platform.bus.handle(BookSlot(procurement, second), anna)

    (meeting,) = standing(any_platform, procurement)
    assert booked["meeting"] == moved["meeting"] == meeting.id
    assert (meeting.slot, meeting.scope, meeting.participant) == (second, A, anna.id)
    assert meeting.starts_at == at(2).starts_at
    assert any_platform.entries(procurement)[-2:] == ["MeetingBooked", "MeetingMoved"]
    assert all(verdict.ok for verdict in any_platform.verify())


def test_what_one_supplier_books_changes_nothing_that_another_sees(platform: Platform) -> None:
    procurement = platform.start()
    anna = bring_supplier(platform, procurement, A)
    bo = bring_supplier(platform, procurement, B)
    offer(platform, procurement, at(0), at(2), at(4), at(6))

    before, own = times_of(platform, bo), times_of(platform, anna)
    platform.bus.handle(BookSlot(procurement, own[0]), anna)
    platform.bus.handle(BookSlot(procurement, own[1]), anna)

    assert (len(before), len(own)) == (2, 2)
    assert set(before).isdisjoint(own)
    assert times_of(platform, bo) == before
    with pytest.raises(NotFoundError):
        platform.bus.handle(BookSlot(procurement, own[0]), bo)


def times_of(platform: Platform, supplier: Actor) -> list[str]:
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        view = View(connection, definitions, supplier, platform.clock.now())
        return [each.id for each in dialogue_page(view).times]


def test_times_that_do_not_go_round_are_refused(platform: Platform) -> None:
    procurement = platform.start()
    with pytest.raises(RejectedError):
        offer(platform, procurement, at(0))
    for scope in (A, B):
        bring_supplier(platform, procurement, scope)

    with pytest.raises(RejectedError) as refusal:
        offer(platform, procurement, at(0))

    assert refusal.value.details["fewest"] == 2


def test_a_time_kept_for_one_supplier_is_nothing_to_another(platform: Platform) -> None:
    procurement = platform.start()
    bring_supplier(platform, procurement, A)
    bo = bring_supplier(platform, procurement, B)
    (kept,) = offer(platform, procurement, at(0), scope=A)

    said = []
    for slot in (kept, "no-slot"):
        with pytest.raises(NotFoundError) as refusal:
            platform.bus.handle(BookSlot(procurement, slot), bo)
        said.append(str(refusal.value).replace(slot, "it"))

    assert said[0] == said[1]


def test_many_of_one_supplier_who_book_at_once_make_one_meeting(any_platform: Platform) -> None:
    procurement = any_platform.start()
    guests = [bring_supplier(any_platform, procurement, A) for n in range(4)]
    (slot,) = offer(any_platform, procurement, at(0))

    def attempt(n: int) -> bool:
        try:
            any_platform.bus.handle(BookSlot(procurement, slot), guests[n])
        except EngineError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert any(pool.map(attempt, range(4)))
    assert len(standing(any_platform, procurement)) == 1


def test_a_meeting_is_cancelled_by_its_own_supplier_or_by_the_buyer_with_a_reason(
    platform: Platform,
) -> None:
    procurement = platform.start()
    anna = bring_supplier(platform, procurement, A)
    bo = bring_supplier(platform, procurement, B)
    (slot,) = offer(platform, procurement, at(0), scope=A)
    key = platform.bus.handle(BookSlot(procurement, slot), anna)["meeting"]

    with pytest.raises(NotFoundError):
        platform.bus.handle(CancelMeeting(procurement, key), bo)
    with pytest.raises(ReasonMissingError):
        platform.act("lead", CancelMeeting(procurement, key))
    platform.bus.handle(CancelMeeting(procurement, key), anna)

    assert standing(platform, procurement) == []
    platform.bus.handle(BookSlot(procurement, slot), anna)
    assert [each.scope for each in standing(platform, procurement)] == [A]


def test_nobody_meets_once_the_process_has_come_to_its_end(any_platform: Platform) -> None:
    procurement = any_platform.start()
    anna = bring_supplier(any_platform, procurement, A)
    first, second = offer(any_platform, procurement, at(0), at(2))
    any_platform.bus.handle(BookSlot(procurement, first), anna)

    gate = any_platform.to_gate(procurement)
    any_platform.act("lead", CompleteTask(gate.id, option="stop", reason="Ikke innovasjon."))
    any_platform.act("lawyer", ConfirmDecision(gate.id, "Enig."))

    assert standing(any_platform, procurement) == []
    with pytest.raises(RejectedError):
        any_platform.bus.handle(BookSlot(procurement, second), anna)


def test_a_meeting_that_has_begun_is_not_cancelled_by_the_end_of_the_process(
    platform: Platform,
) -> None:
    procurement = platform.start()
    anna = bring_supplier(platform, procurement, A)
    (slot,) = offer(platform, procurement, at(0))
    platform.bus.handle(BookSlot(procurement, slot), anna)
    platform.clock.set(at(0).starts_at + timedelta(minutes=1))

    gate = platform.to_gate(procurement)
    platform.act("lead", CompleteTask(gate.id, option="stop", reason="Ikke innovasjon."))
    platform.act("lawyer", ConfirmDecision(gate.id, "Enig."))

    assert [each.slot for each in standing(platform, procurement)] == [slot]


def test_attendance_is_put_down_once_the_meeting_is_over(platform: Platform) -> None:
    procurement = platform.start()
    bring_supplier(platform, procurement, A)
    (slot,) = offer(platform, procurement, at(0))
    key = platform.act("lead", BookSlot(procurement, slot, A))["meeting"]
    held = HoldMeeting(procurement, key, at(0).starts_at, at(0, 45).ends_at, ("Eva",), ("Anna",))

    with pytest.raises(InvalidInputError, match="has not ended"):
        platform.act("lead", held)
    platform.clock.set(TOMORROW + timedelta(hours=5))
    platform.act("lead", held)

    (meeting,) = standing(platform, procurement)
    assert (meeting.status, meeting.ours, meeting.theirs) == ("held", ["Eva"], ["Anna"])
    assert meeting.began_at is not None
    assert meeting.ended_at is not None
    assert meeting.ended_at - meeting.began_at == timedelta(minutes=45)
    with pytest.raises(RejectedError):
        platform.act("lead", CancelMeeting(procurement, key, "Nei."))


def test_one_more_meeting_is_booked_after_one_that_was_held(platform: Platform) -> None:
    procurement = platform.start()
    anna = bring_supplier(platform, procurement, A)
    first, second = offer(platform, procurement, at(0), at(26), scope=A)
    held = platform.bus.handle(BookSlot(procurement, first), anna)["meeting"]
    platform.clock.set(at(2).starts_at)
    span = at(0).starts_at, at(0, 45).ends_at
    platform.act("lead", HoldMeeting(procurement, held, *span, ("Eva",), ("Anna",)))

    more = platform.bus.handle(BookSlot(procurement, second), anna)["meeting"]

    assert {each.id: each.status for each in standing(platform, procurement)} == {
        held: "held",
        more: "booked",
    }


@pytest.mark.parametrize(
    "slots",
    [
        (),
        (OfferedSlot(TOMORROW, TOMORROW),),
        (OfferedSlot(TOMORROW, TOMORROW + timedelta(days=1)),),
        (OfferedSlot(START - timedelta(days=1), START - timedelta(hours=23)),),
        (OfferedSlot(TOMORROW.replace(tzinfo=None), TOMORROW.replace(hour=9, tzinfo=None)),),
        (OfferedSlot(TOMORROW, TOMORROW + timedelta(hours=1), "x" * 301),),
    ],
)
def test_times_that_make_no_sense_are_refused(
    platform: Platform, slots: tuple[OfferedSlot, ...]
) -> None:
    procurement = platform.start()
    bring_supplier(platform, procurement, A)

    with pytest.raises(InvalidInputError):
        platform.act("lead", OfferSlots(procurement, "round-1", "dialogue", slots))


def test_a_time_that_has_begun_cannot_be_booked(platform: Platform) -> None:
    procurement = platform.start()
    anna = bring_supplier(platform, procurement, A)
    (slot,) = offer(platform, procurement, at(0))
    platform.clock.set(at(0).starts_at)

    with pytest.raises(RejectedError):
        platform.bus.handle(BookSlot(procurement, slot), anna)


def test_citizens_have_no_meetings_to_book(platform: Platform) -> None:
    procurement = platform.start()
    bring_supplier(platform, procurement, A)
    (slot,) = offer(platform, procurement, at(0))

    with pytest.raises(NotFoundError):
        platform.bus.handle(
            BookSlot(procurement, slot), bring_citizen(platform, procurement, name="Ine")
        )
