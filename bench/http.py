"""Five tasks in a row over HTTP: a real server process, clients that keep their connections."""

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Final

import orjson

from bench import models
from bench.report import Figure
from bench.timing import percentile_95
from bench.world import LEAD, world
from engine.errors import EngineError
from service.security import sessions
from service.settings import Settings
from service.wiring import build

CLIENTS: Final = 8
TASKS: Final = 5
_PATIENCE: Final = 200  # times 0.1 s until the server must listen
_OPEN: Final = "SELECT id FROM task WHERE procurement = ? AND status = 'open'"


class ServerError(EngineError):
    """The server did not come up, or refused what it should have taken."""

    code = "bench-server"


@dataclass(frozen=True, slots=True)
class Visit:
    """What each client needs: where the server is, who one is, and the database to look into."""

    port: int
    headers: dict[str, str]
    database: Path
    process: int

    def processor_seconds(self) -> float:
        """What the server's process has used of the processors so far."""
        told = Path(f"/proc/{self.process}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def http(folder: Path, procurements: int) -> list[Figure]:
    """Each client takes procurement after procurement through its five tasks."""
    data = folder / "http"
    data.mkdir()
    with world(f"sqlite:///{data / 'pivotal.db'}", {"row": models.row(TASKS)}) as platform:
        started = [platform.start("row", f"2026/{n}") for n in range(procurements)]
    with server(data) as visit:
        _work(visit, started[:CLIENTS])  # warms up: the first request compiles the process
        begun, used = perf_counter(), visit.processor_seconds()
        with ThreadPoolExecutor(CLIENTS) as pool:
            lots = [started[CLIENTS:][n::CLIENTS] for n in range(CLIENTS)]
            taken = [each for lot in pool.map(_work, [visit] * CLIENTS, lots) for each in lot]
        whole, used = perf_counter() - begun, visit.processor_seconds() - used
    return [
        Figure("http.completions_per_second", len(taken) / whole, "/s", 600, "at least"),
        Figure("http.median", median(taken) * 1e3, "ms"),
        Figure("http.p95", percentile_95(taken) * 1e3, "ms", 25),
        Figure("http.server_processor", used / len(taken) * 1e3, "ms each"),
    ]


def _work(visit: Visit, procurements: Sequence[str]) -> list[float]:
    """The seconds that each completion took, from sending it to its answer."""
    taken = []
    body = orjson.dumps({"submission": models.ANSWER})
    with (
        closing(HTTPConnection("127.0.0.1", visit.port, timeout=30)) as connection,
        closing(sqlite3.connect(visit.database)) as database,
    ):
        for key in procurements:
            for _ in range(TASKS):
                (task,) = database.execute(_OPEN, (key,)).fetchone()
                headers = {**visit.headers, "Idempotency-Key": f"done-{task}"}
                begun = perf_counter()
                connection.request("POST", f"/api/v1/tasks/{task}/complete", body, headers)
                answer = connection.getresponse()
                content = answer.read()
                taken.append(perf_counter() - begun)
                if answer.status != 200:
                    raise ServerError(f"The server answered {answer.status}: {content[:200]!r}")
    return taken


@contextmanager
def server(data: Path) -> Iterator[Visit]:
    """`pivotal serve` on this data, until the block ends."""
    port = _free_port()
    settings = Settings(data, f"sqlite:///{data / 'pivotal.db'}", f"http://127.0.0.1:{port}")
    headers = _signed_in(settings)
    environment = {**os.environ, "PIVOTAL_DATA": str(data)}
    environment.pop("PIVOTAL_DATABASE_URL", None)
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve"]
    process = subprocess.Popen(
        [*command, "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _await(port, process)
        yield Visit(port, headers, data / "pivotal.db", process.pid)
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
