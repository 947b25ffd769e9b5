"""Forms in a procurement: options from elsewhere, blind forms, what is kept."""

import pytest

from engine.commands.deployments import DeployProcess
from engine.commands.procurements import StartProcurement
from engine.commands.team import RemoveMember
from engine.errors import InvalidSubmissionError
from engine.forms.definition import LOOK_UPS
from engine.model.actor import SYSTEM
from engine.queries.submissions import SubmissionView
from engine.queries.task import TaskPage, task_page
from engine.queries.view import View
from engine.store import people, records
from tests.support.models import chain, node, process, user_task
from tests.support.platform import TEAM, TOWN, Platform
from tests.support.rich_process import to_assessment, to_summary
from tests.support.small_process import form_files
from tests.unit.forms.rich import COSTS, GOOD, SCORES


def page(platform: Platform, person: str, task: str) -> TaskPage:
    definitions = platform.bus.environment.definitions
    with platform.store.reader() as connection:
        view = View(connection, definitions, platform.actor(person), platform.clock.now())
        return task_page(view, task)


def said(facts: tuple[SubmissionView, ...]) -> list[str]:
    return [each.content["view"] for each in facts if "view" in each.content]


def test_nobody_sees_what_another_handed_in_blind_before_all_have(platform: Platform) -> None:
    procurement = to_assessment(platform)
    second = platform.task(procurement, "assess-second").id
    platform.complete("owner", procurement, "assess-first", submission={"view": "Best på pris"})

    assert said(page(platform, "owner", second).facts) == ["Best på pris"]
    for person in ("owner-2", "lead", "lawyer", "auditor"):
        assert said(page(platform, person, second).facts) == [], person

    platform.complete("owner-2", procurement, "assess-second", submission={"view": "Tvil"})

    summary = platform.task(procurement, "summarise").id
    assert said(page(platform, "lead", summary).facts) == ["Best på pris", "Tvil"]


def test_a_closed_task_does_not_show_what_is_still_blind(platform: Platform) -> None:
    procurement = to_assessment(platform)
    first = platform.task(procurement, "assess-first").id
    platform.complete("owner", procurement, "assess-first", submission={"view": "Best på pris"})

    mine = page(platform, "owner", first).submission

    assert mine is not None
    assert page(platform, "owner-2", first).submission is None


def test_the_axes_of_a_matrix_come_from_an_earlier_form_and_a_variable(platform: Platform) -> None:
    procurement = to_summary(platform)
    task = platform.task(procurement, "summarise")

    options = page(platform, "lead", task.id).form_context.options

    assert sorted(map(str, options)) == ["=finalists", "documents.criteria.name"]
    assert list(map(list, options.values())) in (
        [["a", "b"], ["Kvalitet", "Pris"]],
        [["Kvalitet", "Pris"], ["a", "b"]],
    )
    with pytest.raises(InvalidSubmissionError) as caught:
        platform.complete(
            "lead", procurement, "summarise", submission={"costs": COSTS, "scores": SCORES[:3]}
        )
    assert caught.value.details["faults"][0]["message"]["nb"] == "Fyll ut «Score – Pris, Beta AS»."


def test_computed_values_and_look_ups_are_kept_in_the_submission(platform: Platform) -> None:
    procurement = to_summary(platform)

    answer = platform.complete(
        "lead", procurement, "summarise", submission={**GOOD, "code": "73000000-2", "total": 5}
    )

    with platform.store.reader() as connection:
        kept = records.get_submission(connection, answer["submission"]).content
    assert kept["total"] == 40_150
    assert kept[LOOK_UPS]["code"]["looked_up_at"] == "2026-03-23T08:00:00Z"
    assert kept["scores"] == SCORES


def test_a_form_may_be_about_somebody_who_has_left_the_team(platform: Platform) -> None:
    body = "\n".join(
        (
            node("startEvent", "start"),
            user_task("note", form="leaver"),
            node("endEvent", "end"),
            chain("start", "note", "end"),
        )
    )
    gone = {"type": "string", "title": "Gikk ut", "x-format": "person", "maxLength": 100}
    files = {
        "processes/left/left.bpmn": process("left", body).encode(),
        **form_files("leaver", ["gone"], gone=gone),
    }
    platform.bus.handle(DeployProcess("left", files, TOWN), SYSTEM)
    command = StartProcurement("left", "Overvåking", TOWN, "2026/9", TEAM)
    procurement = str(platform.act("lead", command)["procurement"])
    with platform.store.reader() as connection:
        seats = people.team(connection, procurement)
    seat = next(each.id for each in seats if each.person == "owner-2")
    task = platform.task(procurement, "note").id

    platform.act("lead", RemoveMember(procurement, seat, "Sluttet."))

    assert "owner-2" in page(platform, "lead", task).form_context.persons
    with pytest.raises(InvalidSubmissionError):
        platform.complete("lead", procurement, "note", submission={"gone": "stranger"})
    platform.complete("lead", procurement, "note", submission={"gone": "owner-2"})
    with platform.store.reader() as connection:
        (kept,) = records.submissions(connection, procurement)
    assert kept.content == {"gone": "owner-2"}
