"""What each token knows: never mixed, never shared, merged where tokens meet."""

import random

import pytest

from tests.engine.bpmn.models import Run, boundary, end, model, parallel, start, timer, user, users

FORK = start() + parallel("f") + users("b", "c", "d", "z") + parallel("j") + end()
FLOWS = "s -> f\nf -> b\nf -> c\nf -> d\nb -> j\nc -> j\nd -> j\nj -> z\nz -> e"


def test_parallel_branches_do_not_see_what_the_others_set() -> None:
    run = Run(model(FORK, FLOWS), {"plan": {"score": 1}})

    run.complete("b", plan={"score": 99})

    assert run.work("c").variables == {"plan": {"score": 1}}


def test_a_join_takes_from_each_branch_what_it_changed() -> None:
    run = Run(model(FORK, FLOWS), {"a": 1, "b": 1, "c": 1})

    run.complete("c", c=3)
    run.complete("b", b=2)
    run.complete("d")

    assert run.work("z").variables == {"a": 1, "b": 2, "c": 3}


def test_a_list_is_replaced_at_a_join_and_never_mixed_item_by_item() -> None:
    run = Run(model(FORK, FLOWS), {"minutes": [{"by": "A", "points": 1}]})

    run.complete("b", minutes=[{"by": "A", "points": 1}, {"by": "B"}])
    run.complete("c")
    run.complete("d")

    assert run.work("z").variables == {"minutes": [{"by": "A", "points": 1}, {"by": "B"}]}


def test_of_two_branches_that_change_the_same_variable_the_later_wins() -> None:
    for order, expected in ((("b", "c"), "c"), (("c", "b"), "b")):
        run = Run(model(FORK, FLOWS), {"x": None})
        for element in order:
            run.complete(element, x=element)
        run.complete("d")
        assert run.work("z").variables == {"x": expected}


def test_true_and_one_are_different_values_in_a_stored_state() -> None:
    body = start() + users("a", "b") + end()
    run = Run(model(body, "s -> a\na -> b\nb -> e"), {"x": 1, "y": [0]})

    run.complete("a", x=True, y=[False])

    assert run.work("b").variables["x"] is True
    assert run.work("b").variables["y"][0] is False


@pytest.mark.parametrize("seed", range(8))
def test_nested_forks_bring_every_change_to_the_last_join(seed: int) -> None:
    body = start() + parallel("f") + parallel("f2") + parallel("j2") + parallel("j")
    body += users("a", "b", "c", "d", "z") + end()
    text = """s -> f
    f -> a
    f -> f2
    f2 -> b
    f2 -> c
    b -> j2
    c -> j2
    j2 -> d
    a -> j
    d -> j
    j -> z
    z -> e"""
    run = Run(model(body, text), {"kept": 0})
    chance = random.Random(seed)

    while run.open != ["z"]:
        element = chance.choice(run.open)
        run.complete(element, **{element: element})

    assert run.work("z").variables == {"kept": 0, "a": "a", "b": "b", "c": "c", "d": "d"}


def test_the_end_of_a_process_gathers_what_its_paths_have_changed() -> None:
    body = start() + user("u") + boundary("t", "u", timer("R/P1D", "Cycle"), interrupting=False)
    body += user("x") + end() + end("e2")
    run = Run(model(body, "s -> u\nu -> e\nt -> x\nx -> e2"), {"reminders": 0})

    for number in range(1, 6):
        run.fire("t")
        run.complete("x", reminders=number)
    run.complete("u", done=True)

    assert run.variables == {"reminders": 5, "done": True}


def test_paths_that_ended_leave_nothing_behind_but_their_changes() -> None:
    body = start() + user("u") + boundary("t", "u", timer("R/P1D", "Cycle"), interrupting=False)
    body += user("x") + end() + end("e2")
    run = Run(model(body, "s -> u\nu -> e\nt -> x\nx -> e2"), {"reminders": 0})

    sizes = []
    for number in range(30):
        run.fire("t")
        run.complete("x", reminders=number)
        sizes.append(len(run.state))

    assert max(sizes[10:]) - min(sizes[10:]) < 100
