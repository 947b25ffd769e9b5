"""The registers that forms look up in, from the files that the settings name.

An extract of the register of legal entities has more than a million units. It is read once into an
index beside the other data, which every process of the platform then reads without holding it.
"""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import orjson
import structlog

from engine.model.register import Found, Source
from engine.registers import NO_ORGANISATIONS, Registers, shipped
from engine.registers.table import TableRegister
from service.extracts import day_of, read_codes, read_units
from service.settings import Settings

log = structlog.get_logger()

DEMONSTRATION: Final = Path(__file__).parent / "demo-organisations.csv"
_LAYOUT: Final = 1
_BATCH: Final = 10_000


def load_registers(settings: Settings) -> Registers:
    """What is configured, or else what ships; raises InvalidInputError for a file that cannot be
    used. Fictional organisations are there in a demonstration only."""
    codes = shipped().cpv
    if settings.cpv is not None:
        source = Source("CPV", day_of(settings.cpv), complete=True)
        codes = TableRegister.of(source, read_codes(settings.cpv))
    if settings.organisations is not None:
        source = Source("Enhetsregisteret", day_of(settings.organisations))
        index = indexed(settings.organisations, settings.data / "registers")
        return Registers(IndexedRegister(source, index), codes)
    if settings.demo:
        source = Source("Oppdiktede virksomheter", "2026-01-01")
        return Registers(TableRegister.of(source, read_units(DEMONSTRATION)), codes)
    return Registers(NO_ORGANISATIONS, codes)


def indexed(extract: Path, folder: Path) -> Path:
    """The index of an extract, made when there is none of this very file yet."""
    status = extract.stat() if extract.exists() else None
    mark = f"{_LAYOUT}-{status.st_size}-{status.st_mtime_ns}" if status else "missing"
    index = folder / f"organisations-{mark}.db"
    if index.exists():
        return index
    folder.mkdir(parents=True, exist_ok=True)
    begun = index.with_suffix(f".{os.getpid()}")
    begun.unlink(missing_ok=True)
    count = _write(begun, read_units(extract))
    begun.replace(index)
    for old in set(folder.glob("organisations-*.db")) - {index}:
        old.unlink()
    log.info("The extract of organisations has been indexed.", path=str(extract), units=count)
    return index


def _write(index: Path, units: Iterable[Found]) -> int:
    """All units into a new file; how many is the answer."""
    rows = (
        (int(unit.key), name := unit.name("nb"), name.casefold(), orjson.dumps(dict(unit.facts)))
        for unit in units
    )
    count = 0
    with closing(sqlite3.connect(index)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(
            "CREATE TABLE unit (number INTEGER PRIMARY KEY, name TEXT, folded TEXT, facts BLOB)"
        )
        while batch := list(islice(rows, _BATCH)):
            connection.executemany("INSERT OR REPLACE INTO unit VALUES (?, ?, ?, ?)", batch)
            count += len(batch)
        connection.execute("CREATE INDEX folded ON unit (folded)")
        connection.commit()
    return count


@dataclass(frozen=True, slots=True)
class IndexedRegister:
    """Organisations in an index file that nobody writes to any more."""

    source: Source
    index: Path

    def find(self, key: str) -> Found | None:
        rows = self._rows("number = ?", (int(key),), 1) if key.isdecimal() else ()
        return rows[0] if rows else None

    def search(self, words: str, most: int) -> tuple[Found, ...]:
        """Units whose name begins with the words, then those whose name holds them."""
        folded = " ".join(words.casefold().split())
        if not folded:
            return ()
        begins = self._rows("folded >= ? AND folded < ?", (folded, f"{folded}\U0010ffff"), most)
        if len(begins) == most or folded.isdecimal():
            return begins
        held = self._rows("instr(folded, ?) > 1", (folded,), most - len(begins))
        return (*begins, *held)

    def _rows(self, where: str, values: tuple[object, ...], most: int) -> tuple[Found, ...]:
        address = f"file:{self.index}?mode=ro&immutable=1"
        query = f"SELECT number, name, facts FROM unit WHERE {where} ORDER BY folded LIMIT {most}"  # noqa: S608 - parts of our own
        with closing(sqlite3.connect(address, uri=True)) as connection:
            return tuple(
                Found(f"{number:09}", {"nb": name}, orjson.loads(facts))
                for number, name, facts in connection.execute(query, values)
            )
