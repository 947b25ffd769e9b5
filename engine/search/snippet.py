"""A piece of a text around what was asked for, with the words that were found marked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.search.question import Question
from engine.search.words import flat, words

AROUND: Final = 90  # characters before and after
BEGINNING: Final = 180  # characters shown where nothing is marked
_LINE: Final = re.compile(r"\s*\n\s*")
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text; `found` when it is what was asked for."""

    text: str
    found: bool = False


def marked(text: str, question: Question) -> tuple[Part, ...]:
    """The whole text in parts."""
    return tuple(_parts(text, 0, len(text), list(_places(text, question))))


def snippet(text: str, question: Question) -> tuple[Part, ...]:
    """The neighbourhood of the first word that is found and those near it, else the beginning."""
    text = _SPACE.sub(" ", _LINE.sub(" · ", text.strip()))
    places: list[tuple[int, int]] = []
    for place in _places(text, question):
        if places and place[0] > places[0][0] + 2 * AROUND:
            break
        places.append(place)
    if not places:
        cut = _before(text, BEGINNING)
        return (Part(text[:cut] + ("" if cut == len(text) else " …")),) if text else ()
    start = _after(text, places[0][0] - AROUND)
    end = _before(text, places[-1][1] + AROUND)
    parts = list(_parts(text, start, end, places))
    head = [Part("… ")] if start else []
    tail = [Part(" …")] if end < len(text) else []
    return (*head, *parts, *tail)


def _places(text: str, question: Question) -> Iterator[tuple[int, int]]:
    """Where words that were asked for stand. A stem is a beginning of its word, so that only words
    that begin like one are looked at."""
    beginnings = {*question.stems, *(each.typed for each in question.words)}
    if not beginnings:
        return
    likely = "|".join(map(re.escape, sorted(beginnings)))
    for match in re.finditer(rf"(?<!\S)(?:{likely})\S*", flat(text)):
        if any(question.fits(word) for word in words(text[slice(*match.span())])):
            yield match.span()


def _parts(text: str, start: int, end: int, places: list[tuple[int, int]]) -> Iterator[Part]:
    at = start
    for first, last in places:
        if first > at:
            yield Part(text[at:first])
        yield Part(text[first:last], found=True)
        at = last
    if at < end:
        yield Part(text[at:end])


def _after(text: str, place: int) -> int:
    """The next place at or after which a word begins."""
    if place <= 0:
        return 0
    found = text.find(" ", place)
    return place if found < 0 or found > place + 30 else found + 1


def _before(text: str, place: int) -> int:
    """The last place at or before which a word ends."""
    if place >= len(text):
        return len(text)
    found = text.rfind(" ", 0, place)
    return place if found < place - 30 else found
