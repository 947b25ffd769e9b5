"""Decides: evaluates a compiled model's decisions with all they require, and says why."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import BudgetError, DecisionError, FeelError
from engine.feel.budget import Run, Scope
from engine.feel.dmn.compile import ModelCompiler, Place, coerced
from engine.feel.dmn.model import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    DecisionTable,
    Element,
    FunctionDefinition,
    InputData,
    ModelSource,
)
from engine.feel.dmn.trace import DecisionStep, Trace, show
from engine.feel.dmn.types import Types
from engine.feel.lexer import tidy
from engine.feel.values import Closure, Function, Value, Variables, normal


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """`trace` is plain data: one entry for each table and decision evaluated, in the order in which
    they were finished; of a table evaluated very often the first 100, and how many were left
    out."""

    value: Value
    trace: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One decision under way: what was given from outside, what is known so far.

    `replaced` are the ids of decisions whose result is given (input decisions of a service).
    """

    given: Variables
    replaced: frozenset[str]
    known: dict[str, Value]


class DecisionModel:
    """A compiled model; threads may share it."""

    def __init__(
        self,
        source: ModelSource,
        closures: Mapping[str, Closure],
        types: Types,
        *,
        strict: bool,
    ) -> None:
        self.source = source
        self._elements = {element.ident: element for element in source.elements}
        self._closures = closures
        self._types = types
        self._strict = strict

    def find(self, decision: str) -> Decision | DecisionService | BusinessKnowledgeModel:
        """The decision, service or knowledge of this id or name. Raises `DecisionError`."""
        found = self._elements.get(decision)
        if found is None:
            named = (element for element in self.source.elements if element.name == decision)
            found = next((element for element in named if not isinstance(element, InputData)), None)
        if found is None or isinstance(found, InputData):
            raise DecisionError(
                f"The model '{self.source.name}' has no decision '{decision}'. "
                f"It has: {', '.join(sorted(self.decisions())) or 'none'}.",
                decision=decision,
            )
        return found

    def decisions(self) -> list[str]:
        """The names of all decisions and decision services."""
        return [
            element.name
            for element in self.source.elements
            if isinstance(element, Decision | DecisionService)
        ]

    def decide(self, decision: str, inputs: Variables, scope: Scope) -> DecisionResult:
        """Evaluate a decision, given by id or name.

        `inputs` are the input data by name; more than needed may be given, what is missing is null.
        Raises `DecisionError` where a table's rules conflict and (unless the model was compiled
        leniently) where no rule matches or a value is not of its type; `BudgetError`.
        """
        element = self.find(decision)
        run = Run(scope)
        run.recorder = trace = Trace()
        try:
            value = self._decide(element, inputs, run)
        except RecursionError as error:
            raise BudgetError(
                f"The decision '{element.name}' is nested too deep. Split it up.",
                decision=element.name,
            ) from error
        return DecisionResult(value, trace.as_data())

    def _decide(self, element: Element, inputs: Variables, run: Run) -> Value:
        evaluation = Evaluation(inputs, frozenset(), {})
        value = self._value(element.ident, evaluation, run)
        if not isinstance(element, DecisionService):
            return value
        arguments = [normal(inputs.get(name)) for name in value.parameters]
        return value.call(run, arguments)

    def _value(self, ident: str, evaluation: Evaluation, run: Run) -> Value:
        if ident in evaluation.known:
            return evaluation.known[ident]
        element = self._elements.get(ident)
        if element is None:
            return None
        value = self._compute(element, evaluation, run)
        evaluation.known[ident] = value
        return value

    def _compute(self, element: Element, evaluation: Evaluation, run: Run) -> Value:
        if isinstance(element, InputData) or element.ident in evaluation.replaced:
            return self._input(element, evaluation.given, run)
        if isinstance(element, DecisionService):
            return self._service(element)
        variables = {
            tidy(self._elements[required].name): self._value(required, evaluation, run)
            for required in element.requires
            if required in self._elements
        }
        run.spend(1)
        value = self._closures[element.ident](variables, run)
        if isinstance(element, BusinessKnowledgeModel):
            return value
        return self._result(element, value, variables, run)

    def _input(self, element: Element, given: Variables, run: Run) -> Value:
        value = normal(given.get(element.name))
        if self._strict:
            value = self._types.read_text(value, element.type_ref)
        return self._typed(element, "input", value, element.type_ref, run)

    def _result(
        self, element: Decision, value: Value, variables: Mapping[str, Value], run: Run
    ) -> Value:
        inner = element.expression.type_ref if element.expression else None
        value = self._types.coerce(run, value, inner)
        value = self._typed(element, "result", value, element.type_ref, run)
        if run.recorder is not None and not isinstance(element.expression, DecisionTable):
            kind = type(element.expression).__name__
            step = DecisionStep(element.name, element.ident, kind, tuple(variables.items()), value)
            run.recorder.add(step)
        return value

    def _typed(
        self, element: Element, what: str, value: Value, type_ref: str | None, run: Run
    ) -> Value:
        fitting = self._types.coerce(run, value, type_ref)
        if fitting is None and value is not None and self._strict:
            raise DecisionError(
                f"The {what} '{element.name}' is {show(value)}, which is not of type {type_ref} "
                "or not one of its allowed values. Correct the value or the type.",
                decision=element.name,
                value=show(value),
                type=type_ref,
            )
        return fitting

    def _service(self, service: DecisionService) -> Function:
        """The service as a function of its input data and input decisions."""
        idents = [*service.input_data, *service.input_decisions]
        wanted = [self._elements[ident] for ident in idents if ident in self._elements]
        names = tuple(element.name for element in wanted)
        type_refs = tuple(element.type_ref for element in wanted)
        replaced = frozenset(element.ident for element in wanted)

        def call(run: Run, values: list[Value]) -> Value:
            accepted = coerced(self._types, run, values, type_refs)
            if accepted is None:
                return None
            run.enter(1)
            try:
                given = dict(zip(names, accepted, strict=True))
                evaluation = Evaluation(given, replaced, {})
                return self._outputs(service, evaluation, run)
            finally:
                run.leave()

        return Function((names,), call)

    def _outputs(self, service: DecisionService, evaluation: Evaluation, run: Run) -> Value:
        results = {
            self._elements[ident].name: self._value(ident, evaluation, run)
            for ident in service.outputs
            if ident in self._elements
        }
        value = next(iter(results.values())) if len(results) == 1 else results
        return self._types.coerce(run, value, service.type_ref)


def compile_model(
    source: ModelSource, *, functions: Collection[str] = (), strict: bool = True
) -> DecisionModel:
    """Compile every expression of a model. `functions` are the names of the host's functions.

    Strict: raises `FeelError` (details `problems`: for each its `message`, the id `element` and, of
    an expression, `expression` and `position`) where an expression cannot be
    read, uses a name the decision does not require, a requirement leads nowhere or in a circle.
    Not strict: what DMN says, null for all of these; for conformance tests.
    """
    compiler = ModelCompiler(source, functions, strict=strict)
    elements = {element.ident: element for element in source.elements}
    closures = {
        element.ident: _logic(compiler, element, elements)
        for element in source.elements
        if isinstance(element, Decision | BusinessKnowledgeModel)
    }
    problems = [*_dangling(source, elements), *_circles(elements), *compiler.problems]
    if strict and problems:
        raise FeelError(
            f"The decision model '{source.name}' cannot be used: {problems[0]}"
            + (f" ({len(problems) - 1} more)" if len(problems) > 1 else ""),
            **{
                **problems[0].details,
                "problems": [{"message": str(found), **found.details} for found in problems],
            },
        )
    return DecisionModel(source, closures, compiler.types, strict=strict)


def _logic(
    compiler: ModelCompiler,
    element: Decision | BusinessKnowledgeModel,
    elements: Mapping[str, Element],
) -> Closure:
    known = [tidy(elements[ident].name) for ident in element.requires if ident in elements]
    place = Place(element.name, element.ident)
    if isinstance(element, Decision):
        return compiler.boxed(element.expression, compiler.names(known), place)
    function = element.function or FunctionDefinition((), None)
    return compiler.boxed(function, compiler.names([*known, tidy(element.name)]), place)


def _requires(element: Element) -> tuple[str, ...]:
    if isinstance(element, InputData):
        return ()
    if isinstance(element, DecisionService):
        return (*element.outputs, *element.input_data, *element.input_decisions)
    return element.requires


def _dangling(source: ModelSource, elements: Mapping[str, Element]) -> Iterable[FeelError]:
    for name in source.imports:
        yield FeelError(
            f"The model imports '{name}'; imports are not supported. Put all into one file."
        )
    for element in source.elements:
        for ident in _requires(element):
            if ident not in elements:
                yield FeelError(
                    f"'{element.name}' requires '{ident}', which is not in the model. "
                    "Remove the requirement or add the element.",
                    element=element.ident,
                )


def _circles(elements: Mapping[str, Element]) -> Iterable[FeelError]:
    done: set[str] = set()
    for start in elements:
        path: list[str] = []
        if _find_circle(start, elements, path, done):
            names = " → ".join(elements[ident].name for ident in path)
            yield FeelError(
                f"Decisions require each other in a circle: {names}. Break the circle.",
                element=start,
            )


def _find_circle(
    ident: str, elements: Mapping[str, Element], path: list[str], done: set[str]
) -> bool:
    """Depth first; leaves the circle in `path` where there is one."""
    if ident in done or ident not in elements:
        return False
    if ident in path:
        path.append(ident)
        return True
    path.append(ident)
    element = elements[ident]
    onward = () if isinstance(element, DecisionService) else _requires(element)
    if any(_find_circle(required, elements, path, done) for required in onward):
        return True
    path.pop()
    done.add(ident)
    return False
