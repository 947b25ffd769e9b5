"""What is installed from a wheel is whole: code, processes, forms, templates, texts and assets."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
SHARED = "share/pivotal"


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Paths in a wheel built from this tree; what lies beside the code without its prefix."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        found = archive.namelist()
    return {name[name.find(SHARED) :] if SHARED in name else name for name in found}


def sources(pattern: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob(pattern)
        if path.is_file() and not {"__pycache__", "node_modules"} & set(path.parts)
    }


@pytest.mark.parametrize("pattern", ["processes/**/*", "forms/*"])
def test_processes_and_forms_come_along(names: set[str], pattern: str) -> None:
    wanted = {f"{SHARED}/{name}" for name in sources(pattern)}

    assert wanted
    assert wanted - names == set()


@pytest.mark.parametrize(
    "pattern",
    [
        "engine/**/*.py",
        "service/**/*.py",
        "service/templates/**/*",
        "service/texts/*",
        "service/static/*.*",
        "engine/procurement/data/**/*",
        "service/static/built/**/*",
    ],
)
def test_everything_the_code_reads_comes_along(names: set[str], pattern: str) -> None:
    wanted = sources(pattern)

    assert wanted
    assert wanted - names == set()


def test_neither_tests_nor_the_sources_of_the_front_end_come_along(names: set[str]) -> None:
    assert not {name for name in names if name.startswith(("tests/", "bench/", "tools/"))}
    assert not {name for name in names if "node_modules" in name}
