"""Which files make a version, and what names it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn.bundle import collect, digest
from engine.bpmn.check import check_paths
from engine.bpmn.compile import check_bundle
from engine.errors import InvalidInputError
from tests.support.models import KNOWN, good_files

FILES = st.dictionaries(st.text(min_size=1, max_size=20), st.binary(max_size=50), max_size=6)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The good deployment on disk, with things beside it that do not belong to it."""
    beside = {
        "processes/sample/README.md": b"#",
        "processes/sample/scenarios/one.yaml": b"a: 1",
        "processes/other/other.bpmn": b"<x/>",
        "forms/unused.schema.json": b"{}",
    }
    for name, content in (good_files() | beside).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path


@given(FILES)
def test_the_same_bytes_have_the_same_digest_in_any_order(files: dict[str, bytes]) -> None:
    turned = dict(reversed(files.items()))

    assert digest(files) == digest(turned)


@given(FILES, st.text(min_size=1, max_size=20), st.binary(max_size=50))
def test_another_byte_or_name_is_another_version(
    files: dict[str, bytes], name: str, content: bytes
) -> None:
    changed = files | {name: content}

    assert (digest(files) == digest(changed)) == (files == changed)


def test_bytes_cannot_move_between_name_and_content() -> None:
    assert digest({"a": b"bc"}) != digest({"ab": b"c"})
    assert digest({"a": b"", "b": b""}) != digest({"a": b"b"})


def test_a_change_of_a_form_alone_is_a_new_version() -> None:
    files = good_files()
    name = "forms/need.schema.json"
    changed = files | {name: files[name].replace(b"Felt", b"Behov")}

    assert digest(files) != digest(changed)


def test_a_process_takes_along_what_it_calls_and_shows(folder: Path) -> None:
    bundle = collect(folder / "processes" / "sample")

    assert bundle.key == "sample"
    expected = {**good_files(), "processes/sample/README.md": b"#"}
    assert dict(bundle.files) == expected
    assert bundle.digest == digest(expected)


def test_the_file_of_a_model_means_the_same_as_its_folder(folder: Path) -> None:
    by_file = collect(folder / "processes" / "sample" / "sample.bpmn")

    assert by_file.files == collect(folder / "processes" / "sample").files


def test_a_folder_without_a_model_is_refused(folder: Path) -> None:
    with pytest.raises(InvalidInputError):
        collect(folder / "forms")


def test_a_called_process_that_is_missing_is_left_for_the_check(folder: Path) -> None:
    (folder / "processes" / "document-check" / "document-check.bpmn").unlink()

    bundle = collect(folder / "processes" / "sample")

    rules = {found.rule for found in check_bundle(bundle.key, bundle.files, KNOWN)}
    assert "called-process-missing" in rules


def test_a_key_that_is_a_path_leads_nowhere(folder: Path) -> None:
    model = folder / "processes" / "sample" / "sample.bpmn"
    (folder / "secret.schema.json").write_text("{}")
    text = model.read_text().replace("need.schema.json", "../secret.schema.json")
    model.write_text(text.replace('calledElement="document-check"', 'calledElement="../other"'))

    bundle = collect(model)

    assert not any("secret" in name or "other" in name for name in bundle.files)


def test_checking_a_folder_names_files_as_they_are_on_disk(folder: Path) -> None:
    findings = check_paths([folder / "processes"], KNOWN)

    other = str(folder / "processes" / "other" / "other.bpmn")
    assert {(found.file, found.rule) for found in findings} == {(other, "not-bpmn")}


@pytest.mark.parametrize("name", ["nowhere", "forms", "processes/sample/README.md"])
def test_checking_a_path_that_holds_no_model_says_so(folder: Path, name: str) -> None:
    (found,) = check_paths([folder / name], KNOWN)

    assert (found.rule, found.severity) == ("file-missing", "error")
