"""What people read when a field is not right: which field, and what to do about it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LANGUAGES: Final = ("nb", "nn", "en")

MESSAGES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "required": {
            "nb": "Fyll ut «{title}».",
            "nn": "Fyll ut «{title}».",
            "en": "Fill in “{title}”.",
        },
        "required-choice": {
            "nb": "Velg et alternativ for «{title}».",
            "nn": "Vel eit alternativ for «{title}».",
            "en": "Choose an option for “{title}”.",
        },
        "required-list": {
            "nb": "Legg til minst {least} under «{title}».",
            "nn": "Legg til minst {least} under «{title}».",
            "en": "Add at least {least} under “{title}”.",
        },
        "required-choices": {
            "nb": "Velg minst {least} under «{title}».",
            "nn": "Vel minst {least} under «{title}».",
            "en": "Choose at least {least} under “{title}”.",
        },
        "confirm": {
            "nb": "Kryss av for «{title}» for å gå videre.",
            "nn": "Kryss av for «{title}» for å gå vidare.",
            "en": "Tick “{title}” to go on.",
        },
        "too-short": {
            "nb": "«{title}» må ha minst {limit} tegn. Skriv litt mer.",
            "nn": "«{title}» må ha minst {limit} teikn. Skriv litt meir.",
            "en": "“{title}” must have at least {limit} characters. Write a little more.",
        },
        "too-long": {
            "nb": "«{title}» kan ha høyst {limit} tegn. Kort ned teksten ({length} tegn nå).",
            "nn": "«{title}» kan ha høgst {limit} teikn. Kort ned teksten ({length} teikn no).",
            "en": "“{title}” may have at most {limit} characters. Shorten it ({length} now).",
        },
        "too-small": {
            "nb": "«{title}» må være {limit} eller mer.",
            "nn": "«{title}» må vere {limit} eller meir.",
            "en": "“{title}” must be {limit} or more.",
        },
        "not-above": {
            "nb": "«{title}» må være mer enn {limit}.",
            "nn": "«{title}» må vere meir enn {limit}.",
            "en": "“{title}” must be more than {limit}.",
        },
        "too-large": {
            "nb": "«{title}» kan være høyst {limit}.",
            "nn": "«{title}» kan vere høgst {limit}.",
            "en": "“{title}” may be at most {limit}.",
        },
        "too-many": {
            "nb": "«{title}» kan ha høyst {limit}. Fjern noen.",
            "nn": "«{title}» kan ha høgst {limit}. Fjern nokon.",
            "en": "“{title}” may have at most {limit}. Remove some.",
        },
        "repeated": {
            "nb": "«{title}» har samme verdi to ganger. Fjern den ene.",
            "nn": "«{title}» har same verdi to gonger. Fjern den eine.",
            "en": "“{title}” has the same value twice. Remove one.",
        },
        "not-text": {
            "nb": "Skriv tekst i «{title}».",
            "nn": "Skriv tekst i «{title}».",
            "en": "Write text in “{title}”.",
        },
        "not-integer": {
            "nb": "Skriv et helt tall i «{title}», for eksempel 12.",
            "nn": "Skriv eit heilt tal i «{title}», for døme 12.",
            "en": "Write a whole number in “{title}”, for example 12.",
        },
        "not-number": {
            "nb": "Skriv et tall i «{title}», for eksempel 12,5.",
            "nn": "Skriv eit tal i «{title}», for døme 12,5.",
            "en": "Write a number in “{title}”, for example 12.5.",
        },
        "not-money": {
            "nb": "Skriv beløpet i kroner i «{title}», for eksempel 1 250 000,50.",
            "nn": "Skriv beløpet i kroner i «{title}», for døme 1 250 000,50.",
            "en": "Write the amount in kroner in “{title}”, for example 1 250 000,50.",
        },
        "not-percent": {
            "nb": "Skriv en prosent i «{title}», for eksempel 12,5.",
            "nn": "Skriv ein prosent i «{title}», for døme 12,5.",
            "en": "Write a percentage in “{title}”, for example 12.5.",
        },
        "not-date": {
            "nb": "Skriv en dato som finnes i «{title}», for eksempel 31.12.2026.",
            "nn": "Skriv ein dato som finst i «{title}», for døme 31.12.2026.",
            "en": "Write a date that exists in “{title}”, for example 31.12.2026.",
        },
        "not-date-time": {
            "nb": "Skriv dato og klokkeslett i «{title}», for eksempel 31.12.2026 12:00.",
            "nn": "Skriv dato og klokkeslett i «{title}», for døme 31.12.2026 12:00.",
            "en": "Write date and time in “{title}”, for example 31.12.2026 12:00.",
        },
        "not-boolean": {
            "nb": "Svar ja eller nei på «{title}».",
            "nn": "Svar ja eller nei på «{title}».",
            "en": "Answer yes or no to “{title}”.",
        },
        "not-an-option": {
            "nb": "Velg ett av alternativene for «{title}».",
            "nn": "Vel eitt av alternativa for «{title}».",
            "en": "Choose one of the options for “{title}”.",
        },
        "not-a-list": {
            "nb": "«{title}» skal være en liste.",
            "nn": "«{title}» skal vere ei liste.",
            "en": "“{title}” must be a list.",
        },
        "not-a-group": {
            "nb": "«{title}» skal ha felter med navn.",
            "nn": "«{title}» skal ha felt med namn.",
            "en": "“{title}” must have named fields.",
        },
        "pattern": {
            "nb": "«{title}» er ikke skrevet på riktig måte. {help}",
            "nn": "«{title}» er ikkje skriven på rett måte. {help}",
            "en": "“{title}” is not written in the right way. {help}",
        },
        "not-email": {
            "nb": "Skriv en e-postadresse i «{title}», for eksempel navn@eksempel.no.",
            "nn": "Skriv ei e-postadresse i «{title}», for døme namn@eksempel.no.",
            "en": "Write an e-mail address in “{title}”, for example name@example.com.",
        },
        "not-uri": {
            "nb": "Skriv en nettadresse i «{title}», for eksempel https://eksempel.no.",
            "nn": "Skriv ei nettadresse i «{title}», for døme https://eksempel.no.",
            "en": "Write a web address in “{title}”, for example https://example.com.",
        },
        "not-organisation": {
            "nb": "Skriv organisasjonsnummeret med ni sifre i «{title}», for eksempel 313 000 001.",
            "nn": "Skriv organisasjonsnummeret med ni siffer i «{title}», for døme 313 000 001.",
            "en": "Write the organisation number with nine digits in “{title}”, for example"
            " 313 000 001.",
        },
        "organisation-check": {
            "nb": "Organisasjonsnummeret i «{title}» finnes ikke: kontrollsifferet stemmer ikke. Se"
            " etter en skrivefeil.",
            "nn": "Organisasjonsnummeret i «{title}» finst ikkje: kontrollsifferet stemmer ikkje."
            " Sjå etter ein skrivefeil.",
            "en": "The organisation number in “{title}” does not exist: its check digit is wrong."
            " Look for a slip.",
        },
        "not-cpv": {
            "nb": "Skriv en CPV-kode med åtte sifre i «{title}», for eksempel 73000000, eller søk"
            " med ord.",
            "nn": "Skriv ein CPV-kode med åtte siffer i «{title}», for døme 73000000, eller søk"
            " med ord.",
            "en": "Write a CPV code with eight digits in “{title}”, for example 73000000, or search"
            " with words.",
        },
        "not-computed": {
            "nb": "«{title}» kan ikke regnes ut ennå. Fyll ut feltene som den bygger på.",
            "nn": "«{title}» kan ikkje reknast ut enno. Fyll ut felta som den byggjer på.",
            "en": "“{title}” cannot be worked out yet. Fill in the fields it rests on.",
        },
        "repeated-cell": {
            "nb": "«{title}» står to ganger. Fjern den ene.",
            "nn": "«{title}» står to gonger. Fjern den eine.",
            "en": "“{title}” stands twice. Remove one.",
        },
        "unknown-supplier": {
            "nb": "Velg en av leverandørene i anskaffelsen for «{title}».",
            "nn": "Vel ein av leverandørane i anskaffinga for «{title}».",
            "en": "Choose one of the suppliers of the procurement for “{title}”.",
        },
        "unknown-person": {
            "nb": "Velg en av personene i listen for «{title}».",
            "nn": "Vel ein av personane i lista for «{title}».",
            "en": "Choose one of the persons in the list for “{title}”.",
        },
        "unknown-file": {
            "nb": "Filen i «{title}» finnes ikke. Last den opp på nytt.",
            "nn": "Fila i «{title}» finst ikkje. Last den opp på nytt.",
            "en": "The file in “{title}” does not exist. Upload it again.",
        },
        "unknown-field": {
            "nb": "Feltet «{title}» finnes ikke i skjemaet. Ta det bort.",
            "nn": "Feltet «{title}» finst ikkje i skjemaet. Ta det bort.",
            "en": "The field “{title}” is not in the form. Remove it.",
        },
    }
)


def message(code: str, language: str, **values: object) -> str:
    return MESSAGES[code][language].format(**values).strip()
