"""Texts of the pages in the reader's language, and dates and numbers as Norwegians write them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

from engine.clock import OSLO
from engine.procurement.text import kroner

LANGUAGES: Final = ("nb", "nn", "en")
NAMES: Final = MappingProxyType({"nb": "Bokmål", "nn": "Nynorsk", "en": "English"})
DEFAULT: Final = "nb"
_HOURS_SAID: Final = 48  # beyond that, days are enough
TEXTS: Final = Path(__file__).parent / "texts"
_PERIOD: Final = re.compile(
    r"P(?:(?P<days>\d+)D|(?P<weeks>\d+)W|(?P<months>\d+)M|(?P<years>\d+)Y|T(?P<hours>\d+)H)"
)
_ACTS: Final = {"Directive": "direktiv", "Regulation": "forordning", "Annex": "vedlegg"}
_ACT: Final = re.compile("|".join(_ACTS))
_EITHER: Final = re.compile(r"([^;(/ ][^;(/]*) / ([^;:)]+)")
_MONTHS: Final = MappingProxyType(
    {
        "nb": "januar februar mars april mai juni juli august september oktober november desember",
        "nn": "januar februar mars april mai juni juli august september oktober november desember",
        "en": "January February March April May June July August September October November "
        "December",
    }
)
_WEEKDAYS: Final = MappingProxyType(
    {
        "nb": "mandag tirsdag onsdag torsdag fredag lørdag søndag",
        "nn": "måndag tysdag onsdag torsdag fredag laurdag sundag",
        "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    }
)


def load_texts() -> Mapping[str, Mapping[str, str]]:
    """Language → key → text, from `texts/`."""
    return MappingProxyType(
        {
            language: MappingProxyType(
                json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))
            )
            for language in LANGUAGES
        }
    )


@dataclass(frozen=True, slots=True)
class Translator:
    """Everything that differs by language. A key without a text is a fault of the program."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        text = self.texts[key]
        return text.format(**values) if values else text

    def at(self, *parts: str, **values: object) -> str:
        """The text whose key is put together of these parts."""
        return self(".".join(parts), **values)

    @property
    def others(self) -> tuple[tuple[str, str], ...]:
        """The languages there are besides this one, each with its own name."""
        return tuple((each, NAMES[each]) for each in LANGUAGES if each != self.language)

    def has(self, key: str) -> bool:
        return key in self.texts

    def or_key(self, prefix: str, key: str) -> str:
        """The text of `prefix.key`, or the key itself where models may bring their own words."""
        return self.texts.get(f"{prefix}.{key}", key.replace("-", " ").capitalize())

    def or_role(self, who: str) -> str:
        """The name of a role, or the name of a person as it is."""
        return self.texts.get(f"role.{who}", who)

    def count(self, key: str, number: int, **values: object) -> str:
        """`key.one` or `key.many`, with the number in it; `key.none` for 0 where there is one."""
        if number == 0 and self.has(f"{key}.none"):
            return self(f"{key}.none", **values)
        return self(f"{key}.{'one' if number == 1 else 'many'}", number=number, **values)

    def pick(self, texts: Mapping[str, str]) -> str:
        """From texts by language, the reader's or bokmål's."""
        return texts.get(self.language) or texts.get(DEFAULT, "")

    def cited(self, citation: str) -> str:
        """A citation in the reader's words: of `god praksis / good practice` one, and the kinds of
        acts of the Union, which are kept in English, by their Norwegian names."""
        if self.language == "en":
            return _EITHER.sub(r"\2", citation)
        return _ACT.sub(lambda found: _ACTS[found[0]], _EITHER.sub(r"\1", citation))

    def money(self, ore: int) -> str:
        """An amount in øre as kroner: `1 300 000 kr`, `NOK 1,300,000`."""
        return kroner(ore, "en" if self.language == "en" else "nb")

    def hours(self, span: timedelta) -> str:
        """`3,5 t` or `3.5 h`; whole hours from a hundred on."""
        number = span.total_seconds() / 3600
        said = f"{number:.0f}" if number >= 99.95 else f"{number:.1f}".removesuffix(".0")
        return self("hours.short", number=said if self.language == "en" else said.replace(".", ","))

    def day(self, moment: date | datetime) -> str:
        """`31.12.2026`, in Oslo."""
        local = _oslo(moment)
        return f"{local:%d.%m.%Y}"

    def iso_day(self, day: str) -> str:
        """`2026-12-31` as `day` writes it."""
        return self.day(date.fromisoformat(day))

    def long_day(self, moment: date | datetime) -> str:
        """`torsdag 31. desember 2026`."""
        local = _oslo(moment)
        weekday = _WEEKDAYS[self.language].split()[local.weekday()]
        month = _MONTHS[self.language].split()[local.month - 1]
        dot = "" if self.language == "en" else "."
        return f"{weekday} {local.day}{dot} {month} {local.year}"

    def period(self, iso: str) -> str:
        """`14 dager` for P14D; "" for what is no plain period, such as a formula."""
        found = _PERIOD.fullmatch(iso)
        if found is None:
            return ""
        number = next(int(each) for each in found.groups() if each is not None)
        return self.count(f"period.{found.lastgroup}", number)

    def month(self, day: date) -> str:
        """`jan. 2027` or `mai 2027`: short, for the head of a picture."""
        name = _MONTHS[self.language].split()[day.month - 1]
        dot = "." if self.language != "en" and len(name) > 4 else ""
        return f"{name[:3] if len(name) > 4 else name}{dot} {day.year}"

    def number(self, text: str) -> str:
        """A decimal as the language writes it: `8,33` in Norwegian."""
        return text if self.language == "en" else text.replace(".", ",")

    def minute(self, moment: datetime) -> str:
        """`31.12.2026 kl. 12.00`, in Oslo."""
        clock = "at %H:%M" if self.language == "en" else "kl. %H.%M"
        return f"{self.day(moment)} {moment.astimezone(OSLO):{clock}}"

    def span(self, begin: datetime, end: datetime) -> str:
        """`31.12.2026 kl. 12.00 – 13.00`, in Oslo; the day is said again when it is another."""
        if _oslo(begin) != _oslo(end):
            return f"{self.minute(begin)} – {self.minute(end)}"
        clock = "%H:%M" if self.language == "en" else "%H.%M"
        return f"{self.minute(begin)} – {end.astimezone(OSLO):{clock}}"

    def due(self, moment: datetime) -> str:
        """A moment by which something is to be done: the end of a day is `kl. 24.00` of that day,
        any other moment as `minute` writes it."""
        day = self.due_day(moment)
        if day == _oslo(moment):
            return self.minute(moment)
        return f"{self.day(day)} {'at 24:00' if self.language == 'en' else 'kl. 24.00'}"

    def due_day(self, moment: datetime) -> date:
        """The last day, in Oslo, on which what is due at the moment is in time: its end belongs to
        the day that ends."""
        return _oslo(moment - timedelta(microseconds=1))

    def second(self, moment: datetime) -> str:
        """`31.12.2026 kl. 12.00.00`, in Oslo."""
        clock = "at %H:%M:%S" if self.language == "en" else "kl. %H.%M.%S"
        return f"{self.day(moment)} {moment.astimezone(OSLO):{clock}}"

    def microsecond(self, moment: datetime) -> str:
        """`31.12.2026 kl. 12.00.00,000001`, in Oslo: to tell what came late, however little."""
        clock = "at %H:%M:%S.%f" if self.language == "en" else "kl. %H.%M.%S,%f"
        return f"{self.day(moment)} {moment.astimezone(OSLO):{clock}}"

    def local(self, moment: datetime) -> str:
        """A moment in Oslo as a browser's field for one wants it: `2026-12-31T12:00`."""
        return f"{moment.astimezone(OSLO):%Y-%m-%dT%H:%M}"

    def ago(self, moment: datetime, now: datetime) -> str:
        """How long a date has been passed: `3 dager over fristen`."""
        return self._far("time.ago", now - moment)

    def ahead(self, moment: datetime, now: datetime) -> str:
        """How long it is until then: `om 3 dager`."""
        return self._far("time.ahead", moment - now)

    def _far(self, key: str, distance: timedelta) -> str:
        hours = int(distance / timedelta(hours=1))
        if hours < 1:
            return self(f"{key}.minutes")
        if hours < _HOURS_SAID:
            return self.count(f"{key}.hours", hours)
        return self.count(f"{key}.days", hours // 24)


def _oslo(moment: date | datetime) -> date:
    return moment.astimezone(OSLO).date() if isinstance(moment, datetime) else moment


def choose_language(cookie: str | None, accept: str | None) -> str:
    """The language somebody chose, else the first of the browser's that there is."""
    if cookie in LANGUAGES:
        return cookie
    for part in (accept or "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.split("-")[0] == "nn":
            return "nn"
        if tag.split("-")[0] in {"nb", "no", "da", "sv"}:
            return "nb"
        if tag.split("-")[0] == "en":
            return "en"
    return DEFAULT
