"""What a file says, where that can be read safely and at once: plain text and office documents.

Office documents are zips of XML: named parts are read up to a limit and stripped of their marks, so
that neither a bomb nor an entity can do anything.
"""

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Final

LARGEST_PART: Final = 4 * 1024 * 1024
MOST_PARTS: Final = 100
LONGEST: Final = 60_000
_PLAIN: Final = frozenset({"text/plain", "text/csv", "message/rfc822"})
_PARTS: Final = re.compile(
    r"word/document\.xml|ppt/slides/slide\d+\.xml|xl/sharedStrings\.xml|content\.xml"
)
_OFFICE: Final = ("application/vnd.openxmlformats-", "application/vnd.oasis.opendocument.")
_MARK: Final = re.compile(r"<[^<>]*>")
_SPACE: Final = re.compile(r"\s+")


def text_of(media_type: str, content: bytes) -> str:
    """The file's words; "" where they cannot be read."""
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
