"""Tasks and meetings beside the model: asked for, seen, moved, done with a note, called off."""

from datetime import UTC, datetime

import pytest

from engine.commands.added_tasks import (
    AddTask,
    CallGathering,
    MoveGathering,
    WithdrawAddedTask,
)
from engine.commands.appointments import PlanAppointments
from engine.commands.comments import AddComment
from engine.commands.procurements import CancelProcurement
from engine.commands.rewind import RewindProcurement
from engine.commands.tasks import ClaimTask, CompleteTask, DelegateTask, GiveTaskBack
from engine.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    ReasonMissingError,
    TaskNotOpenError,
)
from engine.model.actor import SYSTEM
from engine.model.notifications import Occasion
from engine.queries.task import task_page
from engine.queries.view import View
from engine.queries.worklist import task_lists
from engine.store import added_tasks, appointments
from engine.store.appointments import Appointment
from tests.engine.commands.test_notifications import told
from tests.support.platform import GOOD_NEED, Platform

WHY = "Vi må vite det."
NOON, ONE, TWO = "2026-11-24T12:00", "2026-11-24T13:00", "2026-11-24T14:00"
AT_NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
PEOPLE = ("owner", "lawyer")


def view(platform: Platform, person: str) -> View:
    """Closed again when the test's database is."""
    definitions = platform.bus.environment.definitions
    connection = platform.store.database.connect()
    return View(connection, definitions, platform.actor(person), platform.clock.now())


def add(platform: Platform, procurement: str, **values: str) -> str:
    command = AddTask(procurement, "Ring kommunen", WHY, **values)
    return str(platform.act("lead", command)["task"])


def call(platform: Platform, procurement: str, people: tuple[str, ...] = PEOPLE) -> str:
    command = CallGathering(procurement, "Avklaring", NOON, ONE, people, WHY, "Rom 3")
    return str(platform.act("lead", command)["task"])


def calendar(platform: Platform, task: str) -> dict[str, Appointment]:
    platform.bus.handle(PlanAppointments(), SYSTEM)
    with platform.store.reader() as connection:
        return appointments.of_task(connection, task)


def test_a_task_for_a_member_stands_on_her_list_and_page_and_ends_with_a_note(
    any_platform: Platform,
) -> None:
    procurement = any_platform.start()
    key = add(
        any_platform, procurement, assignee="lawyer", due_at=NOON, instructions="Spør om vei."
    )

    seen = view(any_platform, "lawyer")
    mine = task_lists(seen).mine
    page = task_page(seen, key)
    seen.connection.close()
    any_platform.act("lawyer", CompleteTask(key, reason="De svarte ja."))

    assert [(row.name, row.due_at) for row in mine] == [("Ring kommunen", AT_NOON)]
    assert page.added is not None
    assert (page.added.instructions, page.rights.complete) == ("Spør om vei.", True)
    with any_platform.store.reader() as connection:
        done = added_tasks.find(connection, key)
    assert done is not None
    assert done.note == "De svarte ja."
    assert told(any_platform, "lawyer") == [(Occasion.TASK_OPENED, True)]
    assert all(verdict.ok for verdict in any_platform.verify())


def test_a_task_for_a_role_is_taken_lent_and_given_back_like_any_other(
    any_platform: Platform,
) -> None:
    key = add(any_platform, any_platform.start(), role="need-owner")

    any_platform.act("owner", ClaimTask(key))
    any_platform.act("owner", DelegateTask(key, "lawyer"))
    any_platform.act("lawyer", GiveTaskBack(key))
    any_platform.act("owner", CompleteTask(key, reason="Gjort."))


def test_it_does_not_end_without_a_note_and_the_process_does_not_wait_for_it(
    any_platform: Platform,
) -> None:
    procurement = any_platform.start()
    key = add(any_platform, procurement, assignee="lead")

    with pytest.raises(ReasonMissingError):
        any_platform.act("lead", CompleteTask(key))
    any_platform.to_gate(procurement)

    assert "approve" in {task.element for task in any_platform.open(procurement)}


def test_going_back_leaves_it_and_breaking_off_ends_it(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    key = add(any_platform, procurement, assignee="lead")
    point = any_platform.entries(procurement).index("SubmissionRecorded") + 1

    any_platform.act("lead", RewindProcurement(procurement, point, WHY))
    kept = {task.id for task in any_platform.open(procurement)}
    any_platform.act("lead", CancelProcurement(procurement, WHY))

    assert key in kept
    assert any_platform.open(procurement) == []


def test_a_task_made_of_a_comment_shows_it(any_platform: Platform) -> None:
    procurement = any_platform.start()
    said = any_platform.act("lawyer", AddComment(procurement, "Har noen spurt kommunen?"))
    key = add(any_platform, procurement, assignee="owner", comment=said["comment"])

    seen = view(any_platform, "owner")
    page = task_page(seen, key)
    seen.connection.close()

    assert page.added is not None
    assert page.added.comment is not None
    assert page.added.comment.text == "Har noen spurt kommunen?"


def test_a_meeting_is_called_moved_and_called_off_in_the_calendars(any_platform: Platform) -> None:
    procurement = any_platform.start()
    key = call(any_platform, procurement)
    called = calendar(any_platform, key)

    move = MoveGathering(procurement, key, ONE, TWO, ("owner",), WHY, "Rom 4")
    any_platform.act("lead", move)
    moved = calendar(any_platform, key)
    any_platform.act("lead", WithdrawAddedTask(procurement, key, WHY))
    over = calendar(any_platform, key)

    assert {who: each.due_at for who, each in called.items()} == dict.fromkeys(
        ("owner", "lawyer", "lead"), AT_NOON
    )
    assert [moved[who].active for who in ("owner", "lead", "lawyer")] == [True, True, False]
    assert moved["owner"].sequence == 1
    assert not any(each.active for each in over.values())
    assert [kind for kind, _ in told(any_platform, "owner")] == [
        Occasion.WITHDRAWN,
        Occasion.GATHERING_MOVED,
        Occasion.CALLED,
    ]


def test_a_meeting_that_was_held_stays_in_the_calendars(any_platform: Platform) -> None:
    procurement = any_platform.start()
    key = call(any_platform, procurement)
    calendar(any_platform, key)

    any_platform.act("lead", CompleteTask(key, reason="Enige."))

    assert all(each.active for each in calendar(any_platform, key).values())


def test_only_another_place_tells_the_calendars_too(any_platform: Platform) -> None:
    procurement = any_platform.start()
    key = call(any_platform, procurement)
    calendar(any_platform, key)

    any_platform.act("lead", MoveGathering(procurement, key, NOON, ONE, PEOPLE, WHY, "Rom 9"))

    assert calendar(any_platform, key)["owner"].sequence == 1


def test_a_meeting_that_is_moved_keeps_its_place_and_who_comes(any_platform: Platform) -> None:
    procurement = any_platform.start()
    key = call(any_platform, procurement)
    any_platform.act("lead", MoveGathering(procurement, key, NOON, ONE, PEOPLE, WHY, "Rom 9"))

    any_platform.act("lead", MoveGathering(procurement, key, ONE, TWO, (), WHY))

    with any_platform.store.reader() as connection:
        added = added_tasks.find(connection, key)
    assert added is not None
    assert (added.place, set(added.people)) == ("Rom 9", {*PEOPLE, "lead"})


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"assignee": "stranger"}, InvalidInputError),
        ({"role": "jury"}, InvalidInputError),
        ({"due_at": "2020-01-01T12:00"}, InvalidInputError),
        ({"due_at": "i morgen"}, InvalidInputError),
        ({"comment": "no-comment"}, NotFoundError),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    platform: Platform, values: dict[str, str], error: type[Exception]
) -> None:
    procurement = platform.start()

    with pytest.raises(error):
        add(platform, procurement, **values)


def test_members_alone_are_called_and_only_by_the_lead(platform: Platform) -> None:
    procurement = platform.start()

    with pytest.raises(InvalidInputError):
        call(platform, procurement, ("stranger",))
    with pytest.raises(InvalidInputError):
        platform.act("lead", CallGathering(procurement, "Møte", ONE, NOON, PEOPLE, WHY))
    with pytest.raises(ForbiddenError):
        platform.act("owner", CallGathering(procurement, "Møte", NOON, ONE, PEOPLE, WHY))


def test_what_is_done_or_of_the_process_is_not_called_off(platform: Platform) -> None:
    procurement = platform.start()
    model = platform.task(procurement, "describe").id
    key = add(platform, procurement, assignee="lead")
    platform.act("lead", CompleteTask(key, reason="Gjort."))

    with pytest.raises(TaskNotOpenError):
        platform.act("lead", WithdrawAddedTask(procurement, key, WHY))
    with pytest.raises(NotFoundError):
        platform.act("lead", WithdrawAddedTask(procurement, model, WHY))
