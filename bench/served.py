"""A real server process beside the platform whose database it serves."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Final

from bench import models
from bench.world import LEAD, World, world
from engine.errors import EngineError
from service.security import sessions
from service.settings import Settings
from service.wiring import build

ROW: Final = "row"
"""The process with `TASKS` tasks one after the other."""
TASKS: Final = 5
ROUNDS: Final = "rounds"
"""The process whose one task comes again each time it is done."""
_PATIENCE: Final = 200  # times 0.1 s until the server must listen


class ServerError(EngineError):
    """The server did not come up, or refused what it should have taken."""

    code = "bench-server"


@dataclass(frozen=True, slots=True)
class Served:
    """`platform` acts in this process on the database that `process` serves at `port`; `headers`
    are those of the lead, signed in."""

    platform: World
    settings: Settings
    port: int
    headers: dict[str, str]
    process: int

    @property
    def database(self) -> Path:
        return self.settings.data / "pivotal.db"

    def processor_seconds(self) -> float:
        """What the server's process has used of the processors so far."""
        told = Path(f"/proc/{self.process}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(data: Path) -> Iterator[Served]:
    """`pivotal serve` on a new platform in the folder, until the block ends."""
    data.mkdir()
    port = _free_port()
    url = f"sqlite:///{data / 'pivotal.db'}"
    settings = Settings(data, url, f"http://127.0.0.1:{port}")
    with world(url, {ROW: models.row(TASKS), ROUNDS: models.rounds()}) as platform:
        headers = _signed_in(settings)
        with _server(data, port) as process:
            yield Served(platform, settings, port, headers, process.pid)


@contextmanager
def _server(data: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {**os.environ, "PIVOTAL_DATA": str(data)}
    environment.pop("PIVOTAL_DATABASE_URL", None)
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve"]
    process = subprocess.Popen(
        [*command, "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _await(port, process)
        yield process
    finally:
        process.terminate()
        process.wait()


def _signed_in(settings: Settings) -> dict[str, str]:
    parts = build(settings)
    value = sessions.sign_in(parts, LEAD)
    headers = {
        "Cookie": f"{sessions.cookie_name(parts)}={value}",
        "X-CSRF-Token": sessions.who(parts, value).csrf,
        "Content-Type": "application/json",
    }
    parts.close()
    return headers


def _await(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(_PATIENCE):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.poll() is not None:
            break
        sleep(0.1)
    raise ServerError("The server to measure did not start. Try `pivotal serve`.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
