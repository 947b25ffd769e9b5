"""What attached files say is found, read after the act in a process that can be ended."""

from pathlib import Path

import pytest

from engine.commands.attachments import AddAttachment
from engine.commands.search import RebuildSearch
from engine.model.actor import SYSTEM
from engine.search.files import PDF
from service import reading
from service.reading import read_apart, read_files
from tests.engine.search.test_finding import find
from tests.support.platform import Platform
from tests.support.web import make_parts
from tests.unit.search.test_files import DOCX, packed, pdf


def attached(platform: Platform, media_type: str, content: bytes) -> None:
    procurement = platform.start()
    platform.act("lead", AddAttachment(procurement, "Vedlegg", media_type, content))


def found(platform: Platform, word: str, person: str = "lead") -> int:
    return find(platform, word, person).total


def test_pdf_and_office_files_are_found_once_they_are_read(
    any_platform: Platform, tmp_path: Path
) -> None:
    parts = make_parts(any_platform, tmp_path)
    procurement = any_platform.start()
    word = packed(word__document_xml=b"<w:p><w:t>Svaberget er glatt</w:t></w:p>")
    for media_type, content in ((PDF, pdf("Bademester Hansen")), (DOCX, word)):
        any_platform.act("lead", AddAttachment(procurement, "Vedlegg", media_type, content))

    before = found(any_platform, "bademester")
    assert read_files(parts) == 2

    assert before == 0
    assert found(any_platform, "bademester") == found(any_platform, "svaberget") == 1
    assert found(any_platform, "bademester", "stranger") == 0
    assert read_files(parts) == 0


def test_the_index_made_anew_holds_what_was_read(platform: Platform, tmp_path: Path) -> None:
    attached(platform, PDF, pdf("Bademester Hansen"))
    read_files(make_parts(platform, tmp_path))
    platform.bus.handle(RebuildSearch(), SYSTEM)

    assert found(platform, "bademester") == 1


def test_the_same_file_again_is_found_at_once(platform: Platform, tmp_path: Path) -> None:
    file = pdf("Bademester Hansen")
    attached(platform, PDF, file)
    read_files(make_parts(platform, tmp_path))

    again = AddAttachment(platform.start(reference="2026/2"), "Igjen", PDF, file)
    platform.act("lead", again)

    assert found(platform, "bademester") == 2


def test_a_file_that_takes_too_long_says_nothing_and_is_not_tried_again(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_WAIT", 0)
    attached(platform, PDF, pdf("Bademester Hansen"))
    parts = make_parts(platform, tmp_path)

    assert read_files(parts) == 1
    assert read_files(parts) == 0
    assert found(platform, "bademester") == 0


def test_a_reader_that_breaks_says_nothing() -> None:
    assert read_apart(PDF, b"%PDF-1.7 broken") == ""
