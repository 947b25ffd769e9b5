"""Fixtures that all tests may ask for."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import make_url

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


@pytest.fixture(scope="session")
def postgres_schema(postgres: str) -> Iterator[str]:
    """The name of a database on the server at the newest schema, to be copied."""
    with own_database(postgres) as url:
        _migrate(url)
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def sqlite_schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file at the newest schema, to be copied: migrating takes longer than most tests do."""
    file = tmp_path_factory.mktemp("schema") / "pivotal.sqlite"
    _migrate(f"sqlite:///{file}")
    return file


def _migrate(url: str) -> None:
    opened = open_database(url)
    upgrade(opened)
    opened.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: each test that asks runs on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'pivotal.sqlite'}"
        return
    with own_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database at the newest schema, of both kinds."""
    if request.param == "sqlite":
        yield from _opened(_copied(request.getfixturevalue("sqlite_schema"), tmp_path))
        return
    like = request.getfixturevalue("postgres_schema")
    with own_database(request.getfixturevalue("postgres"), like) as url:
        yield from _opened(url)


@pytest.fixture
def sqlite_database(sqlite_schema: Path, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database at the newest schema, for tests where the kind does not matter."""
    yield from _opened(_copied(sqlite_schema, tmp_path))


def _copied(file: Path, folder: Path) -> str:
    return f"sqlite:///{copyfile(file, folder / 'pivotal.sqlite')}"


def _opened(url: str) -> Iterator[sa.Engine]:
    opened = open_database(url)
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
