"""What a file says, where that can be read: plain text, office documents and PDF.

Office documents are zips of XML: named parts are read up to a limit and stripped of their marks, so
that neither a bomb nor an entity can do anything. How long a PDF takes nobody knows beforehand:
whoever reads one does it in a process that can be ended.
"""

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from itertools import islice
from typing import Final

from pypdf import PdfReader

LARGEST_PART: Final = 4 * 1024 * 1024
MOST_PARTS: Final = 100
MOST_PAGES: Final = 300
LONGEST: Final = 60_000
PDF: Final = "application/pdf"
_PLAIN: Final = frozenset({"text/plain", "text/csv", "message/rfc822"})
_PARTS: Final = re.compile(
    r"word/document\.xml|ppt/slides/slide\d+\.xml|xl/sharedStrings\.xml|content\.xml"
)
_OFFICE: Final = ("application/vnd.openxmlformats-", "application/vnd.oasis.opendocument.")
SLOW: Final = (PDF, *_OFFICE)
"""How the media types begin of files that are read after the act that brings them."""
_MARK: Final = re.compile(r"<[^<>]*>")
_SPACE: Final = re.compile(r"\s+")


def is_plain(media_type: str) -> bool:
    """Whether the file is read at once, in no time."""
    return media_type in _PLAIN


def text_of(media_type: str, content: bytes) -> str:
    """The file's words; "" where they cannot be read."""
    if media_type == PDF:
        return _SPACE.sub(" ", " ".join(_pages(content)))[:LONGEST].strip()
    if media_type in _PLAIN:
        return content[: 4 * LONGEST].decode("utf-8", "replace")[:LONGEST].replace("\x00", "")
    if media_type.startswith(_OFFICE):
        return _SPACE.sub(" ", " ".join(_parts(content)))[:LONGEST].strip()
    return ""


def _parts(content: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            names = [each for each in packed.namelist() if _PARTS.fullmatch(each)]
            for name in names[:MOST_PARTS]:
                with packed.open(name) as part:
                    xml = part.read(LARGEST_PART).decode("utf-8", "replace")
                yield unescape(_MARK.sub(" ", xml)).replace("\x00", "")
    except (zipfile.BadZipFile, OSError, RuntimeError, EOFError, NotImplementedError, ValueError):
        return


def _pages(content: bytes) -> Iterator[str]:
    length = 0
    try:
        for page in islice(PdfReader(BytesIO(content)).pages, MOST_PAGES):
            text = page.extract_text().replace("\x00", "")
            yield text
            length += len(text)
            if length > LONGEST:
                return
    except Exception:  # noqa: BLE001 - a PDF can be broken in more ways than its reader names
        return
