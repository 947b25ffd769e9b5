"""A version takes its README along: it is for people, and no finding."""

from pathlib import Path

from engine.bpmn.bundle import collect
from engine.bpmn.compile import check_bundle

ROOT = Path(__file__).parent.parent.parent.parent


def test_the_readme_of_each_process_is_part_of_the_version() -> None:
    bundle = collect(ROOT / "processes" / "innovation-partnership")

    assert bundle.files["processes/signing/README.md"].startswith(b"# ")
    assert check_bundle(bundle.key, bundle.files) == ()
