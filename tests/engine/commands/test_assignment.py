"""Giving a task to another in its role: by the one who has it, and by the lead."""

import pytest

from engine.commands.assignment import AssignTask
from engine.commands.decisions import ConfirmDecision
from engine.commands.drafts import SaveDraft
from engine.commands.procurements import Seat
from engine.commands.tasks import ClaimTask, CompleteTask, DelegateTask
from engine.commands.team import RemoveMember
from engine.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    ReasonMissingError,
    RejectedError,
    SeparationOfDutiesError,
)
from engine.model.records import TaskRecord
from engine.store import people
from tests.support.platform import GOOD_NEED, TEAM, Platform

WHY = "Eva er syk."


def a_draft(platform: Platform) -> TaskRecord:
    """A task that asks for the need owner; there are two in the team."""
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    return platform.task(procurement, "draft")


def holder(platform: Platform, task: TaskRecord) -> str:
    return platform.task(task.procurement, task.element).assignee


def test_the_lead_gives_a_free_task_to_one_who_holds_its_role(any_platform: Platform) -> None:
    task = a_draft(any_platform)

    any_platform.act("lead", AssignTask(task.id, "owner-2"))
    any_platform.act("owner-2", CompleteTask(task.id))

    assert "TaskAssigned" in any_platform.entries(task.procurement)
    assert all(verdict.ok for verdict in any_platform.verify())


def test_taking_a_task_from_one_who_has_it_needs_a_reason(platform: Platform) -> None:
    task = a_draft(platform)
    platform.act("owner", ClaimTask(task.id))

    with pytest.raises(ReasonMissingError):
        platform.act("lead", AssignTask(task.id, "owner-2"))
    platform.act("lead", AssignTask(task.id, "owner-2", WHY))

    assert holder(platform, task) == "owner-2"


def test_whoever_has_a_task_hands_it_to_another_in_the_role(platform: Platform) -> None:
    task = a_draft(platform)
    platform.act("owner", ClaimTask(task.id))

    platform.act("owner", AssignTask(task.id, "owner-2"))

    assert holder(platform, task) == "owner-2"


def test_nobody_takes_a_task_from_a_colleague(platform: Platform) -> None:
    task = a_draft(platform)
    platform.act("owner", ClaimTask(task.id))

    with pytest.raises(ForbiddenError, match="the lead may"):
        platform.act("owner-2", AssignTask(task.id, "owner-2", WHY))


def test_what_was_lent_is_given_back_and_not_passed_on(platform: Platform) -> None:
    task = a_draft(platform)
    platform.act("owner", DelegateTask(task.id, "owner-2"))

    with pytest.raises(ForbiddenError):
        platform.act("owner-2", AssignTask(task.id, "owner", WHY))


def test_who_has_lent_a_task_takes_it_back_and_says_why(any_platform: Platform) -> None:
    task = a_draft(any_platform)
    any_platform.act("owner", DelegateTask(task.id, "lawyer"))

    with pytest.raises(ReasonMissingError):
        any_platform.act("owner", AssignTask(task.id, "owner"))
    any_platform.act("owner", AssignTask(task.id, "owner", WHY))

    now = any_platform.task(task.procurement, "draft")
    assert (now.assignee, now.owner) == ("owner", "")
    with pytest.raises(ForbiddenError):
        any_platform.act("lawyer", SaveDraft(task.id, {"text": "Nei"}))


def test_who_has_left_the_role_takes_nothing_back(platform: Platform) -> None:
    task = a_draft(platform)
    platform.act("owner", DelegateTask(task.id, "lawyer"))
    with platform.store.reader() as connection:
        (seat,) = [
            each for each in people.team(connection, task.procurement) if each.person == "owner"
        ]
    platform.act("lead", RemoveMember(task.procurement, seat.id, WHY))

    with pytest.raises((ForbiddenError, NotFoundError)):
        platform.act("owner", AssignTask(task.id, "owner", WHY))


def test_the_lead_ends_a_delegation_by_giving_the_task_to_another(platform: Platform) -> None:
    task = a_draft(platform)
    platform.act("owner", DelegateTask(task.id, "lawyer"))

    platform.act("lead", AssignTask(task.id, "owner-2", WHY))

    now = platform.task(task.procurement, "draft")
    assert (now.assignee, now.owner) == ("owner-2", "")


@pytest.mark.parametrize("to", ["lawyer", "stranger", "nobody"])
def test_a_task_is_given_only_to_one_who_holds_its_role_there(platform: Platform, to: str) -> None:
    task = a_draft(platform)

    with pytest.raises(InvalidInputError, match="need-owner"):
        platform.act("lead", AssignTask(task.id, to, WHY))


def test_a_seat_that_is_over_is_no_seat(platform: Platform) -> None:
    over = Seat("lawyer", "need-owner", "", "", "2026-03-01", "2026-03-20")
    procurement = platform.start(team=(*TEAM, over))
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    task = platform.task(procurement, "draft")

    with pytest.raises(InvalidInputError):
        platform.act("lead", AssignTask(task.id, "lawyer", WHY))


def test_a_decision_is_not_given_to_one_who_drafted_it(platform: Platform) -> None:
    procurement = platform.start(team=(*TEAM, Seat("owner", "procurement-lead")))
    gate = platform.to_gate(procurement)

    with pytest.raises(SeparationOfDutiesError, match="Owner"):
        platform.act("lead", AssignTask(gate.id, "owner", WHY))


def test_the_second_pair_of_eyes_is_not_given_to_the_first(platform: Platform) -> None:
    procurement = platform.start(team=(*TEAM, Seat("lead", "legal")))
    gate = platform.to_gate(procurement)
    platform.act("lead", CompleteTask(gate.id, option="go"))

    with pytest.raises(SeparationOfDutiesError):
        platform.act("lead", AssignTask(gate.id, "lead", WHY))
    platform.act("lead", AssignTask(gate.id, "lawyer", WHY))

    assert holder(platform, gate) == "lawyer"


def test_the_second_pair_of_eyes_is_not_lent_to_somebody_outside_the_role(
    platform: Platform,
) -> None:
    procurement = platform.start()
    gate = platform.to_gate(procurement)
    platform.act("lead", CompleteTask(gate.id, option="go"))

    with pytest.raises(RejectedError, match="second pair of eyes"):
        platform.act("lawyer", DelegateTask(gate.id, "owner-2"))
    with pytest.raises(ForbiddenError):
        platform.act("owner-2", ConfirmDecision(gate.id))


def test_a_task_somebody_has_is_not_given_to_the_same_again(platform: Platform) -> None:
    task = a_draft(platform)
    platform.act("lead", AssignTask(task.id, "owner"))

    with pytest.raises(RejectedError, match="already"):
        platform.act("lead", AssignTask(task.id, "owner", WHY))


def test_a_stranger_learns_of_no_task_by_trying_to_give_it_away(platform: Platform) -> None:
    task = a_draft(platform)

    with pytest.raises(NotFoundError):
        platform.act("stranger", AssignTask(task.id, "owner", WHY))
