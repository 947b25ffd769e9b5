"""Persons are told of what concerns them, in the transaction of what happened."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.commands.act import Act
from engine.commands.decisions import ConfirmDecision, ReturnDecision
from engine.commands.due import MoveTaskDue
from engine.commands.environment import Session
from engine.commands.notifications import MarkRead
from engine.commands.procurements import ResumeProcurement, Seat, SuspendProcurement
from engine.commands.tasks import ClaimTask, CompleteTask, DelegateTask, GiveTaskBack
from engine.commands.team import RemoveMember
from engine.errors import EngineError
from engine.model.actor import SYSTEM
from engine.model.events import TimerMoved
from engine.model.notifications import Occasion
from engine.queries.notifications import Inbox, find_told, inbox
from engine.queries.view import View
from engine.store import people, records
from service.scheduler import remind_due
from tests.support.platform import GOOD_NEED, TEAM, Platform
from tests.support.web import make_parts


def read(platform: Platform, person: str) -> Inbox:
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        actor = platform.actor(person)
        return inbox(View(connection, definitions, actor, platform.clock.now()))


def told(platform: Platform, person: str) -> list[tuple[Occasion, bool]]:
    """What the person was told, newest first, and whether it is over."""
    return [(each.kind, each.over) for each in read(platform, person).rows]


def unread(platform: Platform, person: str) -> int:
    return read(platform, person).unread


def pass_time(platform: Platform, tmp_path: Path, **time: float) -> int:
    platform.clock.set(platform.clock.now() + timedelta(**time))
    return remind_due(make_parts(platform, tmp_path), platform.clock.now())


def test_a_task_is_told_to_those_who_can_do_it(any_platform: Platform) -> None:
    procurement = any_platform.start()

    any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    assert told(any_platform, "owner") == [(Occasion.TASK_OPENED, False)]
    assert told(any_platform, "owner-2") == [(Occasion.TASK_OPENED, False)]
    assert told(any_platform, "lead") == []
    assert told(any_platform, "lawyer") == []


def test_a_task_that_another_took_waits_for_nobody_else(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    any_platform.act("owner-2", ClaimTask(any_platform.task(procurement, "draft").id))

    assert told(any_platform, "owner") == [(Occasion.TASK_OPENED, True)]
    assert (unread(any_platform, "owner"), unread(any_platform, "owner-2")) == (0, 1)


def test_a_decision_is_told_to_the_second_pair_of_eyes_and_back(any_platform: Platform) -> None:
    procurement = any_platform.start()
    gate = any_platform.to_gate(procurement)

    any_platform.act("lead", CompleteTask(gate.id, option="go"))
    asked = unread(any_platform, "lawyer")
    any_platform.act("lawyer", ReturnDecision(gate.id, "Se på behovet."))

    assert asked == 1
    assert told(any_platform, "lawyer") == [(Occasion.DECISION_PROPOSED, True)]
    assert told(any_platform, "lead") == [
        (Occasion.DECISION_RETURNED, False),
        (Occasion.GATE_OPENED, False),
    ]


def test_delegating_and_giving_back_is_told_to_the_other(any_platform: Platform) -> None:
    task = any_platform.task(any_platform.start(), "describe")

    any_platform.act("lead", DelegateTask(task.id, "lawyer"))
    any_platform.act("lawyer", GiveTaskBack(task.id))

    assert told(any_platform, "lawyer") == [(Occasion.TASK_DELEGATED, True)]
    assert told(any_platform, "lead") == [(Occasion.TASK_GIVEN_BACK, False)]


def test_a_moved_date_is_told_with_the_new_one_to_who_has_the_task(any_platform: Platform) -> None:
    task = any_platform.task(any_platform.start(), "describe")
    any_platform.act("lead", DelegateTask(task.id, "lawyer"))

    any_platform.act("lead", MoveTaskDue(task.id, "2026-12-24T12:00", "Eva er på kurs."))

    newest = read(any_platform, "lawyer").rows[0]
    assert newest.kind == Occasion.DUE_MOVED
    assert newest.due_at == datetime(2026, 12, 24, 11, tzinfo=UTC)


def test_a_deadline_that_moved_is_told_with_its_name_and_the_new_moment(
    any_platform: Platform,
) -> None:
    procurement = any_platform.start()
    any_platform.to_branches(procurement)
    for supplier in ("910000004", "910000012"):
        any_platform.complete("owner", procurement, "score", supplier, submission={"points": 5})
    with any_platform.store.reader() as connection:
        armed = records.timers_of(connection, procurement)
    later = datetime(2026, 12, 24, 11, tzinfo=UTC)
    with any_platform.store.unit_of_work() as work:
        environment = any_platform.bus.environment
        session = Session(work, environment, SYSTEM, any_platform.clock.now(), "")
        act = Act.open(session, procurement)
        act.record(TimerMoved(armed[0].id, armed[0].element, later.isoformat(), {}))

    newest = read(any_platform, "lawyer").rows[0]
    assert (newest.kind, newest.due_at) == (Occasion.DEADLINE_MOVED, later)
    assert newest.about != newest.title


def test_what_is_refused_tells_nobody(any_platform: Platform) -> None:
    procurement = any_platform.start()
    gate = any_platform.to_gate(procurement, {**GOOD_NEED, "functional": False})

    with pytest.raises(EngineError):
        any_platform.act("lead", CompleteTask(gate.id, option="go"))

    assert told(any_platform, "lawyer") == []


def test_reminders_come_once_each(any_platform: Platform, tmp_path: Path) -> None:
    any_platform.start()  # the task is due in 14 days, on Easter Monday

    before = pass_time(any_platform, tmp_path, days=7)
    soon = [pass_time(any_platform, tmp_path, days=1), pass_time(any_platform, tmp_path, hours=1)]
    over = [pass_time(any_platform, tmp_path, days=6), pass_time(any_platform, tmp_path, hours=1)]

    assert (before, soon, over) == (0, [1, 0], [1, 0])
    assert told(any_platform, "lead") == [(Occasion.OVERDUE, False), (Occasion.DUE_SOON, False)]


def test_after_an_outage_only_what_still_holds_is_told(
    any_platform: Platform, tmp_path: Path
) -> None:
    any_platform.start()

    assert pass_time(any_platform, tmp_path, days=30) == 1
    assert told(any_platform, "lead") == [(Occasion.OVERDUE, False)]


def test_nobody_is_reminded_of_a_task_that_is_done(any_platform: Platform, tmp_path: Path) -> None:
    procurement = any_platform.start()
    any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    assert pass_time(any_platform, tmp_path, days=30) == 0
    with any_platform.store.reader() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM reminder")) == 0


def test_reminders_of_a_suspended_procurement_wait(any_platform: Platform, tmp_path: Path) -> None:
    procurement = any_platform.start()
    any_platform.act("lead", SuspendProcurement(procurement, "Budsjett"))

    while_suspended = pass_time(any_platform, tmp_path, days=30)
    any_platform.act("lead", ResumeProcurement(procurement, "Budsjett vedtatt"))

    assert (while_suspended, pass_time(any_platform, tmp_path, hours=1)) == (0, 1)


def test_an_overdue_task_of_others_is_told_to_the_lead_too(
    any_platform: Platform, tmp_path: Path
) -> None:
    procurement = any_platform.start()
    any_platform.act("lead", DelegateTask(any_platform.task(procurement, "describe").id, "lawyer"))

    pass_time(any_platform, tmp_path, days=30)

    assert told(any_platform, "lawyer")[0] == (Occasion.OVERDUE, False)
    assert told(any_platform, "lead") == [(Occasion.OVERDUE, False)]


def test_one_marks_only_ones_own_as_read(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    of_owner = read(any_platform, "owner").rows[0].id

    other = any_platform.act("owner-2", MarkRead((of_owner,)))
    own = any_platform.act("owner", MarkRead((of_owner,)))
    again = any_platform.act("owner", MarkRead(up_to=of_owner))

    assert (other, own, again) == ({"read": 0}, {"read": 1}, {"read": 0})
    assert (unread(any_platform, "owner"), unread(any_platform, "owner-2")) == (0, 1)


def test_who_left_the_team_hears_no_more_of_it(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    with any_platform.store.reader() as connection:
        team = people.team(connection, procurement)
    seat = next(each.id for each in team if each.person == "owner")

    any_platform.act("lead", RemoveMember(procurement, seat, "Sluttet"))

    assert (told(any_platform, "owner"), unread(any_platform, "owner")) == ([], 0)


def test_a_seat_for_one_supplier_is_told_of_that_supplier_alone(any_platform: Platform) -> None:
    team = (*TEAM, Seat("stranger", "need-owner", scope="910000004"))
    procurement = any_platform.start(team=team)

    any_platform.to_branches(procurement)

    rows = read(any_platform, "stranger").rows
    tasks = {each.id: each.scope for each in any_platform.open(procurement)}
    assert [tasks[each.task] for each in rows if each.task in tasks] == ["910000004"]
    assert len(read(any_platform, "owner").rows) == 3


def test_the_confirmed_decision_tells_what_opens_next(any_platform: Platform) -> None:
    procurement = any_platform.start()
    gate = any_platform.to_gate(procurement)
    any_platform.act("lead", CompleteTask(gate.id, option="go"))

    any_platform.act("lawyer", ConfirmDecision(gate.id))

    newest = read(any_platform, "owner").rows[:2]
    assert [(each.kind, each.about) for each in newest] == [(Occasion.TASK_OPENED, "Score")] * 2


def test_another_persons_notification_is_not_there(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    of_owner = read(any_platform, "owner").rows[0].id

    with any_platform.store.reader() as connection:
        definitions = any_platform.bus.environment.definitions
        view = View(connection, definitions, any_platform.actor("lead"), any_platform.clock.now())
        with pytest.raises(EngineError, match="no notification"):
            find_told(view, of_owner)


def test_pages_of_the_inbox_miss_nothing(platform: Platform) -> None:
    for number in range(5):
        procurement = platform.start(reference=f"2026/{number}")
        platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    seen: list[int] = []
    below = 0
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        view = View(connection, definitions, platform.actor("owner"), platform.clock.now())
        while True:
            page = inbox(view, below=below, limit=2)
            seen += [each.id for each in page.rows]
            below = page.older
            if not below:
                break

    assert len(seen) == 5
    assert seen == sorted(set(seen), reverse=True)
