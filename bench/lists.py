"""What a person reads first, among many tasks and procurements of others: the tasks that wait for
somebody's roles, with how many there are of what, and the portfolio."""

from collections.abc import Callable
from statistics import median
from typing import Final

import sqlalchemy as sa

from bench.copies import multiply
from bench.report import Figure
from bench.timing import percentile_95, seconds
from bench.world import BEGIN, READER, World, world
from engine.queries.first_page import first_page
from engine.queries.my_tasks import TaskListName
from engine.queries.portfolio import PortfolioFilter, Sort, overview, portfolio
from engine.queries.task_filter import Due, TaskFilter
from engine.queries.view import View
from engine.queries.worklist import PAGE, list_tasks
from engine.store import people
from service.pages.worklist import State, worklist_page

SEATS: Final = 500
_FILTER: Final = TaskFilter(role="procurement-lead", due=Due.WEEK, text="badeplass")


def lists(url: str, tasks: int, rounds: int, *, name: str = "") -> list[Figure]:
    """One open task in each procurement; the reader holds the role in `SEATS` of them. `name` tells
    the figures of one database from those of another."""
    with world(url) as platform:
        multiply(platform, tasks - 1)
        _seat(platform, min(SEATS, tasks))
        _count(platform)
        with platform.store.reader() as connection:
            actor = people.load_actor(connection, READER)
            view = View(connection, platform.bus.environment.definitions, actor, BEGIN)
            return [
                *_task_list(view, f"task_list_{tasks}{name}", rounds),
                *_portfolio(view, f"portfolio_{tasks}{name}", rounds),
            ]


def _task_list(view: View, figure: str, rounds: int) -> list[Figure]:
    """One list without and with what its page counts beside it, and the page as it opens."""
    limits = {TaskListName.ROLES: PAGE}
    plain = _taken(rounds, lambda: _first_rows(view))
    counted = _taken(rounds, lambda: first_page(view, TaskFilter(), limits))
    filtered = _taken(rounds, lambda: first_page(view, _FILTER, limits))
    opened = _taken(rounds, lambda: worklist_page(view, State()))
    return [
        Figure(f"{figure}.p95", percentile_95(plain) * 1e3, "ms", 20),
        Figure(f"{figure}.median", median(plain) * 1e3, "ms"),
        Figure(f"{figure}.rows", _first_rows(view), "tasks"),
        Figure(f"{figure}.with_counts.p95", percentile_95(counted) * 1e3, "ms", 20),
        Figure(f"{figure}.with_counts.median", median(counted) * 1e3, "ms"),
        Figure(f"{figure}.filtered.p95", percentile_95(filtered) * 1e3, "ms", 20),
        Figure(f"{figure}.filtered.median", median(filtered) * 1e3, "ms"),
        Figure(f"{figure}.opened.p95", percentile_95(opened) * 1e3, "ms", 20),
        Figure(f"{figure}.opened.median", median(opened) * 1e3, "ms"),
    ]


def _portfolio(view: View, figure: str, rounds: int) -> list[Figure]:
    """A page in the order of risk, for which all that the reader may see is weighed."""
    wanted = PortfolioFilter()
    page = _taken(rounds, lambda: portfolio(view, wanted, Sort.RISK))
    phases = _taken(rounds, lambda: overview(view, wanted))
    return [
        Figure(f"{figure}.by_risk.p95", percentile_95(page) * 1e3, "ms", 100),
        Figure(f"{figure}.by_risk.median", median(page) * 1e3, "ms"),
        Figure(f"{figure}.by_phase.median", median(phases) * 1e3, "ms"),
    ]


def _taken(rounds: int, act: Callable[[], object]) -> list[float]:
    return [seconds(act) for _ in range(rounds)]


def _first_rows(view: View) -> int:
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
