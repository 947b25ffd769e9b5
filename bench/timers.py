"""Timers that fell due while nobody was there: each once, in due order."""

from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Final
from uuid import uuid4

import sqlalchemy as sa

from bench import models
from bench.report import Figure
from bench.world import BEGIN, World, sqlite_url, world
from engine.bpmn import runtime
from engine.store.schema import procurement, timer
from service.scheduler import fire_due
from service.settings import Settings
from service.wiring import Parts

PER_SECOND: Final = 100_000 / 60
_ENTRIES: Final = (
    "SELECT count(*), count(DISTINCT chain), (SELECT count(*) FROM"
    " (SELECT json_extract(body, '$.data.due_at') AS due,"
    " lag(json_extract(body, '$.data.due_at')) OVER (ORDER BY id) AS before"
    " FROM audit_event WHERE type = 'TimerFired') WHERE due < before)"
    " FROM audit_event WHERE type = 'TimerFired'"
)


def timers(folder: Path, count: int) -> list[Figure]:
    """`count` procurements wait for a timer each, and after an outage all are due."""
    url = sqlite_url(folder, "timers")
    with world(url, {"waiting": models.waiting()}) as platform:
        _arm(platform, count)
        platform.clock.set(BEGIN + timedelta(days=30))
        settings = Settings(folder, url, "http://localhost")
        parts = Parts(
            settings,
            platform.store,
            platform.bus,
            platform.clock,
            platform.bus.environment.definitions,
        )
        begun, worked = perf_counter(), process_time()
        fire_due(parts)
        taken, worked = perf_counter() - begun, process_time() - worked
        with platform.store.reader() as connection:
            fired, chains, late = connection.exec_driver_sql(_ENTRIES).one()
    return [
        Figure(f"timers_{count}.per_second", count / taken, "timers/s", PER_SECOND, "at least"),
        Figure(f"timers_{count}.per_processor_second", count / worked, "timers/s"),
        Figure(f"timers_{count}.not_fired", count - chains, "timers", 0),
        Figure(f"timers_{count}.fired_twice", fired - chains, "timers", 0),
        Figure(f"timers_{count}.out_of_order", late, "timers", 0),
    ]


def _arm(platform: World, count: int) -> None:
    """Start one procurement by command; the others are its row with a live process of their own,
    begun a second later each, in an order that is not that of their ids."""
    seed = platform.start("waiting", "2026/0")
    process = platform.executable(seed)
    kept, waits = [], []
    for number in range(1, count):
        step = runtime.start(process, {}, BEGIN + timedelta(seconds=number))
        armed = step.timers_armed[0]
        key = uuid4().hex
        kept.append({"key": key, "number": f"2026/{number}", "live": step.state})
        waits.append(
            {
                "procurement": key,
                "id": armed.task_id,
                "element": armed.element_id,
                "due_at": armed.due_at,
                "why": {},
            }
        )
    own = {"id": ":key", "reference": ":number", "state": ":live"}
    names = [each.name for each in procurement.c]
    copied = sa.text(
        f"INSERT INTO procurement ({', '.join(names)})"
        f" SELECT {', '.join(own.get(name, name) for name in names)}"
        " FROM procurement WHERE id = :seed"
    )
    with platform.store.database.begin() as connection:
        connection.execute(copied, [{**each, "seed": seed} for each in kept])
        connection.execute(sa.insert(timer), waits)
