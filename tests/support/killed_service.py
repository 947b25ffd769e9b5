"""The real service in a process that is killed and started again, on one address.

Run as a module this is the mother process: it holds the listening socket and has imported all there
is, so that a start takes a moment. For each line on standard input it forks a child that serves; it
answers with the child's id, and with an empty line when the child is gone.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa
import uvicorn

from engine.commands.bus import CommandBus
from engine.store.unit_of_work import Store, UnitOfWork
from service.app import create_app
from service.settings import Settings
from service.wiring import Parts, build
from tests.support.platform import START

ROOT: Final = Path(__file__).parent.parent.parent
DAYS_A_SECOND: Final = 10
POINTS: Final = ("begun", "recorded", "committing", "committed")


class FastClock:
    """Ten days pass in a second, so that legal periods end while one waits."""

    def __init__(self, since: float) -> None:
        self._since = since

    def now(self) -> datetime:
        return START + timedelta(days=(time.time() - self._since) * DAYS_A_SECOND)


class FragileStore(Store):
    """Ends its own process, as kill -9 would, when it comes to `point` for the `left`-th time."""

    def __init__(self, store: Store, point: str, left: int) -> None:
        super().__init__(store.database, store.signer)
        self._point, self._left = point, left
        sa.event.listen(store.database, "commit", lambda _connection: self._pass("committing"))

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        with super().unit_of_work() as work:
            self._pass("begun")
            yield work
            self._pass("recorded")
        self._pass("committed")

    def _pass(self, point: str) -> None:
        if point == self._point:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def settings_of(data: Path, url: str, port: int) -> Settings:
    return Settings(
        data=data,
        database_url=url,
        base_url=f"http://127.0.0.1:{port}",
        demo=True,
        tick_seconds=1,
        session_idle_minutes=10**6,
        session_hours=10**5,
    )


def fragile(parts: Parts, point: str, left: int) -> Parts:
    store = FragileStore(parts.store, point, left)
    bus = CommandBus(store, parts.bus.environment)
    return Parts(parts.settings, store, bus, parts.clock, parts.definitions)


def serve(listening: socket.socket, settings: Settings, since: float, order: str) -> None:
    point, _, left = order.partition(" ")
    parts = fragile(build(settings, FastClock(since)), point, int(left or 0))
    config = uvicorn.Config(create_app(settings, parts), log_config=None, lifespan="on")
    uvicorn.Server(config).run(sockets=[listening])


def mother(data: str, url: str, since: str) -> None:
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    port = listening.getsockname()[1]
    _say(str(port))
    settings = settings_of(Path(data), url, port)
    for order in sys.stdin:
        child = os.fork()
        if child == 0:
            serve(listening, settings, float(since), order.strip())
            os._exit(0)
        _say(str(child))
        os.waitpid(child, 0)
        _say("")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@dataclass(slots=True)
class KilledService:
    """Held by the test: starts the service, kills it, and knows where it answers."""

    process: subprocess.Popen[str]
    port: int
    child: int = 0

    @classmethod
    def open(cls, data: Path, url: str, since: float) -> "KilledService":
        command = [sys.executable, "-m", "tests.support.killed_service", str(data), url, str(since)]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        opened = cls(process, 0)
        opened.port = int(opened._line())
        return opened

    def start(self, point: str = "", left: int = 0) -> None:
        """Serve; with a point, until that point has been passed `left` times."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{point} {left}\n" if point else "\n")
        self.process.stdin.flush()
        self.child = int(self._line())

    def kill(self) -> None:
        os.kill(self.child, signal.SIGKILL)
        assert self.wait()

    def wait(self, seconds: float = 30) -> bool:
        """Until the child is gone; False when it is still there after `seconds`."""
        for _ in range(int(seconds * 100)):
            try:
                os.kill(self.child, 0)
            except ProcessLookupError:
                self.child = 0
                return self._line() == ""
            time.sleep(0.01)
        return False

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        if self.child and not self.wait(0.1):
            self.kill()
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


if __name__ == "__main__":
    mother(*sys.argv[1:])
