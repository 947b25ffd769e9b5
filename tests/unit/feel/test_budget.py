"""An expression that somebody uploads can neither hang the engine nor fill its memory."""

import pytest

from engine.errors import BudgetError, FeelError
from engine.feel import Scope, compile_expression, to_data
from tests.support.feel import NOON, evaluate

DOUBLING = "{{f: function(s, n) if n = 0 then s else f({step}, n - 1), r: {use}}}.r"

BOMBS = {
    "nested loops": "count(for i in 1..10000, j in 1..10000 return i * j)",
    "a long range": "count(for i in 1..1000000000 return i)",
    "a huge range": "for i in 1e6000..1e6001 return i",
    "endless recursion": "{f: function(x) f(x + 1), r: f(1)}.r",
    "self application": "(function(f) f(f))(function(f) f(f))",
    "every of three": "every x in 1..1000, y in 1..1000, z in 1..1000 satisfies x + y + z > 0",
    "growing partial": "for i in 1..100000 return partial",
    "written partial": "for i in 1..1000 return string(partial)",
    "text doubled": DOUBLING.format(step="s + s", use='f("xxxxxxxxxx", 40)'),
    "list doubled": DOUBLING.format(step="concatenate(s, s)", use="f([1], 40)"),
    "text joined": DOUBLING.format(step="string join([s, s])", use='f("xxxxxxxxxx", 40)'),
    "text replaced": DOUBLING.format(step='replace(s, "x", "xxxxxxxxxx")', use='f("xxxx", 40)'),
    "shared lists flattened": DOUBLING.format(step="[s, s]", use="flatten(f([1], 40))"),
    "shared lists compared": DOUBLING.format(step="[s, s]", use="f([1], 40) = f([1], 40)"),
    "shared lists written": DOUBLING.format(step="[s, s]", use="string(f([1], 40))"),
    "shared lists searched": DOUBLING.format(step="[s, s]", use="3 in f([1], 40)"),
    "members of shared lists": DOUBLING.format(step="[s, s]", use="f([1], 40).x"),
    "distinct shared lists": DOUBLING.format(
        step="[s, s]", use="distinct values([f([1], 40), f([1], 40)])"
    ),
    "shared contexts": DOUBLING.format(step="{a: s, b: s}", use="f(1, 40) = f(1, 40)"),
    "shared lists kept": DOUBLING.format(step="[s, s]", use="f([1], 40)"),
    "a large sort": "sort(for i in 1..100000 return i, function(a, b) a > b)",
    "quadratic distinct": "distinct values(for i in 1..5000 return i)",
    "a large pattern": f'matches("{"a" * 5000}", "a{{0,50}}a{{0,50}}a{{0,50}}a{{0,50}}b")',
}

REFUSED = {
    "parentheses": "(" * 5000 + "1" + ")" * 5000,
    "minus signs": "-" * 5000 + "1",
    "a long sum": "+".join(["1"] * 5000),
    "many filters": "[1]" + "[true]" * 2000,
    "many members": "x" + ".a" * 4000,
    "a long text": "1 " * 20_000,
    "ambiguous parentheses": "1 in (" * 30 + "1" + ").a" * 30,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_an_expression_that_takes_too_much_is_stopped(bomb: str) -> None:
    with pytest.raises(BudgetError) as caught:
        to_data(evaluate(bomb))

    assert caught.value.code == "budget-exceeded"


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_an_expression_that_is_too_large_is_refused_at_compilation(source: str) -> None:
    with pytest.raises(FeelError, match="cannot be read"):
        compile_expression(source, ["x"])


@pytest.mark.parametrize(
    "source",
    [
        "9 ** 9 ** 9 ** 9",
        "floor(1e6144)",
        "decimal(1.5, 6000)",
        "exp(1e6000)",
        'duration("P1Y") * 1e6000',
        'duration("P1D") * 1e6000',
        "date(1e6000, 1, 1)",
        'substring("abc", 1e6000)',
        'matches("a", "(((a{1000}){1000}){1000})")',
        f'range("[{".." * 4000}]")',
    ],
)
def test_an_extreme_argument_gives_a_value_or_null(source: str) -> None:
    result = evaluate(source)

    assert result is None or to_data(result) is not None


def test_the_budget_is_the_scopes() -> None:
    expression = compile_expression("count(for i in 1..100 return i)", ())

    assert expression.evaluate({}, Scope(NOON, budget=1_000)) == 100
    with pytest.raises(BudgetError, match="more than 100 steps"):
        expression.evaluate({}, Scope(NOON, budget=100))


def test_a_budget_used_up_once_is_whole_the_next_time() -> None:
    expression = compile_expression("count(for i in 1..n return i)", ["n"])

    with pytest.raises(BudgetError):
        expression.evaluate({"n": 10**9}, Scope(NOON))

    assert expression.evaluate({"n": 10}, Scope(NOON)) == 10
