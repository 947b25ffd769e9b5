"""Reading values out of submitted forms without ever failing: what is not there reads as nothing.

A gate's check must answer, whatever an older form version or an import has left in the data.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.clock import OSLO
from engine.procurement.calendar import FIRST_YEAR, LAST_YEAR, ONE_DAY
from engine.procurement.periods import end_of_day, oslo_day


def said(data: Mapping[str, Any], key: str) -> str:
    """The text of a field without surrounding space; empty where there is none."""
    value = data.get(key)
    return value.strip() if isinstance(value, str) else ""


def entries(data: Mapping[str, Any], key: str) -> tuple[Mapping[str, Any], ...]:
    """The rows of a list field; whatever is not a row is left out."""
    value = data.get(key)
    if not isinstance(value, list | tuple):
        return ()
    return tuple(entry for entry in value if isinstance(entry, Mapping))


def names(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The texts of a list field, of the keys of its rows (`id`), or of a single text."""
    value = data.get(key)
    found = value if isinstance(value, list | tuple) else [value]
    return tuple(name for each in found if (name := _name(each)))


def _name(value: object) -> str:
    if isinstance(value, Mapping):
        return supplier_of(value)
    return value.strip() if isinstance(value, str) else ""


def supplier_of(data: Mapping[str, Any]) -> str:
    """The supplier's key in a row: the field `supplier`, or the row's own `id`."""
    return said(data, "supplier") or said(data, "id")


def whole(data: Mapping[str, Any], key: str) -> int | None:
    """An integer field, such as øre."""
    value = data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(data: Mapping[str, Any], key: str) -> Decimal | None:
    """A numeric field as an exact decimal; None for anything else, NaN and infinity included."""
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    exact = Decimal(str(value))
    return exact if exact.is_finite() else None


def moment(value: object) -> datetime | None:
    """An aware datetime; a bare date means 24:00 of that day, a time without a zone Norwegian time.

    None for what cannot be read, or lies outside the years whose holidays are known.
    """
    read = _parsed(value) if isinstance(value, str) else value
    if not isinstance(read, date) or not FIRST_YEAR <= read.year <= LAST_YEAR:
        return None
    if isinstance(read, datetime):
        return read if read.tzinfo else read.replace(tzinfo=OSLO)
    return end_of_day(read)


def day(value: object) -> date | None:
    """The date in Norway of a date or datetime field; None as for `moment`."""
    when = moment(value)
    if when is None:
        return None
    read = _parsed(value) if isinstance(value, str) else value
    return oslo_day(when) if isinstance(read, datetime) else oslo_day(when) - ONE_DAY


def _parsed(value: str) -> date | datetime | None:
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(value)
        except ValueError:
            continue
    return None
