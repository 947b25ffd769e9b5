"""What people read when a field is not right: which field, and what to do about it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LANGUAGES: Final = ("nb", "en")

MESSAGES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "required": {
            "nb": "Fyll ut «{title}».",
            "en": "Fill in “{title}”.",
        },
        "required-choice": {
            "nb": "Velg et alternativ for «{title}».",
            "en": "Choose an option for “{title}”.",
        },
        "required-list": {
            "nb": "Legg til minst {least} under «{title}».",
            "en": "Add at least {least} under “{title}”.",
        },
        "required-choices": {
            "nb": "Velg minst {least} under «{title}».",
            "en": "Choose at least {least} under “{title}”.",
        },
        "confirm": {
            "nb": "Kryss av for «{title}» for å gå videre.",
            "en": "Tick “{title}” to go on.",
        },
        "too-short": {
            "nb": "«{title}» må ha minst {limit} tegn. Skriv litt mer.",
            "en": "“{title}” must have at least {limit} characters. Write a little more.",
        },
        "too-long": {
            "nb": "«{title}» kan ha høyst {limit} tegn. Kort ned teksten ({length} tegn nå).",
            "en": "“{title}” may have at most {limit} characters. Shorten it ({length} now).",
        },
        "too-small": {
            "nb": "«{title}» må være {limit} eller mer.",
            "en": "“{title}” must be {limit} or more.",
        },
        "not-above": {
            "nb": "«{title}» må være mer enn {limit}.",
            "en": "“{title}” must be more than {limit}.",
        },
        "too-large": {
            "nb": "«{title}» kan være høyst {limit}.",
            "en": "“{title}” may be at most {limit}.",
        },
        "too-many": {
            "nb": "«{title}» kan ha høyst {limit}. Fjern noen.",
            "en": "“{title}” may have at most {limit}. Remove some.",
        },
        "repeated": {
            "nb": "«{title}» har samme verdi to ganger. Fjern den ene.",
            "en": "“{title}” has the same value twice. Remove one.",
        },
        "not-text": {
            "nb": "Skriv tekst i «{title}».",
            "en": "Write text in “{title}”.",
        },
        "not-integer": {
            "nb": "Skriv et helt tall i «{title}», for eksempel 12.",
            "en": "Write a whole number in “{title}”, for example 12.",
        },
        "not-number": {
            "nb": "Skriv et tall i «{title}», for eksempel 12,5.",
            "en": "Write a number in “{title}”, for example 12.5.",
        },
        "not-money": {
            "nb": "Skriv beløpet i kroner i «{title}», for eksempel 1 250 000,50.",
            "en": "Write the amount in kroner in “{title}”, for example 1 250 000,50.",
        },
        "not-percent": {
            "nb": "Skriv en prosent i «{title}», for eksempel 12,5.",
            "en": "Write a percentage in “{title}”, for example 12.5.",
        },
        "not-date": {
            "nb": "Skriv en dato som finnes i «{title}», for eksempel 31.12.2026.",
            "en": "Write a date that exists in “{title}”, for example 31.12.2026.",
        },
        "not-date-time": {
            "nb": "Skriv dato og klokkeslett i «{title}», for eksempel 31.12.2026 12:00.",
            "en": "Write date and time in “{title}”, for example 31.12.2026 12:00.",
        },
        "not-boolean": {
            "nb": "Svar ja eller nei på «{title}».",
            "en": "Answer yes or no to “{title}”.",
        },
        "not-an-option": {
            "nb": "Velg ett av alternativene for «{title}».",
            "en": "Choose one of the options for “{title}”.",
        },
        "not-a-list": {
            "nb": "«{title}» skal være en liste.",
            "en": "“{title}” must be a list.",
        },
        "not-a-group": {
            "nb": "«{title}» skal ha felter med navn.",
            "en": "“{title}” must have named fields.",
        },
        "pattern": {
            "nb": "«{title}» er ikke skrevet på riktig måte. {help}",
            "en": "“{title}” is not written in the right way. {help}",
        },
        "not-email": {
            "nb": "Skriv en e-postadresse i «{title}», for eksempel navn@eksempel.no.",
            "en": "Write an e-mail address in “{title}”, for example name@example.com.",
        },
        "not-uri": {
            "nb": "Skriv en nettadresse i «{title}», for eksempel https://eksempel.no.",
            "en": "Write a web address in “{title}”, for example https://example.com.",
        },
        "not-organisation": {
            "nb": "Skriv organisasjonsnummeret med ni sifre i «{title}», for eksempel 313 000 001.",
            "en": "Write the organisation number with nine digits in “{title}”, for example"
            " 313 000 001.",
        },
        "organisation-check": {
            "nb": "Organisasjonsnummeret i «{title}» finnes ikke: kontrollsifferet stemmer ikke. Se"
            " etter en skrivefeil.",
            "en": "The organisation number in “{title}” does not exist: its check digit is wrong."
            " Look for a slip.",
        },
        "not-cpv": {
            "nb": "Skriv en CPV-kode med åtte sifre i «{title}», for eksempel 73000000, eller søk"
            " med ord.",
            "en": "Write a CPV code with eight digits in “{title}”, for example 73000000, or search"
            " with words.",
        },
        "not-computed": {
            "nb": "«{title}» kan ikke regnes ut ennå. Fyll ut feltene som den bygger på.",
            "en": "“{title}” cannot be worked out yet. Fill in the fields it rests on.",
        },
        "repeated-cell": {
            "nb": "«{title}» står to ganger. Fjern den ene.",
            "en": "“{title}” stands twice. Remove one.",
        },
        "unknown-supplier": {
            "nb": "Velg en av leverandørene i anskaffelsen for «{title}».",
            "en": "Choose one of the suppliers of the procurement for “{title}”.",
        },
        "unknown-person": {
            "nb": "Velg en av personene i listen for «{title}».",
            "en": "Choose one of the persons in the list for “{title}”.",
        },
        "unknown-file": {
            "nb": "Filen i «{title}» finnes ikke. Last den opp på nytt.",
            "en": "The file in “{title}” does not exist. Upload it again.",
        },
        "unknown-field": {
            "nb": "Feltet «{title}» finnes ikke i skjemaet. Ta det bort.",
            "en": "The field “{title}” is not in the form. Remove it.",
        },
    }
)


def message(code: str, language: str, **values: object) -> str:
    return MESSAGES[code][language].format(**values).strip()
