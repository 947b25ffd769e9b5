"""Which files say something: plain text, which is read at once, and what is read afterwards."""

from typing import Final

LONGEST: Final = 60_000
PDF: Final = "application/pdf"
OFFICE: Final = ("application/vnd.openxmlformats-", "application/vnd.oasis.opendocument.")
SLOW: Final = (PDF, *OFFICE)
"""How the media types begin of files that are read after the act that brings them."""
_PLAIN: Final = frozenset({"text/plain", "text/csv", "message/rfc822"})


def is_plain(media_type: str) -> bool:
    """Whether the file is read at once, in no time."""
    return media_type in _PLAIN


def plain_text(content: bytes) -> str:
    """The words of a file that is plain text."""
    return content[: 4 * LONGEST].decode("utf-8", "replace")[:LONGEST].replace("\x00", "")
