"""One step: a task completed through the bus, with everything that makes it durable and audited."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

from bench import models
from bench.copies import lengthen, multiply
from bench.report import Figure
from bench.timing import Stopwatch, in_turn
from bench.world import World, sqlite_url, world
from engine.bpmn import looking, runtime
from engine.store.prepared import Prepared

BASE: Final = 100
SHARES: Final = ("select", "load", "run", "prune+dump", "write", "commit", "rest")
_OUTPUTS: Final = {"points": models.ANSWER["points"], "done": False}


@dataclass(slots=True)
class Course:
    """One procurement, on which step follows step."""

    world: World
    procurement: str
    task: str = ""

    def step(self) -> None:
        """Complete the task that waits; `ready` must have found it."""
        self.world.complete(self.task)

    def ready(self) -> None:
        self.task = self.world.open_task(self.procurement).id


def floor(folder: Path, rounds: int) -> list[Figure]:
    """A step beside the least that any engine must do: run it in memory, and commit its bytes."""
    with world(sqlite_url(folder, "floor")) as platform, closing(_bare(folder)) as bare:
        course = _course(platform, 20)
        taken = [in_turn(1, *_pair(course, bare)) for _ in range(rounds)]
        step, memory, commit = (median(each) for each in zip(*taken, strict=True))
        shares = _shares(course, rounds)
    return [
        Figure("floor.ratio", step / (memory + commit), "×", 3.0),
        Figure("floor.step", step * 1e3, "ms"),
        Figure("floor.in_memory", memory * 1e3, "ms"),
        Figure("floor.bare_commit", commit * 1e3, "ms"),
        *(Figure(f"floor.share.{name}", shares[name] * 100, "%") for name in SHARES),
    ]


def _pair(course: Course, bare: sqlite3.Connection) -> tuple[Callable[[], object], ...]:
    """The next step through the bus, the same in memory, and a commit of as many bytes."""
    course.ready()
    process = course.world.executable(course.procurement)
    row = course.world.row(course.procurement)
    key, state, now = course.task, row.state, course.world.clock.now()
    content = bytes(_bytes_written(course))

    def commit() -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.execute("INSERT INTO written (content) VALUES (?)", (content,))
        bare.execute("COMMIT")

    return course.step, lambda: runtime.complete(process, state, key, _OUTPUTS, now), commit


def _bytes_written(course: Course) -> int:
    """About what a step adds to the database: entries, checkpoint, states, submission, task."""
    query = sa.text(
        "SELECT (SELECT sum(length(body) + coalesce(length(note), 0)) FROM (SELECT body, note"
        " FROM audit_event ORDER BY id DESC LIMIT 4))"
        " + (SELECT 2 * length(state) FROM procurement WHERE id = :key) + 1000"
    )
    with course.world.store.reader() as connection:
        return int(connection.scalar(query, {"key": course.procurement}) or 0)


def _bare(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE written (id INTEGER PRIMARY KEY, content BLOB)")
    return connection


def _shares(course: Course, rounds: int) -> dict[str, float]:
    """Which part of a step's time goes where; taking the time costs some, alike for all."""
    watch = Stopwatch()

    def named(name: str) -> Callable[..., str]:
        return lambda *_args, **_kwargs: name

    places = (
        (runtime, "unpack", named("load")),
        (looking, "glimpse", named("load")),
        (runtime, "complete", named("run")),
        (runtime, "prune", named("prune+dump")),
        (runtime, "pack", named("prune+dump")),
        (Prepared, "all", named("select")),
        (Prepared, "run", named("write")),
        (DefaultDialect, "do_commit", named("commit")),
    )
    for _ in range(rounds):
        course.ready()
        with watch.watching(*places), watch.part("rest"):
            course.step()
    whole = sum(watch.spent.values())
    return {name: watch.spent[name] / whole for name in SHARES}


def growth(folder: Path, rounds: int, finished: int, instances: int) -> list[Figure]:
    """A step after a long history, and among many procurements, beside one in a small database."""
    with (
        world(sqlite_url(folder, "small")) as small,
        world(sqlite_url(folder, "long")) as long,
        world(sqlite_url(folder, "many")) as many,
    ):
        courses = [_course(platform, BASE) for platform in (small, long, many)]
        lengthen(long, courses[1].procurement, finished // BASE)
        multiply(small, BASE)
        multiply(many, instances)
        taken = []
        for _ in range(rounds):
            for course in courses:
                course.ready()
            taken.append(in_turn(1, *(course.step for course in courses)))
    base, old, wide = (median(each) for each in zip(*taken, strict=True))
    return [
        Figure(f"growth.finished_tasks_{finished}.ratio", old / base, "×", 1.2),
        Figure(f"growth.instances_{instances}.ratio", wide / base, "×", 1.2),
        Figure("growth.base_step", base * 1e3, "ms"),
    ]


def _course(platform: World, finished: int) -> Course:
    course = Course(platform, platform.start("rounds", "2026/1"))
    for _ in range(finished):
        course.ready()
        course.step()
    return course


def sql_per_step(url: str, name: str) -> Figure:
    """Statements that one step sends, transaction control aside."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    with world(url) as platform:
        course = _course(platform, 1)
        course.ready()
        sa.event.listen(platform.store.database, "before_cursor_execute", note)
        course.step()
    return Figure(f"sql_per_step.{name}", len(sent), "statements", 8)
