"""Due dates come into the calendar of who has the task, move, and go out again."""

from typing import Any

from icalendar import Calendar

from engine.commands.mails import ChooseMail
from engine.commands.tasks import ClaimTask, DelegateTask, GiveTaskBack, ReleaseTask
from engine.notifications.timing import Preference
from engine.store import tasks
from service.outbox import Postman
from tests.support.mail_server import Behaviour
from tests.support.platform import GOOD_NEED, Platform

WANTED = Preference(by_mail=frozenset(), invitations=True)


def events(server: Behaviour, address: str) -> list[tuple[str, int, Any]]:
    """Method, sequence and event of each calendar message to this address."""
    found = []
    for to, message in server.taken:
        for part in message.walk():
            if to == address and part.get_content_type() == "text/calendar":
                payload = part.get_payload(decode=True)
                assert isinstance(payload, bytes)
                calendar: Any = Calendar.from_ical(payload.decode())
                (event,) = calendar.walk("VEVENT")
                assert part.get_param("method") == str(calendar["METHOD"])
                found.append((str(calendar["METHOD"]), int(event["SEQUENCE"]), event))
    return found


def steps(server: Behaviour, address: str) -> list[tuple[str, int]]:
    return [(method, sequence) for method, sequence, _ in events(server, address)]


def started(platform: Platform) -> str:
    """A task that is due and free; lead and lawyer want due dates in their calendars."""
    for person in ("lead", "lawyer"):
        platform.act(person, ChooseMail(WANTED))
    return platform.task(platform.start(), "describe").id


def test_who_takes_a_task_gets_its_due_date(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    task = started(any_platform)
    any_platform.act("lead", ClaimTask(task))

    postman.round()
    again = postman.round()

    ((method, sequence, event),) = events(server, "lead@x.test")
    assert (method, sequence, again) == ("REQUEST", 0, 0)
    assert str(event["UID"]) == f"task-{task}@pivotal"
    assert event["DTSTART"].dt.isoformat() == "2026-04-06T07:00:00+00:00"
    assert str(event["SUMMARY"]) == "Frist: Describe (2026/1)"
    assert str(event["ATTENDEE"]) == "mailto:lead@x.test"
    assert str(event["ORGANIZER"]) == "mailto:pivotal@town.test"


def test_it_goes_out_and_comes_in_again_as_the_task_moves_on(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    task = started(any_platform)
    any_platform.act("lead", ClaimTask(task))
    postman.round()
    any_platform.act("lead", DelegateTask(task, "lawyer"))
    postman.round()
    any_platform.act("lawyer", GiveTaskBack(task))
    postman.round()

    assert steps(server, "lead@x.test") == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2)]
    assert steps(server, "lawyer@x.test") == [("REQUEST", 0), ("CANCEL", 1)]


def test_a_task_that_is_done_goes_out_of_the_calendar(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    task = started(any_platform)
    any_platform.act("lead", ClaimTask(task))
    postman.round()
    (procurement,) = {each.procurement for each in _all(any_platform, task)}
    any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    postman.round()

    assert steps(server, "lead@x.test") == [("REQUEST", 0), ("CANCEL", 1)]
    assert str(events(server, "lead@x.test")[-1][2]["STATUS"]) == "CANCELLED"


def _all(platform: Platform, task: str) -> list[Any]:
    with platform.store.reader() as connection:
        return [tasks.get(connection, task)]


def test_what_changes_back_before_it_was_sent_is_no_message(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    task = started(any_platform)
    any_platform.act("lead", ClaimTask(task))
    any_platform.act("lead", ReleaseTask(task))

    postman.round()

    assert events(server, "lead@x.test") == []


def test_who_did_not_choose_it_gets_none(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    task = any_platform.task(any_platform.start(), "describe").id
    any_platform.act("lead", ClaimTask(task))

    postman.round()

    assert events(server, "lead@x.test") == []
