"""Worlds in which scenarios are played, made once."""

import pytest

from engine.bpmn.cache import DefinitionCache
from engine.scenarios.world import Worlds
from engine.store.migrate import upgrade
from service.versions import load_files


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return Worlds(DefinitionCache(load_files), tmp_path_factory.mktemp("worlds"), upgrade)
