"""Starting, pausing, breaking off and rewinding; team, happenings, time and incidents."""

from datetime import timedelta

import pytest

from engine.commands.attachments import AddAttachment
from engine.commands.comments import AddComment
from engine.commands.deployments import DeployProcess
from engine.commands.messages import ReportMessage
from engine.commands.procurements import (
    CancelProcurement,
    ResumeProcurement,
    Seat,
    StartProcurement,
    SuspendProcurement,
)
from engine.commands.rewind import RewindProcurement
from engine.commands.tasks import CompleteTask, DelegateTask
from engine.commands.team import AddMember, RemoveMember
from engine.errors import (
    DeploymentRefusedError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    NotRunningError,
    RejectedError,
)
from engine.model.actor import SYSTEM
from engine.store import definitions, people, records
from tests.support.platform import GOOD_NEED, TEAM, TOWN, Platform
from tests.support.small_process import KEY, small_process


def score_all(platform: Platform, procurement: str) -> None:
    for scope in ("910000004", "910000012"):
        platform.complete("owner", procurement, "score", scope, submission={"points": 7.5})


def test_the_same_bytes_make_no_new_version(any_platform: Platform) -> None:
    again = any_platform.bus.handle(DeployProcess(KEY, small_process(), TOWN), SYSTEM)
    changed = any_platform.bus.handle(
        DeployProcess(KEY, small_process(title="Behovet"), TOWN), SYSTEM
    )

    assert (again["new"], again["number"]) == (False, 1)
    assert (changed["new"], changed["number"]) == (True, 2)


def test_a_running_procurement_keeps_its_version(platform: Platform) -> None:
    procurement = platform.start()

    platform.bus.handle(DeployProcess(KEY, small_process(title="Behovet"), TOWN), SYSTEM)

    with platform.store.reader() as connection:
        pinned = records.live_process(connection, procurement).digest
        newest = definitions.newest(connection, KEY, [TOWN])
    assert newest is not None
    assert pinned != newest.digest


def test_a_bad_model_is_refused_and_nothing_is_stored(platform: Platform) -> None:
    files = small_process()
    files[f"processes/{KEY}/{KEY}.bpmn"] = b"<broken"

    with pytest.raises(DeploymentRefusedError) as refusal:
        platform.bus.handle(DeployProcess(KEY, files, TOWN), SYSTEM)

    assert all(finding.reason and finding.remedy for finding in refusal.value.findings)
    with platform.store.reader() as connection:
        newest = definitions.newest(connection, KEY, [TOWN])
    assert newest is not None
    assert newest.number == 1


def test_only_designers_deploy(platform: Platform) -> None:
    with pytest.raises(ForbiddenError):
        platform.act("lead", DeployProcess(KEY, small_process(title="Behovet"), TOWN))


def test_a_lead_starts_only_in_the_own_organisation(platform: Platform) -> None:
    with pytest.raises(ForbiddenError):
        platform.act("neighbour", StartProcurement(KEY, "Vårt", TOWN, "2026/9"))


def test_a_person_from_elsewhere_needs_a_joint_procurement(platform: Platform) -> None:
    team = (*TEAM, Seat("neighbour", "subject-expert"))
    with pytest.raises(InvalidInputError, match="joint"):
        platform.start(team=team)

    command = StartProcurement(KEY, "Felles", TOWN, "2026/2", team, joint_with=("elsewhere",))
    procurement = str(platform.act("lead", command)["procurement"])

    platform.act("neighbour", AddComment(procurement, "Vi er med."))


def test_every_legal_wait_says_why(platform: Platform) -> None:
    procurement = platform.start()
    platform.to_branches(procurement)
    score_all(platform, procurement)

    with platform.store.reader() as connection:
        [timer] = records.timers_of(connection, procurement)

    # Started Mon 2026-03-23; the tenth day is Maundy Thursday, so the period ends Tue 2026-04-07.
    assert timer.due_at.isoformat() == "2026-04-07T22:00:00+00:00"
    assert timer.why["rule"] == "standstill-electronic"
    assert timer.why["citation"]
    assert timer.why["nb"]


def test_a_due_timer_fires_once(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.to_branches(procurement)
    score_all(any_platform, procurement)
    any_platform.clock.set(any_platform.clock.now() + timedelta(days=30))

    fired = [any_platform.fire_due(), any_platform.fire_due()]

    assert fired == [1, 0]
    assert [task.element for task in any_platform.open(procurement)] == ["sign"]


def test_no_timer_fires_while_suspended(platform: Platform) -> None:
    procurement = platform.start()
    platform.to_branches(procurement)
    score_all(platform, procurement)
    platform.act("lead", SuspendProcurement(procurement, "Venter på vedtak."))
    platform.clock.set(platform.clock.now() + timedelta(days=30))

    assert platform.fire_due() == 0
    platform.act("lead", ResumeProcurement(procurement, "Vedtak er gjort."))
    assert platform.fire_due() == 1


def test_nothing_is_done_while_suspended(platform: Platform) -> None:
    procurement = platform.start()
    platform.act("lead", SuspendProcurement(procurement, "Venter på vedtak."))

    with pytest.raises(NotRunningError):
        platform.complete("lead", procurement, "describe", submission=GOOD_NEED)


def test_only_the_lead_steers(platform: Platform) -> None:
    procurement = platform.start()

    with pytest.raises(ForbiddenError):
        platform.act("owner", SuspendProcurement(procurement, "Jeg vil."))
    with pytest.raises(NotFoundError):
        platform.act("neighbour", CancelProcurement(procurement, "Jeg vil."))


def test_breaking_off_closes_everything_that_waits(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.to_branches(procurement)

    any_platform.act("lead", CancelProcurement(procurement, "Midlene er borte."))

    assert any_platform.open(procurement) == []
    with any_platform.store.reader() as connection:
        assert records.live_process(connection, procurement).status == "cancelled"
        assert records.timers_of(connection, procurement) == []
        assert records.waits_of(connection, procurement) == []


def test_a_happening_takes_its_way(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.to_branches(procurement)

    any_platform.act(
        "lead", ReportMessage(procurement, "supplier-withdraws", {"why": "Mangler folk"})
    )

    with any_platform.store.reader() as connection:
        assert records.live_process(connection, procurement).status == "ended"
        [report] = records.submissions_of(connection, procurement, "withdrawal")
    assert report.content == {"why": "Mangler folk"}


def test_only_its_roles_report_a_happening(platform: Platform) -> None:
    procurement = platform.start()
    platform.to_branches(procurement)

    with pytest.raises(ForbiddenError):
        platform.act(
            "owner", ReportMessage(procurement, "supplier-withdraws", {"why": "Mangler folk"})
        )


def test_branches_are_suppliers_and_keep_their_order(platform: Platform) -> None:
    procurement = platform.start()
    platform.to_branches(procurement)

    scopes = sorted(task.scope for task in platform.open(procurement))

    assert scopes == ["910000004", "910000012"]
    with platform.store.reader() as connection:
        assert [each.name for each in records.suppliers(connection, procurement)] == [
            "Alfa",
            "Beta",
        ]


def test_rewinding_reopens_and_erases_nothing(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.to_gate(procurement)
    before = any_platform.entries(procurement)
    with any_platform.store.reader() as connection:
        seq = records.seq_before(connection, procurement, "describe")

    any_platform.act("lead", RewindProcurement(procurement, seq, "Feil behov ble beskrevet."))

    assert [task.element for task in any_platform.open(procurement)] == ["describe"]
    assert any_platform.entries(procurement)[: len(before)] == before
    with any_platform.store.reader() as connection:
        assert records.submissions_of(connection, procurement, "need") == []
    any_platform.to_branches(procurement)
    assert all(verdict.ok for verdict in any_platform.verify())


def test_a_removed_member_loses_tasks_and_sight(platform: Platform) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    with platform.store.reader() as connection:
        seat = next(each for each in people.team(connection, procurement) if each.person == "owner")

    platform.act("lead", RemoveMember(procurement, seat.id, "Inhabil."))

    with pytest.raises(NotFoundError):
        platform.complete("owner", procurement, "draft")
    platform.complete("owner-2", procurement, "draft")


def test_what_was_delegated_to_or_by_a_removed_member_is_free_again(platform: Platform) -> None:
    for number, gone in enumerate(("owner", "lawyer")):
        procurement = platform.start(reference=f"2026/{number}")
        platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
        task = platform.task(procurement, "draft")
        platform.act("owner", DelegateTask(task.id, "lawyer"))
        with platform.store.reader() as connection:
            team = people.team(connection, procurement)
        seat = next(each for each in team if each.person == gone)

        platform.act("lead", RemoveMember(procurement, seat.id, "Slutter."))

        found = platform.task(procurement, "draft")
        assert (found.assignee, found.owner) == ("", "")
        with pytest.raises(NotFoundError):
            platform.act(gone, CompleteTask(task.id))


def test_a_procurement_keeps_a_lead(platform: Platform) -> None:
    procurement = platform.start()
    with platform.store.reader() as connection:
        seat = next(each for each in people.team(connection, procurement) if each.person == "lead")

    with pytest.raises(RejectedError, match="lead"):
        platform.act("lead", RemoveMember(procurement, seat.id, "Slutter."))


def test_no_open_task_is_left_with_nobody_who_may_do_it(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    with any_platform.store.reader() as connection:
        seats = {each.person: each.id for each in people.team(connection, procurement)}
    any_platform.act("lead", RemoveMember(procurement, seats["owner"], "Slutter."))

    with pytest.raises(RejectedError, match="need-owner"):
        any_platform.act("lead", RemoveMember(procurement, seats["owner-2"], "Slutter."))

    substitute = Seat("stranger", "need-owner", deputy_for="owner-2")
    any_platform.act("lead", AddMember(procurement, substitute, "Vikar."))
    any_platform.act("lead", RemoveMember(procurement, seats["owner-2"], "Slutter."))
    any_platform.complete("stranger", procurement, "draft")


def test_whoever_waits_for_another_day_is_nobody_yet(platform: Platform) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    later = Seat("stranger", "need-owner", valid_from="2026-12-01")
    platform.act("lead", AddMember(procurement, later, "Begynner i desember."))
    with platform.store.reader() as connection:
        seats = {each.person: each.id for each in people.team(connection, procurement)}
    platform.act("lead", RemoveMember(procurement, seats["owner"], "Slutter."))

    with pytest.raises(RejectedError, match="Nobody else"):
        platform.act("lead", RemoveMember(procurement, seats["owner-2"], "Slutter."))


def test_nobody_stands_in_for_somebody_in_a_role_that_person_has_not(platform: Platform) -> None:
    procurement = platform.start()
    seat = Seat("stranger", "legal", deputy_for="owner")

    with pytest.raises(RejectedError, match="Owner is not legal here"):
        platform.act("lead", AddMember(procurement, seat, "Vikar."))


def test_a_deputy_acts_in_the_days_given(platform: Platform) -> None:
    procurement = platform.start()
    seat = Seat("stranger", "procurement-lead", "lead", "", "2026-04-01", "2026-04-10")
    platform.act("lead", AddMember(procurement, seat, "Påskeferie."))
    task = platform.task(procurement, "describe")

    with pytest.raises((ForbiddenError, NotFoundError)):
        platform.act("stranger", CompleteTask(task.id, GOOD_NEED))
    platform.clock.set(platform.clock.now().replace(month=4, day=2))
    platform.act("stranger", CompleteTask(task.id, GOOD_NEED))

    assert platform.entries(procurement).count("TaskCompleted") == 1


def test_the_same_file_is_stored_once(platform: Platform) -> None:
    procurement = platform.start()

    first = platform.act("lead", AddAttachment(procurement, "a.txt", "text/plain", b"innhold"))
    second = platform.act("lead", AddAttachment(procurement, "b.txt", "text/plain", b"innhold"))

    assert first["digest"] == second["digest"]
    assert first["attachment"] != second["attachment"]


def test_an_empty_file_or_comment_is_refused(platform: Platform) -> None:
    procurement = platform.start()

    with pytest.raises(InvalidInputError):
        platform.act("lead", AddAttachment(procurement, "a.txt", "text/plain", b""))
    with pytest.raises(InvalidInputError):
        platform.act("lead", AddComment(procurement, "   "))
