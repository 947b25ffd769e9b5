"""The set-up runs before anything is installed, so it must cope with what it finds."""

import hashlib
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    yield ROOT / "tools"
    for name in ("pip_wheel", "setup_under_test"):
        sys.modules.pop(name, None)


@pytest.fixture
def pip_wheel(tools: Path) -> ModuleType:
    return load("pip_wheel", tools / "pip_wheel.py")


@pytest.fixture
def setup(tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The set-up, working in a folder of the test's own."""
    module = load("setup_under_test", tools / "setup.py")
    for name in ("ROOT", "VENV", "CONSTRAINTS", "STAMPS", "FRONTEND", "ASSETS"):
        own = tmp_path / getattr(module, name).relative_to(ROOT)
        monkeypatch.setattr(module, name, own)
    module.VENV.mkdir()
    return module


def load(name: str, path: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


def index(folder: Path, content: bytes, digest: str) -> str:
    """A package index of one wheel of pip and some other files, as a file on this machine."""
    (folder / "pip-26.3-py3-none-any.whl").write_bytes(content)
    page = folder / "index.html"
    page.write_text(
        '<a href="pip-9.0.1.tar.gz">old</a>'
        f'<a href="pip-26.3-py3-none-any.whl#sha256={digest}">it</a>'
        '<a href="pip-99.0-py3-none-any.whl" data-yanked="broken">yanked</a>'
        '<a href="pip-27.0b1-py3-none-any.whl">beta</a>'
    )
    return page.as_uri()


def test_pip_comes_from_a_folder_of_wheels(pip_wheel: ModuleType, tmp_path: Path) -> None:
    for name in ("pip-25.1-py3-none-any.whl", "pip-26.3-py3-none-any.whl", "pipx-9-py3.whl"):
        (tmp_path / name).write_text(name)
    target = tmp_path / "target"
    target.mkdir()
    environment = {"PIP_FIND_LINKS": str(tmp_path), "PIP_NO_INDEX": "1", "HOME": str(tmp_path)}

    wheel = pip_wheel.fetch(target, "25.1", environment)

    assert wheel.read_text() == "pip-25.1-py3-none-any.whl"
    assert pip_wheel.fetch(target, "1.0", environment).name == "pip-26.3-py3-none-any.whl"


def test_pip_comes_from_a_page_and_is_checked_by_its_hash(
    pip_wheel: ModuleType, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    digest = hashlib.sha256(b"wheel").hexdigest()
    page = index(tmp_path, b"wheel", digest)
    environment = {"PIP_FIND_LINKS": page, "PIP_NO_INDEX": "1", "HOME": str(tmp_path)}

    wheel = pip_wheel.fetch(target, "26.3", environment)

    assert wheel.read_bytes() == b"wheel"
    assert [path.name for path in target.iterdir()] == ["pip-26.3-py3-none-any.whl"]


def test_a_wheel_with_another_hash_is_refused(pip_wheel: ModuleType, tmp_path: Path) -> None:
    page = index(tmp_path, b"other", hashlib.sha256(b"wheel").hexdigest())
    environment = {"PIP_FIND_LINKS": page, "PIP_NO_INDEX": "1", "HOME": str(tmp_path)}

    with pytest.raises(pip_wheel.SetupError, match="SHA-256"):
        pip_wheel.fetch(tmp_path / "x", "26.3", environment)


def test_when_no_source_has_pip_the_command_to_type_is_named_and_no_password(
    pip_wheel: ModuleType, tmp_path: Path
) -> None:
    environment = {
        "PIP_FIND_LINKS": str(tmp_path / "absent"),
        "PIP_INDEX_URL": "http://name:secret@127.0.0.1:9/simple",
        "HOME": str(tmp_path),
    }

    with pytest.raises(pip_wheel.SetupError) as refusal:
        pip_wheel.fetch(tmp_path, "26.3", environment)

    assert "apt-get install python3-venv" in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_the_environment_wins_over_the_configuration_file(
    pip_wheel: ModuleType, tmp_path: Path
) -> None:
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nindex-url = https://a.example/simple\ncert = /a.pem\n")
    environment = {"PIP_CONFIG_FILE": str(file), "HOME": str(tmp_path)}

    from_file = pip_wheel.read_settings(environment)
    from_both = pip_wheel.read_settings({**environment, "PIP_INDEX_URL": "https://b.example/s"})

    assert (from_file.index, from_file.certificates) == ("https://a.example/simple", "/a.pem")
    assert (from_both.index, from_both.certificates) == ("https://b.example/s", "/a.pem")


def test_the_file_of_versions_names_the_version_of_pip(setup: ModuleType) -> None:
    setup.CONSTRAINTS.write_text("pipx==1.0\npip==26.3\n")

    assert setup.pinned("pip") == "26.3"
    with pytest.raises(setup.SetupError, match="make lock"):
        setup.pinned("absent")


def test_an_environment_that_was_moved_is_noticed(setup: ModuleType) -> None:
    assert not setup.was_moved()
    setup.set_stamp("root", "/elsewhere")

    assert setup.was_moved()


def test_damaged_stamps_mean_that_nothing_is_done_yet(setup: ModuleType) -> None:
    setup.STAMPS.write_text("{")

    assert setup.stamp("python") == ""


def test_a_second_run_installs_nothing_until_a_file_changes(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(setup, "pip", lambda *words: calls.append(words))
    monkeypatch.setattr(setup, "read_version", lambda _: "Python 3.11.2")
    monkeypatch.setattr(setup, "digest", lambda files: ",".join(f.read_text() for f in files[:2]))
    (setup.VENV / "bin").mkdir()
    (setup.VENV / "bin/pivotal").touch()
    setup.CONSTRAINTS.write_text("pip==26.3")
    (setup.ROOT / "pyproject.toml").write_text("one")

    setup.install_project()
    setup.install_project()
    first = len(calls)
    (setup.ROOT / "pyproject.toml").write_text("two")
    setup.install_project()

    assert (first, len(calls)) == (2, 4)


def test_a_browser_that_does_not_start_does_not_count(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = tmp_path / "chromium-browser"
    shell.write_text("#!/bin/sh\nexit 1\n")
    shell.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)

    with pytest.raises(setup.SetupError, match="sudo apt-get install"):
        setup.find_browser()


def test_an_old_python_hands_over_to_a_newer_one(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = tmp_path / "python3.12"
    newer.write_text("#!/bin/sh\nexit 7\n")
    newer.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(setup.sys, "version_info", (3, 10, 12))

    assert setup.main() == 7


def test_an_old_python_alone_is_refused_in_one_line(
    setup: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(setup.sys, "version_info", (3, 10, 12))

    assert setup.main() == 1
    assert capsys.readouterr().out.splitlines() == [
        "setup: Python 3.11 or later is needed. Type: apt-get install python3.11 python3.11-venv"
    ]


def test_make_help_names_every_command() -> None:
    printed = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    for command in ("setup", "run", "test", "check"):
        assert f"make {command} " in printed


def test_the_integration_server_runs_the_test_command_of_the_readme() -> None:
    commands = [
        line
        for line in (ROOT / ".ci/run").read_text().splitlines()
        if line and not line.startswith("#")
    ]

    assert commands == ["set -euo pipefail", 'cd "$(dirname "${BASH_SOURCE[0]}")/.."', "make test"]
