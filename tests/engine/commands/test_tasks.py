"""Taking, handing over, drafting and completing tasks."""

import pytest

from engine.commands.drafts import SaveDraft
from engine.commands.tasks import (
    ClaimTask,
    CompleteTask,
    DelegateTask,
    GiveTaskBack,
    ReleaseTask,
)
from engine.errors import (
    AlreadyClaimedError,
    ForbiddenError,
    InvalidSubmissionError,
    NotFoundError,
    TaskNotOpenError,
)
from engine.store import tasks
from tests.support.platform import GOOD_NEED, Platform


def test_starting_gives_the_lead_something_to_do(any_platform: Platform) -> None:
    procurement = any_platform.start()

    assert [task.element for task in any_platform.open(procurement)] == ["describe"]
    assert all(verdict.ok for verdict in any_platform.verify())


def test_completing_a_task_hands_the_next_one_to_its_lane(any_platform: Platform) -> None:
    procurement = any_platform.start()

    any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    [task] = any_platform.open(procurement)
    assert (task.element, task.candidate) == ("draft", "need-owner")


def test_completing_a_task_of_another_lane_is_refused(platform: Platform) -> None:
    procurement = platform.start()

    with pytest.raises(ForbiddenError, match="procurement-lead"):
        platform.complete("owner", procurement, "describe", submission=GOOD_NEED)


def test_somebody_outside_the_team_learns_nothing(platform: Platform) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")

    for person in ("stranger", "neighbour"):
        with pytest.raises(NotFoundError):
            platform.act(person, ClaimTask(task.id))


def test_a_wrong_form_is_refused_and_nothing_is_recorded(platform: Platform) -> None:
    procurement = platform.start()
    before = platform.entries(procurement)

    with pytest.raises(InvalidSubmissionError) as refusal:
        platform.complete("lead", procurement, "describe", submission={"title": "x", "bad": 1})

    assert {fault["path"] for fault in refusal.value.details["faults"]} == {"title", "bad"}
    assert platform.entries(procurement) == before


def test_the_second_to_claim_is_told_who_was_first(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    task = any_platform.task(procurement, "draft")
    any_platform.act("owner", ClaimTask(task.id))

    with pytest.raises(AlreadyClaimedError, match="Owner"):
        any_platform.act("owner-2", ClaimTask(task.id))
    with pytest.raises(ForbiddenError):
        any_platform.act("owner-2", CompleteTask(task.id))


def test_a_released_task_is_free_again(platform: Platform) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    task = platform.task(procurement, "draft")
    platform.act("owner", ClaimTask(task.id))

    platform.act("owner", ReleaseTask(task.id))

    platform.act("owner-2", ClaimTask(task.id))
    assert platform.task(procurement, "draft").assignee == "owner-2"


def test_a_delegated_task_comes_back_with_the_work(platform: Platform) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    task = platform.task(procurement, "draft")
    platform.act("owner", ClaimTask(task.id))
    platform.act("owner", DelegateTask(task.id, "lawyer", "Kan du se på dette?"))
    platform.act("lawyer", SaveDraft(task.id, {"note": "Gjennomgått"}))

    with pytest.raises(ForbiddenError, match="give it back"):
        platform.act("lawyer", CompleteTask(task.id))
    platform.act("lawyer", GiveTaskBack(task.id, "Ferdig"))

    with platform.store.reader() as connection:
        kept = tasks.find_draft(connection, task.id, "owner", blind=False)
    assert kept is not None
    assert kept.content == {"note": "Gjennomgått"}
    platform.act("owner", CompleteTask(task.id, {"note": "Gjennomgått"}))
    assert {"TaskDelegated", "TaskGivenBack"} <= set(platform.entries(procurement))


def test_completing_twice_is_refused(any_platform: Platform) -> None:
    procurement = any_platform.start()
    task = any_platform.task(procurement, "describe")
    any_platform.act("lead", CompleteTask(task.id, GOOD_NEED))

    with pytest.raises(TaskNotOpenError):
        any_platform.act("lead", CompleteTask(task.id, GOOD_NEED))


def test_the_same_request_has_one_effect_and_one_answer(any_platform: Platform) -> None:
    procurement = any_platform.start()
    task = any_platform.task(procurement, "describe")
    command = CompleteTask(task.id, GOOD_NEED)

    first = any_platform.act("lead", command, request="r-1")
    second = any_platform.act("lead", command, request="r-1")

    assert first == second
    assert any_platform.entries(procurement).count("SubmissionRecorded") == 1


def test_a_draft_is_nobodys_record(platform: Platform) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")
    before = platform.entries(procurement)

    platform.act("lead", SaveDraft(task.id, {"title": "Uferdig"}))

    assert platform.entries(procurement) == before


def test_a_task_says_when_it_is_due(platform: Platform) -> None:
    procurement = platform.start()

    due = platform.task(procurement, "describe").due_at

    assert due is not None
    assert (
        due - platform.clock.now()
    ).days == 13  # fourteen days on the Oslo clock, over summer time
