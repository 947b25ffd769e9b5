"""Signed statements of where a chain stood: C2SP tlog-checkpoint text in a C2SP signed note.

The text is four lines: origin (the log's name), size (number of entries), the head's hash in
base64, and `procurement <reference>`. The hash is the head of that procurement's chain, not the
root of a tree.
"""

import os
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from engine.audit.chain import Head
from engine.errors import InvalidInputError, TamperedError

_ED25519: Final = b"\x01"
_DASH: Final = "— "
SUBJECT: Final = "procurement "


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The chain of `procurement` in the log `origin` had the head `hash` at `size` entries."""

    origin: str
    size: int
    hash: bytes
    procurement: str


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half: whose signature, its four-byte id, and the 32 bytes of the Ed25519 key."""

    name: str
    id: bytes
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Read `<name>+<hex id>+<base64 key>`; raises InvalidInputError when it is no such key."""
        name, _, rest = vkey.strip().partition("+")
        id_text, _, key_text = rest.partition("+")
        try:
            raw = b64decode(key_text, validate=True)
        except ValueError:
            raw = b""
        if len(raw) != 33 or raw[:1] != _ED25519 or _key_id(name, raw[1:]).hex() != id_text:
            raise InvalidInputError(
                f"'{vkey.strip()[:120]}' is no Ed25519 verifier key, which reads <name>+<id>+<key>."
            )
        return cls(name, bytes.fromhex(id_text), raw[1:])

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(_ED25519 + self.public).decode()}"


class Signer:
    """The private half, held in memory; whoever starts the process reads the key file."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        if not name or "+" in name or any(character.isspace() for character in name):
            raise InvalidInputError(
                f"'{name}' cannot name a log: a name holds neither space nor '+' and is not empty."
            )
        self.name = name
        self._key = key
        public = key.public_key().public_bytes_raw()
        self.verifier_key = VerifierKey(name, _key_id(name, public), public)

    @classmethod
    def from_bytes(cls, name: str, data: bytes) -> Self:
        """From the content of a key file: PEM (PKCS 8, unencrypted) or the 32 raw bytes."""
        if len(data) == 32:
            return cls(name, Ed25519PrivateKey.from_private_bytes(data))
        try:
            key = load_pem_private_key(data, password=None)
        except (ValueError, TypeError) as error:
            raise InvalidInputError(
                "The signing key cannot be read: it must be unencrypted PEM or 32 raw bytes."
            ) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise InvalidInputError("The signing key is not an Ed25519 key.")
        return cls(name, key)

    def sign(self, procurement: str, head: Head) -> str:
        """The checkpoint that says `head` is where the chain of `procurement` stands."""
        if not procurement or not procurement.isprintable():
            raise InvalidInputError("A procurement's reference must be one line of text.")
        origin, digest = self.name, b64encode(head.hash).decode()
        return self.sign_text(f"{origin}\n{head.seq}\n{digest}\n{SUBJECT}{procurement}\n")

    def sign_text(self, text: str) -> str:
        """A signed note over `text`, which must end in a newline."""
        signature = b64encode(self.verifier_key.id + self._key.sign(text.encode())).decode()
        return f"{text}\n{_DASH}{self.name} {signature}\n"


def create_key_file(path: Path) -> None:
    """Write a new private key, PEM, readable by its owner alone; FileExistsError if it is there."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())


def verify_checkpoint(text: str, verifier_key: VerifierKey) -> Checkpoint:
    """What the checkpoint says, once it is proved to be signed by `verifier_key`.

    Raises TamperedError when the text is no checkpoint, is not signed by that key, or speaks for
    another log.
    """
    body = open_note(text, verifier_key)
    lines = body.split("\n")
    if len(lines) != 5 or not lines[3].startswith(SUBJECT) or not _is_size(lines[1]):
        raise TamperedError("The checkpoint does not have its four lines.")
    try:
        digest = b64decode(lines[2], validate=True)
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise TamperedError("The checkpoint's hash is not 32 bytes in base64.")
    if lines[0] != verifier_key.name:
        raise TamperedError(f"The checkpoint speaks for the log '{lines[0]}'.")
    return Checkpoint(lines[0], int(lines[1]), digest, lines[3].removeprefix(SUBJECT))


def verify_with_any(text: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """As `verify_checkpoint`, by whichever of `keys` signed it: old keys stay after a rotation."""
    fault = TamperedError("There is no key to check the checkpoint's signature with.")
    for key in keys:
        try:
            return verify_checkpoint(text, key)
        except TamperedError as error:
            fault = error
    raise fault


def open_note(note: str, verifier_key: VerifierKey) -> str:
    """The text of a signed note, once proved to be signed by `verifier_key`; else TamperedError."""
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise TamperedError("The checkpoint is not a signed note.")
    text += "\n"
    for line in signatures.splitlines():
        signature = _signature(line, verifier_key)
        if signature is not None:
            _require_valid(signature, text, verifier_key)
            return text
    raise TamperedError(f"The checkpoint is not signed by the key {verifier_key.name}.")


def _signature(line: str, key: VerifierKey) -> bytes | None:
    """The signature on `line` if it is by `key`; lines by others are passed over, as C2SP says."""
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or name != key.name:
        return None
    try:
        raw = b64decode(encoded, validate=True)
    except ValueError as error:
        raise TamperedError("The checkpoint's signature is not base64.") from error
    return raw[4:] if raw[:4] == key.id else None


def _require_valid(signature: bytes, text: str, key: VerifierKey) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except (InvalidSignature, UnicodeEncodeError) as error:
        raise TamperedError(f"The checkpoint's signature by {key.name} does not hold.") from error


def _key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def _is_size(text: str) -> bool:
    return text.isascii() and text.isdigit() and (text == "0" or text[0] != "0") and len(text) < 16
