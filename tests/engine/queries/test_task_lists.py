"""Task lists: what narrows them, how many wait, and that they are found by index."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.deployments import DeployProcess
from engine.commands.procurements import StartProcurement
from engine.commands.tasks import ClaimTask, DelegateTask
from engine.model.actor import SYSTEM
from engine.queries.first_page import first_page
from engine.queries.glance import MOST
from engine.queries.my_tasks import TaskListName
from engine.queries.tally import tally
from engine.queries.task_filter import Due, TaskFilter
from engine.queries.view import View
from engine.queries.worklist import list_tasks
from engine.store.schema import supplier, task
from tests.support.platform import GOOD_NEED, TEAM, TOWN, Platform
from tests.support.small_process import KEY, small_process

Look = Callable[..., View]


@pytest.fixture
def look(any_platform: Platform) -> Iterator[Look]:
    """A view for a person, in a language."""
    with any_platform.store.reader() as connection:
        yield lambda person, language="nb": View(
            connection,
            any_platform.bus.environment.definitions,
            any_platform.actor(person),
            any_platform.clock.now(),
            language,
        )


def start(platform: Platform, reference: str, title: str) -> str:
    command = StartProcurement(KEY, title, TOWN, reference, TEAM)
    return str(platform.act("lead", command)["procurement"])


def found(view: View, wanted: TaskFilter, which: TaskListName = TaskListName.ROLES) -> set[str]:
    """References of the procurements whose tasks are on the list."""
    rows = list_tasks(view, which, wanted, after=None, limit=50).rows
    looked = first_page(view, wanted, {which: 50})
    assert looked.parts[which].rows == rows
    assert looked.tally == tally(view, wanted)
    assert looked.tally.counts[which].number == len(rows)
    return {row.reference for row in rows}


def test_words_are_found_in_titles_references_and_names_whatever_their_case(
    any_platform: Platform, look: Look
) -> None:
    start(any_platform, "2026/1", "Årsplan for ØVRE badeplass")
    start(any_platform, "2026/2", "Ny bro")
    view = look("lead")

    for text in ("årsplan", "ÅRSPLAN", "øvre BADE", "2026/1", "describe årsplan"):
        assert found(view, TaskFilter(text=text)) == {"2026/1"}, text
    assert found(view, TaskFilter(text="describe")) == {"2026/1", "2026/2"}


@pytest.mark.parametrize("text", ["%", "_", "/", "bro plass", "'", '"', "\\", "\x00"])
def test_what_stands_nowhere_is_not_found(any_platform: Platform, look: Look, text: str) -> None:
    start(any_platform, "2026-1", "Badeplass")

    assert found(look("lead"), TaskFilter(text=text)) == set()


def test_words_are_found_in_the_readers_language(any_platform: Platform, look: Look) -> None:
    english = {f"processes/{KEY}/{KEY}.en.json": b'{"describe.name": "Say what is needed"}'}
    any_platform.bus.handle(DeployProcess(KEY, small_process() | english, TOWN), SYSTEM)
    start(any_platform, "2026/1", "Badeplass")

    assert found(look("lead", "en"), TaskFilter(text="WHAT is")) == {"2026/1"}
    assert found(look("lead", "en"), TaskFilter(text="describe")) == set()
    assert found(look("lead"), TaskFilter(text="what")) == set()


def test_words_are_found_in_the_name_of_the_supplier(any_platform: Platform, look: Look) -> None:
    procurement = start(any_platform, "2026/1", "Badeplass")
    any_platform.to_branches(procurement)
    view = look("owner")
    name = view.connection.scalar(sa.select(supplier.c.name).order_by(supplier.c.key).limit(1))

    rows = list_tasks(
        view, TaskListName.ROLES, TaskFilter(text=str(name)), after=None, limit=5
    ).rows

    assert [row.supplier for row in rows] == [name]


def test_lists_are_narrowed_by_procurement_procedure_phase_and_role(
    any_platform: Platform, look: Look
) -> None:
    first = start(any_platform, "2026/1", "Badeplass")
    start(any_platform, "2026/2", "Bro")
    view = look("lead")
    row = list_tasks(view, TaskListName.ROLES, TaskFilter(), after=None, limit=1).rows[0]
    choices = tally(view, TaskFilter())

    assert found(view, TaskFilter(procurement=first)) == {"2026/1"}
    assert found(view, TaskFilter(procedure=choices.procedures[0])) == {"2026/1", "2026/2"}
    assert found(view, TaskFilter(role=row.candidate)) == {"2026/1", "2026/2"}
    for nothing in (
        TaskFilter(procedure="open"),
        TaskFilter(phase="award"),
        TaskFilter(role="legal"),
    ):
        assert found(view, nothing) == set()
    assert [each.name for each in choices.procurements] == ["2026/1 Badeplass", "2026/2 Bro"]


def test_lists_are_narrowed_by_what_is_due_and_late_is_due_too(
    any_platform: Platform, look: Look
) -> None:
    """Each describing is due 14 days after it was opened."""
    for number, days in enumerate((0, 14, 20, 40)):
        any_platform.clock.set(any_platform.clock.now() + timedelta(days=days))
        start(any_platform, f"2026/{number}", "Badeplass")
    any_platform.clock.set(any_platform.clock.now() + timedelta(days=1))
    view = look("lead")  # the four are due 60, 46, 26 days ago and in 13 days

    assert found(view, TaskFilter(due=Due.LATE)) == {"2026/0", "2026/1", "2026/2"}
    assert found(view, TaskFilter(due=Due.WEEK)) == {"2026/0", "2026/1", "2026/2"}
    assert found(view, TaskFilter(due=Due.MONTH)) == {f"2026/{number}" for number in range(4)}
    assert found(view, TaskFilter(due=Due.NONE)) == set()
    assert tally(view, TaskFilter()).counts[TaskListName.ROLES].late == 3


def test_due_today_is_due_before_midnight_in_oslo(any_platform: Platform, look: Look) -> None:
    start(any_platform, "2026/1", "Badeplass")
    connection = look("lead").connection
    due_at = connection.scalar(sa.select(task.c.due_at))
    assert due_at is not None
    any_platform.clock.set(due_at - timedelta(hours=7))

    assert found(look("lead"), TaskFilter(due=Due.TODAY)) == {"2026/1"}


def test_each_list_is_counted(any_platform: Platform, look: Look) -> None:
    keys = [start(any_platform, f"2026/{number}", "Badeplass") for number in range(3)]
    for key in keys:
        any_platform.complete("lead", key, "describe", submission=GOOD_NEED)
    mine, lent, _ = (any_platform.task(key, "draft").id for key in keys)
    any_platform.act("owner", ClaimTask(mine))
    any_platform.act("owner", DelegateTask(lent, "owner-2"))

    counts = tally(look("owner"), TaskFilter()).counts

    assert {which.value: count.number for which, count in counts.items()} == {
        "mine": 1,
        "second": 0,
        "roles": 1,
        "delegated": 1,
    }


@pytest.fixture
def busy(any_platform: Platform, look: Look) -> Look:
    """The owner has tasks on every list, some of them due, most of one list opened at once."""
    keys = [start(any_platform, f"2026/{number}", "Badeplass") for number in range(7)]
    for number, key in enumerate(keys):
        any_platform.complete("lead", key, "describe", submission=GOOD_NEED)
        if number % 2:
            any_platform.clock.set(any_platform.clock.now() + timedelta(minutes=1))
    drafts = [any_platform.task(key, "draft").id for key in keys]
    for each in drafts[:2]:
        any_platform.act("owner", ClaimTask(each))
    any_platform.act("owner", DelegateTask(drafts[2], "owner-2"))
    with any_platform.store.database.begin() as connection:
        for number, key in enumerate(drafts[3:6]):
            due_at = any_platform.clock.now() + timedelta(days=number // 2)
            connection.execute(sa.update(task).where(task.c.id == key).values(due_at=due_at))
    return look


@pytest.mark.parametrize("looked_at", [MOST, 1])
def test_the_first_page_holds_the_first_tasks_of_each_list_and_its_counts(
    busy: Look, monkeypatch: pytest.MonkeyPatch, looked_at: int
) -> None:
    """Also where a list is too long for all of it to be looked at."""
    monkeypatch.setattr("engine.queries.glance.MOST", looked_at)
    view = busy("owner")

    for limit in (1, 3, 50):
        looked = first_page(view, TaskFilter(), dict.fromkeys(TaskListName, limit))

        assert looked.tally == tally(view, TaskFilter())
        for which, part in looked.parts.items():
            assert part == list_tasks(view, which, TaskFilter(), after=None, limit=limit), which


def test_of_a_list_that_is_too_long_it_is_said_that_there_are_more(
    busy: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.queries.glance.MOST", 2)
    counts = tally(busy("owner"), TaskFilter()).counts

    assert {which: count.more for which, count in counts.items()} == {
        TaskListName.MINE: False,
        TaskListName.SECOND: True,
        TaskListName.ROLES: True,
        TaskListName.DELEGATED: False,
    }


@pytest.mark.parametrize("which", list(TaskListName))
def test_no_list_looks_at_every_task_there_is(platform: Platform, which: TaskListName) -> None:
    """On SQLite, which tells its plan without having looked at the rows."""
    asked: list[tuple[str, Any]] = []
    with platform.store.reader() as connection:
        view = View(
            connection,
            platform.bus.environment.definitions,
            platform.actor("lead"),
            platform.clock.now(),
        )

        @sa.event.listens_for(platform.store.database, "before_cursor_execute")
        def note(_c: Any, _u: Any, statement: str, values: Any, _x: Any, _m: Any) -> None:
            asked.append((statement, values))

        list_tasks(view, which, TaskFilter(), after=None, limit=50)
        first_page(view, TaskFilter(), {which: 50})
        plans = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            for statement, values in tuple(asked)
            if "FROM task" in statement or "chosen" in statement or "seat" in statement
        ]

    for plan in plans:
        steps = [str(row[-1]) for row in plan]
        assert any(step.startswith("SEARCH task USING") for step in steps), steps
        assert not any(step.startswith(("SCAN task", "SCAN member")) for step in steps), steps
