"""The built-in functions of FEEL (DMN 1.5, 10.3.4) by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from engine.feel.library.contexts import CONTEXTS
from engine.feel.library.dates import DATES
from engine.feel.library.intervals import INTERVALS
from engine.feel.library.lists import LISTS
from engine.feel.library.numerals import NUMBERS
from engine.feel.library.range_text import RANGE_TEXT
from engine.feel.library.strings import STRINGS
from engine.feel.values import Function

BUILT_INS: Final[Mapping[str, Function]] = MappingProxyType(
    dict([*NUMBERS, *STRINGS, *LISTS, *CONTEXTS, *DATES, *INTERVALS, *RANGE_TEXT])
)
