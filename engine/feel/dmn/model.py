"""A DMN model as plain data: what the XML says, before anything is compiled.

`ident` is the id in the file (the name where there is none); `type_ref` a type's name or None.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

HitPolicy = Literal["UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
Aggregation = Literal["SUM", "MIN", "MAX", "COUNT"]


@dataclass(frozen=True, slots=True)
class LiteralExpression:
    text: str
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """An entry without a name is the context's result."""

    name: str | None
    value: "Boxed | None"
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class BoxedContext:
    entries: tuple[ContextEntry, ...]
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Invocation:
    function: "Boxed | None"
    bindings: tuple[tuple[str, "Boxed | None"], ...]
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    columns: tuple[str, ...]
    rows: tuple[tuple["Boxed", ...], ...]
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class BoxedList:
    items: tuple["Boxed", ...]
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """A `kind` other than FEEL (Java, PMML) is never run: its calls give null."""

    parameters: tuple[Parameter, ...]
    body: "Boxed | None"
    kind: str = "FEEL"
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class BoxedConditional:
    condition: "Boxed | None"
    then: "Boxed | None"
    otherwise: "Boxed | None"
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class BoxedFilter:
    source: "Boxed | None"
    match: "Boxed | None"
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class BoxedIterator:
    kind: Literal["for", "some", "every"]
    variable: str
    source: "Boxed | None"
    body: "Boxed | None"
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class InputClause:
    expression: str
    label: str = ""
    allowed: str | None = None


@dataclass(frozen=True, slots=True)
class OutputClause:
    name: str | None
    allowed: str | None = None
    """In order of priority."""
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    ident: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    annotation: str = ""


@dataclass(frozen=True, slots=True)
class DecisionTable:
    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    type_ref: str | None = None


Boxed: TypeAlias = (
    LiteralExpression
    | BoxedContext
    | Invocation
    | Relation
    | BoxedList
    | FunctionDefinition
    | BoxedConditional
    | BoxedFilter
    | BoxedIterator
    | DecisionTable
)


@dataclass(frozen=True, slots=True)
class InputData:
    ident: str
    name: str
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`requires` holds the ids of what it needs: inputs, decisions and knowledge."""

    ident: str
    name: str
    expression: Boxed | None
    requires: tuple[str, ...] = ()
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class BusinessKnowledgeModel:
    ident: str
    name: str
    function: FunctionDefinition | None
    requires: tuple[str, ...] = ()
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionService:
    """All members are ids; input data come before input decisions when it is called by position."""

    ident: str
    name: str
    outputs: tuple[str, ...]
    input_data: tuple[str, ...] = ()
    input_decisions: tuple[str, ...] = ()
    type_ref: str | None = None


Element: TypeAlias = InputData | Decision | BusinessKnowledgeModel | DecisionService


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    name: str
    type_ref: str | None = None
    is_collection: bool = False
    is_function: bool = False
    allowed: str | None = None
    components: tuple["ItemDefinition", ...] = ()


@dataclass(frozen=True, slots=True)
class ModelSource:
    name: str
    elements: tuple[Element, ...]
    items: tuple[ItemDefinition, ...] = ()
    imports: tuple[str, ...] = ()
