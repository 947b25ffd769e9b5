"""Timers, messages, signals and conditions that are awaited, and starts and ends of a process."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.bpmn import runtime
from engine.bpmn.parser import build_process
from engine.errors import InvalidInputError, RejectedError
from engine.model.execution import Delivery, Host
from tests.engine.bpmn.models import (
    NOW,
    Run,
    boundary,
    document,
    end,
    event,
    extensions,
    model,
    multi,
    named,
    node,
    own,
    parallel,
    process,
    start,
    subprocess,
    timer,
    user,
    users,
)

MESSAGE = named("message", "m", "withdrawal")


def _catch(inner: str, *others: str, variables: dict[str, object] | None = None) -> Run:
    body = start() + node("intermediateCatchEvent", "c", inner) + user("z") + end()
    return Run(model(body, "s -> c\nc -> z\nz -> e", *others), variables)


@pytest.mark.parametrize(
    ("value", "kind", "due"),
    [
        ("P10D", "Duration", NOW + timedelta(days=10)),
        ("PT90M", "Duration", NOW + timedelta(minutes=90)),
        ('duration("P1D")', "Duration", NOW + timedelta(days=1)),
        ("wait", "Duration", NOW + timedelta(days=3)),
        ("2026-03-05T12:00:00Z", "Date", datetime(2026, 3, 5, 12, tzinfo=UTC)),
        ("2026-03-05T12:00:00", "Date", datetime(2026, 3, 5, 11, tzinfo=UTC)),
        ("deadline", "Date", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("day", "Date", datetime(2026, 3, 4, 23, tzinfo=UTC)),
        ('time_limit("standstill", sent_at)', "Date", datetime(2026, 3, 12, 23, tzinfo=UTC)),
    ],
)
def test_a_timer_takes_iso_8601_and_feel_and_reads_times_without_zone_in_oslo(
    value: str, kind: str, due: datetime
) -> None:
    variables = {
        "wait": "P3D",
        "deadline": "2026-07-01T12:00:00",
        "day": "2026-03-05",
        "sent_at": "2026-03-02T10:00:00+01:00",
    }
    body = start() + node("intermediateCatchEvent", "c", timer(value, kind)) + end()
    files = {"p": document(process(body, "s -> c\nc -> e"))}
    built = build_process("p", files, functions=["time_limit"])
    host = Host({"time_limit": lambda _rule, _start: "2026-03-13"})

    run = Run(built, variables, host)

    assert [fact.due_at for fact in run.step.timers_armed] == [due]


def test_ten_days_are_ten_days_on_the_clock_also_across_summer_time() -> None:
    body = start() + node("intermediateCatchEvent", "c", timer("P30D")) + end()

    run = Run(model(body, "s -> c\nc -> e"))

    assert run.timer("c").due_at == datetime(2026, 4, 1, 8, tzinfo=UTC)


def test_a_timer_does_not_fire_before_its_time() -> None:
    run = _catch(timer("P10D"))
    run.wait(days=9)

    with pytest.raises(RejectedError, match="not yet"):
        run.act(runtime.fire_timer, run.timer("c").task_id)


def test_a_timer_fires_once() -> None:
    run = _catch(timer("P10D"))
    fact = run.timer("c")
    step = run.fire("c")
    assert step.timers_gone == (fact.task_id,)
    assert run.open == ["z"]

    with pytest.raises(RejectedError, match="not armed"):
        run.act(runtime.fire_timer, fact.task_id)


def test_a_timer_without_a_time_is_an_incident_that_a_correction_and_a_retry_mend() -> None:
    run = _catch(timer("deadline", "Date"), variables={"deadline": None})
    assert run.view.timers == ()
    incident = run.step.incidents[0]

    run.act(runtime.set_variables, {"deadline": "2026-05-01T12:00:00Z"})
    step = run.act(runtime.retry, incident.task_id)

    assert step.incidents_gone == (incident.task_id,)
    assert run.timer("c").due_at == datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_a_timer_moves_when_a_variable_it_reads_is_corrected() -> None:
    run = _catch(timer("deadline", "Date"), variables={"deadline": "2026-05-01T12:00:00Z"})
    before = run.timer("c")

    step = run.act(runtime.set_variables, {"deadline": "2026-05-09T12:00:00Z"})

    assert [(fact.task_id, fact.due_at.day) for fact in step.timers_armed] == [(before.task_id, 9)]
    assert step.timers_gone == ()


def test_a_corrected_period_counts_from_when_the_timer_was_armed() -> None:
    run = _catch(timer("wait"), variables={"wait": "P3D"})
    run.wait(days=2)

    run.act(runtime.set_variables, {"wait": "P5D"})

    assert run.timer("c").due_at == NOW + timedelta(days=5)


def test_a_message_goes_to_the_event_that_waits_for_it() -> None:
    run = _catch(event("message", messageRef="m"), MESSAGE)
    assert [(wait.kind, wait.name) for wait in run.step.waits_armed] == [("message", "withdrawal")]

    step = run.message("withdrawal", {"why": "costs"})

    assert run.work("z").variables == {"why": "costs"}
    assert len(step.waits_gone) == 1


def test_a_receive_task_waits_for_its_message() -> None:
    body = start() + node("receiveTask", "c", messageRef="m") + user("z") + end()
    run = Run(model(body, "s -> c\nc -> z\nz -> e", MESSAGE))

    run.message("withdrawal")

    assert run.open == ["z"]


def test_a_message_that_nothing_waits_for_is_refused() -> None:
    run = _catch(event("message", messageRef="m"), MESSAGE)

    with pytest.raises(RejectedError, match="Nothing waits"):
        run.message("other")


def _suppliers() -> Run:
    message = (
        '<bpmn:message id="m" name="withdrawal">'
        f"{extensions(own('message', title='t', roles='r', correlate='supplier.id'))}"
        "</bpmn:message>"
    )
    inner = subprocess("sp", user("u"), "sp-s -> u\nu -> sp-e")
    within = subprocess(
        "branch",
        inner + boundary("out", "sp", event("message", messageRef="m")) + user("gone"),
        "branch-s -> sp\nsp -> branch-e\nout -> gone\ngone -> branch-e",
        multi(),
    )
    run = Run(
        model(start() + within + user("z") + end(), "s -> branch\nbranch -> z\nz -> e", message),
        {"suppliers": [{"id": "910"}, {"id": "920"}]},
    )
    assert [wait.correlation for wait in run.step.waits_armed] == ["910", "920"]
    return run


def test_a_message_finds_the_branch_it_is_for() -> None:
    run = _suppliers()

    run.message("withdrawal", correlation="920")

    assert sorted((w.item["supplier"]["id"], w.element_id) for w in run.view.work) == [
        ("910", "u"),
        ("920", "gone"),
    ]


def test_a_message_to_several_branches_must_say_which() -> None:
    run = _suppliers()

    with pytest.raises(RejectedError, match="Say which"):
        run.message("withdrawal")


def test_a_message_may_name_the_wait_it_is_for() -> None:
    run = _suppliers()
    wait = run.view.waits[1]

    run.act(runtime.deliver_message, Delivery("withdrawal", {}, None, wait.task_id))

    assert run.open == ["gone", "u"]


def test_a_signal_reaches_everything_that_waits_for_it() -> None:
    signal = named("signal", "sig", "budget-frozen")
    catch = event("signal", signalRef="sig")
    body = start() + parallel("f") + node("intermediateCatchEvent", "c1", catch)
    body += node("intermediateCatchEvent", "c2", catch) + users("a", "b") + end()
    text = "s -> f\nf -> c1\nf -> c2\nc1 -> a\nc2 -> b\na -> e\nb -> e"
    run = Run(model(body, text, signal))

    run.act(runtime.deliver_signal, "budget-frozen", {"by": "council"})

    assert run.open == ["a", "b"]
    assert run.work("a").variables == {"by": "council"}


@pytest.mark.parametrize("kind", ["intermediateThrowEvent", "endEvent"])
def test_a_thrown_signal_is_caught_in_the_process_and_reported_outside(kind: str) -> None:
    signal = named("signal", "sig", "go")
    body = start() + parallel("f") + user("a") + node(kind, "t", event("signal", signalRef="sig"))
    body += (
        node("intermediateCatchEvent", "c", event("signal", signalRef="sig")) + user("b") + end()
    )
    text = "s -> f\nf -> a\nf -> c\na -> t\nc -> b\nb -> e"
    run = Run(model(body, text, signal))

    step = run.complete("a", secret=1)

    assert run.open == ["b"]
    assert "secret" not in run.work("b").variables
    assert [(thrown.kind, thrown.name, thrown.caught) for thrown in step.thrown] == [
        ("signal", "go", True)
    ]


def test_a_thrown_message_goes_to_the_event_that_waits_inside() -> None:
    throw = node("intermediateThrowEvent", "t", event("message", messageRef="m"))
    catch = node("intermediateCatchEvent", "c", event("message", messageRef="m"))
    body = start() + parallel("f") + users("a", "b") + throw + catch + end()
    run = Run(model(body, "s -> f\nf -> a\nf -> c\na -> t\nt -> e\nc -> b\nb -> e", MESSAGE))

    step = run.complete("a")

    assert run.open == ["b"]
    assert step.thrown[0].caught


def _condition(source: str) -> str:
    return event("conditional", f"<bpmn:condition>{source}</bpmn:condition>")


def test_a_condition_that_holds_already_lets_the_token_through() -> None:
    assert _catch(_condition("x = 1"), variables={"x": 1}).open == ["z"]


def test_a_condition_is_met_by_what_another_branch_sets() -> None:
    body = start() + parallel("f") + user("a") + users("b", "y")
    body += node("intermediateCatchEvent", "c", _condition("ready")) + end()
    text = "s -> f\nf -> a\na -> y\nf -> c\nc -> b\ny -> e\nb -> e"
    run = Run(model(body, text), {"ready": False})
    assert run.open == ["a"]

    run.complete("a", ready=True)

    assert run.open == ["b", "y"]


def test_a_condition_on_the_border_is_met_by_what_is_set_inside() -> None:
    inner = subprocess("sp", users("u", "v"), "sp-s -> u\nu -> v\nv -> sp-e")
    body = start() + inner + boundary("stop", "sp", _condition("cost = 9")) + user("x") + end()
    run = Run(model(body, "s -> sp\nsp -> e\nstop -> x\nx -> e"), {"cost": 1})

    run.complete("u", cost=9)

    assert run.open == ["x"]


def test_a_condition_that_does_not_interrupt_adds_a_path_each_time_it_becomes_true() -> None:
    flows = "sp-s -> u\nu -> v\nv -> w\nw -> y\ny -> sp-e"
    inner = subprocess("sp", users("u", "v", "w", "y"), flows)
    body = start() + inner + boundary("c", "sp", _condition("cost > 5"), interrupting=False)
    run = Run(model(body + user("x") + end(), "s -> sp\nsp -> e\nc -> x\nx -> e"), {"cost": 1})

    opened = []
    for element, cost in (("u", 9), ("v", 2), ("w", 7)):
        run.complete(element, cost=cost)
        opened.append(run.open)

    assert opened == [["v", "x"], ["w", "x"], ["x", "x", "y"]]


def test_a_condition_that_is_neither_true_nor_false_is_an_incident() -> None:
    run = _catch(_condition("x"), variables={"x": None})

    assert [fact.element_id for fact in run.step.incidents] == ["c"]


STARTS = (
    start()
    + start("by-message", event("message", messageRef="m"))
    + start("by-time", timer("R/P7D", "Cycle"))
    + users("a", "b", "c")
    + end()
)
STARTS_FLOWS = "s -> a\nby-message -> b\nby-time -> c\na -> e\nb -> e\nc -> e"


@pytest.mark.parametrize(
    ("start_event", "opened"), [(None, "a"), ("by-message", "b"), ("by-time", "c")]
)
def test_a_process_starts_at_the_start_event_that_happened(
    start_event: str | None, opened: str
) -> None:
    run = Run(model(STARTS, STARTS_FLOWS, MESSAGE), {"x": 1}, start_event=start_event)

    assert run.open == [opened]
    assert run.work(opened).variables == {"x": 1}


def test_the_ways_to_start_are_told() -> None:
    starts = model(STARTS, STARTS_FLOWS, MESSAGE).starts

    assert [(each.element_id, each.event, each.name, each.expression) for each in starts] == [
        ("s", "", "", ""),
        ("by-message", "message", "withdrawal", ""),
        ("by-time", "timer", "", "R/P7D"),
    ]


def test_a_start_event_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        Run(model(STARTS, STARTS_FLOWS, MESSAGE), start_event="nowhere")


def test_a_process_ends_when_its_last_token_has_ended() -> None:
    body = start() + parallel("f") + users("a", "b") + end() + end("e2")
    run = Run(model(body, "s -> f\nf -> a\nf -> b\na -> e\nb -> e2"))

    run.complete("a", x=1)
    assert run.status == "running"
    run.complete("b", y=2)

    assert run.status == "ended"
    assert run.variables == {"x": 1, "y": 2}


def test_a_terminate_end_ends_everything_at_once() -> None:
    body = start() + parallel("f") + users("a", "b") + end() + end("stop", event("terminate"))
    run = Run(model(body, "s -> f\nf -> a\nf -> b\na -> stop\nb -> e"), {"x": 0})

    step = run.complete("a", x=1)

    assert run.status == "terminated"
    assert run.variables == {"x": 1}
    assert [fact.element_id for fact in step.trail if fact.outcome == "cancelled"] == ["b"]


def test_a_timer_event_sets_the_variables_it_declares() -> None:
    output = extensions(own("output", variable="expired", value="waited + 1"))
    run = _catch(output + timer("P1D"), variables={"waited": 1})

    run.fire("c")

    assert run.work("z").variables == {"waited": 1, "expired": 2}


def test_a_message_event_leaves_its_declared_variables_to_the_report() -> None:
    output = extensions(own("output", variable="why", value="field_of_the_report"))
    run = _catch(output + event("message", messageRef="m"), MESSAGE)

    run.message("withdrawal", {"why": "costs"})

    assert run.work("z").variables == {"why": "costs"}


@pytest.mark.parametrize("kind", ["intermediateThrowEvent", "endEvent"])
def test_a_throw_event_with_an_operation_is_work_before_it_throws(kind: str) -> None:
    inner = extensions(own("operation", name="send-to-suppliers"))
    body = start() + node(kind, "t", inner + event("message", messageRef="m"))
    body += end() if kind != "endEvent" else ""
    text = "s -> t\nt -> e" if kind != "endEvent" else "s -> t"
    run = Run(model(body, text, MESSAGE))
    assert [(work.element_id, work.kind) for work in run.view.work] == [("t", "send")]

    step = run.complete("t", sent_at="now")

    assert [thrown.name for thrown in step.thrown] == ["withdrawal"]
    assert run.status == "ended"
    assert run.variables == {"sent_at": "now"}


def test_a_message_thrown_inside_without_saying_for_which_branch_is_caught_by_none() -> None:
    message = (
        '<bpmn:message id="m" name="withdrawal">'
        f"{extensions(own('message', title='t', roles='r', correlate='supplier'))}"
        "</bpmn:message>"
    )
    catch = node("intermediateCatchEvent", "c", event("message", messageRef="m"))
    inner = subprocess("sp", catch, "sp-s -> c\nc -> sp-e", multi())
    throw = node("intermediateThrowEvent", "t", event("message", messageRef="m"))
    body = start() + parallel("f") + user("a") + throw + inner + end()
    text = "s -> f\nf -> a\na -> t\nt -> e\nf -> sp\nsp -> e"
    run = Run(model(body, text, message), {"suppliers": ["A", "B"], "supplier": None})

    step = run.complete("a")

    assert [thrown.caught for thrown in step.thrown] == [False]
    assert [wait.correlation for wait in run.view.waits] == ["A", "B"]
