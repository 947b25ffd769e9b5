from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import BudgetError, FeelError
from engine.feel import Months, compile_expression, compile_unary_tests
from tests.support.feel import SCOPE, evaluate


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 2 * 3", Decimal(7)),
        ("(1 + 2) * 3", Decimal(9)),
        ("-2 ** 2", Decimal(4)),
        ("10 / 4", Decimal("2.5")),
        ("1 / 0", None),
        ('"a" + "b"', "ab"),
        ('1 + "b"', None),
        ('if 1 > 2 then "x" else "y"', "y"),
        ("null and false", False),
        ("null and true", None),
        ("null or true", True),
        ("true and null and true", None),
        ("true and null and false", False),
        ("1 = 1 and 2 = 2 and 3 = 3", True),
        ("false or null or true", True),
        ("false or false or null", None),
        ("5 between 1 and 5", True),
        ("5 in (1, 3, [4..6])", True),
        ("5 in (1..5)", False),
        ("not(true)", False),
        ("[1, 2, 3][2]", Decimal(2)),
        ("[1, 2, 3][-1]", Decimal(3)),
        ("[1, 2, 3][item > 1]", [Decimal(2), Decimal(3)]),
        ("[{a: 1}, {a: 2}][a = 2].a", [Decimal(2)]),
        ("for i in 1..3 return i * i", [Decimal(1), Decimal(4), Decimal(9)]),
        ("for i in [1, 2], j in [3] return i + j", [Decimal(4), Decimal(5)]),
        ("some x in [1, 2] satisfies x > 1", True),
        ("every x in [1, 2] satisfies x > 1", False),
        ("{a: 1, b: a + 1}.b", Decimal(2)),
        ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(5)}.r", Decimal(120)),
        ("sum([1, 2, 3])", Decimal(6)),
        ("sum(1, 2, 3)", Decimal(6)),
        ('substring(string: "procurement", start position: 4)', "curement"),
        ("5 instance of number", True),
        ('@"2026-03-02" + duration("P30D")', date(2026, 4, 1)),
        ('date("2026-01-31") + duration("P1M")', date(2026, 2, 28)),
        ('date("2026-03-02") - date("2026-03-01")', timedelta(days=1)),
        ('duration("P1Y2M")', Months(14)),
        ('date("2026-02-30")', None),
        ('string(duration("P1DT2H"))', "P1DT2H"),
        ('day of week(@"2026-03-02")', "Monday"),
        (
            'string([1.50, "a\\"b", null, true, {first name: @"P1Y", x: [1..2)}])',
            '[1.5, "a\\"b", null, true, {first name: P1Y, x: [1..2)}]',
        ),
        ("median([3, 1, 2, 4])", Decimal("2.5")),
        ('mean([duration("PT1H"), duration("PT3H")])', timedelta(hours=2)),
        ('mean([duration("P1Y"), duration("P3Y")])', Months(24)),
        ('max([1, "a"])', None),
        ("stddev([2, 4, 7, 5])", Decimal("2.081665999466132735282297706979931")),
        ("mode([1, 2, 2, 3, 3])", [Decimal(2), Decimal(3)]),
        ("append([1], 2, 3)", [Decimal(1), Decimal(2), Decimal(3)]),
        ("union([1, 2], [2, 3])", [Decimal(1), Decimal(2), Decimal(3)]),
        ("sort([3, 1, 2], function(a, b) a > b)", [Decimal(3), Decimal(2), Decimal(1)]),
        ('sort([3, "a"])', None),
        ("list replace([1, 2], function(item, new) item > 1, 0)", [Decimal(1), Decimal(0)]),
        ('number("1 234,50", " ", ",")', Decimal("1234.50")),
        ("before([1..3], (3..5])", True),
        ("overlaps([1..4], [3..6])", True),
        ('get value({a: {b: 1}}, ["a", "b"])', Decimal(1)),
        ("context merge([{a: 1}, {b: 2}])", {"a": Decimal(1), "b": Decimal(2)}),
        ("1 + /* a note */ 1 // another", Decimal(2)),
    ],
)
def test_an_expression_has_the_value_the_standard_gives_it(source: str, value: Any) -> None:
    result = evaluate(source)

    assert result == value
    assert type(result) is type(value)


def test_a_leading_equals_sign_as_other_modelers_write_it_is_stripped() -> None:
    expression = compile_expression("= 1 + 1", ())

    assert expression.source == "1 + 1"
    assert expression.evaluate({}, SCOPE) == 2


def test_values_of_different_kinds_are_neither_equal_nor_unequal() -> None:
    assert evaluate("true = 1") is None
    assert evaluate('"1" != 1') is None


def test_now_is_the_moment_of_the_scope_in_oslo() -> None:
    assert evaluate("string(now())") == "2026-03-02T12:00:00@Europe/Oslo"
    assert evaluate("today()") == date(2026, 3, 2)


def test_a_duration_over_the_change_to_summer_time_is_elapsed_time() -> None:
    text = evaluate('string(@"2026-03-28T12:00:00@Europe/Oslo" + duration("PT24H"))')

    assert text == "2026-03-29T13:00:00@Europe/Oslo"


def test_moments_in_different_zones_are_compared_as_moments() -> None:
    assert evaluate('@"2026-03-02T12:00:00+01:00" = @"2026-03-02T11:00:00Z"') is True
    assert evaluate('@"2026-03-02T12:00:00+01:00" < @"2026-03-02T11:30:00Z"') is True


@pytest.mark.parametrize(
    ("source", "position"),
    [("1 +", 3), ("(1", 2), ('"open', 0), ("1 2", 2), ("if true then 1", 14), ("f(a: 1, 2)", 10)],
)
def test_an_expression_that_cannot_be_read_is_refused_with_its_position(
    source: str, position: int
) -> None:
    with pytest.raises(FeelError, match="cannot be read at character") as caught:
        compile_expression(source, ["f"])

    assert caught.value.details["position"] == position
    assert caught.value.details["expression"] == source


def test_an_empty_expression_is_refused() -> None:
    with pytest.raises(FeelError, match="empty"):
        compile_expression("= ", ())


@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ("-", 7, True),
        ("", None, True),
        ("< 10", 7, True),
        ("[1..5], [7..9]", 7, True),
        ("not(7, 8)", 7, False),
        ("not(8)", 7, True),
        ('"a", "b"', "b", True),
        ("? > 3 and ? < 5", 4, True),
        ("limit", 4, False),
        ("null", None, True),
    ],
)
def test_a_cell_of_a_decision_table_tests_its_input(cell: str, value: Any, passes: bool) -> None:
    tests = compile_unary_tests(cell, ["limit"])

    assert tests.evaluate(value, {"limit": 3}, SCOPE) is passes


def test_a_value_nested_too_deep_to_work_on_is_an_error_of_ours() -> None:
    nested = "for i in 1..5000 return if i = 1 then [] else [partial[-1]]"

    with pytest.raises(BudgetError, match="nested too deep"):
        evaluate(f"{{a: {nested}, r: a[-1] = a[-1]}}.r")


def test_attributes_of_host_objects_cannot_be_reached() -> None:
    assert evaluate("a.__class__", {"a": 5}) is None
    assert evaluate("a.__class__.__mro__", {"a": {}}) is None


def test_a_variable_of_a_foreign_type_is_refused() -> None:
    with pytest.raises(FeelError, match="type object cannot be used"):
        evaluate("a", {"a": object()})
