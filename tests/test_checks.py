"""What `make check` runs, so that the one test command holds all of it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check"),
        ("ruff", "format", "--check"),
        ("mypy",),
        ("lint-imports", "--no-cache"),
    ],
    ids=" ".join,
)
def test_the_check_passes(command: tuple[str, ...]) -> None:
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_each_decision_has_a_number_of_its_own_and_is_headed_by_it() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))

    numbers = [each.name[:4] for each in decisions]

    assert len(set(numbers)) == len(numbers) > 20
    for each, number in zip(decisions, numbers, strict=True):
        assert each.read_text("utf-8").startswith(f"# {number}. ")
