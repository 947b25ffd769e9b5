"""Values as the record can hold them: no floats, no dates, no decimals."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from engine.audit.chain import instant

_AS_IT_IS: Final = frozenset({str, int, bool, type(None)})
"""Most values are of these, and looked at first: the record of a step holds hundreds."""


def plain(value: Any) -> Any:
    """The value with numbers that are not whole, and moments, spelled as text.

    RFC 8785 would allow floats; the record does not, since two programs may print one differently.
    """
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float | Decimal):
        exact = Decimal(repr(value)) if isinstance(value, float) else value
        return int(exact) if exact == exact.to_integral_value() else format(exact, "f")
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return value
