"""User, manual, service and send tasks: what is open, who completes it, what it leaves."""

import pytest

from engine.bpmn import runtime
from engine.errors import InvalidInputError, NotRunningError, TaskNotOpenError
from tests.engine.bpmn.models import NOW, Run, end, event, model, named, node, start, user, users


def test_user_tasks_run_one_after_another_and_leave_their_outputs() -> None:
    run = Run(model(start() + users("a", "b") + end(), "s -> a\na -> b\nb -> e"), {"x": 1})

    run.complete("a", y=[1, 2])
    run.complete("b", y=[3])

    assert run.status == "ended"
    assert run.variables == {"x": 1, "y": [3]}
    assert run.done == ["s", "a", "b", "e"]


@pytest.mark.parametrize(
    ("kind", "work"),
    [
        ("userTask", "user"),
        ("manualTask", "manual"),
        ("serviceTask", "service"),
        ("sendTask", "send"),
    ],
)
def test_each_kind_of_task_opens_work_of_its_kind(kind: str, work: str) -> None:
    run = Run(model(start() + node(kind, "a") + end(), "s -> a\na -> e"))

    assert [(item.element_id, item.kind) for item in run.view.work] == [("a", work)]
    run.complete("a")
    assert run.status == "ended"


def test_a_send_task_throws_its_message_when_it_is_completed() -> None:
    message = named("message", "m", "invitation")
    body = start() + node("sendTask", "a", messageRef="m") + end()
    run = Run(model(body, "s -> a\na -> e", message), {"to": "910"})

    step = run.complete("a")

    assert [(t.kind, t.name, t.caught, t.variables) for t in step.thrown] == [
        ("message", "invitation", False, {"to": "910"})
    ]


def test_a_task_that_was_completed_cannot_be_completed_again() -> None:
    run = Run(model(start() + users("a", "b") + end(), "s -> a\na -> b\nb -> e"))
    first = run.work("a")
    run.finish(first, {})

    with pytest.raises(TaskNotOpenError):
        run.finish(first, {})


def test_an_id_that_never_was_is_refused_like_a_task_that_is_done() -> None:
    run = Run(model(start() + user("a") + end(), "s -> a\na -> e"))

    with pytest.raises(TaskNotOpenError):
        runtime.complete(run.process, run.state, "no id at all", {}, NOW)


def test_nothing_can_be_done_in_a_process_that_has_ended() -> None:
    run = Run(model(start() + user("a") + end(), "s -> a\na -> e"))
    item = run.work("a")
    run.complete("a")

    with pytest.raises(NotRunningError):
        run.finish(item, {})


def test_outputs_that_json_cannot_hold_are_refused_and_nothing_happens() -> None:
    run = Run(model(start() + user("a") + end(), "s -> a\na -> e"))

    with pytest.raises(InvalidInputError):
        run.complete("a", when=object())
    assert run.open == ["a"]


def test_outputs_are_copied_so_that_the_caller_cannot_change_them_afterwards() -> None:
    run = Run(model(start() + users("a", "b") + end(), "s -> a\na -> b\nb -> e"))
    given = {"nested": [1]}

    run.complete("a", x=given)
    given["nested"].append(2)

    assert run.work("b").variables["x"] == {"nested": [1]}


def test_a_field_called_typename_is_data_like_any_other() -> None:
    run = Run(model(start() + users("a", "b") + end(), "s -> a\na -> b\nb -> e"))

    run.complete("a", typename="Task", nested={"typename": "datetime", "value": 1})

    assert run.work("b").variables["nested"] == {"typename": "datetime", "value": 1}


def test_a_message_end_event_throws_its_message() -> None:
    message = named("message", "m", "award")
    run = Run(
        model(
            start() + user("a") + end("e", event("message", messageRef="m")),
            "s -> a\na -> e",
            message,
        )
    )

    step = run.complete("a")

    assert [(thrown.element_id, thrown.name) for thrown in step.thrown] == [("e", "award")]
