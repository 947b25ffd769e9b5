"""Sealed files: nobody without the key reads them, and nothing of them can be changed unseen."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import TamperedError
from engine.vault.sealing import CHUNK, Sealer, new_key, opened, public_key

KEY = new_key()
TEXT = b"Pris: 12 345 678 kroner. " * 3


def sealed(content: bytes, label: str = "file") -> tuple[bytes, list[bytes]]:
    sealer = Sealer(public_key(KEY), label)
    return sealer.header, list(sealer.chunks([content]))


def content_of(header: bytes, chunks: list[bytes], label: str = "file", key: bytes = KEY) -> bytes:
    return b"".join(opened(key, label, header, chunks))


@settings(deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=8))
def test_what_was_sealed_in_any_pieces_opens_as_it_was(pieces: list[bytes]) -> None:
    sealer = Sealer(public_key(KEY), "file")

    chunks = list(sealer.chunks(pieces))

    whole = b"".join(pieces)
    assert content_of(sealer.header, chunks) == whole
    assert (sealer.size, sealer.digest) == (len(whole), sha256(whole).hexdigest())


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_chunks_meet_at_any_length(length: int) -> None:
    content = bytes(range(256)) * (length // 256 + 1)

    header, chunks = sealed(content[:length])

    assert content_of(header, chunks) == content[:length]


def test_nothing_of_the_content_stands_in_what_is_stored() -> None:
    header, chunks = sealed(TEXT)

    assert b"kroner" not in header + b"".join(chunks)


def test_the_same_content_never_looks_the_same_twice() -> None:
    assert sealed(TEXT) != sealed(TEXT)


def test_another_key_opens_nothing() -> None:
    header, chunks = sealed(TEXT)

    with pytest.raises(TamperedError):
        content_of(header, chunks, key=new_key())


def test_a_file_moved_to_another_place_does_not_open() -> None:
    header, chunks = sealed(TEXT, "tender of A")

    with pytest.raises(TamperedError):
        content_of(header, chunks, "tender of B")


@settings(deadline=None)
@given(st.data())
def test_a_bit_that_was_flipped_is_found(data: st.DataObject) -> None:
    header, chunks = sealed(TEXT)
    place = data.draw(st.integers(0, 8 * len(chunks[0]) - 1))
    broken = bytearray(chunks[0])
    broken[place // 8] ^= 1 << place % 8

    with pytest.raises(TamperedError, match="Part 1"):
        content_of(header, [bytes(broken)])


def test_chunks_that_are_cut_off_swapped_doubled_or_left_out_are_found() -> None:
    header, (first, second, third) = sealed(b"x" * (2 * CHUNK + 1))

    for wrong in (
        [first, second],
        [second, first, third],
        [first, second, second, third],
        [first, third],
        [],
    ):
        with pytest.raises(TamperedError):
            content_of(header, wrong)


def test_a_large_stream_is_sealed_piece_by_piece() -> None:
    sealer = Sealer(public_key(KEY), "file")
    asked = 0

    def pieces() -> object:
        nonlocal asked
        for _ in range(64):
            asked += 1
            yield b"y" * (CHUNK // 2)

    chunks = sealer.chunks(pieces())  # type: ignore[arg-type]
    next(chunks)

    assert asked <= 3
