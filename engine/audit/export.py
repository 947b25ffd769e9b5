"""The record of one procurement as a file that an outsider can verify without this product.

A zip with `entries.jsonl.gz` (one body a line, byte for byte as sealed), `checkpoints.txt` (signed
notes with an empty line between), `vkey.txt` (the log's public keys), `verifier.py` and a README.
"""

import gzip
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from engine.audit.canonical import read_canonical
from engine.audit.chain import SealedEntry, entry_hash, instant
from engine.audit.checkpoint import SUBJECT, VerifierKey
from engine.audit.verify import Verdict, verify_procurement
from engine.errors import InvalidInputError

ENTRIES: Final = "entries.jsonl.gz"
CHECKPOINTS: Final = "checkpoints.txt"
KEYS: Final = "vkey.txt"
VERIFIER: Final = "verifier.py"
README: Final = "README.md"

_README: Final = """\
# Protokoll · Record: {procurement}

`{entries}` er hele protokollen for anskaffelsen, tatt ut {at}. Hver linje er én hendelse: hvem,
når, hva, hvorfor og på hvilket grunnlag. Hver hendelse viser til den forrige, og loggen har
signert hvor langt kjeden var kommet (`{checkpoints}`). Kontroller protokollen slik:

    python {verifier} <denne filen> --key <nøkkelen>

Hent nøkkelen hos den som eier loggen, ikke i denne filen.

`{entries}` is the whole record of the procurement, taken out at {at}. Each line is one event: who,
when, what, why and on what ground. Each event refers to the one before it, and the log has signed
how far the chain had come (`{checkpoints}`). Verify the record with:

    python {verifier} <this file> --key <the key>

Take the key from the owner of the log, not from this file.
"""


def write_export(
    path: Path,
    procurement: str,
    entries: Iterable[SealedEntry],
    checkpoints: Iterable[str],
    keys: Iterable[VerifierKey],
    at: datetime,
) -> int:
    """Write the bundle to `path`, at the moment `at`; returns the number of entries.

    Nothing is verified here: an outsider is to see what is stored, as it is.
    """
    bundle = _Bundle(at)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        count = bundle.add_entries(archive, entries)
        bundle.add(archive, CHECKPOINTS, "\n".join(checkpoints))
        bundle.add(archive, KEYS, "".join(f"{key}\n" for key in keys))
        bundle.add(archive, VERIFIER, files("engine.audit").joinpath(VERIFIER).read_text("utf-8"))
        readme = _README.format(
            procurement=procurement,
            at=instant(at),
            entries=ENTRIES,
            checkpoints=CHECKPOINTS,
            verifier=VERIFIER,
        )
        bundle.add(archive, README, readme)
    return count


def verify_export(path: Path, keys: Iterable[VerifierKey] = ()) -> Verdict:
    """Verify a bundle with `keys`, or with its own when none are given.

    Its own keys prove that the record is whole, not whose it is. Raises InvalidInputError when the
    file is no bundle or is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _verify(archive, tuple(keys))
    except (OSError, EOFError, KeyError, ValueError, zlib.error, zipfile.BadZipFile) as error:
        raise InvalidInputError(
            f"{path.name} cannot be read as an exported record: {error}", file=path.name
        ) from error


class _Bundle:
    """Writes files into a zip so that the same record gives the same bytes."""

    def __init__(self, at: datetime) -> None:
        moment = at.astimezone(UTC)
        self._date = (moment.year, moment.month, moment.day, moment.hour, moment.minute, 0)

    def add(self, archive: zipfile.ZipFile, name: str, text: str) -> None:
        archive.writestr(self._info(name, zipfile.ZIP_DEFLATED), text.encode())

    def add_entries(self, archive: zipfile.ZipFile, entries: Iterable[SealedEntry]) -> int:
        count = 0
        with (
            archive.open(self._info(ENTRIES, zipfile.ZIP_STORED), "w", force_zip64=True) as file,
            gzip.GzipFile("", "wb", 6, file, mtime=0) as packed,
        ):
            for entry in entries:
                packed.write(entry.body + b"\n")
                count += 1
        return count

    def _info(self, name: str, compression: int) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, self._date)
        info.compress_type = compression
        info.external_attr = 0o644 << 16
        return info


def _verify(archive: zipfile.ZipFile, keys: tuple[VerifierKey, ...]) -> Verdict:
    own = archive.read(KEYS).decode().splitlines()
    checkpoints = _split(archive.read(CHECKPOINTS).decode())
    return verify_procurement(
        _procurement(archive, checkpoints),
        _entries(archive),
        None,
        checkpoints,
        keys or tuple(VerifierKey.parse(line) for line in own if line),
    )


def _procurement(archive: zipfile.ZipFile, checkpoints: list[str]) -> str:
    """Whose record this says it is; the newest checkpoint tells when no entry is left."""
    for entry in _entries(archive):
        return entry.procurement
    lines = checkpoints[-1].split("\n") if checkpoints else []
    return lines[3].removeprefix(SUBJECT) if len(lines) > 3 else ""


def _entries(archive: zipfile.ZipFile) -> Iterator[SealedEntry]:
    with archive.open(ENTRIES) as packed, gzip.open(packed) as lines:
        for number, line in enumerate(lines, 1):
            raw = line.removesuffix(b"\n")
            fields = _fields(raw)
            yield SealedEntry(
                procurement=str(fields.get("procurement", "")),
                seq=number,
                at=fields.get("at", ""),
                type=fields.get("type", ""),
                actor=_fields_of(fields.get("actor")).get("id", ""),
                body=raw,
                hash=entry_hash(raw),
            )


def _fields(raw: bytes) -> dict[str, Any]:
    try:
        return _fields_of(read_canonical(raw))
    except InvalidInputError:
        return {}


def _fields_of(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _split(notes: str) -> list[str]:
    """The signed notes of a file in which an empty line stands between text, signature and text."""
    parts = notes.removesuffix("\n").split("\n\n")
    pairs = zip(parts[::2], [*parts[1::2], ""], strict=False)
    return [f"{text}\n\n{signature}\n" for text, signature in pairs if text]
