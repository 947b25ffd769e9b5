"""Exact decimals of 34 digits, as DMN asks (IEEE 754-2008 decimal128)."""

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

from engine.errors import FeelError

DIGITS = 34
CONTEXT = Context(
    prec=DIGITS,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
ZERO = Decimal(0)
ONE = Decimal(1)
MAX_EXPONENT = 10_000
SAFE_INTEGER = 2**53


def power(base: Decimal, exponent: Decimal) -> Decimal | None:
    """`base ** exponent`; null for exponents so large that the answer is of no use."""
    return CONTEXT.power(base, exponent) if abs(exponent) <= MAX_EXPONENT else None


def divide(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    return CONTEXT.divide(dividend, divisor) if divisor else None


def read_number(text: str) -> Decimal:
    """The decimal a text writes, rounded to 34 digits. Raises `ArithmeticError` when out of
    range."""
    return CONTEXT.create_decimal(text)


def write_number(number: Decimal) -> str:
    """Without exponent and without trailing zeros."""
    text = format(CONTEXT.plus(number), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def whole(number: Decimal) -> int:
    """The integer part, by truncation; refuses what decimal128 cannot hold, so that it never
    hangs."""
    return int(CONTEXT.plus(number))


def json_number(number: Decimal) -> int | float | str:
    """The number as JSON that loses nothing: an integer, a float that reads back to the same
    decimal, else text."""
    if not number.is_finite():
        raise FeelError("Infinity and NaN cannot be stored as data.")
    if abs(number) <= SAFE_INTEGER and number == number.to_integral_value():
        return int(number)
    as_float = float(number)
    if Decimal(repr(as_float)) == number:
        return as_float
    try:
        return write_number(number)
    except ArithmeticError as error:
        raise FeelError("The number is too large to be stored as data.") from error
