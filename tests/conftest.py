"""Fixtures that all tests may ask for."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from engine.store.database import open_database
from engine.store.migrate import upgrade
from tests.support.databases import own_database, postgres_server
from tests.support.platform import Platform, make_platform

ROOT = Path(__file__).parent.parent

# No test asks how fast anything is: a busy machine is no fault of the product.
settings.register_profile("pivotal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("pivotal")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A running PostgreSQL server, started when the first test asks for it."""
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: each test that asks runs on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'pivotal.sqlite'}"
        return
    with own_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[sa.Engine]:
    """A database at the newest schema, of both kinds."""
    opened = open_database(database_url)
    upgrade(opened)
    with ExitStack() as stack:
        stack.callback(opened.dispose)
        yield opened


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[sa.Engine]:
    """A database at the newest schema, for tests where the kind does not matter."""
    opened = open_database(f"sqlite:///{tmp_path / 'pivotal.sqlite'}")
    upgrade(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def platform(sqlite_database: sa.Engine) -> Platform:
    """People and the small process, on SQLite."""
    return make_platform(sqlite_database)


@pytest.fixture
def any_platform(database: sa.Engine) -> Platform:
    """The same on both databases, for tests where the kind may matter."""
    return make_platform(database)
