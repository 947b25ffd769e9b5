"""What a public register tells of an organisation or a code, and where that was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Source:
    """Where entries come from. `dated` is the day of the extract, yyyy-mm-dd; `complete` tells
    whether what is not in it does not exist."""

    name: str
    dated: str
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One entry. `names` is by language; `facts` are further plain values, such as `address`."""

    key: str
    names: Mapping[str, str]
    facts: Mapping[str, str] = field(default_factory=dict)

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names.get("nb", "")


class Register(Protocol):
    """Entries by key, and by words of their name. Pure data: nothing is asked over a network."""

    @property
    def source(self) -> Source: ...

    def find(self, key: str) -> Found | None: ...

    def search(self, words: str, most: int) -> tuple[Found, ...]:
        """Entries whose key begins with the words, or whose name holds all of them."""
        ...
