"""A computed period that explains itself, with the articles of Regulation 1182/71 it rests on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engine.clock import OSLO
from engine.procurement.text import Text, checked_language, listed, long_date


class Unit(StrEnum):
    HOURS = "hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Direction(StrEnum):
    FORWARD = "forward"
    BACKWARD = "backward"


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day that did not count, or could not be the last one; `reason` says why."""

    day: date
    reason: Text


@dataclass(frozen=True, slots=True)
class Period:
    """A computed period that can explain itself.

    `nominal_last_day` is what plain counting gives, `legal_last_day` what the law makes of it
    (for backward periods the earliest counted day). `latest_act` is the last day on which an act
    that is due within the period is in time; `ends_at` is 24:00 of it, as aware UTC.
    `earliest_next_act` is the first day after a forward period; None for a backward one.
    `days_counted` are days from the first to the legal last day, without the days that a period
    in working days skips.
    """

    event: date | datetime
    event_day: date
    amount: int
    unit: Unit
    direction: Direction
    first_day: date
    nominal_last_day: date
    legal_last_day: date
    latest_act: date
    ends_at: datetime
    earliest_next_act: date | None
    days_counted: int
    skipped: tuple[SkippedDay, ...]

    def has_ended(self, now: datetime) -> bool:
        """Whether the period is over at `now` (aware)."""
        return now >= self.ends_at

    def explain(self, language: str) -> list[str]:
        """Plain sentences with the articles they rest on.

        Raises `InvalidInputError` for a `language` other than `nb` and `en`.
        """
        return _WRITERS[checked_language(language)](self)


REGULATION: Text = {"nb": "forordning 1182/71", "en": "Regulation 1182/71"}
_ARTICLE: Mapping[str, str] = {
    "hours": "3(2)(a)",
    "calendar_days": "3(2)(b)",
    "working_days": "3(3)",
    "weeks": "3(2)(c)",
    "months": "3(2)(c)",
    "years": "3(2)(c)",
}
_UNITS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "nb": {
        "hours": ("time", "timer"),
        "calendar_days": ("kalenderdag", "kalenderdager"),
        "working_days": ("virkedag", "virkedager"),
        "weeks": ("uke", "uker"),
        "months": ("måned", "måneder"),
        "years": ("år", "år"),
    },
    "en": {
        "hours": ("hour", "hours"),
        "calendar_days": ("calendar day", "calendar days"),
        "working_days": ("working day", "working days"),
        "weeks": ("week", "weeks"),
        "months": ("month", "months"),
        "years": ("year", "years"),
    },
}


def amount_text(amount: int, unit: str, language: str) -> str:
    """`1 virkedag`, `10 calendar days`."""
    one, many = _UNITS[checked_language(language)][unit]
    return f"{amount} {one if amount == 1 else many}"


def _norwegian(period: Period) -> list[str]:
    rule, day = REGULATION["nb"], _day("nb")
    way = " regnet bakover" if period.direction is Direction.BACKWARD else ""
    if period.unit is Unit.HOURS:
        return [
            f"Timen hendelsen skjer i, regnes ikke med ({rule} art. 3(1)).",
            (
                f"Fristen er {amount_text(period.amount, period.unit, 'nb')}{way} "
                f"(art. {_ARTICLE[period.unit]}); helger og høytider flytter den ikke (art. 3(4))."
            ),
            f"Den løper ut {_clock(period.ends_at, 'nb')} norsk tid.",
        ]
    lines = [
        f"Hendelsen er {day(period.event_day)}; den dagen regnes ikke med ({rule} art. 3(1)).",
        (
            f"Fristen er {amount_text(period.amount, period.unit, 'nb')}{way}: første dag er "
            f"{day(period.first_day)}, og tellingen slutter {day(period.nominal_last_day)} "
            f"(art. {_ARTICLE[period.unit]})."
        ),
        *_skipped(period, "nb"),
    ]
    if period.direction is Direction.BACKWARD:
        return [
            *lines,
            (
                f"Alle dagene fra {day(period.legal_last_day)} skal være fri; siste dag er "
                f"{day(period.latest_act)} kl. 24.00 norsk tid."
            ),
        ]
    next_act = period.earliest_next_act or period.legal_last_day
    return [
        *lines,
        f"Fristen løper ut {day(period.legal_last_day)} kl. 24.00 norsk tid.",
        f"Det som må vente på fristen, kan tidligst skje {day(next_act)}.",
    ]


def _english(period: Period) -> list[str]:
    rule, day = REGULATION["en"], _day("en")
    way = " counted backwards" if period.direction is Direction.BACKWARD else ""
    if period.unit is Unit.HOURS:
        return [
            f"The hour of the event is not counted ({rule} art. 3(1)).",
            (
                f"The period is {amount_text(period.amount, period.unit, 'en')}{way} "
                f"(art. {_ARTICLE[period.unit]}); weekends and holidays do not move it (art. 3(4))."
            ),
            f"It ends {_clock(period.ends_at, 'en')} Norwegian time.",
        ]
    lines = [
        f"The event is on {day(period.event_day)}; that day is not counted ({rule} art. 3(1)).",
        (
            f"The period is {amount_text(period.amount, period.unit, 'en')}{way}: the first day is "
            f"{day(period.first_day)} and the count ends on {day(period.nominal_last_day)} "
            f"(art. {_ARTICLE[period.unit]})."
        ),
        *_skipped(period, "en"),
    ]
    if period.direction is Direction.BACKWARD:
        return [
            *lines,
            (
                f"Every day from {day(period.legal_last_day)} on must be free; the act is due by "
                f"24:00 on {day(period.latest_act)}, Norwegian time."
            ),
        ]
    next_act = period.earliest_next_act or period.legal_last_day
    return [
        *lines,
        f"The period ends at 24:00 on {day(period.legal_last_day)}, Norwegian time.",
        f"What must wait for it may be done on {day(next_act)} at the earliest.",
    ]


def _skipped(period: Period, language: str) -> list[str]:
    if not period.skipped:
        return []
    days = listed(
        (f"{long_date(skip.day, language)} ({skip.reason[language]})" for skip in period.skipped),
        language,
    )
    if period.unit is Unit.WORKING_DAYS:
        return [
            f"Disse dagene er ikke virkedager og regnes ikke med: {days} (art. 2(2) og 3(3))."
            if language == "nb"
            else f"These are not working days and are not counted: {days} (art. 2(2) and 3(3))."
        ]
    return [
        f"Disse dagene kan ikke være den siste: {days} (art. 3(4) og 3(5))."
        if language == "nb"
        else f"These days cannot be the last one: {days} (art. 3(4) and 3(5))."
    ]


def _day(language: str) -> Callable[[date], str]:
    return lambda day: long_date(day, language)


def _clock(moment: datetime, language: str) -> str:
    local = moment.astimezone(OSLO)
    if language == "nb":
        return f"{long_date(local.date(), language)} kl. {local:%H.%M}"
    return f"at {local:%H:%M} on {long_date(local.date(), language)}"


_WRITERS: Mapping[str, Callable[[Period], list[str]]] = {
    "nb": _norwegian,
    "en": _english,
}
