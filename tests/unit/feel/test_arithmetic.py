from decimal import Context, Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from tests.support.feel import evaluate

AMOUNTS = st.decimals(
    min_value=-(10**12), max_value=10**12, places=4, allow_nan=False, allow_infinity=False
)


@given(AMOUNTS, AMOUNTS)
def test_sums_and_products_of_amounts_are_exact(a: Decimal, b: Decimal) -> None:
    variables = {"a": a, "b": b}

    with localcontext(Context(prec=100)):
        assert evaluate("a + b", variables) == a + b
        assert evaluate("a - b", variables) == a - b
        assert evaluate("a * b", variables) == a * b


@given(AMOUNTS)
def test_the_result_does_not_depend_on_the_surrounding_decimal_context(a: Decimal) -> None:
    with localcontext(Context(prec=3)):
        result = evaluate("abs(-a) + a * 0 + sum([a]) - max([a])", {"a": a})

    assert result == abs(a)


@given(AMOUNTS, st.integers(0, 6))
def test_rounding_is_half_to_even_of_the_exact_value(a: Decimal, scale: int) -> None:
    result = evaluate("decimal(a, scale)", {"a": a, "scale": scale})

    with localcontext(Context(prec=100)):
        assert result == round(a, scale)


def test_money_is_not_binary() -> None:
    assert evaluate("0.1 + 0.2") == Decimal("0.3")
    assert evaluate("1.005 * 1000") == Decimal(1005)
    assert evaluate("12345678901234567.89 + 0.01") == Decimal("12345678901234567.90")
    assert evaluate("1 / 3") == Decimal("0." + "3" * 34)


def test_a_number_out_of_range_is_null() -> None:
    assert evaluate("1e6000 * 1e6000") is None
    assert evaluate('number("1e999999999")') is None
