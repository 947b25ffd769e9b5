"""One act on many tasks: all or nothing, one record each, one reason."""

from functools import partial
from typing import Any

import pytest

from engine.commands.bulk import (
    MOST,
    AssignTasks,
    ClaimTasks,
    CommentOnTasks,
    DelegateTasks,
)
from engine.commands.tasks import ClaimTask
from engine.errors import BulkRefusedError, InvalidInputError, NotFoundError
from tests.support.platform import GOOD_NEED, Platform
from tests.support.threads import at_once


def drafts(platform: Platform, count: int = 3) -> dict[str, str]:
    """Tasks that ask for the need owner, each in a procurement of its own: task → procurement."""
    found = {}
    for number in range(count):
        procurement = platform.start(reference=f"2026/{number}")
        platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
        found[platform.task(procurement, "draft").id] = procurement
    return found


def holders(platform: Platform, tasks: dict[str, str]) -> set[str]:
    return {platform.task(procurement, "draft").assignee for procurement in tasks.values()}


def test_all_chosen_tasks_are_claimed_with_one_record_each_and_one_reason(
    any_platform: Platform,
) -> None:
    tasks = drafts(any_platform)

    answer = any_platform.act("owner", ClaimTasks(tuple(tasks), "Tar uke 13."), request="r")

    assert {each["outcome"] for each in answer["tasks"]} == {"claimed"}
    assert holders(any_platform, tasks) == {"owner"}
    for procurement in tasks.values():
        assert any_platform.entries(procurement).count("TaskClaimed") == 1
    assert all(verdict.ok for verdict in any_platform.verify())


def test_one_task_that_refuses_leaves_all_as_they_were_and_says_why(
    any_platform: Platform,
) -> None:
    tasks = drafts(any_platform)
    taken = next(iter(tasks))
    any_platform.act("owner-2", ClaimTask(taken))
    before = [any_platform.entries(procurement) for procurement in tasks.values()]

    with pytest.raises(BulkRefusedError) as refusal:
        any_platform.act("owner", ClaimTasks(tuple(tasks)))

    [told] = refusal.value.details["refused"]
    assert (told["task"], told["code"]) == (taken, "already-claimed")
    assert [any_platform.entries(procurement) for procurement in tasks.values()] == before


def test_every_task_that_refuses_is_named_at_once(platform: Platform) -> None:
    tasks = drafts(platform)
    platform.act("owner-2", ClaimTasks(tuple(tasks)[:2]))

    with pytest.raises(BulkRefusedError) as refusal:
        platform.act("owner", ClaimTasks(tuple(tasks)))

    assert {each["task"] for each in refusal.value.details["refused"]} == set(tuple(tasks)[:2])


def test_what_one_has_already_stays_as_it_is(platform: Platform) -> None:
    tasks = drafts(platform, 2)
    mine = next(iter(tasks))
    platform.act("owner", ClaimTask(mine))

    answer = platform.act("owner", ClaimTasks(tuple(tasks)))

    assert {each["task"]: each["outcome"] for each in answer["tasks"]}[mine] == "kept"
    assert platform.entries(tasks[mine]).count("TaskClaimed") == 1


def test_the_lead_assigns_the_tasks_of_an_absent_colleague(platform: Platform) -> None:
    tasks = drafts(platform)
    platform.act("owner", ClaimTasks(tuple(tasks)))

    platform.act("lead", AssignTasks(tuple(tasks), "owner-2", "Fravær."))

    assert holders(platform, tasks) == {"owner-2"}


def test_tasks_are_delegated_and_stay_the_delegators_own(platform: Platform) -> None:
    tasks = drafts(platform)

    platform.act("owner", DelegateTasks(tuple(tasks), "lawyer", "Kan dette."))

    owners = {platform.task(each, "draft").owner for each in tasks.values()}
    assert (holders(platform, tasks), owners) == ({"lawyer"}, {"owner"})


def test_a_comment_is_put_on_each_task(platform: Platform) -> None:
    tasks = drafts(platform)

    platform.act("owner", CommentOnTasks(tuple(tasks), "Sees i uke 13."))

    assert all("CommentAdded" in platform.entries(each) for each in tasks.values())


def test_two_tasks_of_one_procurement_are_acted_on_together(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.to_branches(procurement)
    both = tuple(task.id for task in any_platform.open(procurement) if task.element == "score")

    any_platform.act("owner", ClaimTasks(both))

    assert {task.assignee for task in any_platform.open(procurement)} == {"owner"}
    assert all(verdict.ok for verdict in any_platform.verify())


@pytest.mark.parametrize("count", [0, MOST + 1])
def test_no_task_and_too_many_tasks_are_refused(platform: Platform, count: int) -> None:
    with pytest.raises(InvalidInputError, match=str(MOST)):
        platform.act("owner", ClaimTasks(tuple(str(number) for number in range(count))))


def test_a_task_that_is_not_for_me_is_not_there_among_others_either(platform: Platform) -> None:
    tasks = drafts(platform, 1)

    for chosen in [(*tasks, "absent"), tuple(tasks)]:
        with pytest.raises(NotFoundError):
            platform.act("stranger", ClaimTasks(chosen))


def test_the_same_request_has_one_effect(platform: Platform) -> None:
    tasks = drafts(platform)

    first = platform.act("owner", ClaimTasks(tuple(tasks)), request="once")
    second = platform.act("owner", ClaimTasks(tuple(tasks)), request="once")

    assert first == second


def test_a_rehearsal_answers_the_same_and_changes_nothing(any_platform: Platform) -> None:
    tasks = drafts(any_platform)
    command = ClaimTasks(tuple(tasks))
    before = [any_platform.entries(procurement) for procurement in tasks.values()]

    rehearsed = any_platform.bus.rehearse(command, any_platform.actor("owner"))

    assert holders(any_platform, tasks) == {""}
    assert [any_platform.entries(procurement) for procurement in tasks.values()] == before
    assert any_platform.act("owner", command) == rehearsed


def test_two_who_claim_the_same_tasks_at_once_get_all_or_none(any_platform: Platform) -> None:
    tasks = drafts(any_platform, 6)
    keys = tuple(tasks)

    def claims(person: str, chosen: tuple[str, ...]) -> Any:
        try:
            return any_platform.act(person, ClaimTasks(chosen))
        except BulkRefusedError as refusal:
            return refusal

    at_once([partial(claims, "owner", keys), partial(claims, "owner-2", keys[::-1])])

    assert len(holders(any_platform, tasks)) == 1
