"""Functions of numbers."""

from collections.abc import Callable
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Final

from engine.feel.library.signature import Entry, plain
from engine.feel.numeric import CONTEXT, ONE, ZERO, divide, whole
from engine.feel.values import Months, Value

MIN_SCALE, MAX_SCALE = -6111, 6176


def _rounding(mode: str) -> Callable[..., Decimal | None]:
    def round_to(number: Decimal, scale: Decimal | None = ZERO) -> Decimal | None:
        if scale is None:
            return None
        digits = whole(scale)
        if not MIN_SCALE <= digits <= MAX_SCALE:
            return None
        if digits > 0 and -number.as_tuple().exponent <= digits:  # type: ignore[operator]
            return number
        return number.quantize(ONE.scaleb(-digits), rounding=mode, context=CONTEXT)

    return round_to


_ABSOLUTE: Final[dict[type, Callable[..., Value]]] = {Decimal: CONTEXT.abs, timedelta: abs}


def _absolute(value: Value) -> Value:
    return Months(abs(value.count)) if type(value) is Months else _ABSOLUTE[type(value)](value)


def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    quotient = divide(dividend, divisor)
    if quotient is None:
        return None
    floor = quotient.to_integral_value(rounding=ROUND_FLOOR)
    return CONTEXT.subtract(dividend, CONTEXT.multiply(divisor, floor))


def _square_root(number: Decimal) -> Decimal | None:
    return CONTEXT.sqrt(number) if number >= 0 else None


def _logarithm(number: Decimal) -> Decimal | None:
    return CONTEXT.ln(number) if number > 0 else None


def _is_odd(number: Decimal) -> bool:
    return abs(CONTEXT.remainder(number, Decimal(2))) == ONE


def _is_even(number: Decimal) -> bool:
    return CONTEXT.remainder(number, Decimal(2)) == ZERO


NUMBERS: Final[tuple[Entry, ...]] = (
    plain("decimal", "n:number,scale:number", _rounding(ROUND_HALF_EVEN)),
    plain("floor", "n:number,scale:number?", _rounding(ROUND_FLOOR)),
    plain("ceiling", "n:number,scale:number?", _rounding(ROUND_CEILING)),
    plain("round up", "n:number,scale:number", _rounding(ROUND_UP)),
    plain("round down", "n:number,scale:number", _rounding(ROUND_DOWN)),
    plain("round half up", "n:number,scale:number", _rounding(ROUND_HALF_UP)),
    plain("round half down", "n:number,scale:number", _rounding(ROUND_HALF_DOWN)),
    plain("abs", "n:number|duration", _absolute),
    plain("modulo", "dividend:number,divisor:number", _modulo),
    plain("sqrt", "number:number", _square_root),
    plain("log", "number:number", _logarithm),
    plain("exp", "number:number", CONTEXT.exp),
    plain("odd", "number:number", _is_odd),
    plain("even", "number:number", _is_even),
)
