"""A meeting of the team comes into the calendars of those called, moves, and goes out again."""

from datetime import UTC, datetime

from engine.commands.added_tasks import CallGathering, MoveGathering, WithdrawAddedTask
from service.outbox import Postman
from tests.support.mail_server import Behaviour
from tests.support.platform import Platform
from tests.web.mail.test_appointments import events, steps

WHY = "Vi må avklare det."
NOON, ONE, TWO = "2026-11-24T12:00", "2026-11-24T13:00", "2026-11-24T14:00"


def test_calling_moving_and_calling_off_reach_the_calendars(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = any_platform.start()
    call = CallGathering(procurement, "Avklaring", NOON, ONE, ("owner", "lawyer"), WHY, "Rom 3")

    task = str(any_platform.act("lead", call)["task"])
    postman.round()
    any_platform.act("lead", MoveGathering(procurement, task, ONE, TWO, ("owner",), WHY, "Rom 4"))
    postman.round()
    any_platform.act("lead", WithdrawAddedTask(procurement, task, WHY))
    postman.round()

    called, moved, over = events(server, "owner@x.test")
    assert [method for method, _, _ in (called, moved, over)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [sequence for _, sequence, _ in (called, moved, over)] == [0, 1, 2]
    assert {str(event["UID"]) for _, _, event in (called, moved, over)} == {f"task-{task}@pivotal"}
    assert (str(called[2]["SUMMARY"]), str(called[2]["LOCATION"])) == (
        "Møte: Avklaring (2026/1)",
        "Rom 3",
    )
    assert called[2]["DTSTART"].dt == datetime(2026, 11, 24, 11, tzinfo=UTC)
    assert called[2]["DTEND"].dt == datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert str(moved[2]["LOCATION"]) == "Rom 4"
    assert moved[2]["DTSTART"].dt == datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert steps(server, "lawyer@x.test") == [("REQUEST", 0), ("CANCEL", 1)]
    assert [method for method, _ in steps(server, "lead@x.test")] == [
        "REQUEST",
        "REQUEST",
        "CANCEL",
    ]
    assert steps(server, "owner-2@x.test") == []


def test_what_was_called_off_before_it_was_sent_reaches_nobody(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = any_platform.start()
    call = CallGathering(procurement, "Avklaring", NOON, ONE, ("owner",), WHY)
    task = str(any_platform.act("lead", call)["task"])
    any_platform.act("lead", WithdrawAddedTask(procurement, task, WHY))

    postman.round()

    assert steps(server, "owner@x.test") == []
