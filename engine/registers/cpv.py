"""Codes of the Common Procurement Vocabulary (Regulation (EC) No 213/2008): eight digits, and a
ninth that checks them."""

import re
from itertools import cycle
from typing import Final

_CODE: Final = re.compile("([0-9]{8})(?:-([0-9]))?")
WEIGHTS: Final = (3, 7, 1)


def read_code(typed: str) -> str | None:
    """`73000000-2` or `73000000` as its eight digits; None when it is no code, or when the check
    digit does not fit."""
    found = _CODE.fullmatch(typed.strip())
    if found is None or found[2] not in {None, check_digit(found[1])}:
        return None
    return found[1]


def check_digit(code: str) -> str:
    """The ninth digit of a code: the sum of its digits by weights 3, 7, 1, modulo 10.

    The regulation lists the digit without saying how it is made; the rule reproduces every code of
    the table that ships, which a test holds it to.
    """
    total = sum(int(digit) * weight for digit, weight in zip(code, cycle(WEIGHTS), strict=False))
    return str(total % 10)


def full(code: str) -> str:
    """`73000000` as notices write it: `73000000-2`; anything else as it is."""
    read = read_code(code)
    return code if read is None else f"{read}-{check_digit(read)}"
