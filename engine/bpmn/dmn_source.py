"""Reads DMN XML (1.2 to 1.5) into the plain model that `engine.feel.dmn` compiles."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, cast

from lxml import etree

from engine.bpmn.xml import Element, read_xml
from engine.errors import InvalidInputError
from engine.feel.dmn.model import (
    Aggregation,
    Boxed,
    BoxedConditional,
    BoxedContext,
    BoxedFilter,
    BoxedIterator,
    BoxedList,
    BusinessKnowledgeModel,
    ContextEntry,
    Decision,
    DecisionService,
    DecisionTable,
    FunctionDefinition,
    HitPolicy,
    InputClause,
    InputData,
    Invocation,
    ItemDefinition,
    LiteralExpression,
    ModelSource,
    OutputClause,
    Parameter,
    Relation,
    Rule,
)
from engine.feel.dmn.model import Element as ModelElement

_HIT_POLICIES: Final = (
    "UNIQUE",
    "ANY",
    "FIRST",
    "PRIORITY",
    "RULE ORDER",
    "OUTPUT ORDER",
    "COLLECT",
)
_AGGREGATIONS: Final = (None, "SUM", "MIN", "MAX", "COUNT")


def parse_xml(data: bytes, name: str) -> Element:
    """The root of a document. Raises `InvalidInputError` with the findings where it cannot be read
    safely."""
    root, findings = read_xml(data, name)
    if root is None:
        raise InvalidInputError(
            "; ".join(str(found) for found in findings),
            file=name,
            findings=[found.as_dict() for found in findings],
        )
    return root


def read_model_file(path: Path) -> ModelSource:
    """Raises `InvalidInputError`."""
    return read_model(path.read_bytes(), path.name)


def read_model(data: bytes, name: str) -> ModelSource:
    """The model in a DMN file; `name` is used in messages. Raises `InvalidInputError`."""
    root = parse_xml(data, name)
    if tag(root) != "definitions" or "DMN" not in (etree.QName(root).namespace or ""):
        raise InvalidInputError(
            f"{name} is no DMN model: its root is <{tag(root)}>. Export it as DMN.", file=name
        )
    elements = [element for child in root for element in _element(child, name)]
    return ModelSource(
        name=root.get("name") or name,
        elements=tuple(elements),
        items=tuple(_item(child) for child in children(root, "itemDefinition")),
        imports=tuple(child.get("name") or "" for child in children(root, "import")),
    )


def tag(element: Element) -> str:
    """The local name; empty for a comment or processing instruction."""
    return etree.QName(element).localname if type(element.tag) is str else ""


def children(element: Element | None, name: str) -> list[Element]:
    if element is None:
        return []
    return [child for child in element if tag(child) == name]


def child(element: Element | None, name: str) -> Element | None:
    return next(iter(children(element, name)), None)


def _text(element: Element | None) -> str:
    found = child(element, "text")
    return (found.text or "").strip() if found is not None else ""


def _attribute(element: Element | None, name: str) -> str | None:
    return None if element is None else element.get(name)


def _references(element: Element, name: str) -> tuple[str, ...]:
    return tuple((found.get("href") or "").rpartition("#")[2] for found in children(element, name))


def _requirements(element: Element) -> tuple[str, ...]:
    return tuple(
        (target.get("href") or "").rpartition("#")[2]
        for requirement in element
        if tag(requirement).endswith("Requirement")
        for target in requirement
        if target.get("href")
    )


def _item(element: Element) -> ItemDefinition:
    reference, allowed = child(element, "typeRef"), child(element, "allowedValues")
    return ItemDefinition(
        name=element.get("name") or "",
        type_ref=(reference.text or "").strip() or None if reference is not None else None,
        is_collection=element.get("isCollection") == "true",
        is_function=child(element, "functionItem") is not None,
        allowed=_text(allowed) or None,
        components=tuple(_item(part) for part in children(element, "itemComponent")),
    )


def _element(element: Element, file: str) -> list[ModelElement]:
    name = element.get("name") or ""
    ident = element.get("id") or name
    type_ref = _attribute(child(element, "variable"), "typeRef")
    match tag(element):
        case "inputData":
            return [InputData(ident, name, type_ref)]
        case "decision":
            logic = _box_in(element, file)
            return [Decision(ident, name, logic, _requirements(element), type_ref)]
        case "businessKnowledgeModel":
            function = child(element, "encapsulatedLogic")
            logic = None if function is None else _function(function, file)
            return [BusinessKnowledgeModel(ident, name, logic, _requirements(element), type_ref)]
        case "decisionService":
            return [
                DecisionService(
                    ident,
                    name,
                    outputs=_references(element, "outputDecision"),
                    input_data=_references(element, "inputData"),
                    input_decisions=_references(element, "inputDecision"),
                    type_ref=type_ref,
                )
            ]
        case _:
            return []


def _box_in(element: Element | None, file: str) -> Boxed | None:
    if element is None:
        return None
    return next((_box(inner, file) for inner in element if tag(inner) in _READERS), None)


def _boxes_in(element: Element, file: str) -> tuple[Boxed, ...]:
    return tuple(_box(inner, file) for inner in element if tag(inner) in _READERS)


def _box(element: Element, file: str) -> Boxed:
    return _READERS[tag(element)](element, file)


def _literal(element: Element, _file: str) -> LiteralExpression:
    return LiteralExpression(_text(element), element.get("typeRef"))


def _context(element: Element, file: str) -> BoxedContext:
    entries = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        entries.append(
            ContextEntry(
                _attribute(variable, "name"),
                _box_in(entry, file),
                _attribute(variable, "typeRef"),
            )
        )
    return BoxedContext(tuple(entries), element.get("typeRef"))


def _invocation(element: Element, file: str) -> Invocation:
    bindings = tuple(
        (_attribute(child(binding, "parameter"), "name") or "", _box_in(binding, file))
        for binding in children(element, "binding")
    )
    return Invocation(_box_in(element, file), bindings, element.get("typeRef"))


def _relation(element: Element, file: str) -> Relation:
    columns = tuple(column.get("name") or "" for column in children(element, "column"))
    rows = tuple(_boxes_in(row, file) for row in children(element, "row"))
    return Relation(columns, rows, element.get("typeRef"))


def _list(element: Element, file: str) -> BoxedList:
    return BoxedList(_boxes_in(element, file), element.get("typeRef"))


def _function(element: Element, file: str) -> FunctionDefinition:
    parameters = tuple(
        Parameter(parameter.get("name") or "", parameter.get("typeRef"))
        for parameter in children(element, "formalParameter")
    )
    return FunctionDefinition(
        parameters, _box_in(element, file), element.get("kind", "FEEL"), element.get("typeRef")
    )


def _conditional(element: Element, file: str) -> BoxedConditional:
    return BoxedConditional(
        _box_in(child(element, "if"), file),
        _box_in(child(element, "then"), file),
        _box_in(child(element, "else"), file),
        element.get("typeRef"),
    )


def _filter(element: Element, file: str) -> BoxedFilter:
    return BoxedFilter(
        _box_in(child(element, "in"), file),
        _box_in(child(element, "match"), file),
        element.get("typeRef"),
    )


def _iterator(element: Element, file: str) -> BoxedIterator:
    kind = cast(Literal["for", "some", "every"], tag(element))
    return BoxedIterator(
        kind,
        element.get("iteratorVariable") or "",
        _box_in(child(element, "in"), file),
        _box_in(child(element, "return" if kind == "for" else "satisfies"), file),
        element.get("typeRef"),
    )


def _table(element: Element, file: str) -> DecisionTable:
    hit_policy = element.get("hitPolicy", "UNIQUE")
    aggregation = element.get("aggregation")
    line = cast(int | None, element.sourceline) or 0
    if hit_policy not in _HIT_POLICIES or aggregation not in _AGGREGATIONS:
        raise InvalidInputError(
            f"{file}, line {line}: the hit policy {hit_policy} {aggregation or ''} "
            f"is not known. Use one of {', '.join(_HIT_POLICIES)}.",
            file=file,
            line=line,
        )
    return DecisionTable(
        hit_policy=cast(HitPolicy, hit_policy),
        aggregation=cast(Aggregation | None, aggregation),
        inputs=tuple(_input(clause) for clause in children(element, "input")),
        outputs=tuple(_output(clause) for clause in children(element, "output")),
        rules=tuple(_rule(rule) for rule in children(element, "rule")),
        type_ref=element.get("typeRef"),
    )


def _input(element: Element) -> InputClause:
    return InputClause(
        _text(child(element, "inputExpression")),
        element.get("label") or "",
        _text(child(element, "inputValues")) or None,
    )


def _output(element: Element) -> OutputClause:
    return OutputClause(
        element.get("name"),
        _text(child(element, "outputValues")) or None,
        _text(child(element, "defaultOutputEntry")) or None,
    )


def _rule(element: Element) -> Rule:
    notes = [_text(entry) for entry in children(element, "annotationEntry")]
    described = child(element, "description")
    if described is not None and described.text:
        notes.append(described.text.strip())
    return Rule(
        ident=element.get("id") or "",
        inputs=tuple(_text(entry) for entry in children(element, "inputEntry")),
        outputs=tuple(_text(entry) for entry in children(element, "outputEntry")),
        annotation="; ".join(note for note in notes if note),
    )


_READERS: Final[dict[str, Callable[[Element, str], Boxed]]] = {
    "literalExpression": _literal,
    "context": _context,
    "invocation": _invocation,
    "relation": _relation,
    "list": _list,
    "functionDefinition": _function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
    "decisionTable": _table,
}
