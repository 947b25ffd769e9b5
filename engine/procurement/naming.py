"""Whether what goes to all shows whose it is: by a supplier's name, or in its own words."""

import re
from collections.abc import Iterable
from typing import Final

SHORTEST_NAME: Final = 3
"""Letters of a supplier's name that is looked for in what goes to all."""
SHORTEST_PASSAGE: Final = 4
"""Letters of a passage that is looked for; a shorter one is a common word."""
LONGEST_RUN: Final = 8
"""Words in a row that tell a passage: nobody else writes the same eight by chance."""


def named_in(text: str, names: Iterable[str]) -> str:
    """The first of the names that stands in the text, "" for none. One of a single word may be a
    common word too: only as it is spelt does it count."""
    return next((name for name in names if _names(text, name)), "")


def _names(text: str, name: str) -> bool:
    if len(name) < SHORTEST_NAME:
        return False
    flags = re.IGNORECASE if " " in name else re.NOFLAG
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, flags) is not None


def reveals(text: str, passage: str) -> bool:
    """Whether the text repeats the passage: eight words of it in a row, or all of a shorter one."""
    said, kept = _words(text), _words(passage)
    size = min(len(kept), LONGEST_RUN)
    if len("".join(kept)) < SHORTEST_PASSAGE:
        return False
    runs = {tuple(said[at : at + size]) for at in range(len(said) - size + 1)}
    return any(tuple(kept[at : at + size]) in runs for at in range(len(kept) - size + 1))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
