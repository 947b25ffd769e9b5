"""What running a process takes and gives: values between the BPMN runtime and the commands.

All task, timer and wait ids are the hexadecimal ids of live tasks; they stay the same until the
task ends. Moments are aware UTC.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

DEFAULT_STEP_BUDGET = 10_000
"""Automatic steps one act may take before the process is held with an incident."""

WorkKind = Literal["user", "manual", "service", "send"]
Outcome = Literal["completed", "cancelled", "failed"]
Status = Literal["running", "ended", "terminated"]


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Host:
    """What the surrounding engine lends to a run.

    `functions` are called from expressions by name. `decide(ref, variables, scope)` evaluates a
    decision of the bundle and returns JSON-able data or a FEEL value; it raises an `EngineError`
    where no rule gives an answer. `budget` counts automatic steps per act.
    """

    functions: Mapping[str, Callable[..., Any]] = field(default_factory=_nothing)
    decide: Callable[[str, Mapping[str, Any], Any], Any] | None = None
    budget: int = DEFAULT_STEP_BUDGET


@dataclass(frozen=True, slots=True)
class ElementFact:
    """An element that finished. `path` names the enclosing call activities and sub-processes from
    the outside in, those of a loop as `id#index`; `loop_index` counts from 0."""

    task_id: str
    element_id: str
    process_id: str
    kind: str
    outcome: Outcome
    path: tuple[str, ...] = ()
    loop_index: int | None = None
    scope: str = ""


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Work that waits for a person, or for the engine to run the operation it names.

    `item` holds the loop variable of the enclosing multi-instance activities, `variables` all that
    the task sees. `scope` is the confidentiality key (an organisation number), empty for none.
    """

    task_id: str
    element_id: str
    element_name: str
    kind: WorkKind
    lane: str | None
    process_id: str
    item: Mapping[str, Any]
    variables: Mapping[str, Any]
    scope: str = ""
    loop_index: int | None = None
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimerFact:
    """A timer that fires at `due_at`. `interrupting` is None unless it is a boundary event;
    `repeats` is how often it fires yet, None without end."""

    task_id: str
    element_id: str
    process_id: str
    due_at: datetime
    interrupting: bool | None
    expression: str
    repeats: int | None = 1
    scope: str = ""


@dataclass(frozen=True, slots=True)
class WaitFact:
    """A message or signal that can be received. `correlation` tells branches apart (None where
    the message does not say how)."""

    task_id: str
    element_id: str
    process_id: str
    kind: Literal["message", "signal"]
    name: str
    correlation: Any = None
    interrupting: bool | None = None
    scope: str = ""


@dataclass(frozen=True, slots=True)
class IncidentFact:
    """A task that cannot go on until somebody mends the cause and retries."""

    task_id: str
    element_id: str
    process_id: str
    code: str
    message: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message, signal or escalation that was thrown; `caught` when this instance received it."""

    kind: Literal["message", "signal", "escalation"]
    name: str
    task_id: str
    element_id: str
    process_id: str
    variables: Mapping[str, Any]
    correlation: Any = None
    caught: bool = False
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message for a process: for the branch that `correlation` names (None: the only one), or
    for one wait by its id."""

    name: str
    payload: Mapping[str, Any] = field(default_factory=_nothing)
    correlation: Any = None
    wait: str | None = None


@dataclass(frozen=True, slots=True)
class ActiveElement:
    """An element that holds `count` tokens of one confidentiality, for the diagram. `path` is as
    in `ElementFact`."""

    process_id: str
    element_id: str
    count: int
    scope: str = ""
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StartEventInfo:
    """A way to start a process: `event` is empty, `message`, `timer` or `signal`; `name` the
    message or signal, `expression` what the timer says."""

    element_id: str
    event: str
    name: str = ""
    expression: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """Everything that is open in a state."""

    work: tuple[WorkItem, ...]
    timers: tuple[TimerFact, ...]
    waits: tuple[WaitFact, ...]
    incidents: tuple[IncidentFact, ...]
    active: tuple[ActiveElement, ...]
    status: Status
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenDiff:
    """What has to change in the tables of open things to go from one state to another."""

    opened: tuple[WorkItem, ...] = ()
    closed: tuple[str, ...] = ()
    timers_armed: tuple[TimerFact, ...] = ()
    timers_gone: tuple[str, ...] = ()
    waits_armed: tuple[WaitFact, ...] = ()
    waits_gone: tuple[str, ...] = ()
    incidents: tuple[IncidentFact, ...] = ()
    incidents_gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step(OpenDiff):
    """What one act did. `trail` is what finished, in order; a timer that moved is armed again
    under its id. `variables` are those of the root, once the process has ended; empty before."""

    state: bytes = b""
    status: Status = "running"
    trail: tuple[ElementFact, ...] = ()
    thrown: tuple[Thrown, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=_nothing)
