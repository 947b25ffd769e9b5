"""Several organisations buy together: one leads, people of each may have seats, all share."""

import pytest

from engine.commands.buyers import AddBuyer, RemoveBuyer
from engine.commands.procurements import Seat
from engine.commands.team import AddMember, RemoveMember
from engine.errors import (
    EngineError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    ReasonMissingError,
    RejectedError,
)
from engine.queries.head import head_of
from engine.queries.view import View, see_procurement
from engine.store import people
from tests.support.platform import COUNTY, ELSEWHERE, TOWN, Platform

WHY = "Vi kjøper sammen."


def seats_of(platform: Platform, procurement: str) -> dict[str, str]:
    with platform.store.reader() as connection:
        return {seat.person: seat.id for seat in people.team(connection, procurement)}


def together_with(platform: Platform, person: str, procurement: str) -> tuple[str, ...]:
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        view = View(connection, definitions, platform.actor(person), platform.clock.now())
        return head_of(see_procurement(view, procurement)).together_with


def test_people_of_a_buyer_that_joins_may_have_seats_and_then_see_all(
    any_platform: Platform,
) -> None:
    key = any_platform.start()
    seat = Seat("neighbour", "subject-expert")
    with pytest.raises(InvalidInputError, match="joint"):
        any_platform.act("lead", AddMember(key, seat, WHY))

    any_platform.act("lead", AddBuyer(key, ELSEWHERE, WHY))
    with pytest.raises(NotFoundError):
        together_with(any_platform, "neighbour", key)
    any_platform.act("lead", AddMember(key, seat, WHY))

    assert together_with(any_platform, "neighbour", key) == ("Bygda",)
    assert all(verdict.ok for verdict in any_platform.verify())


def test_a_buyer_leaves_once_its_people_have_left_the_team(any_platform: Platform) -> None:
    key = any_platform.start()
    any_platform.act("lead", AddBuyer(key, ELSEWHERE, WHY))
    any_platform.act("lead", AddMember(key, Seat("neighbour", "subject-expert"), WHY))

    with pytest.raises(RejectedError, match="Neighbour"):
        any_platform.act("lead", RemoveBuyer(key, ELSEWHERE, WHY))
    any_platform.act("lead", RemoveMember(key, seats_of(any_platform, key)["neighbour"], WHY))
    any_platform.act("lead", RemoveBuyer(key, ELSEWHERE, WHY))

    assert together_with(any_platform, "lead", key) == ()
    assert {"BuyerJoined", "BuyerLeft"} <= set(any_platform.entries(key))
    assert all(verdict.ok for verdict in any_platform.verify())


@pytest.mark.parametrize(
    ("person", "organisation", "reason", "expected"),
    [
        ("owner", ELSEWHERE, WHY, ForbiddenError),
        ("lead", ELSEWHERE, " ", ReasonMissingError),
        ("lead", TOWN, WHY, RejectedError),
        ("lead", "nowhere", WHY, NotFoundError),
    ],
)
def test_a_buyer_that_cannot_join_is_refused(
    platform: Platform, person: str, organisation: str, reason: str, expected: type[EngineError]
) -> None:
    with pytest.raises(expected):
        platform.act(person, AddBuyer(platform.start(), organisation, reason))


def test_who_does_not_take_part_cannot_be_taken_out(platform: Platform) -> None:
    with pytest.raises(RejectedError):
        platform.act("lead", RemoveBuyer(platform.start(), COUNTY, WHY))
