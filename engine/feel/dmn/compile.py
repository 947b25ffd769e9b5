"""Compiles a model: every expression and cell once, with the names it may use, all faults
gathered."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from engine.errors import FeelError
from engine.feel.budget import Run
from engine.feel.closures import Names, call_function
from engine.feel.dmn.model import (
    Boxed,
    BoxedConditional,
    BoxedContext,
    BoxedFilter,
    BoxedIterator,
    BoxedList,
    DecisionTable,
    FunctionDefinition,
    Invocation,
    ItemDefinition,
    LiteralExpression,
    ModelSource,
    Relation,
    Rule,
)
from engine.feel.dmn.table import CompiledRule, CompiledTable
from engine.feel.dmn.types import Types
from engine.feel.expression import closure_of, tests_of
from engine.feel.lexer import tidy
from engine.feel.loops import Source, filtered, for_each, quantified
from engine.feel.values import NAMES_PER_STEP, Closure, Function, TestClosure, Value, Variables

BOX_WEIGHT = 5
"""What one pass through a boxed expression costs besides what it calls."""

_ANY_CELL: Final = ("", "-")


def null(_variables: Variables, _run: Run) -> Value:
    return None


@dataclass(frozen=True, slots=True)
class Place:
    """The element whose logic is being compiled, for messages and the trace."""

    name: str
    ident: str


class ModelCompiler:
    """Compiles the logic of a model's elements. `problems` gathers what is wrong with it; a lenient
    (not `strict`) model gives null for it instead."""

    def __init__(self, source: ModelSource, functions: Iterable[str], *, strict: bool) -> None:
        self.strict = strict
        self.problems: list[FeelError] = []
        self._functions = frozenset(functions)
        self._spelled = sorted({tidy(name) for name in _names_in(source) if name} | self._functions)
        items = {item.name: item for item in source.items}
        self.types = Types(items, self._allowed_values(source.items))

    def names(self, known: Iterable[str]) -> Names:
        return Names(frozenset(known), self._functions, any_name=not self.strict)

    def _allowed_values(self, items: Iterable[ItemDefinition]) -> dict[str, TestClosure]:
        compiled: dict[str, TestClosure] = {}
        for item in _with_components(items):
            if item.allowed and item.allowed not in compiled:
                place = Place(item.name, item.name)
                test = self._tests(item.allowed, self.names(()), place, "allowed values")
                if test is not None:
                    compiled[item.allowed] = test
        return compiled

    def _guard(self, place: Place, part: str, error: FeelError) -> None:
        self.problems.append(
            FeelError(
                f"{place.name}, {part}: {error}",
                **{**error.details, "element": place.ident, "element_name": place.name},
            )
        )

    def _expression(self, text: str, names: Names, place: Place, part: str) -> Closure:
        try:
            return closure_of(text, names, self._spelled)[1]
        except FeelError as error:
            self._guard(place, part, error)
            return null

    def _tests(self, text: str, names: Names, place: Place, part: str) -> TestClosure | None:
        if text.strip() in _ANY_CELL:
            return None
        try:
            return tests_of(text, names, self._spelled)[1]
        except FeelError as error:
            self._guard(place, part, error)
            return _never

    def boxed(self, box: Boxed | None, names: Names, place: Place) -> Closure:
        """The closure of any boxed expression; one that is missing is null."""
        return null if box is None else _COMPILERS[type(box)](self, box, names, place)

    def literal(self, box: LiteralExpression, names: Names, place: Place) -> Closure:
        if not box.text.strip():
            return null
        return self._expression(box.text, names, place, "expression")

    def context(self, box: BoxedContext, names: Names, place: Place) -> Closure:
        entries: list[tuple[str | None, Closure, str | None]] = []
        for entry in box.entries:
            name = None if entry.name is None else tidy(entry.name)
            type_ref = entry.type_ref or (entry.value.type_ref if entry.value else None)
            inner = names
            if name is not None:
                later = names.with_local(name)
                inner = later if type(entry.value) is FunctionDefinition else names
                names = later
            entries.append((name, self.boxed(entry.value, inner, place), type_ref))
        types = self.types

        def build(variables: Variables, run: Run) -> Value:
            run.spend(BOX_WEIGHT + len(variables) // NAMES_PER_STEP)
            inner, result = dict(variables), {}
            for name, value, type_ref in entries:
                if name is None:
                    return value(inner, run)
                result[name] = inner[name] = types.coerce(run, value(inner, run), type_ref)
            return result

        return build

    def invocation(self, box: Invocation, names: Names, place: Place) -> Closure:
        function = self.boxed(box.function, names, place)
        parameters = tuple(tidy(name) for name, _ in box.bindings)
        arguments = tuple(self.boxed(value, names, place) for _, value in box.bindings)

        def call(variables: Variables, run: Run) -> Value:
            values = [argument(variables, run) for argument in arguments]
            return call_function(function(variables, run), values, parameters or None, run)

        return call

    def relation(self, box: Relation, names: Names, place: Place) -> Closure:
        columns = box.columns
        rows = [tuple(self.boxed(cell, names, place) for cell in row) for row in box.rows]

        def build(variables: Variables, run: Run) -> Value:
            run.spend(len(rows) * max(1, len(columns)))
            return [
                {name: cell(variables, run) for name, cell in zip(columns, row, strict=False)}
                for row in rows
            ]

        return build

    def list_of(self, box: BoxedList, names: Names, place: Place) -> Closure:
        items = tuple(self.boxed(item, names, place) for item in box.items)
        return lambda variables, run: [item(variables, run) for item in items]

    def function(self, box: FunctionDefinition, names: Names, place: Place) -> Closure:
        """A closure that gives the function."""
        parameters = tuple(tidy(parameter.name) for parameter in box.parameters)
        type_refs = tuple(parameter.type_ref for parameter in box.parameters)
        if box.kind != "FEEL":
            foreign = Function((parameters,), lambda _run, _values: None)
            return lambda _variables, _run: foreign
        body = self.boxed(box.body, names.with_local(*parameters), place)
        result_type = box.body.type_ref if box.body is not None else None
        types = self.types

        def define(variables: Variables, _run: Run) -> Function:
            def call(run: Run, values: list[Value]) -> Value:
                accepted = coerced(types, run, values, type_refs)
                if accepted is None:
                    return None
                run.enter(BOX_WEIGHT + len(variables) // NAMES_PER_STEP)
                try:
                    local = {**variables, **dict(zip(parameters, accepted, strict=True))}
                    return types.coerce(run, body(local, run), result_type)
                finally:
                    run.leave()

            return Function((parameters,), call)

        return define

    def conditional(self, box: BoxedConditional, names: Names, place: Place) -> Closure:
        condition = _truth(self.boxed(box.condition, names, place))
        then = self.boxed(box.then, names, place)
        otherwise = self.boxed(box.otherwise, names, place)

        def choose(variables: Variables, run: Run) -> Value:
            chosen = then if condition(variables, run) is True else otherwise
            return chosen(variables, run)

        return _null_unless_truth(choose)

    def filter(self, box: BoxedFilter, names: Names, place: Place) -> Closure:
        inner = names.with_local("item").inside_filter()
        source = self.boxed(box.source, names, place)
        match = self.boxed(box.match, inner, place)
        return _null_unless_truth(filtered(source, _truth(match), BOX_WEIGHT))

    def iterator(self, box: BoxedIterator, names: Names, place: Place) -> Closure:
        variable = tidy(box.variable)
        sources = (Source(variable, self.boxed(box.source, names, place), None),)
        inner = names.with_local(variable)
        if box.kind == "for":
            body = self.boxed(box.body, inner.with_local("partial"), place)
            return for_each(sources, body, BOX_WEIGHT)
        body = _truth(self.boxed(box.body, inner, place))
        return _null_unless_truth(quantified(sources, body, BOX_WEIGHT, box.kind == "some"))

    def table(self, box: DecisionTable, names: Names, place: Place) -> CompiledTable:
        self._check_shape(box, place)
        inputs = tuple(
            self._expression(clause.expression, names, place, f"input {number}")
            for number, clause in enumerate(box.inputs, 1)
        )
        allowed = tuple(
            self._tests(clause.allowed or "", names, place, f"values of input {number}")
            for number, clause in enumerate(box.inputs, 1)
        )
        return CompiledTable(
            name=place.name,
            ident=place.ident,
            source=box,
            inputs=inputs,
            allowed=allowed,
            rules=tuple(
                self._rule(number, rule, names, place) for number, rule in enumerate(box.rules, 1)
            ),
            priorities=tuple(
                self._optional(f"[{clause.allowed}]" if clause.allowed else "", names, place)
                for clause in box.outputs
            ),
            defaults=tuple(
                self._optional(clause.default or "", names, place) for clause in box.outputs
            ),
            strict=self.strict,
        )

    def _check_shape(self, box: DecisionTable, place: Place) -> None:
        wanted = (len(box.inputs), len(box.outputs))
        for number, rule in enumerate(box.rules, 1):
            found = (len(rule.inputs), len(rule.outputs))
            if found != wanted:
                error = FeelError(
                    f"it has {found[0]} input and {found[1]} output cells where the table has "
                    f"{wanted[0]} and {wanted[1]}. Fill or remove cells."
                )
                self._guard(place, f"rule {number}", error)

    def _optional(self, text: str, names: Names, place: Place) -> Closure | None:
        return self._expression(text, names, place, "output") if text.strip() else None

    def _rule(self, number: int, rule: Rule, names: Names, place: Place) -> CompiledRule:
        tests = tuple(
            self._tests(cell, names, place, f"rule {number}, input {column}")
            for column, cell in enumerate(rule.inputs, 1)
        )
        outputs = tuple(
            self._expression(cell, names, place, f"rule {number}, output {column}")
            if cell.strip() not in _ANY_CELL
            else None
            for column, cell in enumerate(rule.outputs, 1)
        )
        return CompiledRule(number, rule.ident, rule.annotation, tests, outputs)


def _never(_variables: Variables, _run: Run, _value: Value) -> bool | None:
    return None


class _NoTruthError(Exception):
    """A boxed condition gave neither true, false nor null."""


def _truth(closure: Closure) -> Closure:
    def check(variables: Variables, run: Run) -> bool | None:
        value = closure(variables, run)
        if value is not None and type(value) is not bool:
            raise _NoTruthError
        return value

    return check


def _null_unless_truth(closure: Closure) -> Closure:
    """Boxed conditions are stricter than those in an expression: the whole is null."""

    def evaluate(variables: Variables, run: Run) -> Value:
        try:
            return closure(variables, run)
        except _NoTruthError:
            return None

    return evaluate


def coerced(
    types: Types, run: Run, values: list[Value], type_refs: tuple[str | None, ...]
) -> list[Value] | None:
    """The arguments as their parameters' types, or None where one does not fit."""
    if len(values) != len(type_refs):
        return None
    accepted = [types.coerce(run, value, ref) for value, ref in zip(values, type_refs, strict=True)]
    if any(new is None and old is not None for new, old in zip(accepted, values, strict=True)):
        return None
    return accepted


_COMPILERS: Final[dict[type, Callable[[ModelCompiler, Any, Names, Place], Closure]]] = {
    LiteralExpression: ModelCompiler.literal,
    BoxedContext: ModelCompiler.context,
    Invocation: ModelCompiler.invocation,
    Relation: ModelCompiler.relation,
    BoxedList: ModelCompiler.list_of,
    FunctionDefinition: ModelCompiler.function,
    BoxedConditional: ModelCompiler.conditional,
    BoxedFilter: ModelCompiler.filter,
    BoxedIterator: ModelCompiler.iterator,
    DecisionTable: ModelCompiler.table,
}


def _with_components(items: Iterable[ItemDefinition]) -> Iterator[ItemDefinition]:
    for item in items:
        yield item
        yield from _with_components(item.components)


def _names_in(part: object) -> Iterator[str]:
    """All names in a model, since any of them may hold spaces and stand in any expression."""
    if isinstance(part, tuple):
        for inner in part:
            yield from _names_in(inner)
    elif is_dataclass(part) and not isinstance(part, type):
        yield from _own_names(part)
        for entry in fields(part):
            yield from _names_in(getattr(part, entry.name))


def _own_names(part: object) -> Iterator[str]:
    if isinstance(part, Relation):
        yield from part.columns
    elif isinstance(part, Invocation):
        yield from (name for name, _ in part.bindings)
    elif isinstance(part, BoxedIterator):
        yield part.variable
    elif not isinstance(part, ModelSource | DecisionTable):
        name = getattr(part, "name", None)
        if name is not None:
            yield name
