"""The plain library against the runtime, in random orders, with a save and restore after each
step of ours. Models on which the library is right; where it is wrong, the other tests say what is
right instead (`test_gateways`, `test_data`, `test_loops`, `test_boundaries`, `test_state`)."""

import random
from collections.abc import Mapping
from typing import Any, Protocol

import pytest
from lxml import etree
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from engine.bpmn.engine_environment import FeelEnvironment, World
from engine.bpmn.parser import build_process
from engine.model.execution import Host
from tests.engine.bpmn.models import (
    NOW,
    Run,
    boundary,
    document,
    end,
    event,
    exclusive,
    extensions,
    inclusive,
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

SEEDS = 8
VARIABLES = {"suppliers": ["A", "B", "C"], "outcomes": [], "n": 0, "x": 3}
MESSAGE = named("message", "m", "m")
SIGNAL = named("signal", "sig", "sig")
ERROR = named("error", "err", "err", errorCode="err")
ESCALATION = named("escalation", "esc", "esc", escalationCode="esc")


def _both(*, sequential: bool = False) -> str:
    """A loop marker that says the same to the library and to the runtime."""
    loop = own("loop", collection="suppliers", item="supplier", result="score", results="outcomes")
    return (
        f"{extensions(loop)}"
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        "<bpmn:loopDataInputRef>suppliers</bpmn:loopDataInputRef>"
        "<bpmn:loopDataOutputRef>outcomes</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="supplier"/><bpmn:outputDataItem id="score"/>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def _p(body: str, text: str, *others: str) -> bytes:
    return document(*others, process(body, text))


CATCH_MESSAGE = event("message", messageRef="m")
TWO = subprocess("sp", users("u", "v"), "sp-s -> u\nu -> v\nv -> sp-e")
LATER = timer("PT100H")

MODELS: Mapping[str, bytes] = {
    "linear": _p(start() + users("a", "b", "c") + end(), "s -> a\na -> b\nb -> c\nc -> e"),
    "exclusive-loop": _p(
        start() + exclusive("m") + users("u", "count", "z") + exclusive("g", "z") + end(),
        "s -> m\nm -> u\nu -> count\ncount -> g\ng -> m [n < 4]\ng -> z\nz -> e",
    ),
    "parallel": _p(
        start() + parallel("f") + users("a", "b", "c", "d", "z") + parallel("j") + end(),
        "s -> f\nf -> a\na -> b\nf -> c\nf -> d\nb -> j\nc -> j\nd -> j\nj -> z\nz -> e",
    ),
    "parallel-nested": _p(
        start()
        + parallel("f")
        + parallel("g")
        + parallel("k")
        + parallel("j")
        + users("a", "b", "c", "d", "z")
        + end(),
        "s -> f\nf -> a\nf -> g\ng -> b\ng -> c\nb -> k\nc -> k\nk -> d\na -> j\nd -> j\n"
        "j -> z\nz -> e",
    ),
    "inclusive": _p(
        start() + inclusive("g", "d") + users("a", "b", "c", "d", "z") + inclusive("j") + end(),
        "s -> g\ng -> a [x > 1]\na -> b\ng -> c [x > 2]\ng -> d\nb -> j\nc -> j\nd -> j\n"
        "j -> z\nz -> e",
    ),
    "several-ends": _p(
        start() + parallel("f") + users("a", "b", "c") + end() + end("e2"),
        "s -> f\nf -> a\nf -> b\na -> e\nb -> c\nc -> e2",
    ),
    "merge-without-join": _p(
        start() + parallel("f") + users("a", "b", "z") + exclusive("m") + end(),
        "s -> f\nf -> a\nf -> b\na -> m\nb -> m\nm -> z\nz -> e",
    ),
    "border-timer": _p(
        start() + users("a", "u", "x", "z") + boundary("t", "u", LATER) + exclusive("m") + end(),
        "s -> a\na -> u\nu -> m\nt -> x\nx -> m\nm -> z\nz -> e",
    ),
    "border-timer-not-interrupting": _p(
        start() + users("u", "y", "z") + boundary("t", "u", LATER, interrupting=False) + end(),
        "s -> u\nu -> z\nz -> e\nt -> y\ny -> e",
    ),
    "border-timer-in-a-loop": _p(
        start()
        + exclusive("m")
        + users("u", "x", "count")
        + boundary("t", "u", LATER)
        + exclusive("g", "e")
        + end(),
        "s -> m\nm -> u\nu -> count\nt -> x\nx -> count\ncount -> g\ng -> m [n < 4]\ng -> e",
    ),
    "border-message": _p(
        start() + users("u", "x", "z") + boundary("c", "u", CATCH_MESSAGE) + end(),
        "s -> u\nu -> z\nz -> e\nc -> x\nx -> e",
        MESSAGE,
    ),
    "multi-instance-parallel": _p(
        start() + user("u", _both()) + user("z") + end(), "s -> u\nu -> z\nz -> e"
    ),
    "multi-instance-sequential": _p(
        start() + user("u", _both(sequential=True)) + user("z") + end(), "s -> u\nu -> z\nz -> e"
    ),
    "multi-instance-sub-process": _p(
        start()
        + subprocess("sp", users("v", "u"), "sp-s -> v\nv -> u\nu -> sp-e", _both())
        + user("z")
        + end(),
        "s -> sp\nsp -> z\nz -> e",
    ),
    "standard-loop": _p(
        start()
        + user("u", '<bpmn:standardLoopCharacteristics loopMaximum="3"/>')
        + user("z")
        + end(),
        "s -> u\nu -> z\nz -> e",
    ),
    "standard-loop-with-condition": _p(
        start()
        + user(
            "count",
            "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>n &lt; 3</bpmn:loopCondition>"
            "</bpmn:standardLoopCharacteristics>",
        )
        + user("z")
        + end(),
        "s -> count\ncount -> z\nz -> e",
    ),
    "nested-sub-processes": _p(
        start()
        + user("a")
        + subprocess(
            "sp",
            users("u", "w") + subprocess("sq", users("q", "r"), "sq-s -> q\nq -> r\nr -> sq-e"),
            "sp-s -> u\nu -> sq\nsq -> w\nw -> sp-e",
        )
        + boundary("t", "sp", LATER)
        + users("x", "z")
        + end(),
        "s -> a\na -> sp\nsp -> z\nt -> x\nx -> z\nz -> e",
    ),
    "sub-process-in-parallel": _p(
        start() + parallel("f") + TWO + users("c", "z") + parallel("j") + end(),
        "s -> f\nf -> sp\nf -> c\nsp -> j\nc -> j\nj -> z\nz -> e",
    ),
    "event-gateway": _p(
        start()
        + node("eventBasedGateway", "g")
        + node("intermediateCatchEvent", "c", CATCH_MESSAGE)
        + node("intermediateCatchEvent", "t", LATER)
        + users("a", "p", "q")
        + end(),
        "s -> a\na -> g\ng -> c\ng -> t\nc -> p\nt -> q\np -> e\nq -> e",
        MESSAGE,
    ),
    "catch-message": _p(
        start()
        + user("a")
        + node("intermediateCatchEvent", "c", CATCH_MESSAGE)
        + user("z")
        + end(),
        "s -> a\na -> c\nc -> z\nz -> e",
        MESSAGE,
    ),
    "receive-task": _p(
        start() + user("a") + node("receiveTask", "c", messageRef="m") + user("z") + end(),
        "s -> a\na -> c\nc -> z\nz -> e",
        MESSAGE,
    ),
    "catch-timer": _p(
        start() + user("a") + node("intermediateCatchEvent", "t", LATER) + user("z") + end(),
        "s -> a\na -> t\nt -> z\nz -> e",
    ),
    "catch-condition-that-holds": _p(
        start()
        + user("a")
        + node(
            "intermediateCatchEvent",
            "c",
            event("conditional", "<bpmn:condition>x = 3</bpmn:condition>"),
        )
        + user("z")
        + end(),
        "s -> a\na -> c\nc -> z\nz -> e",
    ),
    "escalation-not-interrupting": _p(
        start()
        + subprocess(
            "sp",
            users("u", "v")
            + node("intermediateThrowEvent", "t", event("escalation", escalationRef="esc")),
            "sp-s -> u\nu -> t\nt -> v\nv -> sp-e",
        )
        + boundary("c", "sp", event("escalation", escalationRef="esc"), interrupting=False)
        + users("x", "z")
        + end(),
        "s -> sp\nsp -> z\nz -> e\nc -> x\nx -> e",
        ESCALATION,
    ),
    "error-end": _p(
        start()
        + subprocess(
            "sp",
            users("u", "v") + exclusive("g", "v") + end("bad", event("error", errorRef="err")),
            "sp-s -> u\nu -> g\ng -> bad [x = 3]\ng -> v\nv -> sp-e",
        )
        + boundary("c", "sp", event("error", errorRef="err"))
        + users("x", "z")
        + end(),
        "s -> sp\nsp -> z\nz -> e\nc -> x\nx -> e",
        ERROR,
    ),
    "terminate-a-sub-process": _p(
        start()
        + subprocess(
            "sp",
            parallel("f") + users("u", "v") + end("stop", event("terminate")),
            "sp-s -> f\nf -> u\nf -> v\nu -> stop\nv -> sp-e",
        )
        + user("z")
        + end(),
        "s -> sp\nsp -> z\nz -> e",
    ),
    "manual-task": _p(
        start() + user("a") + node("manualTask", "m") + user("z") + end(),
        "s -> a\na -> m\nm -> z\nz -> e",
    ),
    "escalation-interrupting": _p(
        start()
        + subprocess(
            "sp",
            users("u", "v")
            + node("intermediateThrowEvent", "t", event("escalation", escalationRef="esc")),
            "sp-s -> u\nu -> t\nt -> v\nv -> sp-e",
        )
        + boundary("c", "sp", event("escalation", escalationRef="esc"))
        + users("x", "z")
        + end(),
        "s -> sp\nsp -> z\nz -> e\nc -> x\nx -> e",
        ESCALATION,
    ),
    "escalation-end": _p(
        start()
        + subprocess(
            "sp",
            user("u") + end("up", event("escalation", escalationRef="esc")),
            "sp-s -> u\nu -> up",
        )
        + boundary("c", "sp", event("escalation", escalationRef="esc"), interrupting=False)
        + users("x", "z")
        + end(),
        "s -> sp\nsp -> z\nz -> e\nc -> x\nx -> e",
        ESCALATION,
    ),
    "terminate": _p(
        start() + parallel("f") + users("a", "b") + end("stop", event("terminate")) + end(),
        "s -> f\nf -> a\na -> stop\nf -> b\nb -> e",
    ),
    "multi-instance-call": document(
        process(
            start() + node("callActivity", "c", _both(), calledElement="q") + user("z") + end(),
            "s -> c\nc -> z\nz -> e",
        ),
        process(start("qs") + users("u", "v") + end("qe"), "qs -> u\nu -> v\nv -> qe", "q"),
    ),
    "call-activity": document(
        process(
            start() + user("a") + node("callActivity", "c", calledElement="q") + user("z") + end(),
            "s -> a\na -> c\nc -> z\nz -> e",
        ),
        process(start("qs") + users("u", "v") + end("qe"), "qs -> u\nu -> v\nv -> qe", "q"),
    ),
}

Open = list[tuple[str, Mapping[str, Any]]]


class Driven(Protocol):
    def open(self) -> Open: ...
    def complete(self, position: int, outputs: Mapping[str, Any]) -> None: ...
    def timers(self) -> list[str]: ...
    def fire(self, element: str) -> None: ...
    def message(self, payload: Mapping[str, Any]) -> bool: ...
    def result(self) -> tuple[bool, Mapping[str, Any]]: ...


class Ours:
    """The runtime; bytes alone live between steps."""

    def __init__(self, model: bytes) -> None:
        self._run = Run(build_process("p", {"p": model}), VARIABLES)

    def _work(self) -> list[Any]:
        return sorted(
            self._run.view.work, key=lambda item: (item.element_id, _text(item.variables))
        )

    def open(self) -> Open:
        return [(item.element_id, item.variables) for item in self._work()]

    def complete(self, position: int, outputs: Mapping[str, Any]) -> None:
        self._run.finish(self._work()[position], outputs)

    def timers(self) -> list[str]:
        return sorted(fact.element_id for fact in self._run.view.timers)

    def fire(self, element: str) -> None:
        self._run.fire(element)

    def message(self, payload: Mapping[str, Any]) -> bool:
        if not self._run.view.waits:
            return False
        self._run.message("m", payload)
        return True

    def result(self) -> tuple[bool, Mapping[str, Any]]:
        return self._run.status != "running", self._run.variables


class Library:
    """SpiffWorkflow as it comes, with FEEL instead of Python."""

    def __init__(self, model: bytes) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(model))
        engine = PythonScriptEngine(FeelEnvironment(World(NOW, Host())))
        self._workflow = BpmnWorkflow(
            parser.get_spec("p"), parser.get_subprocess_specs("p"), script_engine=engine
        )
        self._workflow.task_tree.data.update({**VARIABLES, "outcomes": []})
        self._workflow.do_engine_steps()

    def _work(self) -> list[Any]:
        ready = self._workflow.get_tasks(state=TaskState.READY, manual=True)
        return sorted(ready, key=lambda task: (task.task_spec.bpmn_id, _text(task.data)))

    def open(self) -> Open:
        return [(task.task_spec.bpmn_id, task.data) for task in self._work()]

    def complete(self, position: int, outputs: Mapping[str, Any]) -> None:
        task = self._work()[position]
        task.set_data(**outputs)
        task.run()
        self._workflow.do_engine_steps()

    def _timers(self) -> list[Any]:
        return [
            task
            for task in self._workflow.event_manager.tasks.values()
            if "event_value" in task.internal_data and not task.internal_data.get("event_fired")
        ]

    def timers(self) -> list[str]:
        names = []
        for task in self._timers():
            definition = task.task_spec.event_definition
            if isinstance(definition, TimerEventDefinition):
                names.append(task.task_spec.bpmn_id)
            else:
                names += ["t"]
        return sorted(names)

    def fire(self, element: str) -> None:
        for task in self._timers():
            if task.task_spec.bpmn_id in (element, "g"):
                task.internal_data["event_value"] = "2001-01-01T00:00:00+00:00"
        self._workflow.refresh_timers()
        self._workflow.do_engine_steps()

    def message(self, payload: Mapping[str, Any]) -> bool:
        if not any(e.event_type == "MessageEventDefinition" for e in _flat(self._workflow)):
            return False
        definition = MessageEventDefinition("m")
        self._workflow.send_event(BpmnEvent(definition, payload=dict(payload)))
        self._workflow.do_engine_steps()
        return True

    def result(self) -> tuple[bool, Mapping[str, Any]]:
        done = self._workflow.is_completed()
        return done, self._workflow.data if done else {}


def _flat(workflow: Any) -> list[Any]:
    """The single events that are awaited, those behind an event-based gateway among them."""
    found = []
    for task in workflow.event_manager.tasks.values():
        definition = task.task_spec.event_definition
        each = getattr(definition, "event_definitions", [definition])
        found.extend(single.details(task) for single in each)
    return found


def _text(variables: Mapping[str, Any]) -> str:
    """Variables for comparing. The library collects results in the order of completion, the
    runtime in that of the items: compared without order."""
    shown = {
        name: sorted(value, key=repr) if name == "outcomes" else value
        for name, value in variables.items()
    }
    return repr(sorted(shown.items()))


def _seen(element: str, variables: Mapping[str, Any]) -> str:
    """What a task knows. In the library a turn of a loop sees the results before it, too."""
    hidden = ("outcomes",) if element == "u" else ()
    return _text({name: value for name, value in variables.items() if name not in hidden})


def trace(driven: Driven, seed: int) -> list[Any]:
    chance = random.Random(seed)
    trace: list[Any] = []
    for step in range(100):
        work = driven.open()
        timers = driven.timers()
        trace.append(([(element, _seen(element, data)) for element, data in work], timers))
        dice = chance.random()
        if dice < 0.2 and timers:
            driven.fire(timers[0])
        elif dice < 0.4 and driven.message({"brought": step}):
            pass
        elif work:
            position = chance.randrange(len(work))
            driven.complete(position, _outputs(*work[position], step))
        elif timers:
            driven.fire(timers[0])
        elif not driven.message({"brought": step}):
            break
    done, variables = driven.result()
    return [*trace, (done, _text(variables))]


def _outputs(element: str, variables: Mapping[str, Any], step: int) -> dict[str, Any]:
    if element == "count":
        return {"n": variables["n"] + 1}
    if element == "u":
        return {"score": step}
    return {f"{element}_done": step}


@pytest.mark.parametrize("name", MODELS)
def test_the_runtime_does_what_the_library_does(name: str) -> None:
    for seed in range(SEEDS):
        expected = trace(Library(MODELS[name]), seed)
        assert expected[-1][0] is True
        assert trace(Ours(MODELS[name]), seed) == expected
