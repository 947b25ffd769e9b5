"""The first page of what waits for somebody's roles, among many tasks of others."""

from pathlib import Path
from statistics import median
from typing import Final

import sqlalchemy as sa

from bench.copies import multiply
from bench.report import Figure
from bench.timing import percentile_95, seconds
from bench.world import BEGIN, READER, World, sqlite_url, world
from engine.queries.my_tasks import TaskListName
from engine.queries.task_filter import TaskFilter
from engine.queries.view import View
from engine.queries.worklist import PAGE, list_tasks
from engine.store import people

SEATS: Final = 500


def task_list(folder: Path, tasks: int, rounds: int) -> list[Figure]:
    """One open task in each procurement; the reader holds the role in `SEATS` of them."""
    with world(sqlite_url(folder, "list")) as platform:
        multiply(platform, tasks - 1)
        _seat(platform, min(SEATS, tasks))
        with platform.store.reader() as connection:
            actor = people.load_actor(connection, READER)
            view = View(connection, platform.bus.environment.definitions, actor, BEGIN)
            page = _first_page(view)
            taken = [seconds(lambda: _first_page(view)) for _ in range(rounds)]
    return [
        Figure(f"task_list_{tasks}.p95", percentile_95(taken) * 1e3, "ms", 20),
        Figure(f"task_list_{tasks}.median", median(taken) * 1e3, "ms"),
        Figure(f"task_list_{tasks}.rows", page, "tasks"),
    ]


def _first_page(view: View) -> int:
    found = list_tasks(view, TaskListName.ROLES, TaskFilter(), after=None, limit=PAGE)
    return len(found.rows)


def _seat(platform: World, seats: int) -> None:
    with platform.store.database.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE member SET person = :person WHERE role = 'procurement-lead' AND procurement"
                " IN (SELECT id FROM procurement ORDER BY id LIMIT :seats)"
            ),
            {"person": READER, "seats": seats},
        )
