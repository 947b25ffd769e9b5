"""Reading extracts of public registers from files: the register of legal entities as CSV or JSON as
Brønnøysundregistrene hands it out, and tables of CPV codes. Plain or packed with gzip."""

import csv
import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TextIO, cast

from engine.clock import OSLO
from engine.errors import InvalidInputError
from engine.model.register import Found
from engine.registers import cpv, organisations

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CHUNK: Final = 1 << 20
_LONGEST: Final = 8 * _CHUNK  # of what is read and not yet an object
_BETWEEN: Final = re.compile(r"[\s,\[\]]*")
_NUMBER: Final = "organisasjonsnummer"
_ADDRESS: Final = "forretningsadresse"
_WARNINGS: Final = {
    "konkurs": "Konkurs",
    "underAvvikling": "Under avvikling",
    "underTvangsavviklingEllerTvangsopplosning": "Under tvangsavvikling",
}
Row = Mapping[str, Any]


def day_of(path: Path) -> str:
    """The day of an extract, yyyy-mm-dd: the one in its name, or else the day the file was
    written, in Oslo."""
    named = _DAY.search(path.name)
    if named is not None:
        return named[0]
    return datetime.fromtimestamp(path.stat().st_mtime, OSLO).date().isoformat()


def read_units(path: Path) -> Iterator[Found]:
    """Every unit of the extract; a row without a right number is left out.

    Raises InvalidInputError when the file is no such extract.
    """
    with _opened(path) as text:
        rows = _objects(text) if ".json" in path.name else _table(text)
        try:
            yield from filter(None, map(_unit, _checked(rows, path)))
        except (ValueError, csv.Error, EOFError, OSError) as error:
            raise _unreadable(path, str(error)) from error


def read_codes(path: Path) -> Iterator[Found]:
    """Every code of a table with the columns `code`, `nb` and, if wished, `en`."""
    with _opened(path) as text:
        rows = list(_table(text))
    codes = [(cpv.read_code(str(row.get("code", ""))), row) for row in rows]
    if not codes or any(code is None or not row.get("nb") for code, row in codes):
        raise _unreadable(path, "every row needs a code of eight digits and a Norwegian text")
    for code, row in codes:
        names = {language: str(row[language]) for language in ("nb", "en") if row.get(language)}
        yield Found(str(code), names)


def _unreadable(path: Path, why: str) -> InvalidInputError:
    return InvalidInputError(
        f"{path} cannot be read as an extract of a register ({why}). docs/settings.md says which"
        " files are taken.",
        path=str(path),
    )


def _opened(path: Path) -> TextIO:
    try:
        if path.suffix == ".gz":
            return cast(TextIO, gzip.open(path, "rt", encoding="utf-8-sig", newline=""))
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise _unreadable(path, error.strerror or "it cannot be opened") from error


def _table(text: TextIO) -> Iterator[Row]:
    """The rows of a CSV file, set apart by the sign that its first line holds most of."""
    head = text.readline()
    sign = max(";,\t", key=head.count)
    names = next(csv.reader([head], delimiter=sign), [])
    yield from csv.DictReader(text, fieldnames=names, delimiter=sign)


def _objects(text: TextIO) -> Iterator[Row]:
    """The objects of a JSON array, or of JSON lines, one at a time: an extract does not fit in
    memory."""
    decode, buffer = json.JSONDecoder().raw_decode, ""
    while chunk := text.read(_CHUNK):
        buffer += chunk
        at = _next(buffer, 0)
        while at < len(buffer):
            try:
                found, end = decode(buffer, at)
            except json.JSONDecodeError:
                break  # the object goes on in the next chunk
            if not isinstance(found, dict):
                raise ValueError("it holds something that is no object")  # noqa: TRY004 - content
            yield _flat(found)
            at = _next(buffer, end)
        buffer = buffer[at:]
        if len(buffer) > _LONGEST:
            raise ValueError("it holds something that is no JSON")
    if buffer:
        raise ValueError("its last object is cut off")


def _next(buffer: str, at: int) -> int:
    """Where the next object begins: after what stands between two of them."""
    found = _BETWEEN.match(buffer, at)
    return found.end() if found else at


def _flat(found: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested objects with the dotted names that the CSV has."""
    flat: dict[str, Any] = {}
    for name, value in found.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def _checked(rows: Iterable[Row], path: Path) -> Iterator[Row]:
    """The rows, once the first of them is seen to have a number and a name."""
    for index, row in enumerate(rows):
        if index == 0 and not {_NUMBER, "navn"} <= set(row):
            raise _unreadable(path, f"there is no {_NUMBER} and navn")
        yield row


def _unit(row: Row) -> Found | None:
    number = str(row.get(_NUMBER) or "").strip()
    if not organisations.has_nine_digits(number) or not organisations.has_right_check_digit(number):
        return None
    facts = {
        "form": _form(row),
        "address": _address(row),
        "warning": ", ".join(said for name, said in _WARNINGS.items() if _is_true(row.get(name))),
    }
    kept = {name: value for name, value in facts.items() if value}
    return Found(number, {"nb": str(row.get("navn") or "").strip()}, kept)


def _form(row: Row) -> str:
    told = str(row.get("organisasjonsform.beskrivelse") or "").strip()
    return told or str(row.get("organisasjonsform.kode") or "").strip()


def _address(row: Row) -> str:
    street = row.get(f"{_ADDRESS}.adresse") or ""
    lines = street if isinstance(street, list) else [street]
    place = " ".join(
        str(row.get(f"{_ADDRESS}.{part}") or "") for part in ("postnummer", "poststed")
    )
    return ", ".join(part for part in (*map(str, lines), place.strip()) if part.strip())


def _is_true(value: object) -> bool:
    return value is True or str(value).strip().lower() in {"true", "ja", "j"}
