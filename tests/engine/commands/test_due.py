"""Moving the date of a task: by whoever steers, with a reason, never a date that the law sets."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from engine.clock import utc
from engine.commands.deployments import DeployProcess
from engine.commands.due import MoveTaskDue
from engine.commands.tasks import CompleteTask
from engine.errors import (
    EngineError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    ReasonMissingError,
    RejectedError,
    TaskNotOpenError,
)
from engine.model.actor import SYSTEM
from engine.model.records import TaskRecord
from engine.store import records
from tests.support.platform import GOOD_NEED, TOWN, Platform
from tests.support.small_process import KEY, small_process

WHY = "Eva er på kurs."
LATER = "2026-12-24T12:00"


def a_task(platform: Platform) -> TaskRecord:
    return platform.task(platform.start(), "describe")


def test_the_lead_gives_more_time_and_the_record_says_why(any_platform: Platform) -> None:
    task = a_task(any_platform)

    any_platform.act("lead", MoveTaskDue(task.id, LATER, WHY))

    moved = any_platform.task(task.procurement, "describe")
    assert moved.due_at is not None
    assert moved.due_at.isoformat() == "2026-12-24T11:00:00+00:00"
    assert any_platform.entries(task.procurement)[-1] == "TaskDueMoved"
    assert all(verdict.ok for verdict in any_platform.verify())


def test_the_process_goes_on_as_if_nothing_had_been_moved(platform: Platform) -> None:
    task = a_task(platform)
    with platform.store.reader() as connection:
        timers = records.due_timers(connection, platform.clock.now() + timedelta(days=999), 100)
    platform.act("lead", MoveTaskDue(task.id, LATER, WHY))

    with platform.store.reader() as connection:
        after = records.due_timers(connection, platform.clock.now() + timedelta(days=999), 100)
    assert timers == after
    platform.act("lead", CompleteTask(task.id, GOOD_NEED))
    assert platform.task(task.procurement, "draft").status == "open"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"reason": "  "}, ReasonMissingError),
        ({"due_at": "i morgen"}, InvalidInputError),
        ({"due_at": ""}, InvalidInputError),
        ({"due_at": "9999-12-31T23:59:59-12:00"}, InvalidInputError),
        ({"due_at": "2001-01-01T00:00"}, InvalidInputError),
        ({"procurement": "another"}, NotFoundError),
    ],
)
def test_a_date_that_makes_no_sense_is_refused(
    platform: Platform, change: dict[str, str], error: type[EngineError]
) -> None:
    task = a_task(platform)

    with pytest.raises(error):
        platform.act("lead", replace(MoveTaskDue(task.id, LATER, WHY), **change))
    assert platform.task(task.procurement, "describe").due_at == task.due_at


def test_the_date_it_has_is_no_new_date(platform: Platform) -> None:
    task = a_task(platform)
    platform.act("lead", MoveTaskDue(task.id, LATER, WHY))

    with pytest.raises(InvalidInputError, match="already"):
        platform.act("lead", MoveTaskDue(task.id, utc_of(LATER), WHY))


def utc_of(written: str) -> str:
    return utc(datetime.fromisoformat(written)).isoformat()


def test_only_who_steers_moves_a_date(platform: Platform) -> None:
    task = a_task(platform)

    with pytest.raises(ForbiddenError):
        platform.act("owner", MoveTaskDue(task.id, LATER, WHY))


def test_a_task_that_is_done_has_no_date_to_move(platform: Platform) -> None:
    task = a_task(platform)
    platform.act("lead", CompleteTask(task.id, GOOD_NEED))

    with pytest.raises(TaskNotOpenError):
        platform.act("lead", MoveTaskDue(task.id, LATER, WHY))


def test_a_date_that_the_law_sets_is_moved_by_nobody(platform: Platform) -> None:
    files = small_process()
    name = f"processes/{KEY}/{KEY}.bpmn"
    legal = b'<pivotal:due rule="standstill-electronic" from="started_at"/>'
    files[name] = files[name].replace(b'<pivotal:due value="P14D"/>', legal)
    platform.bus.handle(DeployProcess(KEY, files, TOWN), SYSTEM)
    task = a_task(platform)
    assert task.due_why

    with pytest.raises(RejectedError, match="amendment"):
        platform.act("lead", MoveTaskDue(task.id, LATER, WHY))
