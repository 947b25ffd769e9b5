"""A register that is held in memory."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.model.register import Found, Source


@dataclass(frozen=True, slots=True)
class TableRegister:
    """For some ten thousand entries: every search looks at all of them."""

    source: Source
    entries: dict[str, Found]

    @classmethod
    def of(cls, source: Source, entries: Iterable[Found]) -> "TableRegister":
        return cls(source, {each.key: each for each in entries})

    def find(self, key: str) -> Found | None:
        return self.entries.get(key)

    def search(self, words: str, most: int) -> tuple[Found, ...]:
        """By key or by words in any language; a name that begins with them comes first."""
        wanted = words.casefold().split()
        if not wanted:
            return ()
        hits = [each for each in self.entries.values() if _fits(each, wanted)]
        hits.sort(key=lambda each: (not _begins(each, wanted[0]), each.key))
        return tuple(hits[:most])


def _fits(entry: Found, wanted: list[str]) -> bool:
    if len(wanted) == 1 and entry.key.startswith(wanted[0].split("-")[0]):
        return True
    said = " ".join((*entry.names.values(), *entry.facts.values())).casefold()
    return all(word in said for word in wanted)


def _begins(entry: Found, word: str) -> bool:
    return entry.key.startswith(word) or any(
        name.casefold().startswith(word) for name in entry.names.values()
    )
