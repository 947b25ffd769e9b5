"""Whether one's own act is in the next thing one reads: completed, then listed and counted, over
HTTP and beside others who do the same."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from time import perf_counter
from typing import Any, Final

import orjson

from bench import models
from bench.report import Figure
from bench.served import ROUNDS, Served, ServerError

CLIENTS: Final = 8


def own_acts(served: Served, rounds: int) -> list[Figure]:
    """Each client completes the task of its own procurement, asks for its list and for its counts,
    and does so again. Stale is an answer that has the task which is done, or has not the one that
    came of it."""
    mine = [served.platform.start(ROUNDS, f"2026/own-{n}") for n in range(CLIENTS)]
    each = -(-rounds // CLIENTS)
    begun = perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        stale = sum(pool.map(lambda procurement: _work(served, procurement, each), mine))
    return [
        Figure(f"own_acts_{rounds}.stale", stale, "answers", 0),
        Figure(f"own_acts_{rounds}.read", 2 * each * CLIENTS, "answers"),
        Figure(f"own_acts_{rounds}.took", perf_counter() - begun, "s"),
    ]


def _work(served: Served, procurement: str, rounds: int) -> int:
    """How many answers did not show what had just been done."""
    stale = 0
    with closing(HTTPConnection("127.0.0.1", served.port, timeout=30)) as connection:
        client = _Client(connection, served.headers)
        task = client.listed()[procurement]
        for _ in range(rounds):
            client.complete(task)
            found = client.listed().get(procurement, task)
            stale += found == task
            stale += client.counted() != CLIENTS
            task = found
    return stale


class _Client:
    """One person's connection, which is kept."""

    def __init__(self, connection: HTTPConnection, headers: dict[str, str]) -> None:
        self._connection = connection
        self._headers = headers

    def complete(self, task: str) -> None:
        body = orjson.dumps({"submission": models.ANSWER})
        headers = {**self._headers, "Idempotency-Key": f"done-{task}"}
        self._ask("POST", f"/tasks/{task}/complete", headers, body)

    def listed(self) -> dict[str, str]:
        """By procurement, the task that waits there for the reader's role."""
        told = self._ask("GET", "/tasks?list=roles", self._headers)
        return {str(each["procurement"]): str(each["id"]) for each in told["items"]}

    def counted(self) -> int:
        """How many tasks wait for the reader's roles: one in each procurement, at any moment."""
        told = self._ask("GET", "/tasks/counts", self._headers)
        return int(told["counts"]["roles"]["number"])

    def _ask(
        self, method: str, address: str, headers: dict[str, str], body: bytes | None = None
    ) -> Any:
        self._connection.request(method, f"/api/v1{address}", body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise ServerError(f"The server answered {answer.status}: {content[:200]!r}")
        return orjson.loads(content)
