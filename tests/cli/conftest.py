"""The command line on a data folder of its own: in this process, which is faster, or as typed."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from service import cli

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Printed:
    code: int
    out: str
    err: str


Pivotal = Callable[..., Printed]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder; no other setting is given."""
    for name in ("PIVOTAL_DATABASE_URL", "PIVOTAL_BASE_URL", "PIVOTAL_DEMO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIVOTAL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path / "data"


@pytest.fixture
def pivotal(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Pivotal:
    """Types `pivotal …` and gives what came back."""

    def run(*words: str) -> Printed:
        monkeypatch.setattr(sys, "argv", ["pivotal", *words])
        code = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        said = capsys.readouterr()
        return Printed(code, said.out, said.err)

    return run


@pytest.fixture
def typed(data: Path) -> Pivotal:
    """The same in a process of its own, for what does not go with the threads of this one."""
    program = Path(sys.executable).with_name("pivotal")

    def run(*words: str) -> Printed:
        done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
        return Printed(done.returncode, done.stdout, done.stderr)

    return run
