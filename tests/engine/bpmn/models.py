"""Small models as text, and a way to run them that saves and restores between all steps."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.bpmn import runtime
from engine.bpmn.parser import ExecutableProcess, build_process
from engine.model.execution import Delivery, Host, Step, TimerFact, WorkItem

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:pivotal="urn:pivotal:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'id="D" targetNamespace="http://example.com">'
)
_FLOW = re.compile(r"(\S+) -> (\S+)(?: \[(.*)\])?(?: (default))?$")


def escaped(text: str) -> str:
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def flows(text: str) -> str:
    """One flow a line: `a -> b`, `a -> b [condition]` or `a -> b default`."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    found = []
    for line in lines:
        match = _FLOW.match(line)
        assert match, line
        source, target, condition, _ = match.groups()
        inner = (
            f"<bpmn:conditionExpression>{escaped(condition)}</bpmn:conditionExpression>"
            if condition
            else ""
        )
        found.append(
            f'<bpmn:sequenceFlow id="{source}-to-{target}" sourceRef="{source}" '
            f'targetRef="{target}">{inner}</bpmn:sequenceFlow>'
        )
    return "".join(found)


def named(kind: str, key: str, name: str, **attributes: str) -> str:
    """A message, signal, error or escalation of the file."""
    rest = "".join(f' {each}="{escaped(value)}"' for each, value in attributes.items())
    return f'<bpmn:{kind} id="{key}" name="{name}"{rest}/>'


def node(kind: str, key: str, inner: str = "", **attributes: str) -> str:
    rest = "".join(f' {name}="{escaped(value)}"' for name, value in attributes.items())
    return f'<bpmn:{kind} id="{key}" name="{key}"{rest}>{inner}</bpmn:{kind}>'


def extensions(*elements: str) -> str:
    return f"<bpmn:extensionElements>{''.join(elements)}</bpmn:extensionElements>"


def own(tag: str, /, **attributes: str) -> str:
    """An element of our namespace."""
    rest = "".join(f' {key}="{escaped(value)}"' for key, value in attributes.items())
    return f"<pivotal:{tag}{rest}/>"


def start(key: str = "s", inner: str = "") -> str:
    return node("startEvent", key, inner)


def end(key: str = "e", inner: str = "") -> str:
    return node("endEvent", key, inner)


def user(key: str, inner: str = "") -> str:
    return node("userTask", key, inner)


def users(*keys: str) -> str:
    return "".join(user(key) for key in keys)


def exclusive(key: str, default: str | None = None) -> str:
    return _gateway("exclusiveGateway", key, default)


def inclusive(key: str, default: str | None = None) -> str:
    return _gateway("inclusiveGateway", key, default)


def parallel(key: str) -> str:
    return node("parallelGateway", key)


def _gateway(kind: str, key: str, default: str | None) -> str:
    return node(kind, key, **({"default": f"{key}-to-{default}"} if default else {}))


def subprocess(key: str, inner: str, text: str, extra: str = "") -> str:
    body = f"{extra}{start(key + '-s')}{inner}{end(key + '-e')}{flows(text)}"
    return node("subProcess", key, body)


def event(kind: str, inner: str = "", **attributes: str) -> str:
    rest = "".join(f' {name}="{escaped(value)}"' for name, value in attributes.items())
    return f"<bpmn:{kind}EventDefinition{rest}>{inner}</bpmn:{kind}EventDefinition>"


def timer(value: str, kind: str = "Duration") -> str:
    return event("timer", f"<bpmn:time{kind}>{escaped(value)}</bpmn:time{kind}>")


def boundary(key: str, activity: str, inner: str, *, interrupting: bool = True) -> str:
    return node(
        "boundaryEvent",
        key,
        inner,
        attachedToRef=activity,
        cancelActivity="true" if interrupting else "false",
    )


def multi(
    collection: str = "suppliers",
    item: str = "supplier",
    result: str | None = None,
    results: str | None = None,
    *,
    sequential: bool = False,
    until: str | None = None,
    extra: str = "",
) -> str:
    """The loop marker of a multi-instance activity with what our namespace says of it."""
    attributes = {"collection": collection, "item": item}
    if result is not None:
        attributes["result"] = result
    if results is not None:
        attributes["results"] = results
    stop = f"<bpmn:completionCondition>{escaped(until)}</bpmn:completionCondition>" if until else ""
    return (
        f"{extensions(own('loop', **attributes), extra)}"
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"{stop}</bpmn:multiInstanceLoopCharacteristics>"
    )


def process(body: str, text: str, key: str = "p") -> str:
    return f'<bpmn:process id="{key}" isExecutable="true">{body}{flows(text)}</bpmn:process>'


def document(*parts: str) -> bytes:
    return (HEAD + "".join(parts) + "</bpmn:definitions>").encode()


def model(body: str, text: str, *others: str) -> ExecutableProcess:
    """An executable process `p`; `others` are further elements of the file."""
    return build_process("p", {"p.bpmn": document(*others, process(body, text))})


class Run:
    """A process that is driven by element ids. Nothing but bytes is kept between acts."""

    def __init__(
        self,
        executable: ExecutableProcess,
        variables: Mapping[str, Any] | None = None,
        host: Host | None = None,
        start_event: str | None = None,
    ) -> None:
        self.process = executable
        self.host = host or Host()
        self.now = NOW
        self.done: list[str] = []
        self.step = runtime.start(
            executable, variables or {}, self.now, self.host, start_event=start_event
        )
        self._note()

    @property
    def state(self) -> bytes:
        return self.step.state

    @property
    def view(self) -> Any:
        return runtime.inspect(self.process, self.state)

    @property
    def open(self) -> list[str]:
        return sorted(item.element_id for item in self.view.work)

    @property
    def variables(self) -> Mapping[str, Any]:
        return self.step.variables

    @property
    def status(self) -> str:
        return self.step.status

    def work(self, element: str, index: int | None = None) -> WorkItem:
        found = [
            item
            for item in self.view.work
            if item.element_id == element and index in (None, item.loop_index)
        ]
        assert found, f"{element} is not open, but {self.open}"
        result: WorkItem = found[0]
        return result

    def complete(self, element: str, _index: int | None = None, **outputs: Any) -> Step:
        return self.finish(self.work(element, _index), outputs)

    def finish(self, item: WorkItem, outputs: Mapping[str, Any]) -> Step:
        return self.act(runtime.complete, item.task_id, outputs)

    def timer(self, element: str) -> TimerFact:
        found = [timer for timer in self.view.timers if timer.element_id == element]
        assert found, f"{element} is not armed"
        result: TimerFact = found[0]
        return result

    def fire(self, element: str) -> Step:
        fact = self.timer(element)
        self.now = max(self.now, fact.due_at)
        return self.act(runtime.fire_timer, fact.task_id)

    def message(
        self, name: str, payload: Mapping[str, Any] | None = None, correlation: Any = None
    ) -> Step:
        return self.act(runtime.deliver_message, Delivery(name, payload or {}, correlation))

    def act(self, function: Callable[..., Step], *arguments: Any) -> Step:
        self.step = function(self.process, self.state, *arguments, self.now, self.host)
        self._note()
        return self.step

    def wait(self, **distance: float) -> None:
        self.now += timedelta(**distance)

    def _note(self) -> None:
        self.done += [fact.element_id for fact in self.step.trail if fact.outcome == "completed"]
