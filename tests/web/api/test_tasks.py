"""Tasks over the API."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from engine.commands.drafts import SaveDraft
from engine.commands.procurements import Seat, SuspendProcurement
from engine.commands.tasks import DelegateTask
from tests.support.api import Program
from tests.support.platform import GOOD_NEED, TEAM, Platform
from tests.support.web import make_parts

Sign = Callable[[str], Program]


def test_a_list_of_free_tasks_tells_what_each_is_about(platform: Platform, lead: Program) -> None:
    procurement = platform.start()

    found = lead.get("/tasks", list="roles").json()

    assert [task["name"] for task in found["items"]] == ["Describe"]
    assert found["items"][0]["procurement"] == procurement
    assert found["items"][0]["candidate"] == "procurement-lead"
    assert found["next"] is None


def test_a_list_is_read_page_by_page_without_gaps_or_repeats(
    any_platform: Platform, tmp_path: Path
) -> None:
    for number in range(7):
        any_platform.start(reference=f"2026/{number}")
        if number % 2:
            any_platform.clock.set(any_platform.clock.now() + timedelta(hours=1))
    lead = Program.at(make_parts(any_platform, tmp_path)).sign_in("lead")
    whole = [task["id"] for task in lead.get("/tasks", list="roles").json()["items"]]

    read: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"cursor": cursor} if cursor else {}
        page = lead.get("/tasks", list="roles", limit=2, **query).json()
        read += [task["id"] for task in page["items"]]
        cursor = page["next"]

    assert len(whole) == 7
    assert read == whole


def test_done_tasks_are_read_page_by_page_newest_first(platform: Platform, program: Sign) -> None:
    for number in range(3):
        platform.complete(
            "lead", platform.start(reference=f"2026/{number}"), "describe", submission=GOOD_NEED
        )
        platform.clock.set(platform.clock.now() + timedelta(hours=1))
    lead = program("lead")

    first = lead.get("/tasks", list="done", limit=2).json()
    second = lead.get("/tasks", list="done", limit=2, cursor=first["next"]).json()

    references = [task["reference"] for task in first["items"] + second["items"]]
    assert references == ["2026/2", "2026/1", "2026/0"]
    assert second["next"] is None


def test_a_list_is_narrowed_to_a_procurement_and_to_what_is_late(
    platform: Platform, program: Sign
) -> None:
    early = platform.start(reference="2026/1")
    platform.clock.set(platform.clock.now() + timedelta(days=15))
    fresh = platform.start(reference="2026/2")
    lead = program("lead")

    of_one = lead.get("/tasks", list="roles", procurement=fresh).json()["items"]
    late = lead.get("/tasks", list="roles", late=True).json()["items"]

    assert [task["procurement"] for task in of_one] == [fresh]
    assert [task["procurement"] for task in late] == [early]


def test_a_proposal_waits_for_the_second_pair_of_eyes_and_not_for_its_author(
    any_platform: Platform, tmp_path: Path
) -> None:
    team = (*TEAM, Seat("lead", "legal"))
    gate = any_platform.to_gate(any_platform.start(team=team))
    parts = make_parts(any_platform, tmp_path)
    lead, lawyer = (Program.at(parts).sign_in(each) for each in ("lead", "lawyer"))
    lead.post(f"/tasks/{gate.id}/complete", {"option": "go"})

    second = lawyer.get("/tasks", list="second").json()["items"]
    own = lead.get("/tasks", list="second").json()["items"]

    assert [task["id"] for task in second] == [gate.id]
    assert own == []


@pytest.mark.parametrize(
    "cursor", ["x", "e30", "W10", "WzEsMiwzXQ", "åå", "////", "WzEsMiwiXHUwMDAwIl0"]
)
def test_a_cursor_that_nobody_gave_is_refused(lead: Program, cursor: str) -> None:
    answer = lead.get("/tasks", cursor=cursor)

    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid-input"


def test_a_task_comes_with_its_form_and_what_may_be_done(platform: Platform, lead: Program) -> None:
    task = platform.task(platform.start(), "describe")

    found = lead.get(f"/tasks/{task.id}").json()

    assert found["form"]["key"] == "need"
    assert found["form"]["json_schema"]["required"] == ["title"]
    assert found["rights"]["complete"] is True
    assert found["gate"] is None
    assert [entry["type"] for entry in found["history"]] == ["TaskOpened"]
    assert {each["id"] for each in found["colleagues"]} == {"owner", "owner-2", "lawyer"}


def test_a_gate_comes_with_its_checks_and_the_proposal(platform: Platform, program: Sign) -> None:
    gate = platform.to_gate(platform.start())
    program("lead").post(f"/tasks/{gate.id}/complete", {"option": "go", "reason": "Klart"})

    found = program("lawyer").get(f"/tasks/{gate.id}").json()

    assert found["gate"]["decision"] == "D5"
    assert [check["holds"] for check in found["gate"]["checks"]] == [True]
    assert found["gate"]["proposal"]["option"] == "go"
    assert found["gate"]["proposal"]["mine"] is False
    assert found["rights"]["confirm"] is True
    assert [fact["form"] for fact in found["facts"]][:1] == ["need"]


def test_a_task_goes_through_taking_delegating_giving_back_and_completing(
    platform: Platform, program: Sign
) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    task = platform.task(procurement, "draft").id
    owner, deputy = program("owner"), program("owner-2")

    answers = [
        owner.post(f"/tasks/{task}/claim"),
        owner.post(f"/tasks/{task}/release"),
        owner.post(f"/tasks/{task}/claim"),
        owner.post(f"/tasks/{task}/delegate", {"to": "owner-2", "reason": "Ferie"}),
        deputy.post(f"/tasks/{task}/draft", {"content": {"note": "Påbegynt"}}, method="PUT"),
        deputy.post(f"/tasks/{task}/give-back", {"reason": "Klart"}),
        owner.post(f"/tasks/{task}/complete", {"submission": {"note": "Ferdig nå"}}),
    ]

    assert [answer.status_code for answer in answers] == [200] * 7
    assert answers[-1].json()["submission"]
    assert platform.task(procurement, "approve").status == "open"


def test_the_second_pair_of_eyes_sends_back_and_then_confirms(
    platform: Platform, program: Sign
) -> None:
    procurement = platform.start()
    gate = platform.to_gate(procurement).id
    lead, lawyer = program("lead"), program("lawyer")
    lead.post(f"/tasks/{gate}/complete", {"option": "go"})

    without_reason = lawyer.post(f"/tasks/{gate}/return", {})
    returned = lawyer.post(f"/tasks/{gate}/return", {"reason": "Mer grunnlag"})
    again = lead.post(f"/tasks/{gate}/complete", {"option": "go"})
    confirmed = lawyer.post(f"/tasks/{gate}/confirm", {})

    assert without_reason.json()["code"] == "reason-missing"
    assert [returned.status_code, again.status_code, confirmed.status_code] == [200] * 3
    assert len([task for task in platform.open(procurement) if task.element == "score"]) == 2


def test_a_closed_gate_tells_each_check_and_who_can_mend_it(
    platform: Platform, lead: Program
) -> None:
    gate = platform.to_gate(platform.start(), {**GOOD_NEED, "functional": False})

    answer = lead.post(f"/tasks/{gate.id}/complete", {"option": "go"})

    assert answer.status_code == 409
    assert answer.json()["code"] == "gate-closed"
    check = answer.json()["checks"][0]
    assert check["rule"] == "need-is-functional"
    assert check["holds"] is False
    assert check["who_can_mend"]


def test_faults_of_a_form_come_in_its_order(platform: Platform, lead: Program) -> None:
    task = platform.task(platform.start(), "describe")

    answer = lead.post(f"/tasks/{task.id}/complete", {"submission": {"need": "x", "title": "y"}})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "invalid-submission"
    assert [fault["path"] for fault in answer.json()["faults"]] == ["title", "need"]


def test_a_task_of_another_role_is_forbidden_and_names_the_rules(
    platform: Platform, program: Sign
) -> None:
    task = platform.task(platform.start(), "describe")

    answer = program("owner").post(f"/tasks/{task.id}/claim")

    assert answer.status_code == 403
    assert {"candidate-works", "assignee-works"} <= set(answer.json()["rules"])


def test_a_task_that_another_has_taken_is_a_conflict(platform: Platform, program: Sign) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    task = platform.task(procurement, "draft").id
    program("owner").post(f"/tasks/{task}/claim")

    answer = program("owner-2").post(f"/tasks/{task}/claim")

    assert answer.status_code == 409
    assert answer.json()["code"] == "already-claimed"
    assert "Owner" in answer.json()["detail"]


def test_the_same_task_is_not_completed_twice(platform: Platform, lead: Program) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe").id
    lead.post(f"/tasks/{task}/complete", {"submission": GOOD_NEED})

    answer = lead.post(f"/tasks/{task}/complete", {"submission": GOOD_NEED})

    assert answer.status_code == 409
    assert answer.json()["code"] == "task-not-open"


ACTS = (
    ("GET", "", None),
    ("GET", "/comments", None),
    ("GET", "/attachments", None),
    ("POST", "/claim", None),
    ("POST", "/release", None),
    ("POST", "/delegate", {"to": "owner"}),
    ("POST", "/give-back", {}),
    ("PUT", "/draft", {"content": {}}),
    ("POST", "/complete", {}),
    ("POST", "/confirm", {}),
    ("POST", "/return", {"reason": "x"}),
    ("POST", "/comments", {"text": "Hei"}),
)


@pytest.mark.parametrize("person", ["stranger", "neighbour"])
@pytest.mark.parametrize("suspended", [False, True])
def test_a_task_that_is_not_yours_looks_as_if_it_were_not_there(
    platform: Platform, program: Sign, person: str, suspended: bool
) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe").id
    if suspended:
        platform.act("lead", SuspendProcurement(procurement, "Pause"))
    outsider = program(person)

    there = [outsider.post(f"/tasks/{task}{act}", sent, method=how) for how, act, sent in ACTS]
    absent = [outsider.post(f"/tasks/nothing{act}", sent, method=how) for how, act, sent in ACTS]

    assert [answer.status_code for answer in there] == [404] * len(ACTS)
    assert [answer.json() for answer in there] == [answer.json() for answer in absent]


def test_a_draft_is_shown_to_those_who_may_do_the_task_alone(
    platform: Platform, program: Sign
) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    task = platform.task(procurement, "draft").id
    platform.act("owner", SaveDraft(task, {"note": "Utkast"}))

    mine = program("owner").get(f"/tasks/{task}").json()["draft"]
    colleague = program("owner-2").get(f"/tasks/{task}").json()["draft"]
    others = [program(each).get(f"/tasks/{task}").json()["draft"] for each in ("lead", "auditor")]

    assert mine["content"] == colleague["content"] == {"note": "Utkast"}
    assert (mine["mine"], colleague["mine"], colleague["by"]) == (True, False, "Owner")
    assert others == [None, None]


def test_delegated_tasks_have_a_list_of_their_own(platform: Platform, program: Sign) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    task = platform.task(procurement, "draft").id
    platform.act("owner", DelegateTask(task, "owner-2"))

    delegated = program("owner").get("/tasks", list="delegated").json()["items"]
    mine = program("owner-2").get("/tasks", list="mine").json()["items"]

    assert [each["id"] for each in delegated] == [task]
    assert [each["id"] for each in mine] == [task]
