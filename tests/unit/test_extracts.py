"""Extracts of registers as files: what is read from them, and what is said of one that is none."""

import gzip
import json
from pathlib import Path

import pytest

from engine.errors import InvalidInputError
from engine.model.register import Register
from service.extracts import day_of, read_codes, read_units
from service.registers import DEMONSTRATION, load_registers
from service.settings import Settings

UNITS = [
    {
        "organisasjonsnummer": "313000001",
        "navn": "Nordlys Sensor AS",
        "organisasjonsform": {"kode": "AS", "beskrivelse": "Aksjeselskap"},
        "forretningsadresse": {
            "adresse": ["Prøveveien 1", "Bygg B"],
            "postnummer": "9008",
            "poststed": "TROMSØ",
        },
        "konkurs": False,
    },
    {"organisasjonsnummer": "313000370", "navn": "Sensor Nord AS", "konkurs": True},
    {"organisasjonsnummer": "313000002", "navn": "Feil Kontrollsiffer AS"},
]
CSV = (
    '"organisasjonsnummer","navn","organisasjonsform.beskrivelse","forretningsadresse.adresse",'
    '"forretningsadresse.postnummer","forretningsadresse.poststed","konkurs"\n'
    '"313000001","Nordlys Sensor AS","Aksjeselskap","Prøveveien 1, Bygg B","9008","TROMSØ",'
    '"false"\n'
    '"313000370","Sensor Nord AS","","","","","true"\n'
)


def write(path: Path, text: str) -> Path:
    content = text.encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


@pytest.fixture(params=["enheter.csv", "enheter.csv.gz", "enheter.json", "enheter.jsonl.gz"])
def extract(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    texts = {
        "enheter.csv": CSV,
        "enheter.csv.gz": CSV,
        "enheter.json": json.dumps(UNITS, indent=2),
        "enheter.jsonl.gz": "\n".join(map(json.dumps, UNITS)),
    }
    return write(tmp_path / request.param, texts[request.param])


def test_units_are_read_from_every_kind_of_extract(extract: Path) -> None:
    first, second = read_units(extract)

    assert (first.key, first.name("nb")) == ("313000001", "Nordlys Sensor AS")
    assert first.facts == {"form": "Aksjeselskap", "address": "Prøveveien 1, Bygg B, 9008 TROMSØ"}
    assert second.facts == {"warning": "Konkurs"}


def configured(extract: Path, tmp_path: Path) -> Register:
    settings = Settings(tmp_path / "data", "sqlite://", "http://x", organisations=extract)
    return load_registers(settings).organisations


def test_an_extract_is_indexed_once(extract: Path, tmp_path: Path) -> None:
    configured(extract, tmp_path)
    (index,) = (tmp_path / "data" / "registers").iterdir()
    written = index.stat().st_mtime_ns

    configured(extract, tmp_path)

    assert index.stat().st_mtime_ns == written


def test_another_extract_takes_the_place_of_the_index(extract: Path, tmp_path: Path) -> None:
    configured(extract, tmp_path)
    other = write(tmp_path / "other.csv", CSV.replace("Nordlys Sensor", "Sørlys Sensor"))

    found = configured(other, tmp_path).find("313000001")

    assert found is not None
    assert found.name("nb") == "Sørlys Sensor AS"
    assert len(list((tmp_path / "data" / "registers").iterdir())) == 1


def test_a_unit_is_found_by_number_and_by_name(extract: Path, tmp_path: Path) -> None:
    register = configured(extract, tmp_path)

    found = register.find("313000001")
    assert found is not None
    assert found.facts["form"] == "Aksjeselskap"
    assert register.find("974760673") is None
    assert register.find("x") is None
    assert [each.key for each in register.search("SENSOR", 5)] == ["313000370", "313000001"]
    assert register.search("sensor nord", 5)[0].key == "313000370"
    assert register.search("%", 5) == register.search("  ", 5) == ()


def test_an_extract_longer_than_one_chunk_is_read_to_its_end(tmp_path: Path) -> None:
    many = [{**UNITS[0], "navn": f"Enhet {number} " + "x" * 500} for number in range(5_000)]
    path = write(tmp_path / "enheter.json", json.dumps(many, indent=1))

    assert sum(1 for _ in read_units(path)) == 5_000


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "navn;adresse\nX;Y\n", "there is no organisasjonsnummer"),
        ("a.json", "[1, 2]", "cannot be read"),
        ("a.json", json.dumps(UNITS)[:200], "cut off"),
        ("a.json", "{" + "x" * 20_000_000, "no JSON"),
        ("a.csv.gz.txt", "organisasjonsnummer\n1\n", "there is no organisasjonsnummer"),
    ],
)
def test_a_file_that_is_no_extract_is_named_with_the_reason(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    path = write(tmp_path / name, text)

    with pytest.raises(InvalidInputError, match=said) as caught:
        list(read_units(path))

    assert str(path) in str(caught.value)


def test_a_file_that_is_missing_or_not_packed_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "enheter.csv.gz"
    broken.write_bytes(b"not packed")

    for path in (tmp_path / "none.csv", broken):
        with pytest.raises(InvalidInputError, match="cannot be read as an extract"):
            list(read_units(path))


def test_the_day_of_an_extract_stands_in_its_name_or_is_the_files_own(tmp_path: Path) -> None:
    named = write(tmp_path / "enheter-2026-11-01.csv", CSV)
    plain = write(tmp_path / "enheter.csv", CSV)

    assert day_of(named) == "2026-11-01"
    assert len(day_of(plain)) == 10


def test_all_codes_may_come_from_a_file_of_ones_own(tmp_path: Path) -> None:
    path = write(tmp_path / "cpv.csv", "code,nb,en\n73000000-2,Forskning,Research\n72000000,IT,\n")
    settings = Settings(tmp_path, "sqlite://", "http://x", cpv=path)

    register = load_registers(settings).cpv

    assert register.source.complete
    assert [each.key for each in register.search("7", 5)] == ["72000000", "73000000"]


@pytest.mark.parametrize(
    "text", ["", "code,nb\n", "code,nb\n73000000-3,Feil\n", "code,nb\n72000000,\n"]
)
def test_a_table_of_codes_with_a_fault_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInputError, match="eight digits"):
        list(read_codes(write(tmp_path / "cpv.csv", text)))


def test_the_demonstration_has_fictional_organisations_only() -> None:
    units = list(read_units(DEMONSTRATION))

    assert len(units) >= 15
    assert {unit.key[0] for unit in units} == {"3"}  # no real number begins with 3
    assert (
        load_registers(Settings(Path(), "sqlite://", "http://x")).organisations.search("a", 1) == ()
    )
