"""Automatic work that fails: held with an incident, and nothing else is lost."""

import pytest

from engine.bpmn import runtime
from engine.errors import RejectedError, TaskNotOpenError
from engine.model.execution import Host
from tests.engine.bpmn.models import Run, end, exclusive, model, node, parallel, start, user, users

FORKED = start() + user("a") + parallel("f") + exclusive("g", "y") + users("x", "y", "b") + end()
FLOWS = "s -> a\na -> f\nf -> g\nf -> b\ng -> x [n > 1]\ng -> y\nx -> e\ny -> e\nb -> e"


def test_the_work_that_led_to_a_failure_is_kept_and_other_branches_go_on() -> None:
    run = Run(model(FORKED, FLOWS))

    step = run.complete("a")

    assert [fact.element_id for fact in step.incidents] == ["g"]
    assert [fact.element_id for fact in step.trail if fact.outcome == "completed"] == ["a", "f"]
    assert [fact.element_id for fact in step.trail if fact.outcome == "failed"] == ["g"]
    assert run.open == ["b"]


def test_the_incident_says_what_to_mend() -> None:
    run = Run(model(FORKED, FLOWS))

    step = run.complete("a")

    assert "n > 1" in step.incidents[0].message
    assert "Without a value: n" in step.incidents[0].message


def test_a_retry_without_a_remedy_is_the_same_incident_again() -> None:
    run = Run(model(FORKED, FLOWS))
    incident = run.complete("a").incidents[0]

    step = run.act(runtime.retry, incident.task_id)

    assert step.incidents == ()
    assert step.incidents_gone == ()
    assert [fact.task_id for fact in run.view.incidents] == [incident.task_id]


def test_a_corrected_variable_and_a_retry_let_the_process_go_on() -> None:
    run = Run(model(FORKED, FLOWS), {"n": None})
    incident = run.complete("a").incidents[0]

    run.act(runtime.set_variables, {"n": 2})
    step = run.act(runtime.retry, incident.task_id)

    assert step.incidents_gone == (incident.task_id,)
    assert run.open == ["b", "x"]


def test_only_a_held_task_can_be_retried() -> None:
    run = Run(model(FORKED, FLOWS))

    with pytest.raises(TaskNotOpenError):
        run.act(runtime.retry, run.work("a").task_id)


def test_a_process_with_a_held_task_does_not_end() -> None:
    run = Run(model(FORKED, FLOWS))
    run.complete("a")

    run.complete("b")

    assert run.status == "running"


def test_a_held_task_can_be_cancelled_with_the_rest() -> None:
    run = Run(model(FORKED, FLOWS))
    incident = run.complete("a").incidents[0]

    step = run.act(runtime.cancel_all)

    assert run.status == "terminated"
    assert step.incidents_gone == (incident.task_id,)
    assert run.view.work == ()


def test_an_endless_loop_is_stopped_by_the_budget_and_does_not_hang() -> None:
    body = start() + user("a") + exclusive("m") + exclusive("g", "m") + end()
    run = Run(model(body, "s -> a\na -> m\nm -> g\ng -> e [false]\ng -> m"), host=Host(budget=200))

    step = run.complete("a")

    assert [fact.code for fact in step.incidents] == ["budget-exceeded"]
    assert run.status == "running"


def test_what_the_budget_stopped_goes_on_after_a_retry() -> None:
    body = start() + user("a") + "".join(exclusive(f"g{n}") for n in range(30)) + user("b") + end()
    chain = "\n".join(f"g{n} -> g{n + 1}" for n in range(29))
    run = Run(model(body, f"s -> a\na -> g0\n{chain}\ng29 -> b\nb -> e"), host=Host(budget=20))
    incident = run.complete("a").incidents[0]

    run.act(runtime.retry, incident.task_id)

    assert run.open == ["b"]


def test_work_whose_operation_failed_is_held_and_opens_again_on_retry() -> None:
    run = Run(model(start() + node("serviceTask", "op") + end(), "s -> op\nop -> e"))
    item = run.work("op")

    held = run.act(runtime.hold, item.task_id, RejectedError("The register did not answer."))
    assert held.closed == (item.task_id,)
    assert [fact.message for fact in held.incidents] == ["The register did not answer."]
    again = run.act(runtime.retry, item.task_id)

    assert [work.task_id for work in again.opened] == [item.task_id]


def test_a_join_that_can_never_go_on_is_an_incident_and_not_a_silent_halt() -> None:
    body = start() + user("a") + exclusive("g", "y") + users("x", "y") + parallel("j") + end()
    run = Run(model(body, "s -> a\na -> g\ng -> x [true]\ng -> y\nx -> j\ny -> j\nj -> e"))
    run.complete("a")

    step = run.complete("x")

    assert [(fact.element_id, fact.code) for fact in step.incidents] == [("j", "join-stuck")]
    assert run.status == "running"


def test_a_join_is_not_stuck_while_something_can_still_bring_its_token() -> None:
    run = Run(
        model(
            start() + parallel("f") + users("a", "b") + parallel("j") + end(),
            "s -> f\nf -> a\nf -> b\na -> j\nb -> j\nj -> e",
        )
    )

    step = run.complete("a")

    assert step.incidents == ()
