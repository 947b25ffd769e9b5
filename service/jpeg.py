"""JPEG pictures (ISO/IEC 10918-1) without what is said beside the picture, and the same picture."""

from collections.abc import Iterator
from typing import Final

_BEGIN: Final = b"\xff\xd8"
_END: Final = 0xD9
_SCAN: Final = 0xDA
_COMMENT: Final = 0xFE
_APPLICATIONS: Final = range(0xE0, 0xF0)
_KEPT: Final = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""What programs write beside the picture and it is not seen rightly without: density, colours."""
_IN_SCAN: Final = frozenset({0x00, 0xFF, *range(0xD0, 0xD8)})
"""What may follow FF within a scan and begins nothing new."""


def without_properties(content: bytes) -> bytes:
    """Every segment that the picture needs, byte for byte, and nothing after its end; raises
    ValueError for what is no JPEG."""
    if not content.startswith(_BEGIN):
        raise ValueError("no JPEG")
    return _BEGIN + b"".join(_segments(content))


def _segments(content: bytes) -> Iterator[bytes]:
    at = len(_BEGIN)
    while True:
        while content[at : at + 2] == b"\xff\xff":  # fill bytes
            at += 1
        if len(content) < at + 2 or content[at] != 0xFF:
            raise ValueError("a JPEG that breaks off")
        marker = content[at + 1]
        if marker == _END:
            yield content[at : at + 2]
            return
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if marker == _SCAN:
            end = _after_scan(content, end)
        if _is_picture(marker, content[at + 4 : end]):
            yield content[at:end]
        at = end


def _is_picture(marker: int, said: bytes) -> bool:
    if marker in _APPLICATIONS:
        return marker in _KEPT and said.startswith(_KEPT[marker])
    return marker != _COMMENT


def _after_scan(content: bytes, at: int) -> int:
    """Where the next marker stands; raises ValueError where there is none."""
    while True:
        at = content.index(b"\xff", at)
        if at + 1 < len(content) and content[at + 1] not in _IN_SCAN:
            return at
        at += 1
