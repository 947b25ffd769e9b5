"""Innovation signals: words and facts that propose a BT-776 code, with the passage and the reason.

They propose and never set. Which words count is data (`data/innovation_signals.yaml`); the codes
are those of the eForms list innovative-acquisition.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from engine.procurement.text import LANGUAGES, Text
from engine.yaml_text import read_yaml

CODES: Final = ("mar-nov", "proc-innov", "prod-innov", "rd-act")
AROUND: Final = 110  # characters of a passage before and after the word
LONGEST: Final = 20_000  # characters of one text that are looked through
MOST: Final = 6  # passages of one code
_NEAR: Final = 3  # words before a sign in which a negation counts
_WORD: Final = re.compile(r"[\wæøå&®™-]+")


@dataclass(frozen=True, slots=True)
class Written:
    """A text somebody wrote: in which version of which form, in which field."""

    submission: str
    form: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A sign of innovation. `before`, `word` and `after` are the passage; `why` says what it may
    mean, in each language."""

    code: str
    why: Text
    submission: str
    form: str
    field: str
    before: str
    word: str
    after: str

    @property
    def passage(self) -> str:
        return f"{self.before}{self.word}{self.after}"


@dataclass(frozen=True, slots=True)
class _Sign:
    code: str
    why: Text
    pattern: re.Pattern[str] | None
    fact: tuple[str, str] | None
    equals: Any
    above: float | None
    shows: str


@dataclass(frozen=True, slots=True)
class _Lists:
    signs: tuple[_Sign, ...]
    negations: frozenset[str]
    how: re.Pattern[str]


def signals_in(
    written: Iterable[Written], forms: Mapping[str, tuple[str, Mapping[str, Any]]]
) -> dict[str, tuple[Signal, ...]]:
    """By code, in the order of the list, what tells of it; codes without a sign are left out.

    `forms` are the newest of each form by its key: id and content, for signs that are facts.
    """
    lists = _lists()
    texts = tuple(written)
    found: dict[str, list[Signal]] = {code: [] for code in CODES}
    for sign in lists.signs:
        found[sign.code].extend(_facts(sign, forms))
        if sign.pattern is not None:
            for each in texts:
                found[sign.code].extend(_words(sign, sign.pattern, each, lists.negations))
    return {code: tuple(signals[:MOST]) for code, signals in found.items() if signals}


def how_share(text: str) -> float | None:
    """How many of a text's words, in per cent, say how and not what; None for no text."""
    number = len(_WORD.findall(text))
    return 100 * len(_lists().how.findall(text)) / number if number else None


def says_how(text: str) -> bool:
    """Whether the text says how something is to be done."""
    return _lists().how.search(text) is not None


def _words(
    sign: _Sign, pattern: re.Pattern[str], each: Written, negations: frozenset[str]
) -> Iterator[Signal]:
    text = each.text[:LONGEST]
    last = -1
    for match in pattern.finditer(text):
        if match.start() < last or _negated(text[: match.start()], match[0], negations):
            continue
        start = max(match.start() - AROUND, 0)
        end = last = min(match.end() + AROUND, len(text))
        yield Signal(
            code=sign.code,
            why=sign.why,
            submission=each.submission,
            form=each.form,
            field=each.field,
            before=("… " if start else "") + text[start : match.start()].lstrip(),
            word=match[0],
            after=text[match.end() : end].rstrip() + (" …" if end < len(text) else ""),
        )


def _negated(before: str, sign: str, negations: frozenset[str]) -> bool:
    """Whether a negation stands right before it, in the same sentence; signs that say no themselves
    do so on purpose."""
    if negations & {word.lower() for word in _WORD.findall(sign)}:
        return False
    near = _WORD.findall(re.split(r"[.!?:;\n]", before)[-1])[-_NEAR:]
    return any(word.lower() in negations for word in near)


def _facts(sign: _Sign, forms: Mapping[str, tuple[str, Mapping[str, Any]]]) -> Iterator[Signal]:
    if sign.fact is None or sign.fact[0] not in forms:
        return
    form, name = sign.fact
    key, content = forms[form]
    value = content.get(name)
    if value is not None and _holds(sign, value):
        shown = content.get(sign.shows)
        word = shown if isinstance(shown, str) else ""
        yield Signal(sign.code, sign.why, key, form, sign.shows, "", word[: 2 * AROUND], "")


def _holds(sign: _Sign, value: Any) -> bool:
    if sign.above is None:
        return bool(value == sign.equals)
    return isinstance(value, int | float) and value > sign.above


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    source = resources.files("engine.procurement.data") / "innovation_signals.yaml"
    read = read_yaml(source.read_text("utf-8"))
    return _Lists(
        signs=tuple(_sign(code, each) for code in CODES for each in read["codes"][code]),
        negations=frozenset(word for language in LANGUAGES for word in read["negations"][language]),
        how=_pattern(read["how"]),
    )


def _sign(code: str, read: Mapping[str, Any]) -> _Sign:
    fact = read.get("fact")
    return _Sign(
        code=code,
        why=read["why"],
        pattern=_pattern(read["words"]) if "words" in read else None,
        fact=tuple(fact.split(".", 1)) if fact else None,
        equals=read.get("is"),
        above=read.get("above"),
        shows=read.get("shows", ""),
    )


def _pattern(words: Mapping[str, Iterable[str]]) -> re.Pattern[str]:
    """Any of the words of any language, each a beginning; the longest first."""
    all_words = {word for language in LANGUAGES for word in words[language]}
    ordered = sorted(all_words, key=lambda word: (-len(word), word))
    each = "|".join(r"\s+".join(map(re.escape, word.split())) for word in ordered)
    return re.compile(rf"(?<![\wæøå])(?:{each})[\wæøå]*", re.IGNORECASE)
