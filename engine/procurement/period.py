"""A computed period that explains itself, with the articles of Regulation 1182/71 it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engine.clock import OSLO
from engine.procurement.text import Text, checked_language, listed, long_date, text


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

        Raises `InvalidInputError` for a `language` that has no texts.
        """
        return _sentences(self, checked_language(language))


REGULATION: Text = text("forordning 1182/71", "Regulation 1182/71", nn="forordning 1182/71")
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
    "nn": {
        "hours": ("time", "timar"),
        "calendar_days": ("kalenderdag", "kalenderdagar"),
        "working_days": ("vyrkedag", "vyrkedagar"),
        "weeks": ("veke", "veker"),
        "months": ("månad", "månader"),
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


_SENTENCES: Mapping[str, Mapping[str, str]] = {
    "nb": {
        "backwards": " regnet bakover",
        "hour": "Timen hendelsen skjer i, regnes ikke med ({rule} art. 3(1)).",
        "hours": "Fristen er {amount}{way} (art. {article}); helger og høytider flytter den ikke "
        "(art. 3(4)).",
        "ends": "Den løper ut {clock} norsk tid.",
        "clock": "{day} kl. {hour}.{minute}",
        "event": "Hendelsen er {event}; den dagen regnes ikke med ({rule} art. 3(1)).",
        "days": "Fristen er {amount}{way}: første dag er {first}, og tellingen slutter {nominal} "
        "(art. {article}).",
        "not-working": "Disse dagene er ikke virkedager og regnes ikke med: {skipped} "
        "(art. 2(2) og 3(3)).",
        "not-last": "Disse dagene kan ikke være den siste: {skipped} (art. 3(4) og 3(5)).",
        "free": "Alle dagene fra {last} skal være fri; siste dag er {act} kl. 24.00 norsk tid.",
        "over": "Fristen løper ut {last} kl. 24.00 norsk tid.",
        "next": "Det som må vente på fristen, kan tidligst skje {next}.",
    },
    "nn": {
        "backwards": " rekna bakover",
        "hour": "Timen hendinga skjer i, blir ikkje rekna med ({rule} art. 3(1)).",
        "hours": "Fristen er {amount}{way} (art. {article}); helger og høgtider flyttar han ikkje "
        "(art. 3(4)).",
        "ends": "Han går ut {clock} norsk tid.",
        "clock": "{day} kl. {hour}.{minute}",
        "event": "Hendinga er {event}; den dagen blir ikkje rekna med ({rule} art. 3(1)).",
        "days": "Fristen er {amount}{way}: første dag er {first}, og teljinga sluttar {nominal} "
        "(art. {article}).",
        "not-working": "Desse dagane er ikkje vyrkedagar og blir ikkje rekna med: {skipped} "
        "(art. 2(2) og 3(3)).",
        "not-last": "Desse dagane kan ikkje vere den siste: {skipped} (art. 3(4) og 3(5)).",
        "free": "Alle dagane frå {last} skal vere fri; siste dag er {act} kl. 24.00 norsk tid.",
        "over": "Fristen går ut {last} kl. 24.00 norsk tid.",
        "next": "Det som må vente på fristen, kan tidlegast skje {next}.",
    },
    "en": {
        "backwards": " counted backwards",
        "hour": "The hour of the event is not counted ({rule} art. 3(1)).",
        "hours": "The period is {amount}{way} (art. {article}); weekends and holidays do not move "
        "it (art. 3(4)).",
        "ends": "It ends {clock} Norwegian time.",
        "clock": "at {hour}:{minute} on {day}",
        "event": "The event is on {event}; that day is not counted ({rule} art. 3(1)).",
        "days": "The period is {amount}{way}: the first day is {first} and the count ends on "
        "{nominal} (art. {article}).",
        "not-working": "These are not working days and are not counted: {skipped} "
        "(art. 2(2) and 3(3)).",
        "not-last": "These days cannot be the last one: {skipped} (art. 3(4) and 3(5)).",
        "free": "Every day from {last} on must be free; the act is due by 24:00 on {act}, "
        "Norwegian time.",
        "over": "The period ends at 24:00 on {last}, Norwegian time.",
        "next": "What must wait for it may be done on {next} at the earliest.",
    },
}


def _sentences(period: Period, language: str) -> list[str]:
    words = _SENTENCES[language]
    if period.unit is Unit.HOURS:
        order: tuple[str, ...] = ("hour", "hours", "ends")
    else:
        not_counted = "not-working" if period.unit is Unit.WORKING_DAYS else "not-last"
        skipped = (not_counted,) if period.skipped else ()
        ends = ("free",) if period.direction is Direction.BACKWARD else ("over", "next")
        order = ("event", "days", *skipped, *ends)
    filled = _filled(period, language)
    return [words[each].format_map(filled) for each in order]


def _filled(period: Period, language: str) -> Mapping[str, str]:
    """What the sentences of a language leave open."""
    words = _SENTENCES[language]

    def day(each: date) -> str:
        return long_date(each, language)

    local = period.ends_at.astimezone(OSLO)
    skipped = (f"{day(skip.day)} ({skip.reason[language]})" for skip in period.skipped)
    return {
        "rule": REGULATION[language],
        "amount": amount_text(period.amount, period.unit, language),
        "way": words["backwards"] if period.direction is Direction.BACKWARD else "",
        "article": _ARTICLE[period.unit],
        "clock": words["clock"].format(
            day=day(local.date()), hour=f"{local:%H}", minute=f"{local:%M}"
        ),
        "event": day(period.event_day),
        "first": day(period.first_day),
        "nominal": day(period.nominal_last_day),
        "skipped": listed(skipped, language),
        "last": day(period.legal_last_day),
        "act": day(period.latest_act),
        "next": day(period.earliest_next_act or period.legal_last_day),
    }
