"""What office documents and PDF say.

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

from engine.search.files import LONGEST, OFFICE, PDF

LARGEST_PART: Final = 4 * 1024 * 1024
MOST_PARTS: Final = 100
MOST_PAGES: Final = 300
_PARTS: Final = re.compile(
    r"word/document\.xml|ppt/slides/slide\d+\.xml|xl/sharedStrings\.xml|content\.xml"
)
_MARK: Final = re.compile(r"<[^<>]*>")
_SPACE: Final = re.compile(r"\s+")


def text_of(media_type: str, content: bytes) -> str:
    """The file's words; "" where they cannot be read."""
    if media_type == PDF:
        return _SPACE.sub(" ", " ".join(_pages(content)))[:LONGEST].strip()
    if media_type.startswith(OFFICE):
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
