"""Text that people see, in bokmål (`nb`), nynorsk (`nn`) and English (`en`), with dates and amounts
in words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from engine.errors import InvalidInputError

Language = Literal["nb", "nn", "en"]
Text = Mapping[str, str]

LANGUAGES: tuple[Language, ...] = ("nb", "nn", "en")

WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "nb": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    "nn": ("måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "sundag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_NORWEGIAN_MONTHS = (
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip
MONTHS: Mapping[str, tuple[str, ...]] = {
    "nb": _NORWEGIAN_MONTHS,
    "nn": _NORWEGIAN_MONTHS,
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_AND = {"nb": "og", "nn": "og", "en": "and"}
_NO_BREAK_SPACE = "\u00a0"


def text(nb: str, en: str, *, nn: str) -> Text:
    """The same statement in each language."""
    return {"nb": nb, "nn": nn, "en": en}


def same(word: str) -> Text:
    """A name or a code, which is the same in every language."""
    return text(word, word, nn=word)


def checked_language(language: str) -> Language:
    """`language` itself.

    Raises `InvalidInputError` for a language that has no texts here.
    """
    for known in LANGUAGES:
        if language == known:
            return known
    raise InvalidInputError(
        f"There are no texts in the language {language!r}. Use one of {', '.join(LANGUAGES)}.",
        language=language,
        known=list(LANGUAGES),
        about="one-of",
        choices=", ".join(LANGUAGES),
    )


def weekday_name(day: date, language: str) -> str:
    return WEEKDAYS[checked_language(language)][day.weekday()]


def long_date(day: date, language: str) -> str:
    """Weekday and date: `fredag 20. mars 2026`, `Friday 20 March 2026`."""
    month = MONTHS[checked_language(language)][day.month - 1]
    dot = "" if language == "en" else "."
    return f"{weekday_name(day, language)} {day.day}{dot} {month} {day.year}"


def date_text(day: date) -> Text:
    return {language: long_date(day, language) for language in LANGUAGES}


def kroner(ore: int, language: str) -> str:
    """An amount in øre as kroner: `1 300 000 kr`, `NOK 1,300,000`; øre only where there are any."""
    whole, rest = divmod(abs(ore), 100)
    sign = "-" if ore < 0 else ""
    if checked_language(language) != "en":
        decimals = f",{rest:02}" if rest else ""
        return f"{sign}{whole:,}".replace(",", _NO_BREAK_SPACE) + f"{decimals}{_NO_BREAK_SPACE}kr"
    decimals = f".{rest:02}" if rest else ""
    return f"NOK{_NO_BREAK_SPACE}{sign}{whole:,}{decimals}"


def listed(words: Iterable[str], language: str) -> str:
    """`a, b og c`; an empty string for no words."""
    *head, last = [*words] or [""]
    return f"{', '.join(head)} {_AND[checked_language(language)]} {last}" if head else last
