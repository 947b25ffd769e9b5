"""Worlds in which scenarios are played, made once."""

from collections.abc import Iterator

import pytest

from engine.bpmn.cache import DefinitionCache
from engine.scenarios.world import Worlds
from service.wiring import load_files


@pytest.fixture(scope="session")
def worlds() -> Iterator[Worlds]:
    with Worlds(DefinitionCache(load_files)) as made:
        yield made
