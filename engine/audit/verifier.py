"""Verifies an exported record of one procurement; needs Python 3.11 or later and nothing else.

    python verifier.py record.zip [--key VKEY]

VKEY is the log's public key as its owner publishes it. Without it the key inside the bundle is
used, which proves that the record is whole, not whose it is. Signatures are checked when the
package `cryptography` is installed.

Exit status: 0 sound; 1 changed; 2 the file cannot be read; 3 sound, but signatures not checked.
"""

import argparse
import base64
import gzip
import hashlib
import json
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    SIGNATURES = True
except ImportError:
    SIGNATURES = False

ENTRIES, CHECKPOINTS, KEYS = "entries.jsonl.gz", "checkpoints.txt", "vkey.txt"
ZERO = "0" * 64
DASH = "— "

Keys = dict[tuple[str, bytes], bytes]


class ChangedError(Exception):
    """The record is not the one that was sealed."""


def main(arguments: list[str] | None = None, write: Callable[[str], object] = print) -> int:
    parser = argparse.ArgumentParser(description="Verify an exported record of a procurement.")
    parser.add_argument("bundle")
    parser.add_argument("--key", help="the log's public key, <name>+<id>+<key>")
    options = parser.parse_args(arguments)
    try:
        with zipfile.ZipFile(options.bundle) as bundle:
            return verify(bundle, options.key, write)
    except ChangedError as error:
        write(f"CHANGED: {error}")
        return 1
    except (OSError, EOFError, KeyError, zlib.error, zipfile.BadZipFile) as error:
        write(f"The bundle cannot be read: {error}")
        return 2


def verify(bundle: zipfile.ZipFile, key: str | None, write: Callable[[str], object]) -> int:
    lines = [key] if key else bundle.read(KEYS).decode("utf-8", "replace").splitlines()
    keys = dict(read_key(line) for line in lines if line.strip())
    notes = bundle.read(CHECKPOINTS).decode("utf-8", "replace")
    signed = dict(read_checkpoints(notes, keys))
    with bundle.open(ENTRIES) as packed, gzip.open(packed) as unpacked:
        count, procurement = verify_entries(unpacked, {s: h for s, (h, _) in signed.items()})
    for size, (_, name) in signed.items():
        if name != procurement:
            raise ChangedError(f"the checkpoint for {size} entries is for procurement {name}")
    write(f"{count} entries of procurement {procurement}: each is in its place and unchanged.")
    write(f"{len(signed)} checkpoints agree; the newest covers all {count} entries.")
    write("Keys: " + ", ".join(f"{name} {identity.hex()}" for name, identity in keys))
    if not key:
        write("The key is the bundle's own. Compare it with the one its owner publishes (--key).")
    if not SIGNATURES:
        write("NOT CHECKED: the signatures. Install 'cryptography' and run again.")
        return 3
    return 0


def read_key(vkey: str) -> tuple[tuple[str, bytes], bytes]:
    """The name and id of a C2SP verifier key, and its 32 bytes."""
    name, _, rest = vkey.strip().partition("+")
    identity, _, encoded = rest.partition("+")
    raw = from_base64(encoded)
    expected = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if len(raw) != 33 or raw[0] != 1 or expected.hex() != identity:
        raise ChangedError(f"'{vkey.strip()}' is not an Ed25519 verifier key")
    return (name, expected), raw[1:]


def read_checkpoints(notes: str, keys: Keys) -> Iterator[tuple[int, tuple[bytes, str]]]:
    """Size, head's hash and procurement of each checkpoint, once its signature holds."""
    parts = notes.split("\n\n")
    newest = 0
    for number, (text, signature) in enumerate(zip(parts[::2], parts[1::2], strict=False), 1):
        lines = text.split("\n")
        if len(lines) != 4 or not lines[1].isdecimal() or not lines[3].startswith("procurement "):
            raise ChangedError(f"checkpoint no. {number} does not have its four lines")
        check_signature(number, text + "\n", signature, lines[0], keys)
        if int(lines[1]) <= newest:
            raise ChangedError(f"checkpoint no. {number} is out of order")
        newest = int(lines[1])
        yield newest, (from_base64(lines[2]), lines[3].removeprefix("procurement "))
    if len(parts) % 2 and parts != [""]:
        raise ChangedError("the last checkpoint is cut")


def check_signature(number: int, text: str, block: str, origin: str, keys: Keys) -> None:
    for line in block.splitlines():
        name, _, encoded = line.removeprefix(DASH).partition(" ")
        raw = from_base64(encoded) if line.startswith(DASH) else b""
        public = keys.get((name, raw[:4]))
        if public is None or name != origin:
            continue
        if SIGNATURES:
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], text.encode())
            except InvalidSignature:
                raise ChangedError(f"the signature of checkpoint no. {number} is false") from None
        return
    raise ChangedError(f"checkpoint no. {number} is not signed by a key of this log")


def verify_entries(lines: Iterable[bytes], signed: dict[int, bytes]) -> tuple[int, str]:
    """The number of entries and whose they are; raises at the first that is not in its place."""
    previous, count, covered, procurement = ZERO, 0, 0, ""
    for line in lines:
        raw = line.removesuffix(b"\n")
        body = read_entry(raw, count + 1)
        if body["seq"] != count + 1:
            raise ChangedError(f"entry {count + 1} is missing: entry {body['seq']} follows")
        if body["prev"] != previous:
            suspects = f"entry {count + 1}" if covered == count else f"entry {count} or {count + 1}"
            raise ChangedError(f"{suspects} was changed: the second does not rest on the first")
        if count and body["procurement"] != procurement:
            raise ChangedError(f"entry {count + 1} belongs to {body['procurement']}")
        count, procurement = count + 1, body["procurement"]
        link = hashlib.sha256(b"\x00" + raw).digest()
        previous = link.hex()
        if count in signed:
            if signed[count] != link:
                raise ChangedError(f"entry {covered + 1} or one after it, up to {count}, differs")
            covered = count
    if max(signed, default=0) > count:
        raise ChangedError(f"the tail is cut: entry {count + 1} is missing")
    if covered < count:
        raise ChangedError(f"no signed checkpoint covers entry {covered + 1} and those after it")
    return count, procurement


def read_entry(raw: bytes, number: int) -> dict[str, Any]:
    """The fields of an entry, when the bytes spell them in the one canonical way (RFC 8785)."""
    try:
        body = json.loads(raw.decode(), parse_float=refuse, parse_constant=refuse)
        spelled = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if spelled.encode() == raw and body.keys() >= {"v", "seq", "prev", "procurement"}:
            return dict(body)
    except (ValueError, AttributeError, RecursionError):
        pass
    raise ChangedError(f"line {number} is not an entry in its canonical spelling")


def refuse(number: str) -> float:
    raise ValueError(number)


def from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


if __name__ == "__main__":
    sys.exit(main())
