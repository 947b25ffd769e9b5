"""Exclusive, parallel, inclusive and event-based gateways, also inside loops."""

import random

import pytest

from tests.engine.bpmn.models import (
    Run,
    end,
    event,
    exclusive,
    inclusive,
    model,
    named,
    node,
    parallel,
    start,
    timer,
    user,
    users,
)

FORK = """s -> fork
fork -> b
fork -> c
b -> join
c -> join
join -> z
z -> e"""


def test_an_exclusive_gateway_takes_the_first_flow_of_the_file_that_holds() -> None:
    body = start() + exclusive("g", "d") + users("b", "c", "d") + end()
    text = "s -> g\ng -> b [x > 5]\ng -> c [x > 1]\ng -> d\nb -> e\nc -> e\nd -> e"

    assert Run(model(body, text), {"x": 7}).open == ["b"]
    assert Run(model(body, text), {"x": 3}).open == ["c"]
    assert Run(model(body, text), {"x": 0}).open == ["d"]


def test_a_condition_that_is_neither_true_nor_false_holds_the_process_at_the_gateway() -> None:
    body = start() + user("a") + exclusive("g", "c") + users("b", "c") + end()
    run = Run(model(body, "s -> a\na -> g\ng -> b [x > 5]\ng -> c\nb -> e\nc -> e"))

    step = run.complete("a")

    assert [(fact.element_id, fact.code) for fact in step.incidents] == [("g", "feel-error")]
    assert run.open == []
    assert run.status == "running"


def test_no_true_condition_and_no_default_flow_is_an_incident() -> None:
    body = start() + exclusive("g") + users("b", "c") + end()
    run = Run(model(body, "s -> g\ng -> b [x > 5]\ng -> c [x > 9]\nb -> e\nc -> e"), {"x": 1})

    assert [fact.element_id for fact in run.step.incidents] == ["g"]


def test_a_parallel_join_waits_for_all_and_runs_once() -> None:
    run = Run(
        model(start() + parallel("fork") + users("b", "c", "z") + parallel("join") + end(), FORK)
    )

    run.complete("c")
    assert run.open == ["b"]
    run.complete("b")

    assert run.open == ["z"]
    assert run.done.count("join") == 1


@pytest.mark.parametrize("seed", range(12))
def test_a_parallel_join_in_a_loop_is_right_in_every_round(seed: int) -> None:
    body = start() + exclusive("again", None) + parallel("fork") + parallel("join")
    body += users("b", "c", "d") + exclusive("more", "e") + end()
    text = """s -> again
    again -> fork
    fork -> b
    fork -> c
    b -> join
    c -> join
    join -> d
    d -> more
    more -> again [n < 4]
    more -> e"""
    run = Run(model(body, text), {"n": 0})
    chance = random.Random(seed)

    order: list[str] = []
    while run.status == "running":
        element = chance.choice(run.open)
        order.append(element)
        run.complete(element, **({"n": len(order) // 3} if element == "d" else {}))

    rounds = [order[i : i + 3] for i in range(0, len(order), 3)]
    assert len(rounds) == 4
    assert all(set(each[:2]) == {"b", "c"} and each[2] == "d" for each in rounds)


def test_a_second_token_on_one_flow_waits_at_the_join_for_its_own_round() -> None:
    body = start() + parallel("fork") + users("a", "b", "c", "z") + exclusive("merge")
    body += parallel("join") + end()
    text = """s -> fork
    fork -> a
    fork -> b
    fork -> c
    a -> merge
    b -> merge
    merge -> join
    c -> join
    join -> z
    z -> e"""
    run = Run(model(body, text))

    run.complete("a")
    run.complete("b")
    run.complete("c")

    assert run.open == ["z"]
    assert [active.element_id for active in run.view.active if active.element_id == "join"]


def test_an_inclusive_gateway_takes_all_true_flows_and_its_join_waits_for_them() -> None:
    body = start() + inclusive("g", "d") + users("b", "c", "d", "z") + inclusive("j") + end()
    text = """s -> g
    g -> b [x > 1]
    g -> c [x > 2]
    g -> d
    b -> j
    c -> j
    d -> j
    j -> z
    z -> e"""
    run = Run(model(body, text), {"x": 3})

    assert run.open == ["b", "c"]
    run.complete("b")
    assert run.open == ["c"]
    run.complete("c")
    assert run.open == ["z"]
    assert Run(model(body, text), {"x": 2}).open == ["b"]
    assert Run(model(body, text), {"x": 0}).open == ["d"]


def test_an_inclusive_join_in_a_loop_is_right_in_every_round() -> None:
    body = start() + exclusive("again") + inclusive("g", "d") + users("b", "c", "d", "z")
    body += inclusive("j") + exclusive("more", "e") + end()
    text = """s -> again
    again -> g
    g -> b [x > 1]
    g -> c [x > 2]
    g -> d
    b -> j
    c -> j
    d -> j
    j -> z
    z -> more
    more -> again [n < 3]
    more -> e"""
    run = Run(model(body, text), {"x": 3, "n": 0})

    for number, expected in enumerate((["b", "c"], ["b"], ["d"]), start=1):
        assert run.open == expected
        for element in expected:
            run.complete(element)
        run.complete("z", n=number, x=3 - number)

    assert run.status == "ended"
    assert run.done.count("z") == 3


def test_an_inclusive_join_waits_for_a_token_that_can_still_reach_it_by_a_detour() -> None:
    body = start() + inclusive("g") + users("b", "c", "detour", "z") + exclusive("x", "detour")
    body += inclusive("j") + end()
    text = """s -> g
    g -> b [true]
    g -> c [true]
    b -> j
    c -> x
    x -> j [direct]
    x -> detour
    detour -> j
    j -> z
    z -> e"""
    run = Run(model(body, text), {"direct": False})

    run.complete("b")
    run.complete("c")
    assert run.open == ["detour"]
    run.complete("detour")

    assert run.open == ["z"]
    assert run.done.count("j") == 1


CATCHES = (
    node("eventBasedGateway", "g")
    + node("intermediateCatchEvent", "answer", event("message", messageRef="m"))
    + node("intermediateCatchEvent", "short", timer("P1D"))
    + node("intermediateCatchEvent", "long", timer("P10D"))
)
RACE = """s -> g
g -> answer
g -> long
g -> short
answer -> a
short -> b
long -> c
a -> e
b -> e
c -> e"""


def test_an_event_based_gateway_goes_the_way_of_the_message_and_forgets_the_timers() -> None:
    run = Run(
        model(start() + CATCHES + users("a", "b", "c") + end(), RACE, named("message", "m", "m"))
    )

    step = run.message("m", {"text": "yes"})

    assert run.open == ["a"]
    assert run.work("a").variables == {"text": "yes"}
    assert len(step.timers_gone) == 2
    assert run.view.timers == ()
    assert run.view.waits == ()


def test_of_two_timers_behind_an_event_based_gateway_each_has_its_own_time() -> None:
    run = Run(
        model(start() + CATCHES + users("a", "b", "c") + end(), RACE, named("message", "m", "m"))
    )

    run.fire("short")

    assert run.open == ["b"]
    assert run.view.waits == ()


def test_an_event_based_gateway_in_a_loop_waits_anew_in_every_round() -> None:
    body = start() + exclusive("m") + CATCHES + users("a", "b", "c") + exclusive("again", "e")
    text = RACE.replace("s -> g", "s -> m\nm -> g").replace("-> e", "-> again")
    text += "\nagain -> m [n < 3]\nagain -> e"
    run = Run(model(body + end(), text, named("message", "m", "m")), {"n": 0})

    run.fire("short")
    run.complete("b", n=1)
    first = (len(run.view.timers), len(run.view.waits))
    run.message("m", {})
    run.complete("a", n=2)
    second = (len(run.view.timers), len(run.view.waits))
    run.fire("short")
    run.complete("b", n=3)

    assert first == second == (2, 1)
    assert run.status == "ended"


def test_several_flows_out_of_a_task_all_get_a_token() -> None:
    run = Run(
        model(start() + users("a", "b", "c") + end(), "s -> a\na -> b\na -> c\nb -> e\nc -> e")
    )

    run.complete("a")

    assert run.open == ["b", "c"]


def test_an_outer_inclusive_join_waits_for_a_token_that_has_an_inner_join_before_it() -> None:
    body = start() + inclusive("g") + inclusive("g2") + inclusive("j2") + inclusive("j")
    body += users("a", "b", "c", "z") + end()
    text = """s -> g
    g -> a [true]
    g -> g2 [true]
    g2 -> b [true]
    g2 -> c [false]
    b -> j2
    c -> j2
    j2 -> j
    a -> j
    j -> z
    z -> e"""
    run = Run(model(body, text))

    run.complete("a")
    assert run.open == ["b"]
    run.complete("b")

    assert run.open == ["z"]
    assert run.done.count("j") == 1
