"""What people send is what it says, small enough, and cannot run where it is opened."""

import io
import zipfile
import zlib
from collections.abc import Mapping

import pikepdf
import pytest
from PIL import Image
from PIL.ExifTags import Base

from service.jpeg import without_properties
from service.metadata import Jpeg2000Error, NotAnonymousError, strip
from service.uploads import (
    KINDS,
    ActiveContentError,
    ArchiveRefusedError,
    FileRefusedError,
    LockedError,
    MislabelledError,
    TooLargeError,
    plain_name,
    read_upload,
)

LIMIT = 5_000_000
WHO = "Hemmelig Arkitekt"


def archive(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return made.getvalue()


def document() -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})


def a_pdf(*, script: bool = False, password: str = "") -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Author"] = WHO
        with pdf.open_metadata() as metadata:
            metadata["dc:creator"] = [WHO]
        if script:
            action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
            pdf.Root.OpenAction = action
        lock = pikepdf.Encryption(owner=password, user=password) if password else None
        pdf.save(made, encryption=lock)
    return made.getvalue()


def read(name: str, content: bytes) -> str:
    return read_upload(name, io.BytesIO(content), LIMIT).media_type


def test_what_is_what_it_says_is_taken() -> None:
    assert read("tilbud.pdf", a_pdf()) == "application/pdf"
    assert read("tilbud.docx", document()).endswith("wordprocessingml.document")
    assert read("pris.csv", b"a;b") == "text/csv"
    assert read("alt.zip", archive({"a/tilbud.pdf": a_pdf(), "a/": b""})) == "application/zip"


@pytest.mark.parametrize("name", ["side.html", "tegning.svg", "tilbud.docm", "kjor.exe", "uten"])
def test_kinds_that_can_run_are_not_taken(name: str) -> None:
    with pytest.raises(FileRefusedError, match="not taken"):
        read(name, b"<html></html>")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tilbud.pdf", b"MZ\x90"),
        ("tilbud.docx", archive({"xl/workbook.xml": b"<workbook/>"})),
        ("tilbud.docx", b"PK\x03\x04 and then nothing of the kind"),
        ("tilbud.txt", b"text\x00binary"),
        ("tilbud.txt", b"a" * 2_000_000 + b"\x00"),
        ("bilde.png", b"\xff\xd8\xff"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(MislabelledError):
        read(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("side.txt", b"\xef\xbb\xbf <!DOCTYPE html><script>alert(1)</script>"),
        ("tegning.txt", b"<svg onload=alert(1)>"),
        ("tegning.xml", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("side.xml", b'<x:html xmlns:x="http://www.w3.org/1999/xhtml"/>'),
        ("tilbud.docx", archive({"word/document.xml": b"<d/>", "word/vbaProject.bin": b"m"})),
        ("tilbud.pdf", a_pdf(script=True)),
    ],
)
def test_what_could_run_is_refused_with_what_it_is(name: str, content: bytes) -> None:
    with pytest.raises(ActiveContentError) as refused:
        read(name, content)

    assert refused.value.details["what"]


def test_an_archive_that_unpacks_to_far_more_than_it_is_is_refused() -> None:
    bomb = archive({"a.txt": bytes(80_000_000)})

    with pytest.raises(ArchiveRefusedError, match="unpacks to 76 MB"):
        read("a.zip", bomb)
    with pytest.raises(ArchiveRefusedError):
        read("a.docx", archive({"word/document.xml": bytes(80_000_000)}))


@pytest.mark.parametrize(
    "inner", ["kjor.exe", "side.html", "../../etc/passwd.txt", "/etc/a.txt", "c:/a.txt", "mer.zip"]
)
def test_what_hides_in_an_archive_is_named(inner: str) -> None:
    with pytest.raises(ArchiveRefusedError) as refused:
        read("alt.zip", archive({"tilbud.pdf": a_pdf(), inner: b"x"}))

    assert inner in str(refused.value)


def test_what_is_locked_is_refused_while_it_can_still_be_mended() -> None:
    with pytest.raises(LockedError):
        read("tilbud.pdf", a_pdf(password="hemmelig"))


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(TooLargeError):
        read("tilbud.txt", b"a" * (LIMIT + 1))


def stripped(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    kind = KINDS["." + name.rpartition(".")[2]].media_type
    strip(name, kind, io.BytesIO(content), made)
    return made.getvalue()


def test_a_pdf_loses_its_author_and_keeps_its_pages() -> None:
    with pikepdf.open(io.BytesIO(stripped("a.pdf", a_pdf()))) as pdf:
        assert len(pdf.pages) == 1
        assert "/Info" not in pdf.trailer
        assert "/Metadata" not in pdf.Root


def test_a_document_loses_properties_and_who_wrote_its_comments() -> None:
    who = WHO.encode()
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "docProps/core.xml": b"<cp><dc:creator>" + who + b"</dc:creator></cp>",
        "docProps/custom.xml": b"<p>" + who + b"</p>",
        "word/comments.xml": b'<w:comment w:author="' + who + b'" w:initials="HA">Fin</w:comment>',
        "word/people.xml": b'<w15:person w15:author="' + who + b'"/>',
        "word/document.xml": b"<w:document>Teksten</w:document>",
        "word/media/image1.jpg": a_photo(),
    }

    made = stripped("a.docx", archive(parts))

    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        assert sorted(opened.namelist()) == sorted(parts)
        assert all(who not in opened.read(name) for name in parts)
        assert b"Teksten" in opened.read("word/document.xml")
        assert b">Fin<" in opened.read("word/comments.xml")
        assert {each.date_time[0] for each in opened.infolist()} == {1980}


def a_photo() -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[Base.Artist] = WHO
    exif[Base.Orientation] = 6
    Image.new("RGB", (4, 2), "red").save(made, "JPEG", exif=exif)
    return made.getvalue()


def test_a_photo_loses_what_the_camera_wrote_and_stays_upright() -> None:
    made = stripped("a.jpg", a_photo())

    assert WHO.encode() not in made
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.size == (2, 4)
        assert not picture.getexif()


def test_an_open_document_loses_who_wrote_it() -> None:
    who = WHO.encode()
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "meta.xml": b"<m><meta:initial-creator>" + who + b"</meta:initial-creator></m>",
        "content.xml": b"<office:annotation><dc:creator>"
        + who
        + b"</dc:creator>Fin</office:annotation>",
        "Thumbnails/thumbnail.png": who,
    }

    made = stripped("a.odt", archive(parts, zipfile.ZIP_STORED))

    assert who not in made
    assert b"Fin" in made


def test_what_cannot_be_made_nameless_is_refused_with_what_can() -> None:
    with pytest.raises(NotAnonymousError, match=r"\.pdf"):
        stripped("a.zip", archive({"a.txt": b"x"}))


def a_photograph() -> bytes:
    """A JPEG that says who took it, in EXIF, in a comment and behind its end."""
    made = io.BytesIO()
    picture = Image.linear_gradient("L").convert("RGB")
    exif = Image.Exif()
    exif[0x013B] = WHO
    picture.save(made, "JPEG", exif=exif, comment=WHO.encode(), progressive=True)
    return made.getvalue() + WHO.encode()


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_photograph_in_a_pdf_loses_what_the_camera_wrote_and_stays_the_same(
    wrapped: bool,
) -> None:
    photograph = a_photograph()
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        picture = pdf.make_stream(b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
        if wrapped:
            filters = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode])
            picture.write(zlib.compress(photograph), filter=filters)
        else:
            picture.write(photograph, filter=pikepdf.Name.DCTDecode)
        picture.Width, picture.Height, picture.BitsPerComponent = 256, 256, 8
        picture.ColorSpace = pikepdf.Name.DeviceRGB
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
        pdf.save(made)

    plain = stripped("a.pdf", made.getvalue())

    with pikepdf.open(io.BytesIO(plain)) as pdf:
        kept = pdf.pages[0].Resources.XObject.P.read_raw_bytes()
    assert WHO.encode() not in kept
    shown = [Image.open(io.BytesIO(each)).tobytes() for each in (kept, photograph)]
    assert shown[0] == shown[1]


def test_a_picture_of_jpeg_2000_in_a_pdf_is_refused_with_what_to_do() -> None:
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        picture = pdf.make_stream(b"\x00\x00\x00\x0cjP  \r\n\x87\n")
        picture.stream_dict.Filter = pikepdf.Name.JPXDecode
        pdf.Root.Drawing = picture
        pdf.save(made)

    with pytest.raises(Jpeg2000Error, match=r"«a\.pdf» holds .* or as PDF/A-1"):
        stripped("a.pdf", made.getvalue())


def test_a_name_cannot_hide_what_the_file_is() -> None:
    assert plain_name("regning_\u202efdp.txt") == "regning_fdp.txt"
    assert plain_name("C:\\tilbud\\a\r\nb\x00.txt") == "ab.txt"


def test_a_photograph_that_breaks_off_is_refused() -> None:
    with pytest.raises(ValueError, match=r"breaks off|not found"):
        without_properties(a_photograph()[:300])
