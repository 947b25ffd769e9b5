"""Being away is said once; the substitute has the seats, the work, and nobody's second eyes."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from engine.commands.absences import RegisterAbsence, WithdrawAbsence
from engine.commands.decisions import ConfirmDecision
from engine.commands.organisations import GrantRole
from engine.commands.procurements import Seat
from engine.commands.tasks import ClaimTask, CompleteTask, DelegateTask
from engine.commands.team import AddMember
from engine.errors import (
    ForbiddenError,
    InvalidInputError,
    RejectedError,
    SeparationOfDutiesError,
)
from engine.model.actor import SYSTEM, Membership
from engine.model.notifications import Occasion
from engine.store import people
from service.scheduler import keep_teams
from tests.engine.commands.test_notifications import told
from tests.support.platform import GOOD_NEED, TEAM, TOWN, Platform
from tests.support.web import make_parts

FIRST, LAST = "2026-03-25", "2026-03-27"
"""From two days after the platform's first day."""


@dataclass(frozen=True, slots=True)
class Town:
    platform: Platform
    folder: Path

    def away(self, person: str, substitute: str, by: str = "", first: str = FIRST) -> str:
        command = RegisterAbsence(person, first, LAST, substitute, "Ferie")
        return str(self.platform.act(by or person, command)["absence"])

    def pass_days(self, days: int) -> int:
        self.platform.clock.set(self.platform.clock.now() + timedelta(days=days))
        return keep_teams(make_parts(self.platform, self.folder))

    def seats(self, procurement: str, person: str) -> list[Membership]:
        with self.platform.store.reader() as connection:
            team = people.team(connection, procurement)
        return [seat for seat in team if seat.person == person]


@pytest.fixture
def town(any_platform: Platform, tmp_path: Path) -> Town:
    return Town(any_platform, tmp_path)


def test_the_substitute_sits_wherever_the_absent_person_does_for_those_days(town: Town) -> None:
    places = [town.platform.start(reference=f"2026/{number}") for number in (1, 2)]

    town.away("lawyer", "stranger")

    for place in places:
        [seat] = town.seats(place, "stranger")
        assert (seat.role, seat.deputy_for) == ("legal", "lawyer")
        assert (str(seat.valid_from), str(seat.valid_to)) == (FIRST, LAST)
        assert town.platform.entries(place)[-1] == "MemberAdded"
    assert all(verdict.ok for verdict in town.platform.verify())


def test_a_seat_that_is_given_later_is_the_substitutes_as_well(town: Town) -> None:
    town.away("lawyer", "stranger")

    later = town.platform.start()

    assert [seat.deputy_for for seat in town.seats(later, "stranger")] == ["lawyer"]


def test_the_substitute_takes_over_what_the_absent_person_has_on_the_first_day(town: Town) -> None:
    procurement = town.platform.start()
    town.platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    draft = town.platform.task(procurement, "draft")
    town.platform.act("owner", ClaimTask(draft.id))
    town.away("owner", "stranger")

    before = town.platform.task(procurement, "draft").assignee
    began, again = town.pass_days(2), town.pass_days(0)

    assert before == "owner"
    assert (began, again) == (1, 0)
    assert town.platform.task(procurement, "draft").assignee == "stranger"
    assert Occasion.TASK_ASSIGNED in [kind for kind, _ in told(town.platform, "stranger")]


def test_when_it_is_over_what_the_substitute_has_goes_back_to_the_role(town: Town) -> None:
    procurement = town.platform.start()
    town.platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    town.away("owner", "stranger")
    town.pass_days(2)
    town.platform.act("stranger", ClaimTask(town.platform.task(procurement, "draft").id))

    town.pass_days(3)

    assert town.platform.task(procurement, "draft").assignee == ""
    assert town.seats(procurement, "stranger") == []
    assert "SeatEnded" in town.platform.entries(procurement)
    assert (Occasion.TASK_FREE, False) in told(town.platform, "owner")
    assert Occasion.SEAT_ENDED in [kind for kind, _ in told(town.platform, "lead")]


def test_a_substitute_is_no_second_pair_of_eyes_for_the_absent_person(town: Town) -> None:
    gate = town.platform.to_gate(town.platform.start())
    town.away("lead", "lawyer", first="2026-03-23")

    town.platform.act("lawyer", CompleteTask(gate.id, option="go"))

    with pytest.raises(SeparationOfDutiesError):
        town.platform.act("lawyer", ConfirmDecision(gate.id))


def test_nor_for_a_proposal_that_the_absent_person_made(town: Town) -> None:
    team = (*TEAM, Seat("lead", "legal"))
    gate = town.platform.to_gate(town.platform.start(team=team))
    town.platform.act("lead", CompleteTask(gate.id, option="go"))
    town.away("lead", "stranger", first="2026-03-23")

    with pytest.raises(SeparationOfDutiesError):
        town.platform.act("stranger", ConfirmDecision(gate.id))


def test_what_was_lent_to_the_absent_person_goes_back_to_who_lent_it(town: Town) -> None:
    procurement = town.platform.start()
    task = town.platform.task(procurement, "describe")
    town.platform.act("lead", DelegateTask(task.id, "lawyer"))

    town.away("lawyer", "", first="2026-03-23")

    assert town.platform.task(procurement, "describe").assignee == "lead"


def test_coming_back_sooner_takes_the_substitute_out_again(town: Town) -> None:
    procurement = town.platform.start()
    absence = town.away("lawyer", "stranger")

    town.platform.act("lawyer", WithdrawAbsence(absence))

    assert town.seats(procurement, "stranger") == []
    assert town.pass_days(2) == 0
    town.away("lawyer", "stranger")


def test_a_seat_of_ones_own_is_no_reason_for_another(town: Town) -> None:
    procurement = town.platform.start()

    town.away("owner", "owner-2")

    assert [seat.deputy_for for seat in town.seats(procurement, "owner-2")] == [""]


def test_the_substitute_of_a_deputy_acts_for_whose_place_it_is(town: Town) -> None:
    procurement = town.platform.start()
    deputy = Seat("owner-2", "legal", "lawyer")
    town.platform.act("lead", AddMember(procurement, deputy, "Ferie"))

    town.away("owner-2", "stranger")

    assert {seat.deputy_for for seat in town.seats(procurement, "stranger")} == {
        "lawyer",
        "owner-2",
    }


def test_a_manager_enters_it_for_another_and_a_colleague_does_not(town: Town) -> None:
    town.platform.bus.handle(GrantRole("stranger", TOWN, "manager"), SYSTEM)

    town.away("lawyer", "owner", by="stranger")
    with pytest.raises(ForbiddenError):
        town.away("owner", "lawyer", by="lead")


@pytest.mark.parametrize(
    "command",
    [
        RegisterAbsence("lawyer", "2026-03-27", "2026-03-25", "owner"),
        RegisterAbsence("lawyer", "2026-03-20", "2026-03-22", "owner"),
        RegisterAbsence("lawyer", "2026-03-24", "2028-03-25", "owner"),
        RegisterAbsence("lawyer", "i morgen", "2026-03-25", "owner"),
        RegisterAbsence("lawyer", FIRST, LAST, "lawyer"),
        RegisterAbsence("lawyer", FIRST, LAST, "nobody-there"),
        RegisterAbsence("lawyer", FIRST, LAST, "neighbour"),
    ],
)
def test_days_and_substitutes_that_cannot_be_are_refused(
    platform: Platform, command: RegisterAbsence
) -> None:
    with pytest.raises(InvalidInputError):
        platform.act("lawyer", command)


def test_nobody_is_away_twice_or_replaced_by_somebody_who_is(town: Town) -> None:
    town.away("lawyer", "owner")

    with pytest.raises(RejectedError):
        town.away("lawyer", "lead")
    with pytest.raises(RejectedError):
        town.away("owner", "lawyer")
