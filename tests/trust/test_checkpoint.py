import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from engine.audit.chain import Head
from engine.audit.checkpoint import (
    Checkpoint,
    Signer,
    VerifierKey,
    create_key_file,
    open_note,
    verify_checkpoint,
    verify_with_any,
)
from engine.errors import InvalidInputError, TamperedError
from tests.trust.records import LOG, PROCUREMENT, SIGNER

HEAD = Head(42, bytes(range(32)))
OTHER = Signer(LOG, Ed25519PrivateKey.from_private_bytes(b"\x08" * 32))

# The worked example of C2SP signed-note.md and of golang.org/x/mod/sumdb/note.
C2SP_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
C2SP_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
C2SP_NOTE = (
    f"{C2SP_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZ"
    "SNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_the_worked_example_of_the_signed_note_format_opens() -> None:
    key = VerifierKey.parse(C2SP_KEY)

    assert open_note(C2SP_NOTE, key) == C2SP_TEXT
    assert str(key) == C2SP_KEY


def test_a_checkpoint_is_four_lines_and_a_signature() -> None:
    lines = SIGNER.sign(PROCUREMENT, HEAD).split("\n")

    assert lines[:5] == [
        LOG,
        "42",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        f"procurement {PROCUREMENT}",
        "",
    ]
    assert lines[5].startswith(f"— {LOG} ")


def test_a_signed_checkpoint_says_what_was_signed() -> None:
    checkpoint = verify_checkpoint(SIGNER.sign(PROCUREMENT, HEAD), SIGNER.verifier_key)

    assert checkpoint == Checkpoint(LOG, 42, HEAD.hash, PROCUREMENT)


def test_a_checkpoint_signed_by_another_key_of_the_same_name_is_refused() -> None:
    with pytest.raises(TamperedError, match="not signed by"):
        verify_checkpoint(OTHER.sign(PROCUREMENT, HEAD), SIGNER.verifier_key)


@pytest.mark.parametrize("line", [0, 1, 2, 3])
def test_a_checkpoint_with_a_changed_line_is_refused(line: int) -> None:
    lines = SIGNER.sign(PROCUREMENT, HEAD).split("\n")
    lines[line] = {1: "43", 2: "A" * 43 + "="}.get(line, lines[line] + "x")

    with pytest.raises(TamperedError):
        verify_checkpoint("\n".join(lines), SIGNER.verifier_key)


@pytest.mark.parametrize(
    "text",
    [
        f"{LOG}\n042\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nprocurement 1\n",
        f"{LOG}\n42\nAAEC\nprocurement 1\n",
        f"{LOG}\n42\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        f"{LOG}\n-1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nprocurement 1\n",
        "elsewhere\n42\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nprocurement 1\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_of_this_log_is_refused(text: str) -> None:
    note = SIGNER.sign_text(text)

    with pytest.raises(TamperedError):
        verify_checkpoint(note, SIGNER.verifier_key)


@pytest.mark.parametrize("note", ["", "\n", "text\n", f"text\n\n— {LOG} !!\n", "a\n\nb\n"])
def test_what_is_no_signed_note_is_refused_in_words(note: str) -> None:
    with pytest.raises(TamperedError, match="checkpoint"):
        open_note(note, SIGNER.verifier_key)


def test_a_signature_line_of_a_witness_beside_the_log_is_passed_over() -> None:
    note = SIGNER.sign(PROCUREMENT, HEAD)
    text, _, signature = note.partition("\n\n")
    witnessed = f"{text}\n\n— witness.example YWJjZGVmZ2g=\n{signature}"

    assert verify_checkpoint(witnessed, SIGNER.verifier_key).size == 42


def test_after_a_rotation_checkpoints_by_the_old_and_the_new_key_hold() -> None:
    keys = [SIGNER.verifier_key, OTHER.verifier_key]

    assert verify_with_any(SIGNER.sign(PROCUREMENT, HEAD), keys).size == 42
    assert verify_with_any(OTHER.sign(PROCUREMENT, HEAD), keys).size == 42


@pytest.mark.parametrize(
    "vkey",
    ["", "a+b", C2SP_KEY.replace("c74f20a3", "c74f20a4"), C2SP_KEY[:-4], "a+00000000+AQ=="],
)
def test_what_is_no_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(InvalidInputError):
        VerifierKey.parse(vkey)


@pytest.mark.parametrize("name", ["", "with space", "with+plus", "with\nline"])
def test_a_name_that_would_break_the_signature_line_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError):
        Signer.from_bytes(name, b"\x07" * 32)


def test_a_reference_of_two_lines_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        SIGNER.sign("2026/1\n99", HEAD)


def test_a_new_key_file_is_readable_by_its_owner_alone_and_never_overwritten(
    tmp_path: Path,
) -> None:
    path = tmp_path / "log.pem"
    create_key_file(path)
    content = path.read_bytes()

    with pytest.raises(FileExistsError):
        create_key_file(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == content
    assert Signer.from_bytes(LOG, content).verifier_key.name == LOG


def test_the_same_key_as_pem_and_raw_signs_alike() -> None:
    key = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    signed = Signer.from_bytes(LOG, pem).sign(PROCUREMENT, HEAD)

    assert signed == Signer.from_bytes(LOG, b"\x07" * 32).sign(PROCUREMENT, HEAD)


def test_a_key_of_another_kind_or_no_key_is_refused() -> None:
    other_kind = generate_private_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )

    for data in (b"", b"no key", other_kind):
        with pytest.raises(InvalidInputError):
            Signer.from_bytes(LOG, data)
