"""What holds for every process and form that ships."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.bpmn.bundle import READMES, TRANSLATIONS, collect
from engine.bpmn.check import check_paths
from engine.bpmn.compile import compile_deployed
from engine.forms.checking import check_form
from engine.model.definition import ProcessInfo

ROOT = Path(__file__).parent.parent.parent
FOLDERS = sorted(each for each in (ROOT / "processes").iterdir() if each.is_dir())
FORMS = sorted(each.name.removesuffix(".schema.json") for each in ROOT.glob("forms/*.schema.json"))


def processes() -> Iterator[ProcessInfo]:
    """Every process once, as its own deployment reads it."""
    for folder in FOLDERS:
        bundle = collect(folder)
        yield compile_deployed(bundle.key, bundle.files).definition.root


def test_every_process_checks_without_errors_and_warnings() -> None:
    findings = check_paths(FOLDERS)

    assert [str(each) for each in findings] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_process_has_model_texts_and_readme_of_its_own_name(folder: Path) -> None:
    key = folder.name

    assert f'<bpmn:process id="{key}"' in (folder / f"{key}.bpmn").read_text("utf-8")
    for language in TRANSLATIONS:
        assert json.loads((folder / f"{key}.{language}.json").read_text("utf-8"))[f"{key}.name"]
    assert (folder / "README.md").read_text("utf-8").startswith("# ")


def headings(text: str) -> int:
    return sum(line.startswith("## ") for line in text.splitlines())


def test_a_process_that_can_be_started_tells_the_lead_of_itself_in_each_language() -> None:
    told = {
        process.key: [
            path.read_text("utf-8") if path.is_file() else ""
            for path in (ROOT / "processes" / process.key / name for name in READMES)
        ]
        for process in processes()
        if process.startable
    }

    assert len(told) > 5
    assert [
        key for key, texts in told.items() if len({headings(each) for each in texts}) != 1
    ] == []
    assert [key for key, texts in told.items() if len(set(texts)) != len(READMES)] == []


def names_of(form: str) -> tuple[str, ...]:
    return tuple(f"{form}.{kind}.json" for kind in ("schema", "ui", *TRANSLATIONS))


@pytest.mark.parametrize("key", FORMS)
def test_a_form_has_schema_order_and_texts_in_every_language(key: str) -> None:
    files = {name: (ROOT / "forms" / name).read_bytes() for name in names_of(key)}

    findings = check_form(key, files)

    assert json.loads(files[f"{key}.schema.json"])["$id"] == key
    assert [str(each) for each in findings] == []


def test_every_form_is_used_by_a_task_or_a_message() -> None:
    used = {
        form
        for process in processes()
        for form in (
            *(element.form for element in process.elements.values()),
            *(message.form for message in process.messages.values()),
        )
    }

    assert sorted(set(FORMS) - used) == []


def test_every_start_of_a_process_that_can_be_started_has_a_scenario() -> None:
    without = [
        process.key
        for process in processes()
        if process.startable and not list(ROOT.glob(f"processes/{process.key}/scenarios/*.yaml"))
    ]

    assert without == []
