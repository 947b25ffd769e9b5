"""Numbers and moments as people in Norway write and read them."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from engine.clock import OSLO

_NOISE: Final = re.compile(r"[\s']|[kK][rR]\.?|,-$|%$")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,9})?")
_DATE: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_ISO: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(r"(?:kl\.?\s*)?([0-9]{1,2})[:.]([0-9]{2})")
_NARROW: Final = "\u00a0"


def number(text: str) -> Decimal | None:
    """`1 250 000,50` or `12.5` as an exact number; None when it is no number."""
    plain = _NOISE.sub("", text.strip()).replace("\u2212", "-").replace(",", ".")
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


def ore(text: str) -> int | None:
    """Kroner as typed, in øre; None when it is no amount or finer than an øre."""
    kroner = number(text)
    if kroner is None or kroner * 100 != (kroner * 100).to_integral_value():
        return None
    return int(kroner * 100)


def iso_date(text: str) -> str | None:
    """`dd.mm.åååå` (or ISO) as `yyyy-mm-dd`; None when there is no such day."""
    match = _DATE.fullmatch(text.strip())
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
        if _ISO.fullmatch(text.strip()):
            return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return None
    return None


def utc_moment(text: str) -> str | None:
    """`dd.mm.åååå tt:mm` Oslo time as UTC; None when that minute does not exist.

    Of an hour that comes twice in autumn the first is meant.
    """
    day, _, rest = text.strip().replace("T", " ").partition(" ")
    iso, clock = iso_date(day), _TIME.fullmatch(rest.strip())
    if iso is None or clock is None or int(clock[1]) > 23 or int(clock[2]) > 59:
        return None
    moment = date.fromisoformat(iso)
    try:
        local = datetime(
            moment.year, moment.month, moment.day, int(clock[1]), int(clock[2]), tzinfo=OSLO
        )
        utc = local.astimezone(UTC)
    except OverflowError:
        return None
    if utc.astimezone(OSLO).replace(tzinfo=None) != local.replace(tzinfo=None):
        return None
    return utc.isoformat(timespec="seconds").replace("+00:00", "Z")


def grouped(value: Decimal | float) -> str:
    """`1250000.5` as `1 250 000,5`."""
    exact = Decimal(str(value))
    whole, _, fraction = f"{exact:,f}".partition(".")
    fraction = fraction.rstrip("0")
    return whole.replace(",", _NARROW) + (f",{fraction}" if fraction else "")


def kroner(amount: int) -> str:
    """Øre as kroner: `1 250 000,50`, without decimals when they are zero."""
    whole, rest = divmod(abs(amount), 100)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole:,}".replace(",", _NARROW) + (f",{rest:02}" if rest else "")


def day(iso: str) -> str:
    """`2026-12-31` as `31.12.2026`."""
    moment = date.fromisoformat(iso)
    return f"{moment.day:02}.{moment.month:02}.{moment.year:04}"


def minute(iso: str) -> str:
    """A UTC moment as Oslo people write it: `31.12.2026 12:00`."""
    local = datetime.fromisoformat(iso).astimezone(OSLO)
    return f"{day(local.date().isoformat())} {local:%H:%M}"
