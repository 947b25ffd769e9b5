"""A picture that people send is drawn anew: what is seen comes along, and nothing else."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from service.pictures import LONGEST_SIDE, drawn_anew
from service.uploads import FileRefusedError, Upload
from tests.support.pictures import photograph


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_where_and_when_it_was_taken_stays_behind(kind: str) -> None:
    sent = photograph(kind)

    drawn = drawn_anew(Upload("IMG_0001.jpg", "image/jpeg", sent), "  Mørk   gang ")

    assert b"Storgata" in sent
    assert b"Storgata" not in drawn.content
    assert b"hemmelig" not in drawn.content
    assert (drawn.name, drawn.media_type) == ("Mørk gang.jpg", "image/jpeg")
    with Image.open(BytesIO(drawn.content)) as image:
        assert image.size == (20, 40)  # upright, although nothing says so any more
        assert not image.getexif()


def test_a_large_one_is_made_smaller() -> None:
    sent = photograph(size=(3000, 1000))

    with Image.open(BytesIO(drawn_anew(Upload("a.jpg", "", sent), "").content)) as image:
        assert max(image.size) == LONGEST_SIDE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff no picture at all",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        photograph()[:200],
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefusedError):
        drawn_anew(Upload("a.jpg", "image/jpeg", content), "")


def test_a_picture_that_claims_to_be_huge_is_refused_before_it_fills_the_memory() -> None:
    file = BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")

    assert len(file.getvalue()) < 20_000
    with pytest.raises(FileRefusedError):
        drawn_anew(Upload("a.png", "image/png", file.getvalue()), "")


def test_a_small_file_that_claims_to_be_enormous_is_refused() -> None:
    claims = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", claims), (b"IDAT", zlib.compress(b"0")), (b"IEND", b""))
    content = b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, data) for kind, data in parts)

    with pytest.raises(FileRefusedError):
        drawn_anew(Upload("a.png", "image/png", content), "")


def _part(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG file: length, kind, content, checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
