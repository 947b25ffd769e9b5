"""How much of DMN works, as the conformance kit measures it.

Each result that is missed stands in `tests/golden/dmn-tck-misses.txt`, so that both a loss and a
gain show. After a gain, take its lines out of that file.
"""

import os
from pathlib import Path

import pytest

from engine.bpmn.tck import TckReport, run_tck
from engine.errors import InvalidInputError

REPOSITORY = Path(__file__).parents[2]
GOLDEN = REPOSITORY / "tests" / "golden" / "dmn-tck-misses.txt"


@pytest.fixture(scope="module")
def report() -> TckReport:
    shared = Path(os.environ.get("PIVOTAL_SHARED") or REPOSITORY.parent / "shared")
    kit = shared / "data" / "dmn-tck"
    if not kit.is_dir():
        pytest.fail(
            f"The DMN conformance kit is not at {kit}. Set PIVOTAL_SHARED to the folder that holds "
            "data/dmn-tck.",
            pytrace=False,
        )
    return run_tck(kit)


def test_level_2_is_complete(report: TckReport) -> None:
    assert report.levels[2].total == 126
    assert report.levels[2].passed == 126


def test_level_3_is_at_least_95_percent(report: TckReport) -> None:
    assert report.levels[3].total == 3369
    assert report.levels[3].share >= 0.95


def test_the_results_missed_are_the_known_ones(report: TckReport) -> None:
    known = GOLDEN.read_text(encoding="utf-8").splitlines()

    assert sorted(miss.key for miss in report.misses) == known


def test_the_counts_by_file_add_up(report: TckReport) -> None:
    assert sum(count.total for count in report.files.values()) == 126 + 3369
    assert sum(count.passed for count in report.files.values()) == 126 + 3369 - len(report.misses)


def test_a_folder_without_the_kit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="no DMN TCK tests below"):
        run_tck(tmp_path)
