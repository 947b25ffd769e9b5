"""Organisation numbers of the Norwegian register of legal entities: nine digits, the last of them a
check digit by modulus 11 (Brønnøysundregistrene, «Om organisasjonsnummeret»)."""

import re
from typing import Final

_SPACES: Final = re.compile("[ .\u00a0\u2009\u202f]")
_NINE: Final = re.compile("[0-9]{9}")
WEIGHTS: Final = (3, 2, 7, 6, 5, 4, 3, 2)


def plain(typed: str) -> str:
    """`313 000 001` as `313000001`: what people set between the digits is left out."""
    return _SPACES.sub("", typed.strip())


def has_nine_digits(number: str) -> bool:
    return _NINE.fullmatch(number) is not None


def has_right_check_digit(number: str) -> bool:
    """Whether the ninth digit fits the other eight. A remainder of 1 has no check digit at all."""
    rest = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False)) % 11
    return (11 - rest) % 11 == int(number[8])


def is_wrong(number: str) -> bool:
    """Whether it looks like an organisation number and is none; what a firm from another country is
    known by may look like anything else."""
    return has_nine_digits(number) and not has_right_check_digit(number)


def spaced(number: str) -> str:
    """`313000001` as people read it: `313 000 001`; anything else as it is."""
    if not has_nine_digits(number):
        return number
    return "\u00a0".join((number[:3], number[3:6], number[6:]))
