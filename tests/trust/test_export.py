import gzip
import io
import runpy
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.audit import verifier
from engine.audit.checkpoint import Signer
from engine.audit.export import verify_export, write_export
from engine.errors import InvalidInputError
from tests.trust.records import LOG, PROCUREMENT, SIGNER, record

AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
VKEY = str(SIGNER.verifier_key)
FOREIGN = Signer(LOG, Ed25519PrivateKey.from_private_bytes(b"\x66" * 32))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """An exported record of twenty entries with seven checkpoints."""
    path = tmp_path / "record.zip"
    stored = record(seed=1, size=20, signed_every=3)
    keys = [SIGNER.verifier_key]
    write_export(path, PROCUREMENT, stored.entries, stored.checkpoints, keys, AT)
    return path


def rewrite(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Change one file of the bundle."""
    with zipfile.ZipFile(path) as archive:
        contents = {info.filename: archive.read(info) for info in archive.infolist()}
    contents[name] = change(contents[name])
    with zipfile.ZipFile(path, "w") as archive:
        for filename, data in contents.items():
            archive.writestr(filename, data)


def rewrite_lines(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    rewrite(
        path,
        "entries.jsonl.gz",
        lambda data: gzip.compress(b"".join(change(gzip.decompress(data).splitlines(True)))),
    )


def alone(*arguments: str) -> tuple[int, str]:
    """Run the verifier's `main` and give its exit status and what it said."""
    said = io.StringIO()
    status = verifier.main(list(arguments), lambda line: said.write(f"{line}\n"))
    return status, said.getvalue()


def test_an_exported_record_verifies(bundle: Path) -> None:
    verdict = verify_export(bundle, [SIGNER.verifier_key])

    assert (verdict.ok, verdict.entries, verdict.covered) == (True, 20, 20)


def test_an_export_is_the_stored_bodies_byte_for_byte(bundle: Path) -> None:
    stored = record(seed=1, size=20, signed_every=3)

    with zipfile.ZipFile(bundle) as archive:
        lines = gzip.decompress(archive.read("entries.jsonl.gz")).splitlines()

    assert lines == [entry.body for entry in stored.entries]


def test_the_same_record_exported_twice_gives_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    stored = record(seed=1, size=20, signed_every=3)

    count = write_export(
        again, PROCUREMENT, iter(stored.entries), stored.checkpoints, [SIGNER.verifier_key], AT
    )

    assert count == 20
    assert again.read_bytes() == bundle.read_bytes()


def test_the_verifier_in_the_bundle_runs_alone(bundle: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        archive.extract("verifier.py", tmp_path)

    run = subprocess.run(
        [sys.executable, "-I", "verifier.py", "record.zip", "--key", VKEY],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert f"20 entries of procurement {PROCUREMENT}" in run.stdout


def test_without_cryptography_the_verifier_says_that_signatures_were_not_checked(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    bare = runpy.run_path(str(Path(verifier.__file__)))
    said: list[str] = []

    status = bare["main"]([str(bundle), "--key", VKEY], said.append)

    assert status == 3
    assert "NOT CHECKED" in said[-1]


def test_the_verifier_warns_when_it_has_the_key_from_the_bundle_alone(bundle: Path) -> None:
    status, said = alone(str(bundle))

    assert status == 0
    assert "Compare it with the one its owner publishes" in said


def test_the_verifier_is_short_enough_to_read_at_one_sitting() -> None:
    assert len(Path(verifier.__file__).read_text().splitlines()) < 200


CHANGES: dict[str, tuple[Callable[[list[bytes]], list[bytes]], int]] = {
    "a changed field": (
        lambda rows: [*rows[:9], rows[9].replace(b"Kari", b"Per "), *rows[10:]],
        10,
    ),
    "a missing line": (lambda rows: [*rows[:9], *rows[10:]], 10),
    "a line twice": (lambda rows: [*rows[:10], rows[9], *rows[10:]], 11),
    "two lines exchanged": (lambda rows: [*rows[:9], rows[10], rows[9], *rows[11:]], 10),
    "a cut tail": (lambda rows: rows[:15], 16),
    "no entries": (lambda rows: rows[:0], 1),
    "a line that is no entry": (lambda rows: [*rows[:9], b"7\n", *rows[10:]], 10),
    "another spelling": (lambda rows: [*rows[:9], rows[9].replace(b",", b", "), *rows[10:]], 10),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_bundle_is_found_by_both_verifiers(bundle: Path, change: str) -> None:
    edit, first_bad = CHANGES[change]
    rewrite_lines(bundle, edit)

    verdict = verify_export(bundle)
    status, said = alone(str(bundle))

    assert (verdict.ok, verdict.first_bad) == (False, first_bad)
    assert status == 1
    assert said.startswith("CHANGED")


def test_checkpoints_taken_out_leave_the_tail_uncovered(bundle: Path) -> None:
    rewrite(bundle, "checkpoints.txt", lambda data: b"\n\n".join(data.split(b"\n\n")[:6]) + b"\n")

    verdict = verify_export(bundle)

    assert (verdict.code, verdict.first_bad) == ("checkpoint-missing", 10)
    assert "covers entry 10" in alone(str(bundle))[1]


def test_a_bundle_signed_by_someone_else_fails_against_the_published_key(bundle: Path) -> None:
    stored = record(seed=1, size=20, signed_every=3)
    notes = [FOREIGN.sign(PROCUREMENT, stored.head)]
    write_export(bundle, PROCUREMENT, stored.entries, notes, [FOREIGN.verifier_key], AT)

    assert verify_export(bundle).ok
    assert verify_export(bundle, [SIGNER.verifier_key]).code == "checkpoint-foreign"
    assert alone(str(bundle), "--key", VKEY)[0] == 1


def test_a_false_signature_is_found(bundle: Path) -> None:
    stored = record(seed=1, size=20)
    text, _, signature = SIGNER.sign(PROCUREMENT, stored.head).partition("\n\n")
    forged = f"{text.replace('20', '19', 1)}\n\n{signature}"
    write_export(bundle, PROCUREMENT, stored.entries, [forged], [SIGNER.verifier_key], AT)

    assert verify_export(bundle).code == "checkpoint-foreign"
    assert alone(str(bundle))[0] == 1


def test_a_file_that_is_no_bundle_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "record.zip"
    path.write_bytes(b"not a zip")

    with pytest.raises(InvalidInputError, match=r"record\.zip"):
        verify_export(path)

    assert alone(str(path))[0] == 2
    assert alone(str(tmp_path / "absent.zip"))[0] == 2


def test_a_damaged_bundle_is_refused_in_one_line(bundle: Path) -> None:
    rewrite(bundle, "entries.jsonl.gz", lambda data: data[: len(data) // 2])

    with pytest.raises(InvalidInputError, match=r"record\.zip"):
        verify_export(bundle)

    assert alone(str(bundle))[0] == 2


def test_an_empty_record_verifies(bundle: Path) -> None:
    write_export(bundle, PROCUREMENT, [], [], [SIGNER.verifier_key], AT)

    assert verify_export(bundle).ok
    assert alone(str(bundle))[0] == 0
