"""Files that people send: how large, of which kinds, and whether they are what they claim."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import BinaryIO, Final

from engine.errors import InvalidInputError

_ZIP: Final = (b"PK\x03\x04",)
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OPEN: Final = "application/vnd.oasis.opendocument."


@dataclass(frozen=True, slots=True)
class FileKind:
    """`starts` are the bytes a file of this kind begins with; none where it is plain text."""

    media_type: str
    starts: tuple[bytes, ...] = ()


KINDS: Final[Mapping[str, FileKind]] = MappingProxyType(
    {
        ".pdf": FileKind("application/pdf", (b"%PDF-",)),
        ".png": FileKind("image/png", (b"\x89PNG\r\n\x1a\n",)),
        ".jpg": FileKind("image/jpeg", (b"\xff\xd8\xff",)),
        ".jpeg": FileKind("image/jpeg", (b"\xff\xd8\xff",)),
        ".docx": FileKind(f"{_OFFICE}wordprocessingml.document", _ZIP),
        ".xlsx": FileKind(f"{_OFFICE}spreadsheetml.sheet", _ZIP),
        ".pptx": FileKind(f"{_OFFICE}presentationml.presentation", _ZIP),
        ".odt": FileKind(f"{_OPEN}text", _ZIP),
        ".ods": FileKind(f"{_OPEN}spreadsheet", _ZIP),
        ".odp": FileKind(f"{_OPEN}presentation", _ZIP),
        ".zip": FileKind("application/zip", _ZIP),
        ".txt": FileKind("text/plain"),
        ".csv": FileKind("text/csv"),
        ".json": FileKind("application/json"),
        ".xml": FileKind("application/xml"),
        ".eml": FileKind("message/rfc822"),
    }
)
_CHUNK: Final = 1024 * 1024


class TooLargeError(InvalidInputError):
    code = "file-too-large"


def too_large(megabytes: int, name: str = "–") -> TooLargeError:
    """The error for a file, or for a request as a whole."""
    return TooLargeError(
        f"«{name}» is larger than {megabytes} MB. Make it smaller or split it.",
        name=name,
        megabytes=megabytes,
    )


class FileRefusedError(InvalidInputError):
    """A file of a kind that is not taken, or that is not what its name says."""

    code = "file-refused"


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    media_type: str
    content: bytes


def read_upload(filename: str, stream: BinaryIO, limit: int) -> Upload:
    """The file, once it is found small enough and of a kind that is taken.

    Raises TooLargeError or FileRefusedError. `limit` in bytes.
    """
    name = PurePosixPath(filename.replace("\\", "/")).name.strip()
    kind = KINDS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        kinds = ", ".join(sorted(KINDS))
        raise FileRefusedError(
            f"«{name}» is of a kind that is not taken. Use one of: {kinds}.", name=name, kinds=kinds
        )
    content = _read(stream, limit, name)
    if not _is(kind, content):
        raise FileRefusedError(
            f"«{name}» is not what its name says. Save it again in the right format.",
            name=name,
            kinds=PurePosixPath(name).suffix,
        )
    return Upload(name, kind.media_type, content)


def _read(stream: BinaryIO, limit: int, name: str) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise too_large(limit // (1024 * 1024), name)
        parts.append(chunk)
    return b"".join(parts)


def _is(kind: FileKind, content: bytes) -> bool:
    if kind.starts:
        return content.startswith(kind.starts)
    return b"\x00" not in content
