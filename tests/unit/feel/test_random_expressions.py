"""Whatever somebody writes: a value, or an error of ours, within the budget."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import FeelError
from engine.feel import Scope, compile_expression, to_data
from engine.feel.library import BUILT_INS
from tests.support.feel import NOON

NAMES = ("a", "b", "list of bids", "x-y")
VARIABLES = {"a": 3, "b": "tekst", "list of bids": [{"price": 1.5}, {"price": None}], "x-y": None}
ATOMS = st.sampled_from(
    [
        *NAMES,
        "1",
        "0",
        "-7.25",
        "1e300",
        "null",
        "true",
        '""',
        '"P1D"',
        '"a+"',
        '@"2026-02-28"',
        '@"2026-02-28T12:00:00@Europe/Oslo"',
        '@"PT36H"',
        '@"P1Y"',
        "[1..9]",
        "(1..9]",
        "[]",
        "{p: 1}",
        "function(v) v",
        "item",
        "now()",
    ]
)
CALLS = st.sampled_from(sorted(BUILT_INS))
OPERATORS = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or"])


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} {} {})".format, inner, OPERATORS, inner),
        st.builds("{}({})".format, CALLS, inner),
        st.builds("{}({}, {})".format, CALLS, inner, inner),
        st.builds("{}({}, {}, {})".format, CALLS, inner, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("{{p: {}, q: {}}}".format, inner, inner),
        st.builds("(if {} then {} else {})".format, inner, inner, inner),
        st.builds("(for v in {} return [v, {}])".format, inner, inner),
        st.builds("(some v in {} satisfies {})".format, inner, inner),
        st.builds("({} in ({}, {}))".format, inner, inner, inner),
        st.builds("({} between {} and {})".format, inner, inner, inner),
        st.builds(
            "{{f: function(n, s) if n < 1 then s else f(n - 1, {}), r: f(9, {})}}.r".format,
            inner,
            inner,
        ),
    )


EXPRESSIONS = st.recursive(ATOMS, _grow, max_leaves=12)
SETTINGS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


@SETTINGS
@given(EXPRESSIONS)
def test_any_expression_gives_a_value_or_one_of_our_errors(source: str) -> None:
    scope = Scope(NOON, budget=20_000)
    outcome: object
    try:
        outcome = to_data(compile_expression(source, NAMES).evaluate(VARIABLES, scope))
    except FeelError as error:
        outcome = error.code

    assert outcome is None or isinstance(outcome, bool | int | float | str | list | dict)


@SETTINGS
@given(st.text(max_size=60) | st.text("()[]{}.,:\"'@?<>=!+-*/ abif0123456789\\", max_size=60))
def test_any_text_is_an_expression_or_is_refused(source: str) -> None:
    try:
        compiled = compile_expression(source, ["a", "b"]).source
    except FeelError as error:
        compiled = str(error.details["expression"])

    assert compiled in source
