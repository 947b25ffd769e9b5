"""Streams of any length, sealed in chunks for the holder of one private key.

A fresh X25519 key agrees with the receiver's public key on the file's own AES-256-GCM key (HKDF,
SHA-256). Each chunk carries its number and whether it is the last in what is authenticated, so that
chunks cannot be changed, reordered, left out or cut off (the STREAM construction: Hoang et al.,
"Online authenticated-encryption and its nonce-reuse misuse-resistance", 2015).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.errors import TamperedError

CHUNK: Final = 1024 * 1024
"""Bytes of content in each chunk but the last."""
KEY_BYTES: Final = 32
_NUMBER_BYTES: Final = 11
_LAST: Final = b"\x01"
_NOT_LAST: Final = b"\x00"
_PURPOSE: Final = b"pivotal sealed file 1"


def new_key() -> bytes:
    """A private key, 32 bytes: keep it outside the database."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public_key(private: bytes) -> bytes:
    """What is needed to seal for the holder of `private`."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


@dataclass(slots=True)
class Sealer:
    """Seals one file for `receiver` (a public key), in memory of about two chunks.

    `label` binds the file to its place, such as its id: a file moved to another does not open.
    After the last chunk `size` and `digest` (SHA-256 of the content, in hex) tell what came in.
    """

    receiver: bytes
    label: str
    header: bytes = field(init=False)
    size: int = field(init=False, default=0)
    _hash: Any = field(init=False, default_factory=sha256)
    _cipher: AESGCM = field(init=False)

    def __post_init__(self) -> None:
        own = X25519PrivateKey.generate()
        self.header = own.public_key().public_bytes_raw()
        shared = own.exchange(X25519PublicKey.from_public_bytes(self.receiver))
        self._cipher = _cipher(shared, self.header, self.receiver, self.label)

    @property
    def digest(self) -> str:
        return str(self._hash.hexdigest())

    def chunks(self, content: Iterable[bytes]) -> Iterator[bytes]:
        """The sealed chunks, in order, of pieces of any size."""
        number, waiting = 0, b""
        for piece in content:
            self.size += len(piece)
            self._hash.update(piece)
            waiting += piece
            while len(waiting) > CHUNK:
                yield self._seal(number, waiting[:CHUNK], _NOT_LAST)
                number, waiting = number + 1, waiting[CHUNK:]
        yield self._seal(number, waiting, _LAST)

    def _seal(self, number: int, content: bytes, last: bytes) -> bytes:
        return self._cipher.encrypt(_nonce(number, last), content, None)


def opened(private: bytes, label: str, header: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The content of a sealed file, chunk by chunk.

    Raises TamperedError at the first chunk that is not what was sealed, is out of place or misses.
    What was yielded before that is right.
    """
    key = X25519PrivateKey.from_private_bytes(private)
    shared = key.exchange(X25519PublicKey.from_public_bytes(header))
    cipher = _cipher(shared, header, key.public_key().public_bytes_raw(), label)
    number, held = 0, None
    for chunk in chunks:
        if held is not None:
            yield _open(cipher, number, held, _NOT_LAST, label)
            number += 1
        held = chunk
    yield _open(cipher, number, held or b"", _LAST, label)


def _open(cipher: AESGCM, number: int, chunk: bytes, last: bytes, label: str) -> bytes:
    try:
        return cipher.decrypt(_nonce(number, last), chunk, None)
    except InvalidTag as error:
        raise TamperedError(
            f"Part {number + 1} of the sealed file {label} is not what was received. Nothing of it"
            " can be relied on; keep the file and ask the auditor.",
            file=label,
            part=number + 1,
        ) from error


def _cipher(shared: bytes, header: bytes, receiver: bytes, label: str) -> AESGCM:
    kdf = HKDF(
        hashes.SHA256(), KEY_BYTES, salt=header + receiver, info=_PURPOSE + b"\x00" + label.encode()
    )
    return AESGCM(kdf.derive(shared))


def _nonce(number: int, last: bytes) -> bytes:
    return number.to_bytes(_NUMBER_BYTES, "big") + last
