"""The first page of what waits for somebody's roles, among many tasks of others."""

from statistics import median
from typing import Final

import sqlalchemy as sa

from bench.copies import multiply
from bench.report import Figure
from bench.timing import percentile_95, seconds
from bench.world import BEGIN, READER, World, world
from engine.queries.my_tasks import TaskListName
from engine.queries.task_filter import TaskFilter
from engine.queries.view import View
from engine.queries.worklist import PAGE, list_tasks
from engine.store import people

SEATS: Final = 500


def task_list(url: str, tasks: int, rounds: int, *, name: str = "") -> list[Figure]:
    """One open task in each procurement; the reader holds the role in `SEATS` of them. `name` tells
    the figures of one database from those of another."""
    figure = f"task_list_{tasks}{name}"
    with world(url) as platform:
        multiply(platform, tasks - 1)
        _seat(platform, min(SEATS, tasks))
        _count(platform)
        with platform.store.reader() as connection:
            actor = people.load_actor(connection, READER)
            view = View(connection, platform.bus.environment.definitions, actor, BEGIN)
            page = _first_page(view)
            taken = [seconds(lambda: _first_page(view)) for _ in range(rounds)]
    return [
        Figure(f"{figure}.p95", percentile_95(taken) * 1e3, "ms", 20),
        Figure(f"{figure}.median", median(taken) * 1e3, "ms"),
        Figure(f"{figure}.rows", page, "tasks"),
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


def _count(platform: World) -> None:
    """Let PostgreSQL know how much there is of what, as its housekeeping does after a while."""
    with platform.store.database.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")
