"""Expressions and unary tests: compiled once with the names known, evaluated often."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from engine.errors import BudgetError, FeelError
from engine.feel.budget import Run, Scope
from engine.feel.closures import Compiler, Names
from engine.feel.data import to_data
from engine.feel.lexer import excerpt, tidy
from engine.feel.parser import parse_expression, parse_tests
from engine.feel.values import Closure, TestClosure, Value, kind_of

C = TypeVar("C")
TOO_DEEP = "The expression is nested too deep to evaluate. Split it up."


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression; threads may share it.

    `names_used` are the variables it reads: of those given at compilation, the ones that occur in
    it.
    """

    source: str
    names_used: frozenset[str]
    closure: Closure = field(repr=False, compare=False)

    def evaluate(self, variables: Mapping[str, Any], scope: Scope) -> Value:
        """The value for these variables; one that is missing is null.

        Raises `BudgetError` when it takes more than the scope allows, and `FeelError` where a host
        function is missing or a variable is of a type FEEL does not know. What the language itself
        cannot compute is null.
        """
        try:
            return self.closure(variables, Run(scope))
        except RecursionError as error:
            raise BudgetError(TOO_DEEP, expression=self.source) from error
        except FeelError as error:
            error.details.setdefault("expression", self.source)
            raise


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """The compiled cell of a decision table."""

    source: str
    names_used: frozenset[str]
    closure: TestClosure = field(repr=False, compare=False)

    def evaluate(self, value: Any, variables: Mapping[str, Any], scope: Scope) -> bool:
        """Whether the value passes. Raises as `Expression.evaluate` does."""
        try:
            return self.closure(variables, Run(scope), value) is True
        except RecursionError as error:
            raise BudgetError(TOO_DEEP, expression=self.source) from error


def compile_expression(
    source: str,
    names: Collection[str],
    *,
    functions: Collection[str] = (),
    members: Collection[str] = (),
) -> Expression:
    """Compile an expression; a leading `=` (as other tools write it) is stripped.

    `names` are the variables it may read, spaces and signs in them allowed; `functions` the host's
    functions; `members` those names of members with spaces or signs that may follow a dot. Raises
    `FeelError` with `expression`, `position` and, for an unknown name, `name`.
    """
    text = source.strip().removeprefix("=").strip()
    known = _known(names, functions)
    compiler, closure = closure_of(text, known, (*names, *functions, *members))
    return Expression(text, frozenset(compiler.used), closure)


def closure_of(source: str, names: Names, spelled: Collection[str]) -> tuple[Compiler, Closure]:
    """The closure of an expression where `names` settles what a name means; `spelled` are all names
    with spaces or signs that may stand in it. Raises as `compile_expression`."""
    if not source.strip():
        raise FeelError("The expression is empty. Write one.", expression=source, position=0)
    node = parse_expression(source, spelled)
    compiler = Compiler(source, names.known)
    return compiler, _guarded(compiler, lambda: compiler.compile(node, names))


def tests_of(source: str, names: Names, spelled: Collection[str]) -> tuple[Compiler, TestClosure]:
    """As `closure_of`, for unary tests."""
    tests = parse_tests(source, spelled)
    compiler = Compiler(source, names.known)
    return compiler, _guarded(compiler, lambda: compiler.compile_tests(tests, names))


def compile_unary_tests(
    source: str,
    names: Collection[str],
    *,
    functions: Collection[str] = (),
    members: Collection[str] = (),
) -> UnaryTests:
    """Compile the tests of one cell, such as `< 100, [200..300]` or `not("a", "b")`. Raises as
    `compile_expression`."""
    text = source.strip()
    known = _known(names, functions)
    compiler, closure = tests_of(text, known, (*names, *functions, *members))
    return UnaryTests(text, frozenset(compiler.used), closure)


def evaluate_condition(expression: Expression, variables: Mapping[str, Any], scope: Scope) -> bool:
    """Strictly true or false. Raises `FeelError` with the expression and the value it gave
    otherwise, so that no path is taken because a value was missing."""
    value = expression.evaluate(variables, scope)
    if type(value) is bool:
        return value
    missing = sorted(name for name in expression.names_used if variables.get(name) is None)
    hint = f" Without a value: {', '.join(missing)}." if missing else ""
    raise FeelError(
        f"The condition {excerpt(expression.source)} gave {_shown(value)} ({kind_of(value)}); "
        f"it must give true or false.{hint} "
        "Give the missing values, or say in the condition what holds without them.",
        expression=expression.source,
        value=_shown(value),
        missing=missing,
    )


def _known(names: Collection[str], functions: Collection[str]) -> Names:
    return Names(
        frozenset(tidy(name) for name in names), frozenset(tidy(name) for name in functions)
    )


def _guarded(compiler: Compiler, compile_it: Callable[[], C]) -> C:
    try:
        return compile_it()
    except RecursionError as error:
        raise FeelError(TOO_DEEP, expression=compiler.source, position=0) from error


def _shown(value: Value) -> Any:
    try:
        return to_data(value, max_parts=100)
    except FeelError:
        return kind_of(value)
