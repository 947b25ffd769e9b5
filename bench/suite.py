"""Which figures are taken, and how large the databases are that they are taken on."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.http import http
from bench.lists import lists
from bench.live import live
from bench.own_acts import own_acts
from bench.parsing import parse_lint
from bench.report import Figure
from bench.scenarios import scenarios
from bench.search import searching
from bench.served import served
from bench.steps import floor, growth, sql_per_step
from bench.timers import timers
from bench.world import sqlite_url
from tests.support.databases import debian_binaries, own_database, postgres_server


@dataclass(frozen=True, slots=True)
class Sizes:
    """`rounds` is how often a step is taken, `looks` how often a list is read, `news` how often the
    open pages are told something; `things` can be found by a search, on PostgreSQL too where
    `both`; `scenarios` None for all that ship."""

    rounds: int
    finished: int
    instances: int
    procurements: int
    timers: int
    open_tasks: int
    looks: int
    own_acts: int
    open_pages: int
    news: int
    things: int
    both: bool = False
    scenarios: int | None = None


SHORT: Final = Sizes(
    rounds=100,
    finished=10_000,
    instances=5_000,
    procurements=80,
    timers=1_000,
    open_tasks=2_000,
    looks=40,
    own_acts=16,
    open_pages=20,
    news=5,
    things=5_000,
    scenarios=8,
)
FULL: Final = Sizes(
    rounds=500,
    finished=10_000,
    instances=100_000,
    procurements=1_000,
    timers=100_000,
    open_tasks=100_000,
    looks=100,
    own_acts=10_000,
    open_pages=500,
    news=10,
    things=100_000,
    both=True,
)


def run(sizes: Sizes = SHORT) -> list[Figure]:
    """Take every figure, one after the other, in databases that are thrown away."""
    with (
        tempfile.TemporaryDirectory(prefix="pivotal-bench-") as name,
        _postgresql() as postgresql,
    ):
        folder = Path(name)
        return [
            *floor(folder, sizes.rounds),
            *growth(folder, sizes.rounds, sizes.finished, sizes.instances),
            *_statements(folder, postgresql),
            *parse_lint(min(20, sizes.rounds)),
            *scenarios(sizes.scenarios),
            *timers(folder, sizes.timers),
            *_lists(folder, postgresql, sizes.open_tasks, sizes.looks),
            *_searching(folder, postgresql, sizes),
            *_over_http(folder, sizes),
        ]


def _statements(folder: Path, postgresql: str | None) -> Iterator[Figure]:
    yield sql_per_step(sqlite_url(folder, "statements"), "sqlite")
    if postgresql:
        with own_database(postgresql) as url:
            yield sql_per_step(url, "postgresql")


def _lists(folder: Path, postgresql: str | None, tasks: int, rounds: int) -> Iterator[Figure]:
    yield from lists(sqlite_url(folder, "list"), tasks, rounds)
    if postgresql:
        with own_database(postgresql) as url:
            yield from lists(url, tasks, rounds, name=".postgresql")


def _searching(folder: Path, postgresql: str | None, sizes: Sizes) -> Iterator[Figure]:
    rounds = min(5, sizes.rounds)
    yield from searching(sqlite_url(folder, "search"), "sqlite", sizes.things, rounds)
    if sizes.both and postgresql:
        with own_database(postgresql) as url:
            yield from searching(url, "postgresql", sizes.things, rounds)


def _over_http(folder: Path, sizes: Sizes) -> Iterator[Figure]:
    with served(folder / "served") as visit:
        yield from http(visit, sizes.procurements)
        yield from own_acts(visit, sizes.own_acts)
        yield from live(visit, sizes.open_pages, sizes.news)


@contextmanager
def _postgresql() -> Iterator[str | None]:
    """The URL of a server to make databases on; None where the machine has none."""
    if os.environ.get("PIVOTAL_TEST_DATABASE_URL") or debian_binaries():
        with postgres_server() as server:
            yield server
    else:
        yield None
