"""What each token knows: never mixed, never shared, merged where tokens meet."""

import random

import pytest

from engine.bpmn import runtime
from engine.bpmn.parser import build_process
from engine.model.execution import Host
from tests.engine.bpmn.models import (
    Run,
    boundary,
    document,
    end,
    model,
    multi,
    parallel,
    process,
    start,
    subprocess,
    timer,
    user,
    users,
)

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


BRANCHES = subprocess(
    "sp",
    users("u"),
    "sp-s -> u\nu -> sp-e",
    multi(result="n", results="outcomes"),
)


def _branches() -> Run:
    body = start() + BRANCHES + end()
    return Run(model(body, "s -> sp\nsp -> e"), {"suppliers": ["A", "B"], "n": 1})


def test_a_correction_reaches_every_branch_that_knows_the_variable() -> None:
    run = _branches()

    run.act(runtime.set_variables, {"n": 2, "unknown": 3, "supplier": "C"})

    assert [work.variables for work in run.view.work] == [
        {"suppliers": ["A", "B"], "n": 2, "supplier": "A"},
        {"suppliers": ["A", "B"], "n": 2, "supplier": "B"},
    ]


def test_a_correction_may_be_for_one_branch_alone() -> None:
    run = _branches()
    task = run.view.work[1].task_id

    run.step = runtime.set_variables(run.process, run.state, {"n": 2}, run.now, around=task)

    assert [work.variables["n"] for work in run.view.work] == [1, 2]


def test_a_text_that_no_file_can_hold_is_an_incident_and_not_a_crash() -> None:
    marker = multi(result="broken()", results="outcomes")
    body = start() + user("u", marker) + end()
    files = {"p": document(process(body, "s -> u\nu -> e"))}
    built = build_process("p", files, functions=["broken"])
    run = Run(built, {"suppliers": ["A"]}, Host({"broken": lambda: "\ud83d"}))

    step = run.complete("u")

    assert [fact.code for fact in step.incidents] == ["feel-error"]
