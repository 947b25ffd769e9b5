"""Files without what tells who made them: for projects that a jury judges without names.

Properties, comments' authors and pictures' camera data are taken out; what stands in the text or is
drawn in a picture only people can find.
"""

import io
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import IO, BinaryIO, Final

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError

from service.jpeg import without_properties
from service.uploads import KINDS, MEGABYTE, FileRefusedError, LockedError, dictionaries

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that an archive can name
_LARGEST_PART: Final = 256 * MEGABYTE
_NAMED: Final = re.compile(
    rb"""((?:\w+:)?(?:author|initials|lastModifiedBy|userName|userId|providerId))="[^"]*\""""
)
_OF_PEOPLE: Final = re.compile(rb"""((?:\w+:)?(?:name|displayName|id|userId))="[^"]*\"""")
_PATH: Final = re.compile(rb"""(absPath\s+url)="[^"]*\"""")
_WRITTEN: Final = re.compile(
    rb"(<(?:dc:creator|meta:initial-creator|meta:creator-initials|author|loext:sender-initials)"
    rb"(?:\s[^>]*)?>)[^<]*(</)"
)
_PEOPLE: Final = re.compile(r"^(word/people\.xml|ppt/commentAuthors\.xml|xl/persons/.*\.xml)$")
_THUMBNAIL: Final = re.compile(r"^(docProps/thumbnail|Thumbnails/thumbnail)\.(jpe?g|png)$")
_HEAD: Final = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_EMPTY: Final[Mapping[str, bytes]] = MappingProxyType(
    {
        "docProps/core.xml": (
            b"<cp:coreProperties xmlns:cp="
            b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
        ),
        "docProps/app.xml": (
            b"<Properties xmlns="
            b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
        ),
        "docProps/custom.xml": (
            b"<Properties xmlns="
            b'"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
        ),
        "meta.xml": (
            b"<office:document-meta xmlns:office="
            b'"urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"/>'
        ),
    }
)
"""Parts of office documents that are properties and nothing else, as they are without any."""


_PHOTOGRAPHS: Final = frozenset({"/DCTDecode", "/JPXDecode"})


class NotAnonymousError(FileRefusedError):
    """A kind of file whose properties cannot be taken out."""

    code = "file-not-anonymous"


class Jpeg2000Error(FileRefusedError):
    """It holds a picture of JPEG 2000, of which properties cannot be taken out."""

    code = "file-jpeg-2000"


class _Jpeg2000FoundError(Exception):
    """Where a picture is found, nobody knows what the file is called."""


def strip(name: str, media_type: str, source: BinaryIO, target: BinaryIO) -> None:
    """Write the file without its properties to `target`.

    Raises NotAnonymousError for a kind that this cannot be done with, Jpeg2000Error for a document
    with a picture that it cannot be done with, LockedError for what cannot be opened.
    """
    stripper = _STRIPPERS.get(media_type)
    if stripper is None:
        kinds = ", ".join(suffix for suffix, kind in KINDS.items() if kind.media_type in _STRIPPERS)
        raise NotAnonymousError(
            f"«{name}» is of a kind that may tell who made it. Use one of: {kinds}.",
            name=name,
            kinds=kinds,
        )
    source.seek(0)
    try:
        stripper(source, target)
    except _Jpeg2000FoundError as error:
        raise Jpeg2000Error(
            f"«{name}» holds a picture in the format JPEG 2000, which may tell who took it and"
            " where. Export the document again with pictures as JPEG, or as PDF/A-1, which has no"
            " such pictures.",
            name=name,
        ) from error
    except _UNREADABLE as error:
        raise LockedError(
            f"«{name}» cannot be opened: it is damaged or locked. Save it again.", name=name
        ) from error


_UNREADABLE: Final = (
    pikepdf.PdfError,
    zipfile.BadZipFile,
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    ValueError,
)


def _pdf(source: BinaryIO, target: BinaryIO) -> None:
    with pikepdf.open(source) as document:
        for each in list(dictionaries(document)):
            _without_properties(each)
        for found in document.objects:
            if isinstance(found, pikepdf.Stream):
                _plain_picture(found)
        document.save(target, deterministic_id=True)


def _without_properties(found: pikepdf.Object) -> None:
    """Of the document, its pages and pictures; remarks name who wrote them in a title."""
    names = ["/Info", "/Metadata", "/PieceInfo", "/LastModified"]
    if "/Subtype" in found and "/Rect" in found:
        names += ["/T", "/M", "/CreationDate"] if found["/Subtype"] != "/Widget" else ["/M"]
    for name in names:
        if name in found:
            del found[name]


def _plain_picture(found: pikepdf.Stream) -> None:
    """A photograph in a document keeps what the camera wrote, inside of it. Raises ValueError for
    one that cannot be looked into, _Jpeg2000FoundError for one in that format."""
    filters = _filters(found)
    if not filters or filters[-1] not in _PHOTOGRAPHS:
        return
    content = found.read_raw_bytes()
    for each in filters[:-1]:
        if each != "/FlateDecode":
            raise ValueError(f"a picture within {each}")
        content = zlib.decompress(content)
    if filters[-1] == "/JPXDecode":
        raise _Jpeg2000FoundError
    found.write(without_properties(content), filter=pikepdf.Name.DCTDecode)


def _filters(found: pikepdf.Stream) -> list[str]:
    """By name, from the outermost to the one of the content."""
    named = found.get("/Filter")
    if named is None:
        return []
    return [str(each) for each in named] if isinstance(named, pikepdf.Array) else [str(named)]


def _office(source: BinaryIO, target: BinaryIO) -> None:
    """Office documents are archives; their parts are copied, with the moments of none."""
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w") as made:
        for part in given.infolist():
            if part.file_size > _LARGEST_PART:
                raise ValueError(f"{part.filename} is too large to be looked through")
            plain = zipfile.ZipInfo(part.filename, _EPOCH)
            plain.compress_type = part.compress_type
            made.writestr(plain, _part(part.filename, given.read(part)))


def _part(name: str, content: bytes) -> bytes:
    if name in _EMPTY:
        return _HEAD + _EMPTY[name]
    if _THUMBNAIL.match(name):
        return _one_pixel(name)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in {".jpg", ".jpeg", ".png"}:
        kept = io.BytesIO()
        _picture(io.BytesIO(content), kept)
        return kept.getvalue()
    if suffix != ".xml":
        return content
    if _PEOPLE.match(name):
        content = _OF_PEOPLE.sub(rb'\1=""', content)
    content = _PATH.sub(rb'\1=""', _NAMED.sub(rb'\1=""', content))
    return _WRITTEN.sub(rb"\1\2", content)


def _one_pixel(name: str) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (1, 1), "white").save(kept, "PNG" if name.endswith("png") else "JPEG")
    return kept.getvalue()


def _picture(source: IO[bytes], target: IO[bytes]) -> None:
    """The picture as it is seen, without what the camera or the program wrote beside it."""
    with Image.open(source, formats=("JPEG", "PNG")) as picture:
        kind = str(picture.format)
        profile = picture.info.get("icc_profile")
        shown = ImageOps.exif_transpose(picture)
        shown.info.clear()
        options = {"quality": 95} if kind == "JPEG" else {}
        shown.save(target, kind, icc_profile=profile, exif=b"", **options)


def _text(source: BinaryIO, target: BinaryIO) -> None:
    shutil.copyfileobj(source, target)


def _by_suffix(stripper: Callable[[BinaryIO, BinaryIO], None], *suffixes: str) -> "_Table":
    return {KINDS[suffix].media_type: stripper for suffix in suffixes}


_Table = dict[str, Callable[[BinaryIO, BinaryIO], None]]
_STRIPPERS: Final[Mapping[str, Callable[[BinaryIO, BinaryIO], None]]] = MappingProxyType(
    {
        **_by_suffix(_pdf, ".pdf"),
        **_by_suffix(_office, ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"),
        **_by_suffix(_picture, ".png", ".jpg"),
        **_by_suffix(_text, ".txt", ".csv"),
    }
)
