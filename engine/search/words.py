"""Words as they are compared: folded to plain letters and stemmed as in Norwegian, the same way
when something is stored and when it is looked for, and so on every database."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from threading import Lock
from typing import Final

import snowballstemmer

LONGEST: Final = 60  # characters of a word that count
_KEPT: Final = frozenset("æøå")


class _Folding(dict[int, str]):
    """What becomes of a character, found out when it is first met.

    Letters that have no plain form become `x` and their number, so that no database can take them
    for anything but letters.
    """

    def __missing__(self, code: int) -> str:
        self[code] = found = _folded(chr(code))
        return found


def _folded(character: str) -> str:
    if character in _KEPT or (character.isascii() and character.isalnum()):
        return character
    plain = "".join(
        each for each in unicodedata.normalize("NFKD", character) if not unicodedata.combining(each)
    ).casefold()
    if plain and plain.isascii() and plain.isalnum():
        return plain
    return f"x{ord(character):x}" if character.isalnum() else " "


class _Flattening(dict[int, str]):
    """As folding, where one character becomes one; others stay as they are."""

    def __missing__(self, code: int) -> str:
        small = chr(code).casefold()
        plain = _folded(small) if len(small) == 1 else small
        self[code] = found = plain if len(plain) == 1 else chr(code)
        return found


_FOLDING: Final = _Folding()
_FLATTENING: Final = _Flattening()
_STEMMER: Final = snowballstemmer.stemmer("norwegian")
_TURN: Final = Lock()  # the stemmer keeps the word it works on


def words(text: str) -> list[str]:
    """The words of a text in plain letters, in order."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return [word[:LONGEST] for word in composed.translate(_FOLDING).split()]


def flat(text: str) -> str:
    """The text in plain small letters and spaces, each in the place it has in the text."""
    return text.translate(_FLATTENING)


@lru_cache(maxsize=2**17)
def stem(word: str) -> str:
    """What a plain word has in common with its other forms; it is always a beginning of it."""
    if not word.isalpha():
        return word
    with _TURN:
        return str(_STEMMER.stemWord(word))


def stems(text: str) -> Iterator[str]:
    """The stems of a text's words, in order."""
    return map(stem, words(text))
