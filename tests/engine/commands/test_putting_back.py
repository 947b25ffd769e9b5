"""Undoing that tasks were handed to somebody else: all or nothing, one record each."""

from datetime import timedelta

import pytest

from engine.commands.bulk import AssignTasks, ClaimTasks, DelegateTasks, PutTasksBack
from engine.commands.comments import AddComment
from engine.commands.drafts import SaveDraft
from engine.commands.putting_back import WITHIN
from engine.commands.tasks import ClaimTask, GiveTaskBack, ReleaseTask
from engine.errors import BulkRefusedError, NotFoundError
from tests.engine.commands.test_bulk import drafts, holders
from tests.support.platform import Platform


def refused(platform: Platform, person: str, *tasks: str) -> dict[str, str]:
    """Why each of the tasks that refuse does."""
    with pytest.raises(BulkRefusedError) as refusal:
        platform.act(person, PutTasksBack(tasks))
    return {each["task"]: each["code"] for each in refusal.value.details["refused"]}


def test_tasks_go_back_to_whoever_had_each_of_them(any_platform: Platform) -> None:
    tasks = drafts(any_platform)
    free, mine, theirs = tasks
    any_platform.act("owner", ClaimTask(mine))
    any_platform.act("owner-2", ClaimTask(theirs))
    any_platform.act("lead", AssignTasks((free, mine), "owner-2", "Fravær."))
    any_platform.act("lead", AssignTasks((theirs,), "owner", "Fravær."))

    answer = any_platform.act("lead", PutTasksBack(tuple(tasks), "Feil uke."), request="r")

    found = {key: any_platform.task(of, "draft").assignee for key, of in tasks.items()}
    assert found == {free: "", mine: "owner", theirs: "owner-2"}
    assert {each["outcome"] for each in answer["tasks"]} == {"put-back"}
    assert all(any_platform.entries(each).count("TaskPutBack") == 1 for each in tasks.values())
    assert all(verdict.ok for verdict in any_platform.verify())


def test_delegated_tasks_are_the_delegators_or_free_as_before(any_platform: Platform) -> None:
    tasks = drafts(any_platform, 2)
    free, mine = tasks
    any_platform.act("owner", ClaimTask(mine))
    any_platform.act("owner", DelegateTasks(tuple(tasks), "lawyer", "Kan dette."))

    any_platform.act("owner", PutTasksBack(tuple(tasks)))

    found = [any_platform.task(of, "draft") for of in tasks.values()]
    assert {each.id: (each.assignee, each.owner) for each in found} == {
        free: ("", ""),
        mine: ("owner", ""),
    }


def test_what_was_lent_is_lent_again_when_taking_it_back_is_undone(platform: Platform) -> None:
    tasks = drafts(platform, 1)
    platform.act("owner", DelegateTasks(tuple(tasks), "lawyer"))
    platform.act("owner", AssignTasks(tuple(tasks), "owner", "Rekker det selv."))

    platform.act("owner", PutTasksBack(tuple(tasks)))

    [task] = (platform.task(of, "draft") for of in tasks.values())
    assert (task.assignee, task.owner) == ("lawyer", "owner")


def test_a_task_that_moved_since_keeps_all_of_them_where_they_are(any_platform: Platform) -> None:
    tasks = drafts(any_platform)
    moved = next(iter(tasks))
    any_platform.act("lead", AssignTasks(tuple(tasks), "owner"))
    any_platform.act("owner", ReleaseTask(moved))
    before = [any_platform.entries(of) for of in tasks.values()]

    assert refused(any_platform, "lead", *tasks) == {moved: "handing-moved"}
    assert [any_platform.entries(of) for of in tasks.values()] == before


def test_work_that_has_begun_is_not_taken_away(platform: Platform) -> None:
    tasks = drafts(platform, 2)
    begun, _ = tasks
    platform.act("lead", AssignTasks(tuple(tasks), "owner"))
    platform.act("owner", SaveDraft(begun, {"note": "Utkast"}))

    assert refused(platform, "lead", *tasks) == {begun: "handing-begun"}


def test_a_slip_is_put_right_within_an_hour(platform: Platform) -> None:
    tasks = drafts(platform, 1)
    platform.act("lead", AssignTasks(tuple(tasks), "owner"))
    platform.clock.set(platform.clock.now() + WITHIN + timedelta(seconds=1))

    assert set(refused(platform, "lead", *tasks).values()) == {"handing-late"}


def test_only_who_handed_them_over_takes_that_back(platform: Platform) -> None:
    tasks = drafts(platform, 1)
    platform.act("owner", ClaimTasks(tuple(tasks)))
    platform.act("owner", AssignTasks(tuple(tasks), "owner-2"))

    assert set(refused(platform, "lead", *tasks).values()) == {"handing-moved"}
    assert set(refused(platform, "owner-2", *tasks).values()) == {"handing-moved"}
    with pytest.raises(NotFoundError):
        platform.act("stranger", PutTasksBack(tuple(tasks)))
    platform.act("owner", PutTasksBack(tuple(tasks)))
    assert holders(platform, tasks) == {"owner"}


def test_undoing_twice_and_what_was_given_back_is_refused(platform: Platform) -> None:
    tasks = drafts(platform, 2)
    once, given = tasks
    platform.act("owner", DelegateTasks(tuple(tasks), "lawyer"))
    platform.act("owner", PutTasksBack((once,)))
    platform.act("lawyer", GiveTaskBack(given))

    assert refused(platform, "owner", *tasks) == dict.fromkeys(tasks, "handing-moved")


def test_a_comment_moves_nothing(platform: Platform) -> None:
    tasks = drafts(platform, 1)
    platform.act("lead", AssignTasks(tuple(tasks), "owner"))
    platform.act("owner", AddComment("", "Er dette min?", next(iter(tasks))))

    platform.act("lead", PutTasksBack(tuple(tasks)))

    assert holders(platform, tasks) == {""}
