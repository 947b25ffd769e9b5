"""Text in a picture: wrapped by an estimate of its width, and safe to put into XML."""

import html
import re
from typing import Final

FONT_SIZE: Final = 12
LINE_HEIGHT: Final = 14
_NARROW: Final = frozenset("iIjlft.,:;'|!()[]{} -r1")
_WIDE: Final = frozenset("mwMWÆæ@%–—")
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escape(text: str) -> str:
    """`text` for element content or an attribute; characters that XML forbids are dropped."""
    return html.escape(_NOT_XML.sub("", text), quote=True)


def width_of(text: str) -> float:
    """Estimated width in px at the font size of the diagram, for a usual sans-serif."""
    return sum(
        3.9 if char in _NARROW else 9.6 if char in _WIDE else 8.0 if char.isupper() else 6.5
        for char in text
    )


def wrap(text: str, width: float, max_lines: int) -> list[str]:
    """Lines no wider than `width`; a word that does not fit is broken, a text too long ends in …"""
    lines: list[str] = []
    line = ""
    for word in _pieces(text, width):
        candidate = f"{line} {word}".strip()
        if line and width_of(candidate) > width:
            lines.append(line)
            line = word
        else:
            line = candidate
    if line:
        lines.append(line)
    if len(lines) <= max_lines:
        return lines
    return [*lines[: max_lines - 1], lines[max_lines - 1].rstrip(" -") + "…"]


def _pieces(text: str, width: float) -> list[str]:
    found = []
    for word in text.split():
        rest = word
        while width_of(rest) > width and len(rest) > 2:
            cut = _fitting(rest, width)
            found.append(rest[:cut] + "-")
            rest = rest[cut:]
        found.append(rest)
    return found


def _fitting(word: str, width: float) -> int:
    """How many characters of the word fit with a hyphen; at least one, and two are left over."""
    count = 1
    while count < len(word) - 2 and width_of(word[: count + 1] + "-") <= width:
        count += 1
    return count
