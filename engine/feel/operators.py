"""Closures of names, operators and tests."""

from decimal import Decimal

from engine.feel.arithmetic import OPERATIONS
from engine.feel.budget import Run
from engine.feel.compare import ORDERS, equal, ordered
from engine.feel.values import PLAIN, SOFT_ERRORS, Closure, TestClosure, Value, Variables, normal


def variable(name: str) -> Closure:
    """The value of a variable; null where it is missing."""

    def read(variables: Variables, _run: Run) -> Value:
        value = variables.get(name)
        return value if type(value) in PLAIN else normal(value)

    return read


def arithmetic(operator: str, left: Closure, right: Closure) -> Closure:
    """Null for operands that the operator does not suit."""

    table = OPERATIONS[operator]

    def compute(variables: Variables, run: Run) -> Value:
        first, second = left(variables, run), right(variables, run)
        operation = table.get((type(first), type(second)))
        if operation is None:
            return None
        if type(first) is str:
            run.spend_text(len(first) + len(second))
        try:
            return operation(first, second)
        except SOFT_ERRORS:
            return None

    return compute


def unequal(left: Closure, right: Closure) -> Closure:
    """Null for values of different kinds."""

    def compute(variables: Variables, run: Run) -> bool | None:
        same = equal(run, left(variables, run), right(variables, run))
        return None if same is None else not same

    return compute


def comparison(operator: str, left: Closure, right: Closure) -> Closure:
    """Null for values that have no common order."""

    order = ORDERS[operator]

    def compute(variables: Variables, run: Run) -> bool | None:
        first, second = left(variables, run), right(variables, run)
        if type(first) is Decimal and type(second) is Decimal:
            return order(first, second)
        return ordered(first, order, second)

    return compute


def comparing_test(operator: str, operand: Closure) -> TestClosure:
    """A unary test that begins with a comparison."""

    if operator == "=":
        return lambda variables, run, value: equal(run, value, operand(variables, run)) is True
    if operator == "!=":
        return lambda variables, run, value: equal(run, value, operand(variables, run)) is False
    order = ORDERS[operator]
    return lambda variables, run, value: ordered(value, order, operand(variables, run))


def pair(left: Closure, right: Closure, decisive: bool) -> Closure:
    """`and` (false decides) or `or` (true decides) of two."""

    def compute(variables: Variables, run: Run) -> Value:
        first = left(variables, run)
        if first is decisive:
            return decisive
        second = right(variables, run)
        if second is decisive:
            return decisive
        return (not decisive) if type(first) is bool and type(second) is bool else None

    return compute


def logic_chain(operands: tuple[Closure, ...], decisive: bool) -> Closure:
    """`and` or `or` of any number."""

    def compute(variables: Variables, run: Run) -> Value:
        unknown = False
        for operand in operands:
            value = operand(variables, run)
            if value is decisive:
                return decisive
            unknown = unknown or type(value) is not bool
        return None if unknown else not decisive

    return compute
