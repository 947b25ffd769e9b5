"""One act on many tasks, over the API."""

from collections.abc import Callable

from engine.commands.tasks import ClaimTask
from tests.support.api import Program
from tests.support.platform import GOOD_NEED, Platform

Sign = Callable[[str], Program]


def drafts(platform: Platform, count: int = 2) -> list[str]:
    found = []
    for number in range(count):
        procurement = platform.start(reference=f"2026/{number}")
        platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
        found.append(platform.task(procurement, "draft").id)
    return found


def test_tasks_are_claimed_assigned_delegated_and_commented_together(
    platform: Platform, program: Sign
) -> None:
    tasks = drafts(platform)
    owner, lead = program("owner"), program("lead")

    answers = [
        owner.post("/bulk/claim", {"tasks": tasks}),
        owner.post("/bulk/comment", {"tasks": tasks, "text": "Hei."}),
        lead.post("/bulk/assign", {"tasks": tasks, "to": "owner-2", "reason": "Fravær."}),
        program("owner-2").post("/bulk/delegate", {"tasks": tasks, "to": "lawyer"}),
    ]

    told = [{each["outcome"] for each in answer.json()["tasks"]} for answer in answers]
    assert told == [{"claimed"}, {"commented"}, {"assigned"}, {"delegated"}]


def test_a_refused_bulk_act_names_the_tasks_that_refuse(platform: Platform, program: Sign) -> None:
    tasks = drafts(platform)
    platform.act("owner-2", ClaimTask(tasks[0]))

    answer = program("owner").post("/bulk/claim", {"tasks": tasks})

    told = answer.json()
    assert (answer.status_code, told["code"], told["asked"]) == (409, "bulk-refused", 2)
    assert [(each["task"], each["code"]) for each in told["refused"]] == [
        (tasks[0], "already-claimed")
    ]


def test_a_rehearsal_answers_and_changes_nothing(platform: Platform, program: Sign) -> None:
    tasks = drafts(platform)
    owner = program("owner")

    answer = owner.post("/bulk/claim?rehearse=true", {"tasks": tasks})

    assert {each["outcome"] for each in answer.json()["tasks"]} == {"claimed"}
    assert owner.get("/tasks", list="mine").json()["items"] == []


def test_one_task_is_assigned_by_the_lead(platform: Platform, program: Sign) -> None:
    [task] = drafts(platform, 1)

    program("lead").post(f"/tasks/{task}/assign", {"to": "owner-2"})

    assert program("owner-2").get(f"/tasks/{task}").json()["assignee_id"] == "owner-2"
