"""How soon an open page hears of what another process has committed."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter
from typing import Final

from bench.report import Figure
from bench.served import ROW, Served, ServerError
from bench.timing import percentile_95
from bench.world import World
from engine.commands.tasks import DelegateTask
from service.live import MOST_PAGES
from service.security import sessions
from service.settings import Settings
from service.wiring import build

HEARER: Final = "member-0"
"""The person whose pages are open: each round gives this person a task more."""
PATIENCE: Final = 30.0
Reader = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def live(served: Served, pages: int, rounds: int) -> list[Figure]:
    """`pages` pages are open at a real server; this process gives a task away, and each page takes
    the time from the commit until it has the new count."""
    platform = served.platform
    tasks = [
        platform.open_task(platform.start(ROW, f"2026/live-{number}")).id
        for number in range(rounds)
    ]
    cookies = _cookies(served.settings, pages)
    # in a thread of its own: where tests drive a browser, this one has an event loop already
    with ThreadPoolExecutor(1) as thread:
        taken = thread.submit(_run, platform, served.port, cookies, tasks).result()
    return [
        Figure(f"live_{pages}.median", median(taken) * 1e3, "ms"),
        Figure(f"live_{pages}.p95", percentile_95(taken) * 1e3, "ms"),
        Figure(f"live_{pages}.slowest", max(taken) * 1e3, "ms", 1000),
    ]


def _cookies(settings: Settings, pages: int) -> list[str]:
    """A session for as many pages as one may have open."""
    parts = build(settings)
    name = sessions.cookie_name(parts)
    every = [sessions.sign_in(parts, HEARER) for _ in range(0, pages, MOST_PAGES)]
    parts.close()
    return [f"{name}={every[number // MOST_PAGES]}" for number in range(pages)]


def _run(platform: World, port: int, cookies: list[str], tasks: list[str]) -> list[float]:
    return asyncio.run(_listen(platform, port, cookies, tasks))


async def _listen(platform: World, port: int, cookies: list[str], tasks: list[str]) -> list[float]:
    opened = [await _open(port, cookie) for cookie in cookies]
    await asyncio.gather(*(_until(reader, b"data:") for reader, _ in opened))
    taken: list[float] = []
    for number, task in enumerate(tasks, start=1):
        heard = [
            asyncio.create_task(_until(reader, f">{number}<".encode())) for reader, _ in opened
        ]
        await asyncio.sleep(0.2 + 0.05 * (number % 7))  # at no fixed point between two looks
        await asyncio.to_thread(platform.bus.handle, DelegateTask(task, HEARER), platform.lead)
        committed = perf_counter()
        taken += [moment - committed for moment in await asyncio.gather(*heard)]
    for _, writer in opened:
        writer.close()
    return taken


async def _open(port: int, cookie: str) -> Reader:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked = f"GET /notifications/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"
    writer.write(asked.encode())
    await writer.drain()
    return reader, writer


async def _until(reader: asyncio.StreamReader, wanted: bytes) -> float:
    """The moment at which a line with these bytes came."""
    async with asyncio.timeout(PATIENCE):
        while line := await reader.readline():
            if wanted in line:
                return perf_counter()
    raise ServerError("The server closed a stream before it had said everything.")
