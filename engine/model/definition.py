"""What a deployed process says, apart from how its tokens run: read once at deployment, stored
as JSON beside the files, and used by commands and pages without reading any BPMN again.

Texts are those of the model (bokmål); `ProcessDefinition.text` gives another language.
Expressions are FEEL source, already checked against the names known at their place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import orjson

VARIABLE_TYPES = ("string", "number", "boolean", "date", "date-time", "list", "context")
"""Types a process variable may be declared with (docs/modelling.md)."""

GIVEN_VARIABLES = ("title", "reference", "procedure", "started_at")
"""Variables every procurement has without declaring them."""

PREFILL_FUNCTIONS: Final = frozenset({"standing_suppliers", "booked_meeting", "round_agenda"})
"""What only the expressions of a `prefill` may call: it depends on the moment and on who looks, so
that nothing that is kept may rest on it."""


@dataclass(frozen=True, slots=True)
class PhaseInfo:
    """One station of the phase bar, in the order of the model."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class VariableInfo:
    """A declared variable; `initial` is FEEL, None where it begins as null."""

    name: str
    type: str
    initial: str | None = None


@dataclass(frozen=True, slots=True)
class LaneInfo:
    """A lane and the role of the procurement's team it stands for."""

    id: str
    name: str
    role: str


REPORT: Final = "submission"
"""What the outputs of an event call the id of the report that came with its message."""


@dataclass(frozen=True, slots=True)
class OptionInfo:
    """A choice at a gate. One that `opens` can be taken only when every check holds; one that
    `closes_round` only when all know what any supplier learned in the round."""

    value: str
    name: str
    opens: bool = False
    reason_required: bool = False
    closes_round: bool = False


@dataclass(frozen=True, slots=True)
class GateInfo:
    """A recorded decision; `decision` is D1…D15, `four_eyes` the role of the second person."""

    decision: str
    variable: str
    checks: tuple[str, ...] = ()
    options: tuple[OptionInfo, ...] = ()
    four_eyes: str | None = None

    def option(self, value: str) -> OptionInfo | None:
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True, slots=True)
class DueInfo:
    """When the task is due: `value` (ISO 8601 period or FEEL) after it opens, or time-limit
    `rule` counted from the moment the FEEL expression `start` gives."""

    value: str | None = None
    rule: str | None = None
    start: str | None = None


@dataclass(frozen=True, slots=True)
class AssignmentInfo:
    """`variable` takes what the FEEL expression `value` gives."""

    variable: str
    value: str


@dataclass(frozen=True, slots=True)
class OperationInfo:
    """The registered operation of a service task; inputs are name and FEEL."""

    name: str
    inputs: tuple[AssignmentInfo, ...] = ()


@dataclass(frozen=True, slots=True)
class LoopInfo:
    """One branch per item of `collection`; `results` receives `result` per branch, in order."""

    collection: str
    item: str
    result: str | None = None
    results: str | None = None
    sequential: bool = False


@dataclass(frozen=True, slots=True)
class DecisionCallInfo:
    """A business rule task: DMN decision `ref` into variable `result`. `answers` are what people
    call the values that it can give, by value."""

    ref: str
    result: str
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimerInfo:
    """`kind` is date, duration or cycle; `value` ISO 8601 or FEEL."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class MessageInfo:
    """What can be reported to a running process: by whom (`roles`), with which `form`.

    `correlate` is FEEL, evaluated in the branch that waits; None where there is one branch."""

    id: str
    name: str
    title: str
    form: str | None = None
    roles: tuple[str, ...] = ()
    correlate: str | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """A field of another form that whoever does the task must not know before it is done."""

    form: str
    field: str


PRICES: Final = Withheld("tender-check", "price")
"""What models keep from those who judge quality: where they do, prices are handed in apart."""


@dataclass(frozen=True, slots=True)
class ElementInfo:
    """One flow node. `kind` is its BPMN name (`userTask`).

    `event` says what an event is about (`timer`, `message`, …, empty for a plain one). `scope` is
    the id of the enclosing sub-process or process. `performer` is FEEL that names the one person a
    task is for. `role`, `phase` and `confidentiality` are inherited from outside in. `trigger` is
    the name of the signal, or the code of the error or escalation, that an event speaks of.
    `prefills` are what fields of a task's form begin with.
    """

    id: str
    name: str
    kind: str
    scope: str
    line: int = 0
    event: str = ""
    lane: str | None = None
    role: str | None = None
    phase: str | None = None
    form: str | None = None
    ui: str | None = None
    instructions: str | None = None
    outputs: tuple[AssignmentInfo, ...] = ()
    prefills: tuple[AssignmentInfo, ...] = ()
    gate: GateInfo | None = None
    due: DueInfo | None = None
    separation: tuple[str, ...] = ()
    performer: str | None = None
    participation: tuple[str, ...] = ()
    operation: OperationInfo | None = None
    decision: DecisionCallInfo | None = None
    loop: LoopInfo | None = None
    confidentiality: str | None = None
    withheld: tuple[Withheld, ...] = ()
    called: str | None = None
    call_inputs: tuple[AssignmentInfo, ...] = ()
    call_outputs: tuple[AssignmentInfo, ...] = ()
    message: str | None = None
    trigger: str | None = None
    timer: TimerInfo | None = None
    attached_to: str | None = None
    interrupting: bool = True


NO_ELEMENT: Final = ElementInfo("", "", "", "")
"""What a model says of a task that was put in beside it: nothing."""


@dataclass(frozen=True, slots=True)
class FlowInfo:
    """A sequence flow between two elements; `condition` is FEEL, None where there is none."""

    source: str
    target: str
    condition: str | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    """One process of the version: the root or one it calls. `messages` are keyed by their name,
    `elements` by their id, in the order of the file, as `flows` are."""

    key: str
    name: str
    file: str
    procedure: str | None = None
    startable: bool = False
    phases: tuple[PhaseInfo, ...] = ()
    variables: tuple[VariableInfo, ...] = ()
    lanes: tuple[LaneInfo, ...] = ()
    elements: Mapping[str, ElementInfo] = field(default_factory=dict)
    messages: Mapping[str, MessageInfo] = field(default_factory=dict)
    flows: tuple[FlowInfo, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles of the lanes, each once, in the order of the drawing."""
        return tuple(dict.fromkeys(lane.role for lane in self.lanes))

    @property
    def variable_names(self) -> frozenset[str]:
        return frozenset(variable.name for variable in self.variables) | frozenset(GIVEN_VARIABLES)

    def within(self, element_id: str) -> Iterator[ElementInfo]:
        """The element and its enclosing sub-processes, from the inside out."""
        element = self.elements.get(element_id)
        while element is not None:
            yield element
            element = self.elements.get(element.scope)


@dataclass(frozen=True, slots=True)
class FormInfo:
    """A form of the version; `fields` are the names of its top-level fields."""

    key: str
    title: str
    catalogue: str | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionInfo:
    """A DMN decision of the version, its file, and the variables it reads (`inputs`); `answers` are
    the words that its table writes as its answer."""

    id: str
    name: str
    file: str
    inputs: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcessDefinition:
    """One immutable version: the root process `key` and everything it takes along.

    `digest` is the SHA-256 of its files (`engine.bpmn.bundle.digest`). `texts` maps a language
    to process key to text key to text."""

    key: str
    name: str
    digest: str
    processes: Mapping[str, ProcessInfo]
    forms: Mapping[str, FormInfo] = field(default_factory=dict)
    decisions: Mapping[str, DecisionInfo] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    @property
    def root(self) -> ProcessInfo:
        return self.processes[self.key]

    def text(self, language: str, process: str, key: str, otherwise: str) -> str:
        """The text `key` (`describe-need.name`) in `language`; `otherwise` where there is none."""
        return self.texts.get(language, {}).get(process, {}).get(key, otherwise)

    def as_json(self) -> dict[str, Any]:
        """Plain values for storing; `from_json` gives the same definition back."""
        stored: dict[str, Any] = orjson.loads(orjson.dumps(self))
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ProcessDefinition":
        definition: ProcessDefinition = _decode(cls, stored)
        return definition


def _decode(wanted: Any, value: Any) -> Any:
    """Build `wanted` (a dataclass, tuple, mapping or plain type of this module) from JSON."""
    origin = get_origin(wanted)
    if origin in (Union, UnionType):
        if value is None:
            return None
        return _decode(next(t for t in get_args(wanted) if t is not type(None)), value)
    if origin is tuple:
        return tuple(_decode(get_args(wanted)[0], item) for item in value)
    if origin is Mapping:
        return {key: _decode(get_args(wanted)[1], item) for key, item in value.items()}
    if not hasattr(wanted, "__dataclass_fields__"):
        return value
    hints = _hints(wanted)
    return wanted(**{name: _decode(hints[name], item) for name, item in value.items()})


@cache
def _hints(wanted: type) -> Mapping[str, Any]:
    """The types of its fields: working them out takes longer than building it."""
    return get_type_hints(wanted)


def withholding(definition: ProcessDefinition) -> Iterator[ElementInfo]:
    """The elements of the version that keep something from whoever does their work."""
    for process in definition.processes.values():
        yield from (each for each in process.elements.values() if each.withheld)


def keeps_prices_apart(definition: ProcessDefinition) -> bool:
    return any(PRICES in each.withheld for each in withholding(definition))


def steps_of(definition: ProcessDefinition) -> Iterator[tuple[str, ElementInfo]]:
    """What people do in the processes of the version: key of the process and element, in the order
    of the files."""
    for process in definition.processes.values():
        for element in process.elements.values():
            if element.kind in {"userTask", "manualTask"}:
                yield process.key, element
