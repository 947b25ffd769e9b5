"""Turns the parser's nodes into closures.

Names are settled here, once: what is not a known variable, a local name, a function of FEEL or of
the host is refused. A closure takes the variables and the `Run` that pays for it; it keeps no
state, so threads may share it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final

from engine.errors import FeelError
from engine.feel.arithmetic import NEGATE, OPERATIONS
from engine.feel.budget import Run
from engine.feel.compare import ORDERS, equal, matches, ordered
from engine.feel.host import host_function
from engine.feel.lexer import excerpt
from engine.feel.library import BUILT_INS
from engine.feel.loops import Source, filtered, for_each, quantified
from engine.feel.operators import (
    arithmetic,
    comparing_test,
    comparison,
    logic_chain,
    pair,
    unequal,
    variable,
)
from engine.feel.parser import TESTED
from engine.feel.properties import is_instance, member
from engine.feel.syntax import (
    Between,
    Binary,
    Call,
    Condition,
    Constant,
    ContextOf,
    Filter,
    For,
    InstanceOf,
    Iterator,
    Lambda,
    ListOf,
    Logic,
    Membership,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
    RangeOf,
    Test,
    Tests,
)
from engine.feel.values import (
    NAMES_PER_STEP,
    SOFT_ERRORS,
    Closure,
    Function,
    Range,
    TestClosure,
    Value,
    Variables,
    normal,
)


@dataclass(frozen=True, slots=True)
class Names:
    """What a name may mean at one place of an expression."""

    known: frozenset[str]
    functions: frozenset[str] = frozenset()
    any_name: bool = False
    """Inside a filter any name may be a member of the item; in a lenient model unknown names are
    null."""

    def with_local(self, *names: str) -> "Names":
        return replace(self, known=self.known | frozenset(names))

    def inside_filter(self) -> "Names":
        return replace(self, any_name=True)


class Compiler:
    """Compiles one expression. `used` collects the names it takes from outside."""

    def __init__(self, source: str, outer: Collection[str]) -> None:
        self.source = source
        self.used: set[str] = set()
        self._outer = frozenset(outer)

    def compile(self, node: Node, names: Names) -> Closure:
        return _COMPILERS[type(node)](self, node, names)

    def compile_tests(self, tests: Tests, names: Names) -> TestClosure:
        inner = names.with_local(TESTED)
        compiled = tuple(self.test(test, inner) for test in tests.tests)
        if not compiled:
            return lambda _variables, _run, _value: True
        if len(compiled) == 1 and not tests.negated:
            return compiled[0]
        wanted = not tests.negated

        def check(variables: Variables, run: Run, value: Value) -> bool:
            for test in compiled:
                if test(variables, run, value) is True:
                    return wanted
            return not wanted

        return check

    def test(self, test: Test, names: Names) -> TestClosure:
        operand = self.compile(test.operand, names)
        if test.operator is not None:
            return comparing_test(test.operator, operand)
        if not test.asks:
            return lambda variables, run, value: matches(run, value, operand(variables, run))

        def check(variables: Variables, run: Run, value: Value) -> bool | None:
            result: Value = operand({**variables, TESTED: value}, run)
            return result if type(result) is bool else matches(run, value, result)

        return check

    def constant(self, node: Constant, _names: Names) -> Closure:
        value = node.value
        return lambda _variables, _run: value

    def name(self, node: Name, names: Names) -> Closure:
        name = node.name
        if name in names.known:
            if name in self._outer:
                self.used.add(name)
            return variable(name)
        built_in = BUILT_INS.get(name)
        if built_in is not None:
            if names.any_name:
                return lambda variables, _run: normal(variables.get(name, built_in))
            return lambda _variables, _run: built_in
        if name in names.functions:
            return host_function(name)
        first, dot, rest = name.partition(".")
        if dot and first in names.known:
            # A name with a dot that is known elsewhere in the model is here a path.
            return self.path(Path(Name(first, node.position), rest), names)
        if names.any_name:
            return variable(name)
        raise FeelError(
            f"The name '{name}' at character {node.position + 1} is not known here: "
            f"{excerpt(self.source)}. Known names: {_listed(names.known)}.",
            expression=self.source,
            position=node.position,
            name=name,
        )

    def path(self, node: Path, names: Names) -> Closure:
        source, name = self.compile(node.source, names), node.name
        return lambda variables, run: member(run, source(variables, run), name)

    def filter(self, node: Filter, names: Names) -> Closure:
        source = self.compile(node.source, names)
        inner = names.with_local("item").inside_filter()
        condition = self.compile(node.condition, inner)
        return filtered(source, condition, weight(node.condition))

    def call(self, node: Call, names: Names) -> Closure:
        function = self._called(node.function, names)
        arguments = tuple(self.compile(argument, names) for argument in node.arguments)
        argument_names = node.names

        def run_call(variables: Variables, run: Run) -> Value:
            called = function(variables, run)
            values = [argument(variables, run) for argument in arguments]
            return call_function(called, values, argument_names, run)

        return run_call

    def _called(self, node: Node, names: Names) -> Closure:
        """The function of a call; a variable that is no function does not hide FEEL's of the same
        name."""
        plain = self.compile(node, names)
        built_in = BUILT_INS.get(node.name) if isinstance(node, Name) else None
        if built_in is None:
            return plain

        def choose(variables: Variables, run: Run) -> Value:
            value = plain(variables, run)
            return value if type(value) is Function else built_in

        return choose

    def binary(self, node: Binary, names: Names) -> Closure:
        left, right = self.compile(node.left, names), self.compile(node.right, names)
        if node.operator in OPERATIONS:
            return arithmetic(node.operator, left, right)
        if node.operator == "=":
            return lambda variables, run: equal(run, left(variables, run), right(variables, run))
        if node.operator == "!=":
            return unequal(left, right)
        return comparison(node.operator, left, right)

    def negation(self, node: Negation, names: Names) -> Closure:
        operand = self.compile(node.operand, names)

        def negate(variables: Variables, run: Run) -> Value:
            value = operand(variables, run)
            operation = NEGATE.get(type(value))
            return None if operation is None else operation(value)

        return negate

    def logic(self, node: Logic, names: Names) -> Closure:
        operands = tuple(self.compile(operand, names) for operand in node.operands)
        decisive = node.operator == "or"
        return pair(*operands, decisive) if len(operands) == 2 else logic_chain(operands, decisive)

    def between(self, node: Between, names: Names) -> Closure:
        value = self.compile(node.value, names)
        low, high = self.compile(node.low, names), self.compile(node.high, names)
        at_least, at_most = ORDERS[">="], ORDERS["<="]

        def lies_between(variables: Variables, run: Run) -> bool | None:
            tested = value(variables, run)
            above = ordered(tested, at_least, low(variables, run))
            below = ordered(tested, at_most, high(variables, run))
            return None if above is None or below is None else above and below

        return lies_between

    def membership(self, node: Membership, names: Names) -> Closure:
        value = self.compile(node.value, names)
        inner = names.with_local(TESTED)
        tests = tuple(self.test(test, inner) for test in node.tests)

        def is_member(variables: Variables, run: Run) -> bool | None:
            tested, unknown = value(variables, run), False
            for test in tests:
                result = test(variables, run, tested)
                if result is True:
                    return True
                unknown = unknown or result is None
            return None if unknown else False

        return is_member

    def instance_of(self, node: InstanceOf, names: Names) -> Closure:
        value, wanted = self.compile(node.value, names), node.type
        return lambda variables, run: is_instance(run, value(variables, run), wanted)

    def condition(self, node: Condition, names: Names) -> Closure:
        condition = self.compile(node.condition, names)
        then, otherwise = self.compile(node.then, names), self.compile(node.otherwise, names)

        def choose(variables: Variables, run: Run) -> Value:
            chosen = then if condition(variables, run) is True else otherwise
            return chosen(variables, run)

        return choose

    def _iterators(
        self, iterators: tuple[Iterator, ...], names: Names
    ) -> tuple[tuple[Source, ...], Names]:
        sources = []
        for iterator in iterators:
            source = self.compile(iterator.source, names)
            end = None if iterator.end is None else self.compile(iterator.end, names)
            sources.append(Source(iterator.name, source, end))
            names = names.with_local(iterator.name)
        return tuple(sources), names

    def for_each(self, node: For, names: Names) -> Closure:
        sources, inner = self._iterators(node.iterators, names)
        body = self.compile(node.body, inner.with_local("partial"))
        return for_each(sources, body, weight(node.body))

    def quantified(self, node: Quantified, names: Names) -> Closure:
        sources, inner = self._iterators(node.iterators, names)
        return quantified(sources, self.compile(node.body, inner), weight(node.body), node.found)

    def list_of(self, node: ListOf, names: Names) -> Closure:
        items = tuple(self.compile(item, names) for item in node.items)
        return lambda variables, run: [item(variables, run) for item in items]

    def context_of(self, node: ContextOf, names: Names) -> Closure:
        members = []
        for name, value in node.members:
            later = names.with_local(name)
            # A function may call itself by the name it gets here.
            members.append((name, self.compile(value, later if type(value) is Lambda else names)))
            names = later
        if len({name for name, _ in members}) != len(members):
            return lambda _variables, _run: None

        def build(variables: Variables, run: Run) -> dict[str, Value]:
            run.spend(1 + len(variables) // NAMES_PER_STEP)
            inner, result = dict(variables), {}
            for name, value in members:
                result[name] = inner[name] = value(inner, run)
            return result

        return build

    def range_of(self, node: RangeOf, names: Names) -> Closure:
        low = None if node.low is None else self.compile(node.low, names)
        high = None if node.high is None else self.compile(node.high, names)
        low_included, high_included = node.low_included, node.high_included
        at_most = ORDERS["<="]
        half = low is None or high is None

        def build(variables: Variables, run: Run) -> Range | None:
            start = None if low is None else low(variables, run)
            end = None if high is None else high(variables, run)
            if start is None and end is None:
                return None
            if start is not None and end is not None and ordered(start, at_most, end) is not True:
                return None
            return Range(start, end, low_included, high_included, half)

        return build

    def function(self, node: Lambda, names: Names) -> Closure:
        if node.body is None:
            return lambda _variables, _run: None
        body = self.compile(node.body, names.with_local(*node.parameters))
        cost = weight(node.body)
        parameters = node.parameters

        def define(variables: Variables, _run: Run) -> Function:
            def call(run: Run, values: list[Value]) -> Value:
                if len(values) != len(parameters):
                    return None
                run.enter(cost + len(variables) // NAMES_PER_STEP)
                try:
                    local = {**variables, **dict(zip(parameters, values, strict=True))}
                    return body(local, run)
                finally:
                    run.leave()

            return Function((parameters,), call)

        return define


_COMPILERS: Final[dict[type, Callable[[Compiler, Any, Names], Closure]]] = {
    Constant: Compiler.constant,
    Name: Compiler.name,
    Path: Compiler.path,
    Filter: Compiler.filter,
    Call: Compiler.call,
    Binary: Compiler.binary,
    Negation: Compiler.negation,
    Logic: Compiler.logic,
    Between: Compiler.between,
    Membership: Compiler.membership,
    InstanceOf: Compiler.instance_of,
    Condition: Compiler.condition,
    For: Compiler.for_each,
    Quantified: Compiler.quantified,
    ListOf: Compiler.list_of,
    ContextOf: Compiler.context_of,
    RangeOf: Compiler.range_of,
    Lambda: Compiler.function,
}


def weight(node: object) -> int:
    """How many nodes a node is made of: what one pass through it costs."""
    if isinstance(node, tuple):
        return sum(weight(part) for part in node)
    if not is_dataclass(node) or isinstance(node, type):
        return 0
    return 1 + sum(weight(getattr(node, part.name)) for part in fields(node))


def _listed(names: Collection[str]) -> str:
    shown = sorted(names)
    return (", ".join(shown[:20]) + (" …" if len(shown) > 20 else "")) or "none"


def call_function(
    called: Value, values: list[Value], names: tuple[str, ...] | None, run: Run
) -> Value:
    """Call by position, or by name where names are given; null where it is no function or they do
    not fit."""
    if type(called) is not Function:
        return None
    if names is not None:
        placed = called.positional(dict(zip(names, values, strict=True)))
        if placed is None:
            return None
        values = placed
    try:
        return called.call(run, values)
    except SOFT_ERRORS:
        return None
