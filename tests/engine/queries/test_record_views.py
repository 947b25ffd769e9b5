"""The record for people: chosen entries, and what each changed, before and after."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from engine.commands.comments import AddComment
from engine.commands.decisions import ConfirmDecision
from engine.commands.procurements import CancelProcurement
from engine.commands.rewind import RewindProcurement
from engine.commands.tasks import ClaimTask, CompleteTask
from engine.queries.changes import EntryChanges, changes_in
from engine.queries.documents import documents_of, form_page
from engine.queries.record import Group, LogFilter, log_of, who_acted
from engine.queries.view import Seen, View, see_procurement
from engine.store import records
from service.i18n import Translator, load_texts
from service.pages.changes import changed_in
from tests.support.circle import make_circle
from tests.support.platform import GOOD_NEED, Platform


@contextmanager
def looking(platform: Platform, procurement: str, person: str = "lead") -> Iterator[Seen]:
    with platform.store.reader() as connection:
        definitions, now = platform.bus.environment.definitions, platform.clock.now()
        view = View(connection, definitions, platform.actor(person), now)
        yield see_procurement(view, procurement)


def words(changes: EntryChanges) -> list[tuple[str, str, str, str]]:
    """What was changed, the field, and what stood and stands there, in bokmål."""
    text = Translator("nb", load_texts()["nb"])
    return [
        (changed.name, field.label, field.before, field.after)
        for changed in changed_in(changes, {"procurement-lead"}, text)
        for field in changed.fields
    ]


def changes_by_type(seen: Seen, kind: str) -> list[EntryChanges]:
    entries = [entry for entry in log_of(seen).entries if entry.type == kind]
    found = changes_in(seen, entries)
    return [found[entry.seq] for entry in entries]


def test_taking_a_task_changes_who_has_it(platform: Platform) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")
    platform.act("lead", ClaimTask(task.id))

    with looking(platform, procurement) as seen:
        [claimed] = changes_by_type(seen, "TaskClaimed")

    assert words(claimed) == [("Describe", "Hvem som har den", "", "Lead")]


def test_a_form_handed_in_again_tells_what_differs_field_by_field(platform: Platform) -> None:
    procurement = platform.start()
    gate = platform.to_gate(procurement)
    reason = "Behovet er for smalt."
    platform.act("lead", CompleteTask(gate.id, {"note": "Første"}, "return", reason))
    platform.act("lawyer", ConfirmDecision(gate.id))
    platform.complete("owner", procurement, "draft", submission={"note": "Andre"})

    with looking(platform, procurement) as seen:
        newest, older, *_ = changes_by_type(seen, "SubmissionRecorded")

    assert words(newest) == [("Vurdering", "Merknad", "Første", "Andre")]
    assert words(older) == [("Vurdering", "Merknad", "", "Første")]


def test_what_a_rewind_set_aside_is_not_the_version_before(platform: Platform) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission={**GOOD_NEED, "title": "Feil"})
    with platform.store.reader() as connection:
        seq = records.seq_before(connection, procurement, "describe")
    platform.act("lead", RewindProcurement(procurement, seq, "Feil behov."))
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    with looking(platform, procurement) as seen:
        newest, _ = documents_of(seen).forms
        page = form_page(seen, newest.id)

    assert page.before is None
    assert (newest.version, newest.newest, newest.counts) == (2, True, True)


def test_every_entry_tells_its_change_from_what_stood_before_it(platform: Platform) -> None:
    procurement = platform.start()
    platform.to_branches(procurement)

    with looking(platform, procurement) as seen:
        entries = log_of(seen, limit=500).entries
        found = changes_in(seen, entries)

    status: dict[str, str] = {}
    for entry in reversed(entries):
        for row in found[entry.seq].rows:
            if row.kind == "procurement" and "phase" in row.before:
                assert row.before["phase"] == status.get("phase", "")
            status |= {k: v for k, v in row.after.items() if row.kind == "procurement"}
    assert status["status"] == "running"


def test_what_ends_with_a_procurement_is_named_in_the_record(platform: Platform) -> None:
    procurement = make_circle(platform).procurement
    platform.act("lead", CancelProcurement(procurement, "Behovet falt bort."))

    with looking(platform, procurement) as seen:
        entries = log_of(seen).entries

    closed = [each for each in entries if each.type == "WaitClosed"]
    assert closed
    assert [each.seq for each in closed if not each.element] == []


@pytest.mark.parametrize(
    ("group", "types"),
    [
        (Group.TALK, {"CommentAdded"}),
        (Group.TEAM, {"MemberAdded"}),
        (Group.FORMS, {"SubmissionRecorded"}),
    ],
)
def test_entries_are_chosen_by_what_they_are_about(
    platform: Platform, group: Group, types: set[str]
) -> None:
    procurement = platform.start()
    platform.to_gate(procurement)
    platform.act("owner", AddComment(procurement, "Sagt."))

    with looking(platform, procurement) as seen:
        log = log_of(seen, wanted=LogFilter(group=group))

    assert {entry.type for entry in log.entries} == types


def test_entries_are_chosen_by_person_and_by_day_in_oslo(any_platform: Platform) -> None:
    procurement = any_platform.start()
    first = any_platform.clock.now()
    any_platform.clock.set(first.replace(hour=22, minute=30))  # the next day in Oslo in summer time
    any_platform.clock.set(any_platform.clock.now() + timedelta(days=10))
    any_platform.act("owner", AddComment(procurement, "Sent."))
    late = any_platform.clock.now()

    with looking(any_platform, procurement) as seen:
        mine = log_of(seen, wanted=LogFilter(by="owner")).entries
        until = log_of(seen, wanted=LogFilter(until=late.date())).entries
        since = log_of(seen, wanted=LogFilter(since=late.date() + timedelta(days=1))).entries

    assert [entry.type for entry in mine] == ["CommentAdded"]
    assert "CommentAdded" not in {entry.type for entry in until}
    assert [entry.type for entry in since] == ["CommentAdded"]


def test_choosing_by_person_tells_nobody_who_stands_behind_hidden_entries(
    platform: Platform,
) -> None:
    circle = make_circle(platform)
    platform.act("member-b", AddComment("", "kanari", circle.tasks["branch-b"].id))

    with looking(platform, circle.procurement, "employee") as seen:
        people = who_acted(seen)
        found = log_of(seen, wanted=LogFilter(by="member-b")).entries

    assert "member-b" not in {key for key, _ in people}
    assert found == ()
