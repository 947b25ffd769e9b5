"""Events on the border of activities: interrupting and not, one and several, of every kind."""

from datetime import timedelta

import pytest

from engine.bpmn import runtime
from engine.bpmn.parser import build_process
from engine.errors import RejectedError
from tests.engine.bpmn.models import (
    NOW,
    Run,
    boundary,
    document,
    end,
    event,
    exclusive,
    model,
    multi,
    named,
    node,
    parallel,
    process,
    start,
    subprocess,
    timer,
    user,
    users,
)

MESSAGE = named("message", "m", "amended")
ERROR = named("error", "err", "Not enough tenders", errorCode="too-few")
OTHER = named("error", "other", "Other", errorCode="other")
ESCALATION = named("escalation", "esc", "Ask", escalationCode="ask")
AMENDED = event("message", messageRef="m")


def _task(*events: str, extra: str = "", others: tuple[str, ...] = ()) -> Run:
    body = start() + user("u") + "".join(events) + users("x", "y", "z") + end() + extra
    text = "s -> u\nu -> z\nz -> e\none -> x\nx -> e\ny -> e"
    return Run(model(body, text + ("\ntwo -> y" if len(events) > 1 else ""), *others))


def test_an_interrupting_timer_takes_the_task_away() -> None:
    run = _task(boundary("one", "u", timer("P1D")))
    item = run.work("u")

    step = run.fire("one")

    assert run.open == ["x"]
    assert step.closed == (item.task_id,)


def test_a_timer_that_does_not_interrupt_adds_a_path_and_fires_once() -> None:
    run = _task(boundary("one", "u", timer("P1D"), interrupting=False))

    run.fire("one")

    assert run.open == ["u", "x"]
    assert run.view.timers == ()
    run.complete("u")
    run.complete("x")
    run.complete("z")
    assert run.status == "ended"


def test_a_cycle_fires_so_many_times_at_even_distances() -> None:
    run = _task(boundary("one", "u", timer("R2/P1D", "Cycle"), interrupting=False))
    first = run.timer("one")
    assert (first.due_at, first.repeats) == (NOW + timedelta(days=1), 2)
    run.wait(days=1, hours=5)

    step = run.act(runtime.fire_timer, first.task_id)
    assert step.timers_gone == (first.task_id,)
    assert [fact.due_at for fact in step.timers_armed] == [NOW + timedelta(days=2)]
    run.fire("one")

    assert run.open == ["u", "x", "x"]
    assert run.view.timers == ()


def test_completing_the_task_disarms_its_border() -> None:
    run = _task(
        boundary("one", "u", timer("P1D")), boundary("two", "u", AMENDED), others=(MESSAGE,)
    )

    step = run.complete("u")

    assert run.open == ["z"]
    assert len(step.timers_gone) == 1
    assert len(step.waits_gone) == 1


def test_an_interrupting_message_brings_its_payload_and_disarms_the_other_events() -> None:
    run = _task(
        boundary("one", "u", AMENDED), boundary("two", "u", timer("P1D")), others=(MESSAGE,)
    )

    run.message("amended", {"by": "legal"})

    assert run.work("x").variables == {"by": "legal"}
    assert run.view.timers == ()
    assert run.view.waits == ()


def test_a_message_that_does_not_interrupt_can_come_again_and_again() -> None:
    run = _task(boundary("one", "u", AMENDED, interrupting=False), others=(MESSAGE,))

    for number in (1, 2, 3):
        run.message("amended", {"number": number})

    assert run.open == ["u", "x", "x", "x"]
    assert sorted(w.variables["number"] for w in run.view.work if w.element_id == "x") == [1, 2, 3]


def test_what_a_message_on_the_border_brings_is_known_inside_and_moves_timers() -> None:
    inner = subprocess(
        "sp",
        user("u") + node("intermediateCatchEvent", "limit", timer("deadline", "Date")) + user("v"),
        "sp-s -> limit\nlimit -> u\nu -> v\nv -> sp-e",
    )
    body = start() + inner + boundary("moved", "sp", AMENDED, interrupting=False)
    body += users("note", "z") + end()
    run = Run(
        model(body, "s -> sp\nsp -> z\nz -> e\nmoved -> note\nnote -> e", MESSAGE),
        {"deadline": "2026-04-01T12:00:00Z"},
    )

    step = run.message("amended", {"deadline": "2026-04-09T12:00:00Z", "reason": "questions"})

    assert [fact.due_at.day for fact in step.timers_armed] == [9]
    run.fire("limit")
    assert run.work("u").variables == {"deadline": "2026-04-09T12:00:00Z"}
    assert run.work("note").variables["reason"] == "questions"


def test_a_message_on_the_border_does_not_change_what_a_branch_calls_its_item() -> None:
    inner = subprocess("sp", user("u"), "sp-s -> u\nu -> sp-e", multi())
    outer = subprocess("all", inner, "all-s -> sp\nsp -> all-e")
    body = start() + outer + boundary("b", "all", AMENDED, interrupting=False) + user("x") + end()
    run = Run(model(body, "s -> all\nall -> e\nb -> x\nx -> e", MESSAGE), {"suppliers": ["A", "B"]})

    run.message("amended", {"supplier": "C"})

    inside = [w.variables["supplier"] for w in run.view.work if w.element_id == "u"]
    assert inside == ["A", "B"]


def _failing(code: str = "err", *, nested: bool = False, **kind: str) -> Run:
    stop = end(
        "stop", event(kind.get("kind", "error"), **{f"{kind.get('kind', 'error')}Ref": code})
    )
    inner = subprocess(
        "sp",
        users("u", "v") + exclusive("g", "sp-e") + stop,
        "sp-s -> u\nu -> g\ng -> stop [bad]\ng -> sp-e",
    )
    if nested:
        inner = subprocess("outer", inner, "outer-s -> sp\nsp -> outer-e")
    host = "outer" if nested else "sp"
    catch = boundary("one", host, event("error", errorRef="err"))
    catch += boundary("any", host, event("error"))
    body = start() + inner + catch + users("x", "y", "z") + end()
    text = f"s -> {host}\n{host} -> z\nz -> e\none -> x\nany -> y\nx -> e\ny -> e"
    return Run(model(body, text, ERROR, OTHER))


@pytest.mark.parametrize("nested", [True, False])
def test_an_error_end_goes_to_the_border_event_with_its_code(nested: bool) -> None:
    run = _failing(nested=nested)

    run.complete("u", bad=True)

    assert run.open == ["x"]
    run.complete("x")
    assert run.status == "ended"


def test_an_error_of_another_code_goes_to_the_event_that_catches_any() -> None:
    run = _failing("other")

    run.complete("u", bad=True)

    assert run.open == ["y"]


def test_without_an_error_the_sub_process_goes_on_normally() -> None:
    run = _failing()

    run.complete("u", bad=False)

    assert run.open == ["z"]


def test_an_error_that_nothing_catches_is_an_incident_and_never_a_silent_end() -> None:
    body = start() + user("u") + end("stop", event("error", errorRef="err"))
    run = Run(model(body, "s -> u\nu -> stop", ERROR))

    step = run.complete("u")

    assert [(fact.element_id, fact.code) for fact in step.incidents] == [("stop", "error-uncaught")]
    assert run.status == "running"


def test_an_error_in_one_branch_of_a_multi_instance_activity_ends_all_of_them() -> None:
    stop = end("stop", event("error", errorRef="err"))
    inner = subprocess("sp", user("u") + stop, "sp-s -> u\nu -> stop", multi())
    body = (
        start() + inner + boundary("one", "sp", event("error", errorRef="err")) + user("x") + end()
    )
    run = Run(
        model(body, "s -> sp\nsp -> e\none -> x\nx -> e", ERROR), {"suppliers": ["A", "B"], "k": 1}
    )

    run.complete("u", secret=1)

    assert run.open == ["x"]
    assert run.work("x").variables == {"suppliers": ["A", "B"], "k": 1}


def test_work_can_end_by_a_declared_error() -> None:
    run = _task(boundary("one", "u", event("error", errorRef="err")), others=(ERROR,))

    run.act(runtime.throw_error, run.work("u").task_id, "too-few", {"count": 1})

    assert run.open == ["x"]
    assert run.work("x").variables == {"count": 1}


def test_an_error_of_work_that_nothing_catches_is_refused_and_the_work_stays_open() -> None:
    run = _task(boundary("one", "u", event("error", errorRef="err")), others=(ERROR,))

    with pytest.raises(RejectedError, match="caught nowhere"):
        run.act(runtime.throw_error, run.work("u").task_id, "unknown", {})
    assert run.open == ["u"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_end_or_throw_reaches_the_border(interrupting: bool) -> None:
    throw = node("intermediateThrowEvent", "t", event("escalation", escalationRef="esc"))
    inner = subprocess("sp", users("u", "v") + throw, "sp-s -> u\nu -> t\nt -> v\nv -> sp-e")
    catch = boundary(
        "one", "sp", event("escalation", escalationRef="esc"), interrupting=interrupting
    )
    body = start() + inner + catch + users("x", "z") + end()
    run = Run(model(body, "s -> sp\nsp -> z\nz -> e\none -> x\nx -> e", ESCALATION))

    step = run.complete("u", why="late")

    assert run.open == (["x"] if interrupting else ["v", "x"])
    assert run.work("x").variables == {"why": "late"}
    assert [(thrown.name, thrown.caught) for thrown in step.thrown] == [("ask", True)]


def test_work_can_escalate_and_go_on() -> None:
    catch = boundary("one", "u", event("escalation", escalationRef="esc"), interrupting=False)
    run = _task(catch, others=(ESCALATION,))

    run.act(runtime.escalate, run.work("u").task_id, "ask", {"question": "may I?"})

    assert run.open == ["u", "x"]
    assert run.work("x").variables == {"question": "may I?"}


def test_an_escalation_that_nothing_catches_leaves_the_process() -> None:
    body = start() + user("u") + end("up", event("escalation", escalationRef="esc"))
    run = Run(model(body, "s -> u\nu -> up", ESCALATION))

    step = run.complete("u")

    assert run.status == "ended"
    assert [(thrown.kind, thrown.name, thrown.caught) for thrown in step.thrown] == [
        ("escalation", "ask", False)
    ]


def test_a_signal_on_the_border_interrupts() -> None:
    signal = named("signal", "sig", "stop")
    run = _task(boundary("one", "u", event("signal", signalRef="sig")), others=(signal,))

    run.act(runtime.deliver_signal, "stop", {})

    assert run.open == ["x"]


def test_a_signal_that_does_not_interrupt_adds_a_path_each_time_it_comes() -> None:
    signal = named("signal", "sig", "ask")
    border = boundary("one", "u", event("signal", signalRef="sig"), interrupting=False)
    run = _task(border, others=(signal,))

    run.act(runtime.deliver_signal, "ask", {})
    run.act(runtime.deliver_signal, "ask", {})

    assert run.open == ["u", "x", "x"]


def test_a_call_activity_has_a_border_too() -> None:
    called = process(
        start("cs") + user("ask") + end("ce", event("error", errorRef="err")),
        "cs -> ask\nask -> ce",
        "block",
    )
    calling = process(
        start()
        + node("callActivity", "call", calledElement="block")
        + boundary("late", "call", timer("P1D"))
        + boundary("bad", "call", event("error", errorRef="err"))
        + users("x", "y")
        + end(),
        "s -> call\ncall -> e\nlate -> x\nbad -> y\nx -> e\ny -> e",
    )
    built = build_process("p", {"p": document(ERROR, calling), "block": document(ERROR, called)})

    late = Run(built)
    late.fire("late")
    bad = Run(built)
    bad.complete("ask")

    assert late.open == ["x"]
    assert bad.open == ["y"]


def test_a_border_in_a_loop_is_armed_anew_in_each_round() -> None:
    body = start() + exclusive("m") + user("u") + boundary("one", "u", timer("P1D")) + user("x")
    body += exclusive("g", "e") + end()
    text = "s -> m\nm -> u\nu -> g\none -> x\nx -> g\ng -> m [n < 3]\ng -> e"
    run = Run(model(body, text), {"n": 0})

    run.fire("one")
    run.complete("x", n=1)
    run.complete("u", n=2)
    run.fire("one")
    run.complete("x", n=3)

    assert run.status == "ended"


def test_paths_of_a_border_event_meet_the_normal_path_at_an_exclusive_merge() -> None:
    body = start() + parallel("f") + user("u") + boundary("one", "u", timer("P1D")) + user("b")
    body += exclusive("m") + parallel("j") + user("z") + end()
    text = "s -> f\nf -> u\nf -> b\nu -> m\none -> m\nm -> j\nb -> j\nj -> z\nz -> e"
    run = Run(model(body, text))

    run.fire("one")
    run.complete("b")

    assert run.open == ["z"]


def test_an_escalation_does_not_tell_other_paths_what_its_own_path_has_set() -> None:
    throw = node("intermediateThrowEvent", "t", event("escalation", escalationRef="esc"))
    inner = subprocess(
        "sp",
        parallel("f") + users("u", "v") + throw,
        "sp-s -> f\nf -> u\nf -> v\nu -> t\nt -> sp-e\nv -> sp-e",
    )
    catch = boundary("one", "sp", event("escalation", escalationRef="esc"), interrupting=False)
    body = start() + inner + catch + user("x") + end()
    run = Run(model(body, "s -> sp\nsp -> e\none -> x\nx -> e", ESCALATION), {"mine": 0})

    run.complete("u", mine=1)

    assert run.work("v").variables == {"mine": 0}
    assert run.work("x").variables == {"mine": 1}


def test_a_message_moves_the_timer_on_the_same_border() -> None:
    body = start() + user("u") + boundary("amend", "u", AMENDED, interrupting=False)
    body += boundary("limit", "u", timer("deadline", "Date")) + users("x", "y") + end()
    run = Run(
        model(body, "s -> u\nu -> e\namend -> x\nx -> e\nlimit -> y\ny -> e", MESSAGE),
        {"deadline": "2026-04-01T12:00:00Z"},
    )

    step = run.message("amended", {"deadline": "2026-04-09T12:00:00Z"})

    assert [(fact.element_id, fact.due_at.day) for fact in step.timers_armed] == [("limit", 9)]


def test_a_cycle_that_is_moved_keeps_the_number_of_times_that_are_left() -> None:
    cycle = boundary("one", "u", timer("interval", "Cycle"), interrupting=False)
    body = start() + user("u") + cycle + user("x") + end()
    run = Run(model(body, "s -> u\nu -> e\none -> x\nx -> e"), {"interval": "R3/P1D"})
    run.fire("one")
    assert run.timer("one").due_at == NOW + timedelta(days=2)

    run.act(runtime.set_variables, {"interval": "R3/P4D"})

    assert run.timer("one").due_at == NOW + timedelta(days=5)
    assert run.timer("one").repeats == 2
