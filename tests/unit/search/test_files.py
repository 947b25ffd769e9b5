"""What files say, and that no file does harm by being read."""

import zipfile
from io import BytesIO

import pikepdf
import pytest

from engine.search.documents import LARGEST_PART, MOST_PAGES, text_of
from engine.search.files import PDF, is_plain, plain_text
from service.uploads import KINDS

DOCX = KINDS[".docx"].media_type


def packed(**parts: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


@pytest.mark.parametrize("kind", [".txt", ".csv", ".eml"])
def test_plain_text_is_read(kind: str) -> None:
    assert is_plain(KINDS[kind].media_type)
    assert plain_text(b"Trygg badeplass") == "Trygg badeplass"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (".docx", "word__document_xml"),
        (".pptx", "ppt__slides__slide3_xml"),
        (".xlsx", "xl__sharedStrings_xml"),
        (".odt", "content_xml"),
        (".ods", "content_xml"),
        (".odp", "content_xml"),
    ],
)
def test_office_documents_are_read(kind: str, name: str) -> None:
    file = packed(**{name: b"<w:p><w:t>Trygg &amp; ren</w:t><w:t>badeplass</w:t></w:p>"})

    assert text_of(KINDS[kind].media_type, file) == "Trygg & ren badeplass"


@pytest.mark.parametrize("kind", [".png", ".zip", ".json", ".xml"])
def test_other_files_are_found_by_name_alone(kind: str) -> None:
    assert text_of(KINDS[kind].media_type, b"%PDF-1.7 Trygg") == ""


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x03\x04" + b"x" * 1000])
def test_a_broken_document_says_nothing(content: bytes) -> None:
    assert text_of(DOCX, content) == ""


def test_a_bomb_is_read_up_to_a_limit() -> None:
    bomb = packed(word__document_xml=b"a" * (LARGEST_PART * 4))

    assert len(text_of(DOCX, bomb)) <= 60_000


def test_an_entity_stays_what_it_is() -> None:
    xml = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e; her</x>'

    assert "root:" not in text_of(DOCX, packed(word__document_xml=xml))


def pdf(*pages: str) -> bytes:
    """A PDF with a line of plain letters on each page."""
    made = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for text in pages:
        page = made.add_blank_page(page_size=(300, 100))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=made.make_indirect(font)))
        page.Contents = made.make_stream(f"BT /F1 12 Tf 10 50 Td ({text}) Tj ET".encode())
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_a_pdf_is_read_page_by_page() -> None:
    assert text_of(PDF, pdf("Trygg badeplass", "Rent vann")) == "Trygg badeplass Rent vann"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"%PDF-1.7\n" + b"\xff" * 2000])
def test_a_broken_pdf_says_nothing(content: bytes) -> None:
    assert text_of(PDF, content) == ""


def test_a_pdf_is_read_up_to_a_limit_of_pages() -> None:
    found = text_of(PDF, pdf(*(f"side{number}" for number in range(MOST_PAGES + 2))))

    assert f"side{MOST_PAGES - 1}" in found
    assert f"side{MOST_PAGES + 1}" not in found
