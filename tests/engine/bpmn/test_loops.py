"""Multi-instance activities, parallel and sequential, and standard loops."""

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
    escaped,
    exclusive,
    extensions,
    model,
    multi,
    node,
    own,
    process,
    start,
    subprocess,
    timer,
    user,
)

ABC = {"suppliers": ["A", "B", "C"], "outcomes": []}


def _tasks(**loop: object) -> Run:
    marker = multi(result="score", results="outcomes", **loop)  # type: ignore[arg-type]
    body = start() + user("u", marker) + user("z") + end()
    return Run(model(body, "s -> u\nu -> z\nz -> e"), ABC)


def _branches(extra: str = "", *, sequential: bool = False) -> Run:
    marker = multi(
        result="{s: supplier, v: v}", results="outcomes", extra=extra, sequential=sequential
    )
    inner = subprocess("sp", user("u") + user("v"), "sp-s -> u\nu -> v\nv -> sp-e", marker)
    return Run(model(start() + inner + user("z") + end(), "s -> sp\nsp -> z\nz -> e"), ABC)


def test_parallel_instances_are_all_open_and_see_their_item() -> None:
    run = _tasks()

    assert [(w.loop_index, w.item) for w in run.view.work] == [
        (0, {"supplier": "A"}),
        (1, {"supplier": "B"}),
        (2, {"supplier": "C"}),
    ]
    assert run.work("u", 1).variables["supplier"] == "B"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_results_come_in_the_order_of_the_items_whatever_order_they_were_done_in(
    order: tuple[int, ...],
) -> None:
    run = _tasks()

    for index in order:
        run.complete("u", index, score=index * 10)

    assert run.work("z").variables == {"suppliers": ["A", "B", "C"], "outcomes": [0, 10, 20]}


def test_sequential_instances_are_open_one_after_another() -> None:
    run = _tasks(sequential=True)

    for index in (0, 1, 2):
        assert [(w.element_id, w.loop_index) for w in run.view.work] == [("u", index)]
        run.complete("u", score=index)

    assert run.work("z").variables["outcomes"] == [0, 1, 2]


def test_a_null_item_is_an_item_like_any_other() -> None:
    marker = multi(result="supplier", results="outcomes", sequential=True)
    body = start() + user("u", marker) + user("z") + end()
    run = Run(model(body, "s -> u\nu -> z\nz -> e"), {"suppliers": ["A", None, "C"]})

    for _ in range(3):
        run.complete("u")

    assert run.work("z").variables["outcomes"] == ["A", None, "C"]


@pytest.mark.parametrize("sequential", [True, False])
def test_an_empty_collection_skips_the_activity(sequential: bool) -> None:
    marker = multi(result="x", results="outcomes", sequential=sequential)
    body = start() + user("u", marker) + user("z") + end()
    run = Run(model(body, "s -> u\nu -> z\nz -> e"), {"suppliers": []})

    assert run.open == ["z"]
    assert run.work("z").variables["outcomes"] == []


def test_a_collection_that_is_no_list_is_an_incident_that_a_correction_mends() -> None:
    body = start() + user("a") + user("u", multi()) + user("z") + end()
    run = Run(model(body, "s -> a\na -> u\nu -> z\nz -> e"), {"suppliers": None})
    step = run.complete("a")
    assert [fact.element_id for fact in step.incidents] == ["u"]

    run.act(runtime.set_variables, {"suppliers": ["A"]})
    run.act(runtime.retry, step.incidents[0].task_id)

    assert run.work("u").item == {"supplier": "A"}


def test_nothing_but_the_results_leaves_a_branch() -> None:
    run = _branches()

    for index in (2, 0, 1):
        item = next(w for w in run.view.work if w.path == (f"sp#{index}",))
        run.finish(item, {"secret": index})
        item = next(w for w in run.view.work if w.path == (f"sp#{index}",))
        run.finish(item, {"v": index})

    assert run.work("z").variables == {
        "suppliers": ["A", "B", "C"],
        "outcomes": [{"s": "A", "v": 0}, {"s": "B", "v": 1}, {"s": "C", "v": 2}],
    }


def test_each_branch_carries_its_confidentiality_key() -> None:
    run = _branches(own("confidentiality", perSupplier="supplier"))

    assert [work.scope for work in run.view.work] == ["A", "B", "C"]


def test_a_key_that_cannot_be_told_holds_the_branch_rather_than_opening_it_to_all() -> None:
    run = _branches(own("confidentiality", perSupplier="supplier.id"))

    assert run.view.work == ()
    assert len(run.step.incidents) == 3


def test_branches_one_after_another_keep_their_own_variables() -> None:
    run = _branches(sequential=True)

    for index in (0, 1, 2):
        assert "mine" not in run.work("u").variables
        run.complete("u", mine=index)
        run.complete("v", v=index)

    assert run.work("z").variables["outcomes"][2] == {"s": "C", "v": 2}


@pytest.mark.parametrize("seed", range(6))
def test_branches_in_rounds_collect_each_round_anew(seed: int) -> None:
    marker = multi(result="{s: supplier, round: round}", results="outcomes")
    inner = subprocess("sp", user("u"), "sp-s -> u\nu -> sp-e", marker)
    body = start() + exclusive("m") + inner + user("next") + exclusive("x", "e") + end()
    text = "s -> m\nm -> sp\nsp -> next\nnext -> x\nx -> m [round < 3]\nx -> e"
    run = Run(model(body, text), {**ABC, "round": 0})
    chance = random.Random(seed)

    while run.status == "running":
        item = chance.choice(run.view.work)
        number = item.variables["round"]
        run.finish(item, {"round": number + 1} if item.element_id == "next" else {})

    assert run.variables["outcomes"] == [{"s": s, "round": 2} for s in "ABC"]


def test_a_completion_condition_ends_the_activity_and_cancels_what_is_left() -> None:
    run = _tasks(until="numberOfCompletedInstances >= 2")

    run.complete("u", 2, score=5)
    step = run.complete("u", 0, score=7)

    assert run.work("z").variables["outcomes"] == [7, 5]
    assert [(f.loop_index, f.outcome) for f in step.trail if f.element_id == "u"][:2] == [
        (0, "completed"),
        (1, "cancelled"),
    ]


def test_a_loop_cardinality_gives_that_many_instances() -> None:
    marker = (
        f"{extensions(own('loop', collection='', item='number'))}"
        "<bpmn:multiInstanceLoopCharacteristics>"
        "<bpmn:loopCardinality>count(suppliers) + 1</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    run = Run(model(start() + user("u", marker) + end(), "s -> u\nu -> e"), ABC)

    assert [work.item for work in run.view.work] == [{"number": n} for n in range(4)]


def test_a_result_that_cannot_be_computed_keeps_the_finished_work_and_can_be_retried() -> None:
    marker = multi(result="late(score)", results="outcomes")
    body = start() + user("u", marker) + user("z") + end()
    files = {"p": document(process(body, "s -> u\nu -> z\nz -> e"))}
    built = build_process("p", files, functions=["late"])
    run = Run(built, ABC)

    step = run.complete("u", 0, score=1)
    assert [fact.element_id for fact in step.incidents] == ["u"]
    run.complete("u", 1, score=2)
    run.host = Host(functions={"late": lambda score: score})
    run.act(runtime.retry, step.incidents[0].task_id)
    run.complete("u", 2, score=3)

    assert run.work("z").variables["outcomes"] == [1, 2, 3]


def test_a_timer_on_the_border_of_a_multi_instance_activity_cancels_every_branch() -> None:
    marker = multi()
    inner = subprocess("sp", user("u"), "sp-s -> u\nu -> sp-e", marker)
    body = start() + inner + boundary("late", "sp", timer("P1D")) + user("x") + end()
    run = Run(model(body, "s -> sp\nsp -> e\nlate -> x\nx -> e"), ABC)
    run.complete("u", None)

    run.fire("late")

    assert run.open == ["x"]
    run.complete("x")
    assert run.status == "ended"


def _loop(attributes: str, condition: str = "") -> str:
    inner = f"<bpmn:loopCondition>{escaped(condition)}</bpmn:loopCondition>" if condition else ""
    return (
        f"<bpmn:standardLoopCharacteristics {attributes}>{inner}</bpmn:standardLoopCharacteristics>"
    )


def _standard(marker: str) -> Run:
    body = start() + user("u", marker) + user("z") + end()
    return Run(model(body, "s -> u\nu -> z\nz -> e"), {"n": 0})


def test_a_standard_loop_runs_at_most_so_many_times() -> None:
    run = _standard(_loop('loopMaximum="3"'))

    for number in (1, 2, 3):
        run.complete("u", n=number)

    assert run.work("z").variables == {"n": 3}


def test_a_standard_loop_goes_on_while_its_condition_holds() -> None:
    run = _standard(_loop("", "n < 2"))

    run.complete("u", n=1)
    run.complete("u", n=2)

    assert run.open == ["z"]


def test_a_loop_that_tests_before_may_not_run_at_all() -> None:
    assert _standard(_loop('testBefore="true"', "n > 0")).open == ["z"]


def test_a_looping_sub_process_passes_its_variables_from_turn_to_turn() -> None:
    inner = subprocess("sp", user("u"), "sp-s -> u\nu -> sp-e", _loop("", "n < 3"))
    run = Run(model(start() + inner + end(), "s -> sp\nsp -> e"), {"n": 0})

    while run.status == "running":
        run.complete("u", n=run.work("u").variables["n"] + 1)

    assert run.variables == {"n": 3}


def test_a_service_task_can_run_for_each_item() -> None:
    body = start() + node("serviceTask", "send", multi()) + end()
    run = Run(model(body, "s -> send\nsend -> e"), ABC)

    assert [(work.kind, work.item) for work in run.view.work] == [
        ("service", {"supplier": s}) for s in "ABC"
    ]
