"""What is kept of an act that was refused on a page of many acts, so that nobody types it again."""

from dataclasses import dataclass
from typing import Final

from service.errors import Explanation
from service.pages.posting import NOTHING_SENT, Posted


@dataclass(frozen=True, slots=True)
class Refusal:
    """The `act` as its form is called, what was sent with it, and why it was refused."""

    act: str
    sent: Posted
    problem: Explanation | None

    def of(self, act: str, **about: str) -> bool:
        """Whether it was this act, on what `about` names by the fields of the form."""
        return self.act == act and all(self.sent[name] == one for name, one in about.items())

    def kept(self, name: str, act: str, otherwise: str = "", **about: str) -> str:
        """What was typed into a field of this act, or what else stands there."""
        return self.sent[name] if self.of(act, **about) else otherwise

    def holds(self, name: str, value: str) -> bool:
        """Whether the value was one of those chosen in a field that may come several times."""
        return value in self.sent.every(name)


NOTHING_REFUSED: Final = Refusal("", NOTHING_SENT, None)
