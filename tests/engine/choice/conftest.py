"""The decision tables as they are deployed."""

from pathlib import Path

import pytest

from engine.bpmn.bundle import collect
from engine.bpmn.compile import CompiledDefinition, compile_bundle

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def version() -> CompiledDefinition:
    bundle = collect(REPOSITORY / "processes" / "procedure-choice")
    return compile_bundle(bundle.key, bundle.files)
