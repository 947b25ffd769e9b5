"""What somebody asks for: words, each of which must be found, and phrases in quotation marks."""

import re
from dataclasses import dataclass
from typing import Final

from engine.search.words import stem, words

LONGEST: Final = 200  # characters
MOST: Final = 12  # words
SHORTEST_BEGINNING: Final = 3  # letters that may stand for all words that begin with them
_QUOTED: Final = re.compile(r'["“”«»]([^"“”«»]*)["“”«»]')


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was typed, in plain letters, and its stem."""

    typed: str
    stem: str

    @property
    def is_beginning(self) -> bool:
        """Whether it also stands for words that begin with it."""
        return len(self.typed) >= SHORTEST_BEGINNING

    def fits(self, other: str) -> bool:
        """Whether a plain word is found by it."""
        return stem(other) == self.stem or self.begins(other)

    def begins(self, other: str) -> bool:
        """Whether another word, or its stem, begins with what was typed."""
        return len(self.typed) >= SHORTEST_BEGINNING and other.startswith(self.typed)


@dataclass(frozen=True, slots=True)
class Question:
    words: tuple[Word, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)

    @property
    def stems(self) -> frozenset[str]:
        """Every stem it asks for, those in phrases too."""
        return frozenset((*(each.stem for each in self.words), *sum(self.phrases, ())))

    def fits(self, word: str) -> bool:
        """Whether a plain word is one of those asked for."""
        return stem(word) in self.stems or any(each.fits(word) for each in self.words)


def ask(text: str) -> Question:
    """Read what was typed; nothing in it can be wrong, and the thirteenth word counts no more."""
    text = text[:LONGEST]
    quoted = [words(each) for each in _QUOTED.findall(text)]
    plain = [each[0] for each in quoted if len(each) == 1] + words(_QUOTED.sub(" ", text))
    phrases = [tuple(map(stem, each[:MOST])) for each in quoted if len(each) > 1]
    return Question(
        words=tuple(Word(each, stem(each)) for each in dict.fromkeys(plain))[:MOST],
        phrases=tuple(dict.fromkeys(phrases))[:MOST],
    )
