"""Embedded sub-processes and call activities."""

import pytest

from engine.bpmn import runtime
from engine.bpmn.parser import build_process
from engine.errors import NotFoundError
from engine.feel import Scope
from engine.model.execution import Host
from tests.engine.bpmn.models import (
    Run,
    boundary,
    document,
    end,
    event,
    exclusive,
    extensions,
    model,
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

INNER = subprocess("sp", users("u", "v"), "sp-s -> u\nu -> v\nv -> sp-e")


def test_a_sub_process_works_on_the_variables_around_it() -> None:
    run = Run(model(start() + INNER + user("z") + end(), "s -> sp\nsp -> z\nz -> e"), {"x": 1})

    run.complete("u", x=2)
    run.complete("v", y=3)

    assert run.work("z").variables == {"x": 2, "y": 3}


def test_sub_processes_nest_and_say_where_a_task_stands() -> None:
    inner = subprocess("sq", user("q"), "sq-s -> q\nq -> sq-e")
    outer = subprocess("sp", user("u") + inner, "sp-s -> u\nu -> sq\nsq -> sp-e")
    run = Run(model(start() + outer + user("z") + end(), "s -> sp\nsp -> z\nz -> e"))

    run.complete("u")

    assert run.work("q").path == ("sp", "sq")
    run.complete("q")
    assert run.open == ["z"]


def test_a_sub_process_in_a_parallel_branch_joins_like_a_task() -> None:
    body = start() + parallel("fork") + INNER + users("c", "z") + parallel("join") + end()
    text = "s -> fork\nfork -> sp\nfork -> c\nsp -> join\nc -> join\njoin -> z\nz -> e"
    run = Run(model(body, text))

    run.complete("u")
    run.complete("c")
    run.complete("v")

    assert run.open == ["z"]


def test_a_sub_process_can_be_entered_again_in_a_loop() -> None:
    body = start() + exclusive("m") + INNER + exclusive("x", "e") + end()
    run = Run(model(body, "s -> m\nm -> sp\nsp -> x\nx -> m [n < 3]\nx -> e"), {"n": 0})

    for number in (1, 2, 3):
        run.complete("u")
        run.complete("v", n=number)

    assert run.status == "ended"
    assert run.done.count("v") == 3


def test_terminate_ends_the_sub_process_and_nothing_else() -> None:
    inner = subprocess(
        "sp",
        parallel("f") + users("u", "v") + end("stop", event("terminate")),
        "sp-s -> f\nf -> u\nf -> v\nu -> stop\nv -> sp-e",
    )
    run = Run(model(start() + inner + user("z") + end(), "s -> sp\nsp -> z\nz -> e"))

    step = run.complete("u")

    assert run.open == ["z"]
    assert ("v", "cancelled") in [(fact.element_id, fact.outcome) for fact in step.trail]


def _called(extra: str = "", functions: tuple[str, ...] = ()) -> Run:
    called = process(start("cs") + user("ask") + end("ce"), "cs -> ask\nask -> ce", "block")
    calling = process(
        start() + node("callActivity", "call", extra, calledElement="block") + user("z") + end(),
        "s -> call\ncall -> z\nz -> e",
    )
    files = {"p.bpmn": document(calling), "block.bpmn": document(called)}
    return Run(build_process("p", files, functions=functions), {"x": 1})


def test_a_call_activity_passes_all_variables_in_and_back() -> None:
    run = _called()

    assert run.work("ask").process_id == "block"
    assert run.work("ask").variables == {"x": 1}
    run.complete("ask", y=2)

    assert run.work("z").variables == {"x": 1, "y": 2}


def test_a_call_activity_with_in_and_out_sets_one_variable_and_returns_one() -> None:
    extra = extensions(
        own("in", variable="kind", value='"request"'), own("out", variable="outcome", value="y + 1")
    )
    run = _called(extra)

    assert run.work("ask").variables == {"x": 1, "kind": "request"}
    run.complete("ask", y=2)

    assert run.work("z").variables == {"x": 1, "outcome": 3}


def test_an_out_mapping_that_cannot_be_computed_holds_the_call_and_can_be_retried() -> None:
    mapping = own("out", variable="outcome", value="later(y)")
    run = _called(extensions(mapping), functions=("later",))
    step = run.complete("ask", y=2)
    assert [fact.element_id for fact in step.incidents] == ["call"]

    run.host = Host(functions={"later": lambda y: y + 1})
    run.act(runtime.retry, step.incidents[0].task_id)

    assert run.work("z").variables == {"x": 1, "outcome": 3}


def test_a_process_can_call_itself() -> None:
    body = (
        start() + user("a") + exclusive("g", "e") + node("callActivity", "again", calledElement="p")
    )
    run = Run(
        model(body + end(), "s -> a\na -> g\ng -> again [n > 0]\ng -> e\nagain -> e"), {"n": 2}
    )

    run.complete("a", n=1)
    run.complete("a", n=0)

    assert run.status == "ended"
    assert run.done.count("a") == 2


def test_a_called_process_that_is_not_there_is_refused_when_it_is_built() -> None:
    body = start() + node("callActivity", "call", calledElement="nowhere") + end()

    with pytest.raises(NotFoundError):
        model(body, "s -> call\ncall -> e")


def test_two_called_processes_may_use_the_same_ids_inside() -> None:
    inner = subprocess("sp", user("u"), "sp-s -> u\nu -> sp-e")
    one = process(start("s1") + inner + end("e1"), "s1 -> sp\nsp -> e1", "one")
    two = process(start("s1") + inner + end("e1"), "s1 -> sp\nsp -> e1", "two")
    root = process(
        start()
        + node("callActivity", "c1", calledElement="one")
        + node("callActivity", "c2", calledElement="two")
        + end(),
        "s -> c1\nc1 -> c2\nc2 -> e",
    )
    files = {"p": document(root), "one": document(one), "two": document(two)}
    run = Run(build_process("p", files))

    assert run.work("u").process_id == "one"
    run.complete("u")
    assert run.work("u").process_id == "two"


def test_a_timer_on_the_border_cancels_all_that_is_open_inside() -> None:
    body = start() + INNER + boundary("late", "sp", timer("P1D")) + users("z", "x") + end()
    run = Run(model(body, "s -> sp\nsp -> z\nz -> e\nlate -> x\nx -> e"))

    step = run.fire("late")

    assert run.open == ["x"]
    cancelled = {fact.element_id for fact in step.trail if fact.outcome == "cancelled"}
    assert cancelled == {"sp", "u"}


def test_a_business_rule_task_puts_the_answer_of_the_decision_into_its_variable() -> None:
    task = node("businessRuleTask", "d", extensions(own("decision", ref="route", result="way")))
    asked: list[object] = []

    def decide(ref: str, variables: object, scope: Scope) -> object:
        asked.append((ref, variables))
        return {"lane": "fast"}

    run = Run(
        model(start() + task + user("z") + end(), "s -> d\nd -> z\nz -> e"),
        {"x": 1},
        Host(decide=decide),
    )

    assert run.work("z").variables == {"x": 1, "way": {"lane": "fast"}}
    assert asked == [("route", {"x": 1})]


def test_a_decision_without_answer_is_an_incident_that_can_be_retried() -> None:
    task = node("businessRuleTask", "d", extensions(own("decision", ref="route", result="way")))
    built = model(start() + user("a") + task + user("z") + end(), "s -> a\na -> d\nd -> z\nz -> e")
    run = Run(built, host=Host(decide=lambda *_: None))
    step = run.complete("a")
    assert [(fact.element_id, fact.code) for fact in step.incidents] == [("d", "decision-failed")]

    run.host = Host(decide=lambda *_: "slow")
    mended = run.act(runtime.retry, step.incidents[0].task_id)

    assert mended.incidents_gone == (step.incidents[0].task_id,)
    assert run.work("z").variables == {"way": "slow"}


def test_a_business_rule_task_may_set_further_variables_from_the_answer() -> None:
    inner = extensions(
        own("decision", ref="route", result="way"), own("output", variable="lane", value="way.lane")
    )
    body = start() + node("businessRuleTask", "d", inner) + user("z") + end()
    run = Run(model(body, "s -> d\nd -> z\nz -> e"), host=Host(decide=lambda *_: {"lane": "fast"}))

    assert run.work("z").variables["lane"] == "fast"
