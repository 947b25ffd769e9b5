"""The stored state: small, faithful, independent of key order, readable by later versions."""

import base64
import threading
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
import zstandard

from engine.bpmn import runtime
from engine.bpmn.engine_environment import World
from engine.bpmn.parser import build_process
from engine.bpmn.skeleton import glimpse, unpack
from engine.errors import InvalidInputError, RejectedError
from engine.model.execution import Host
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

GOLDEN = Path(__file__).parents[2] / "golden" / "skeletons"


def _busy() -> Run:
    """A process with a bit of everything: branches, a join that waits, a timer, a loop."""
    inner = subprocess(
        "sp",
        users("u", "v"),
        "sp-s -> u\nu -> v\nv -> sp-e",
        multi(result="v", results="outcomes"),
    )
    body = start() + parallel("f") + inner + users("b", "c", "z") + parallel("j") + end()
    body += boundary("late", "b", timer("R3/P7D", "Cycle"), interrupting=False)
    text = "s -> f\nf -> sp\nf -> b\nf -> c\nsp -> j\nb -> j\nc -> j\nj -> z\nz -> e\nlate -> e"
    run = Run(model(body, text), {"suppliers": ["A", "B"], "plan": {"size": 3}})
    run.complete("c", note="done")
    run.complete("u", plan={"size": 4})
    return run


def test_a_golden_state_of_the_first_format_still_loads_and_runs_to_its_end() -> None:
    state = base64.b64decode((GOLDEN / "format-1-busy.b64").read_text(encoding="ascii"))
    run = _busy()
    run.step = runtime.set_variables(run.process, state, {}, NOW)

    assert run.open == ["b", "u", "v"]
    for element, value in (("u", None), ("v", 1), ("v", 2), ("b", 3), ("z", 4)):
        run.complete(element, v=value)

    assert run.variables["outcomes"] in ([1, 2], [2, 1])
    assert run.variables["note"] == "done"


def _waiting() -> Run:
    """A process that waits: one turn of many, a race of events, a held task, a looping task."""
    turns = subprocess(
        "sp",
        users("u"),
        "sp-s -> u\nu -> sp-e",
        multi(result="score", results="outcomes", sequential=True),
    )
    race = node("eventBasedGateway", "g")
    race += node("intermediateCatchEvent", "answer", event("message", messageRef="m"))
    race += node("intermediateCatchEvent", "late", timer("P5D"))
    again = user("l", '<bpmn:standardLoopCharacteristics loopMaximum="2"/>')
    body = start() + parallel("f") + turns + race + again + exclusive("x") + users("a", "b") + end()
    text = """s -> f
    f -> sp
    f -> g
    f -> l
    f -> x
    g -> answer
    g -> late
    answer -> a
    late -> b
    x -> b [ready]
    sp -> e
    a -> e
    b -> e
    l -> e"""
    run = Run(
        model(body, text, named("message", "m", "m")), {"suppliers": ["A", None], "ready": None}
    )
    run.complete("u", score=1)
    run.complete("l", turn=1)
    return run


def test_a_golden_state_that_waits_still_loads_and_runs_to_its_end() -> None:
    state = base64.b64decode((GOLDEN / "format-1-waiting.b64").read_text(encoding="ascii"))
    run = _waiting()
    run.step = runtime.set_variables(run.process, state, {"ready": True}, NOW)

    assert run.open == ["l", "u"]
    assert [fact.element_id for fact in run.view.incidents] == ["x"]
    run.act(runtime.retry, run.view.incidents[0].task_id)
    run.message("m")
    for element in ("a", "b", "l", "u"):
        run.complete(element, score=2)

    assert run.status == "ended"
    assert run.variables["outcomes"] == [1, 2]


def test_the_order_of_keys_in_the_stored_state_does_not_matter() -> None:
    run = _busy()
    document = orjson.loads(zstandard.decompress(run.state))
    shuffled = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)

    view = runtime.inspect(run.process, zstandard.compress(shuffled))

    assert view == run.view


def test_looking_at_a_state_does_not_change_it() -> None:
    run = _busy()
    before = run.state

    runtime.inspect(run.process, run.state)
    step = runtime.set_variables(run.process, run.state, {}, NOW)

    assert zstandard.decompress(step.state) == zstandard.decompress(before)


def test_bytes_that_are_no_state_are_refused() -> None:
    run = _busy()

    for broken in (
        b"",
        b"nonsense",
        zstandard.compress(b"{}"),
        zstandard.compress(b"["),
        zstandard.compress(b"[]"),
    ):
        with pytest.raises(InvalidInputError):
            runtime.inspect(run.process, broken)


def test_a_state_of_another_format_is_refused_with_its_number() -> None:
    run = _busy()
    document = orjson.loads(zstandard.decompress(run.state)) | {"v": 99}

    with pytest.raises(InvalidInputError, match="format 99"):
        runtime.inspect(run.process, zstandard.compress(orjson.dumps(document)))


def test_a_state_of_another_version_of_the_process_is_refused() -> None:
    other = model(start() + user("a") + end(), "s -> a\na -> e")

    with pytest.raises(RejectedError, match="does not have"):
        runtime.inspect(other, _busy().state)


def test_a_loop_of_ten_thousand_rounds_runs_in_one_act() -> None:
    body = start() + exclusive("m") + exclusive("g", "m") + user("z") + end()
    counter = iter(range(1, 20_000))
    functions = {"tick": lambda: next(counter)}
    built = build_process(
        "p",
        {"p": document(process(body, "s -> m\nm -> g\ng -> z [tick() > 10000]\ng -> m\nz -> e"))},
        functions=["tick"],
    )

    run = Run(built, host=Host(functions, budget=50_000))

    assert run.open == ["z"]
    assert run.done.count("g") == 10_001


def test_the_state_does_not_grow_with_the_rounds_that_were_gone() -> None:
    body = start() + exclusive("m") + users("u", "v") + exclusive("g", "m") + end()
    run = Run(model(body, "s -> m\nm -> u\nu -> v\nv -> g\ng -> e [n > 400]\ng -> m"), {"n": 1000})
    sizes = []

    for number in range(1000, 1400):
        run.complete("u", n=-number)
        run.complete("v")
        sizes.append(len(zstandard.decompress(run.state)))

    assert len(set(sizes)) == 1


def test_threads_may_share_one_process() -> None:
    built = _busy().process
    results: list[object] = []

    def work() -> None:
        for _ in range(10):
            run = Run(built, {"suppliers": ["A", "B", "C"]})
            while run.status == "running":
                item = run.view.work[0]
                run.finish(item, {"v": item.item.get("supplier")})
            results.append(run.variables["outcomes"])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [["A", "B", "C"]] * 40


def test_restoring_an_earlier_state_says_what_to_open_and_close() -> None:
    run = Run(
        model(
            start() + users("a", "b") + boundary("t", "b", timer("P1D")) + end(),
            "s -> a\na -> b\nb -> e\nt -> e",
        )
    )
    earlier = run.state
    first = run.work("a")
    run.complete("a")
    timer_id = run.timer("t").task_id

    changes = runtime.diff_open(run.process, run.state, earlier)

    assert [work.task_id for work in changes.opened] == [first.task_id]
    assert len(changes.closed) == 1
    assert changes.timers_gone == (timer_id,)
    again = runtime.complete(run.process, earlier, first.task_id, {}, NOW)
    assert [work.element_id for work in again.opened] == ["b"]


@pytest.mark.parametrize("course", [_busy, _waiting])
def test_a_glimpse_of_one_task_shows_what_unpacking_all_of_them_shows(
    course: Callable[[], Run],
) -> None:
    run = course()
    state = run.step.state
    instance = unpack(run.process, state, World(NOW, Host()))

    for task in instance.tasks_now():
        seen = glimpse(run.process, state, task.id.hex)

        assert seen is not None
        assert seen.task_spec is task.task_spec
        assert (seen._state, seen.internal_data) == (task._state, task.internal_data)
        assert seen.data == task.data


def test_there_is_no_glimpse_of_a_task_that_is_not_there() -> None:
    run = _busy()

    assert glimpse(run.process, run.step.state, "0" * 32) is None
