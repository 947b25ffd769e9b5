"""What an act would do is what it then does, and looking ahead leaves no trace."""

from collections.abc import Callable

import pytest

from engine.commands.bus import Command
from engine.commands.procurements import (
    CancelProcurement,
    ResumeProcurement,
    Seat,
    SuspendProcurement,
)
from engine.commands.rewind import RewindProcurement
from engine.commands.tasks import ClaimTask
from engine.commands.team import AddMember, RemoveMember
from engine.errors import ForbiddenError, RejectedError
from engine.queries.effects import Effects, effects_of
from engine.queries.view import View, see_procurement
from engine.store import people, records
from tests.support.delivering import A, B
from tests.support.guests import bring_citizen, bring_supplier
from tests.support.platform import GOOD_NEED, Platform

WHY = "Fordi det trengs."


def ahead(platform: Platform, procurement: str, command: Command, person: str = "lead") -> Effects:
    actor, definitions = platform.actor(person), platform.bus.environment.definitions
    with platform.store.reader() as connection:
        view = View(connection, definitions, actor, platform.clock.now())
        seen = see_procurement(view, procurement)
        return platform.bus.look_ahead(
            command, actor, lambda _answer, after: effects_of(seen, after)
        )


def seat_of(platform: Platform, procurement: str, person: str) -> str:
    with platform.store.reader() as connection:
        team = people.team(connection, procurement)
    return next(seat.id for seat in team if seat.person == person)


def names(rows: tuple[object, ...]) -> list[str]:
    return [row.name for row in rows]  # type: ignore[attr-defined]


def test_suspending_tells_which_tasks_must_wait_and_that_the_clock_runs_on(
    any_platform: Platform,
) -> None:
    procurement = any_platform.start()
    any_platform.to_branches(procurement)
    for scope in ("910000004", "910000012"):
        any_platform.complete("owner", procurement, "score", scope, submission={"points": 7})

    found = ahead(any_platform, procurement, SuspendProcurement(procurement, WHY))

    assert found.status == ("running", "suspended")
    assert [each.element for each in found.deadlines_running] == ["Wait"]
    assert {each.name for each in found.told} == {"Owner", "Owner-2", "Lawyer"}
    assert (found.closed, found.opened) == ((), ())


def test_resuming_tells_which_tasks_can_be_done_again(platform: Platform) -> None:
    procurement = platform.start()
    platform.act("lead", SuspendProcurement(procurement, WHY))

    found = ahead(platform, procurement, ResumeProcurement(procurement, WHY))

    assert names(found.resumed) == ["Describe"]


def test_breaking_off_tells_what_lapses(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.to_branches(procurement)

    found = ahead(any_platform, procurement, CancelProcurement(procurement, WHY))

    assert names(found.closed) == ["Score", "Score"]
    assert found.closed_waits == ("Trekker seg",)
    assert found.status == ("running", "cancelled")


def test_going_back_tells_what_no_longer_counts_and_what_opens_again(
    any_platform: Platform,
) -> None:
    procurement = any_platform.start()
    any_platform.to_branches(procurement)
    with any_platform.store.reader() as connection:
        seq = records.seq_before(connection, procurement, "draft")

    found = ahead(any_platform, procurement, RewindProcurement(procurement, seq, WHY))

    assert names(found.opened) == ["Draft"]
    assert names(found.closed) == ["Score", "Score"]
    assert found.undone_decisions == ("Approve: Godkjenn",)
    assert found.undone_forms == ("Vurdering", "Vurdering")


def test_removing_a_member_tells_which_tasks_go_back_to_the_role(platform: Platform) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    platform.act("owner", ClaimTask(platform.task(procurement, "draft").id))

    seat = seat_of(platform, procurement, "owner")
    found = ahead(platform, procurement, RemoveMember(procurement, seat, WHY))

    [move] = found.moved
    assert (move.before.assignee, move.after.assignee) == ("owner", "")
    assert [seat.name for seat in found.seats_removed] == ["Owner"]
    assert found.vacant == ()


def test_the_last_in_a_role_with_open_tasks_is_refused_as_the_act_would(
    platform: Platform,
) -> None:
    team = (Seat("lead", "procurement-lead"), Seat("owner", "need-owner"))
    procurement = platform.start(team=team)
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    seat = seat_of(platform, procurement, "owner")
    with pytest.raises(RejectedError, match="«Draft»"):
        ahead(platform, procurement, RemoveMember(procurement, seat, WHY))


def test_going_back_to_work_that_nobody_can_do_any_longer_tells_so(platform: Platform) -> None:
    procurement = platform.start()
    platform.to_branches(procurement)
    with platform.store.reader() as connection:
        seq = records.seq_before(connection, procurement, "draft")
    platform.complete("owner", procurement, "score", "910000004", submission={"points": 7})
    platform.complete("owner", procurement, "score", "910000012", submission={"points": 7})
    for person in ("owner", "owner-2"):
        seat = seat_of(platform, procurement, person)
        platform.act("lead", RemoveMember(procurement, seat, WHY))

    found = ahead(platform, procurement, RewindProcurement(procurement, seq, WHY))

    assert found.vacant == ("need-owner",)


def test_a_lead_who_leaves_still_sees_what_comes_of_it(platform: Platform) -> None:
    team = (Seat("lead", "procurement-lead"), Seat("owner", "procurement-lead"))
    procurement = platform.start(team=team)

    seat = seat_of(platform, procurement, "lead")
    found = ahead(platform, procurement, RemoveMember(procurement, seat, WHY))

    assert [seat.name for seat in found.seats_removed] == ["Lead"]


@pytest.mark.parametrize(
    "make",
    [
        lambda key: SuspendProcurement(key, WHY),
        lambda key: CancelProcurement(key, WHY),
        lambda key: AddMember(key, Seat("stranger", "need-owner"), WHY),
    ],
)
def test_looking_ahead_changes_nothing_and_the_act_then_does_what_it_said(
    any_platform: Platform, make: Callable[[str], Command]
) -> None:
    procurement = any_platform.start()
    any_platform.to_branches(procurement)
    before = any_platform.entries(procurement)

    said = ahead(any_platform, procurement, make(procurement))

    assert any_platform.entries(procurement) == before
    assert all(verdict.ok for verdict in any_platform.verify())
    any_platform.act("lead", make(procurement))
    open_now = {task.id for task in any_platform.open(procurement)}
    assert open_now.isdisjoint(row.id for row in said.closed)
    with any_platform.store.reader() as connection:
        status = records.live_process(connection, procurement).status
        people_now = {seat.person for seat in people.team(connection, procurement)}
    assert status == (said.status[1] if said.status else "running")
    assert {seat.person for seat in said.seats_added} <= people_now


def test_looking_ahead_is_refused_as_the_act_would_be(platform: Platform) -> None:
    procurement = platform.start()

    with pytest.raises(ForbiddenError):
        ahead(platform, procurement, SuspendProcurement(procurement, WHY), "owner")
    with pytest.raises(RejectedError):
        ahead(platform, procurement, ResumeProcurement(procurement, WHY))


def test_the_lead_is_told_how_many_outside_will_be_mailed(any_platform: Platform) -> None:
    procurement = any_platform.start()
    bring_citizen(any_platform, procurement, name="Berit", email="berit@home.test")
    bring_supplier(any_platform, procurement, A, name="Anna", email="anna@a.test")
    bring_supplier(any_platform, procurement, B)

    assert ahead(any_platform, procurement, CancelProcurement(procurement, WHY)).mailed == 2
    assert ahead(any_platform, procurement, SuspendProcurement(procurement, WHY)).mailed == 0
