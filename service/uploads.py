"""Files that people send: how large, of which kinds, and whether they are what they claim.

What could run where it is opened is refused: pages and pictures that hold scripts, macros, programs
in archives; and so are archives that unpack to far more than they are.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, BinaryIO, Final

import pikepdf

from engine.errors import InvalidInputError

_ZIP: Final = (b"PK\x03\x04",)
_EMPTY_ZIP: Final = b"PK\x05\x06"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OPEN: Final = "application/vnd.oasis.opendocument."


@dataclass(frozen=True, slots=True)
class FileKind:
    """`starts` are the bytes a file of this kind begins with; none where it is plain text. `part`
    is a name that begins one of its parts where it is an archive with a fixed inside."""

    media_type: str
    starts: tuple[bytes, ...] = ()
    part: str = ""


KINDS: Final[Mapping[str, FileKind]] = MappingProxyType(
    {
        ".pdf": FileKind("application/pdf", (b"%PDF-",)),
        ".png": FileKind("image/png", (b"\x89PNG\r\n\x1a\n",)),
        ".jpg": FileKind("image/jpeg", (b"\xff\xd8\xff",)),
        ".jpeg": FileKind("image/jpeg", (b"\xff\xd8\xff",)),
        ".docx": FileKind(f"{_OFFICE}wordprocessingml.document", _ZIP, "word/"),
        ".xlsx": FileKind(f"{_OFFICE}spreadsheetml.sheet", _ZIP, "xl/"),
        ".pptx": FileKind(f"{_OFFICE}presentationml.presentation", _ZIP, "ppt/"),
        ".odt": FileKind(f"{_OPEN}text", _ZIP, "content.xml"),
        ".ods": FileKind(f"{_OPEN}spreadsheet", _ZIP, "content.xml"),
        ".odp": FileKind(f"{_OPEN}presentation", _ZIP, "content.xml"),
        ".zip": FileKind("application/zip", _ZIP),
        ".txt": FileKind("text/plain"),
        ".csv": FileKind("text/csv"),
        ".json": FileKind("application/json"),
        ".xml": FileKind("application/xml"),
        ".eml": FileKind("message/rfc822"),
    }
)
_CHUNK: Final = 1024 * 1024
MEGABYTE: Final = 1024 * 1024
_MOST_PARTS: Final = 10_000
_MOST_UNPACKED: Final = 8 * 1024 * MEGABYTE
_MOST_TIMES: Final = 100
_SMALL: Final = 50 * MEGABYTE
"""Bytes that an archive may unpack to however small it is."""
_MACROS: Final = re.compile(
    r"(^|/)(vbaproject\.bin|macrosheets/|activex/|dialogsheets/|basic/|scripts/|oleobject[^/]*\.bin)",
    re.IGNORECASE,
)
_RUNS: Final = re.compile(rb"<\s*(!doctype\s+html|html|svg|script|body|iframe)\b", re.IGNORECASE)
_PAGE: Final = re.compile(
    rb"<\s*(?:[\w.-]+:)?(?:svg|html|script)\b|http://www\.w3\.org/(?:2000/svg|1999/xhtml)",
    re.IGNORECASE,
)
_ACTIONS: Final = frozenset({"/JavaScript", "/Launch", "/ImportData", "/RichMedia"})


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


class MislabelledError(FileRefusedError):
    """It is not what its name says."""

    code = "file-mislabelled"


class ActiveContentError(FileRefusedError):
    """It holds what could run on the machine of whoever opens it; `details['what']` says what."""

    code = "file-active"


class ArchiveRefusedError(FileRefusedError):
    """An archive that nobody should unpack; `details['what']` says why."""

    code = "file-archive"


class LockedError(FileRefusedError):
    """It cannot be opened without a password, or not at all."""

    code = "file-locked"


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    media_type: str
    content: bytes


def read_upload(filename: str, stream: BinaryIO, limit: int) -> Upload:
    """The file, once it is found small enough, of a kind that is taken, and harmless.

    Raises TooLargeError or FileRefusedError. `limit` in bytes.
    """
    name = plain_name(filename)
    kind = kind_of(name)
    size = _size(stream)
    if size > limit:
        raise too_large(limit // MEGABYTE, name)
    look_inside(name, stream, size)
    stream.seek(0)
    return Upload(name, kind.media_type, stream.read())


def plain_name(filename: str) -> str:
    """The name without folders, as browsers of any system may send them, and without characters
    that do not show, such as those that turn the direction of reading and so hide what it is."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    return "".join(each for each in name if each.isprintable()).strip()


def with_suffix(name: str, media_type: str) -> str:
    """The name with an ending that says what it is: one that was kept away is not known here."""
    if PurePosixPath(name).suffix.lower() in KINDS:
        return name
    suffixes = (suffix for suffix, kind in KINDS.items() if kind.media_type == media_type)
    return name + next(suffixes, "")


def kind_of(name: str) -> FileKind:
    """What the name says that it is; raises FileRefusedError for a kind that is not taken."""
    kind = KINDS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        kinds = ", ".join(sorted(KINDS))
        raise FileRefusedError(
            f"«{name}» is of a kind that is not taken. Use one of: {kinds}.", name=name, kinds=kinds
        )
    return kind


def look_inside(name: str, stream: BinaryIO, size: int, *, whole: bool = False) -> None:
    """Raises FileRefusedError for what is not what its name says, could run, or would unpack to far
    more than it is. Reads piece by piece: memory does not grow with the file.

    With `whole`, also for what cannot be opened.
    """
    kind = kind_of(name)
    stream.seek(0)
    start = stream.read(_CHUNK)
    if kind.starts and not start.startswith(kind.starts):
        raise _mislabelled(name)
    if not kind.starts:
        _look_at_text(name, start, stream)
    elif kind.starts == _ZIP:
        _look_at_archive(name, kind, stream, size)
    elif kind.media_type == "application/pdf":
        _look_at_pdf(name, stream, whole=whole)


def _size(stream: BinaryIO) -> int:
    return stream.seek(0, 2)


def _mislabelled(name: str) -> MislabelledError:
    suffix = PurePosixPath(name).suffix
    return MislabelledError(
        f"«{name}» is not what its name says. Save it again in the right format.",
        name=name,
        kinds=suffix,
    )


def _active(name: str, what: str) -> ActiveContentError:
    return ActiveContentError(
        f"«{name}» holds what could run where it is opened: {what}. Take it out, or save the file"
        " as PDF without it.",
        name=name,
        what=what,
    )


def _look_at_text(name: str, start: bytes, stream: BinaryIO) -> None:
    """Text holds no zeros; and a page or a picture that can run is none, whatever its name."""
    piece = start
    while piece:
        if b"\x00" in piece:
            raise _mislabelled(name)
        piece = stream.read(_CHUNK)
    begin = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    page = _PAGE if name.lower().endswith(".xml") else _RUNS
    found = page.search(start) if page is _PAGE else page.match(begin)
    if found:
        raise _active(name, "HTML/SVG")


def _look_at_archive(name: str, kind: FileKind, stream: BinaryIO, size: int) -> None:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _mislabelled(name) from error
    _look_at_sizes(name, parts, size)
    if kind.part and not any(each.filename.startswith(kind.part) for each in parts):
        raise _mislabelled(name)
    for part in parts:
        if part.flag_bits & 1:
            raise _locked(name)
        if _MACROS.search(part.filename):
            raise _active(name, part.filename)
        if not kind.part:
            _look_at_part(name, part)


def _look_at_sizes(name: str, parts: list[zipfile.ZipInfo], size: int) -> None:
    """What it says that it unpacks to; parts that lie over each other take more than there is."""
    unpacked = sum(each.file_size for each in parts)
    packed = sum(each.compress_size for each in parts)
    bomb = unpacked > _SMALL and unpacked > size * _MOST_TIMES
    if len(parts) > _MOST_PARTS or packed > size or unpacked > _MOST_UNPACKED or bomb:
        raise ArchiveRefusedError(
            f"«{name}» says that it unpacks to {unpacked // MEGABYTE} MB in {len(parts)} parts from"
            f" {size // MEGABYTE} MB. Hand the files in by themselves.",
            name=name,
            what=f"{unpacked // MEGABYTE} MB",
        )


def _look_at_part(name: str, part: zipfile.ZipInfo) -> None:
    """What is in an archive is of kinds that are taken, lies in it, and is no archive again."""
    inner = PurePosixPath(part.filename.replace("\\", "/"))
    if inner.is_absolute() or ".." in inner.parts or ":" in part.filename:
        raise ArchiveRefusedError(
            f"«{name}» holds «{part.filename}», which would be unpacked outside its folder. Pack it"
            " again.",
            name=name,
            what=part.filename,
        )
    if part.is_dir():
        return
    suffix = inner.suffix.lower()
    if suffix == ".zip" or suffix not in KINDS:
        raise ArchiveRefusedError(
            f"«{name}» holds «{part.filename}», which is not taken. Leave it out, or hand its files"
            " in by themselves.",
            name=name,
            what=part.filename,
        )


def _locked(name: str) -> LockedError:
    return LockedError(
        f"«{name}» cannot be opened: it is damaged or locked by a password. Save it again without"
        " one; it is sealed here until it is opened.",
        name=name,
    )


def _look_at_pdf(name: str, stream: BinaryIO, *, whole: bool) -> None:
    stream.seek(0)
    try:
        with pikepdf.open(stream) as document:
            found = _action_in(document)
    except pikepdf.PasswordError as error:
        raise _locked(name) from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        if whole:
            raise _locked(name) from error
        return
    if found:
        raise _active(name, found)


def _action_in(document: pikepdf.Pdf) -> str:
    """The first thing in it that a reader would run, or ""."""
    for each in dictionaries(document):
        action = str(each.get("/S", each.get("/Subtype", "")))
        if action in _ACTIONS or "/JS" in each or "/JavaScript" in each:
            return action.removeprefix("/") if action in _ACTIONS else "JavaScript"
    return ""


def dictionaries(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Everything in a PDF that has properties, what stands inside something else too."""
    waiting: list[Any] = [document.trailer, *document.objects]
    while waiting:
        found = waiting.pop()
        if isinstance(found, pikepdf.Array):
            inside = list(found)
        elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            yield found
            inside = [value for _, value in found.items()]
        else:
            continue
        waiting.extend(each for each in inside if not getattr(each, "is_indirect", False))
