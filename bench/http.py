"""Five tasks in a row over HTTP: clients that keep their connections."""

import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from statistics import median
from time import perf_counter
from typing import Final

import orjson

from bench import models
from bench.report import Figure
from bench.served import ROW, TASKS, Served, ServerError
from bench.timing import percentile_95

CLIENTS: Final = 8
_OPEN: Final = "SELECT id FROM task WHERE procurement = ? AND status = 'open'"


def http(served: Served, procurements: int) -> list[Figure]:
    """Each client takes procurement after procurement through its five tasks."""
    started = [served.platform.start(ROW, f"2026/http-{n}") for n in range(procurements)]
    _work(served, started[:CLIENTS])  # warms up: the first request compiles the process
    begun, used = perf_counter(), served.processor_seconds()
    with ThreadPoolExecutor(CLIENTS) as pool:
        lots = [started[CLIENTS:][n::CLIENTS] for n in range(CLIENTS)]
        taken = [each for lot in pool.map(_work, [served] * CLIENTS, lots) for each in lot]
    whole, used = perf_counter() - begun, served.processor_seconds() - used
    return [
        Figure("http.completions_per_second", len(taken) / whole, "/s", 600, "at least"),
        Figure("http.median", median(taken) * 1e3, "ms"),
        Figure("http.p95", percentile_95(taken) * 1e3, "ms", 25),
        Figure("http.server_processor", used / len(taken) * 1e3, "ms each"),
    ]


def _work(served: Served, procurements: Sequence[str]) -> list[float]:
    """The seconds that each completion took, from sending it to its answer."""
    taken = []
    body = orjson.dumps({"submission": models.ANSWER})
    with (
        closing(HTTPConnection("127.0.0.1", served.port, timeout=30)) as connection,
        closing(sqlite3.connect(served.database)) as database,
    ):
        for key in procurements:
            for _ in range(TASKS):
                (task,) = database.execute(_OPEN, (key,)).fetchone()
                headers = {**served.headers, "Idempotency-Key": f"done-{task}"}
                begun = perf_counter()
                connection.request("POST", f"/api/v1/tasks/{task}/complete", body, headers)
                answer = connection.getresponse()
                content = answer.read()
                taken.append(perf_counter() - begun)
                if answer.status != 200:
                    raise ServerError(f"The server answered {answer.status}: {content[:200]!r}")
    return taken
