"""Many at the same moment: one wins, the others are told, and nothing happens twice."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.attachments import AddAttachment
from engine.commands.comments import AddComment
from engine.commands.decisions import ConfirmDecision
from engine.commands.deployments import DeployProcess
from engine.commands.organisations import AddPerson, GrantRole
from engine.commands.procurements import Seat, StartProcurement
from engine.commands.tasks import ClaimTask, CompleteTask, ReleaseTask
from engine.commands.timers import FireDueTimers
from engine.errors import AlreadyClaimedError, EngineError, RejectedError, TaskNotOpenError
from engine.model.actor import SYSTEM
from engine.queries.view import View
from engine.queries.worklist import TaskLists, task_lists
from engine.store.schema import comment, procurement
from tests.support.platform import GOOD_NEED, TEAM, TOWN, Platform
from tests.support.small_process import KEY, small_process
from tests.support.threads import at_once

CROWD = tuple(f"owner-{number}" for number in range(3, 11))
ROUNDS = 50


@pytest.fixture
def crowded(any_platform: Platform) -> Platform:
    """Eight more persons who could all do the same task."""
    for person in CROWD:
        add = AddPerson(TOWN, person.title(), person, f"{person}@x.test", person)
        any_platform.bus.handle(add, SYSTEM)
    return any_platform


def drafting(platform: Platform, reference: str = "2026/1") -> str:
    """A procurement whose draft every one of the crowd may write."""
    team = (*TEAM, *(Seat(person, "need-owner") for person in CROWD))
    key = platform.start(reference=reference, team=team)
    platform.complete("lead", key, "describe", submission=GOOD_NEED)
    return key


def test_of_eight_who_claim_a_task_one_wins_and_the_others_hear_who(crowded: Platform) -> None:
    task = crowded.task(drafting(crowded), "draft")
    actors = [crowded.actor(person) for person in CROWD]
    handle = crowded.bus.handle

    for _ in range(ROUNDS):
        answers = at_once([partial(handle, ClaimTask(task.id), actor) for actor in actors])
        [winner] = [n for n, answer in enumerate(answers) if isinstance(answer, dict)]
        losers = [answer for answer in answers if not isinstance(answer, dict)]
        assert {type(answer) for answer in losers} == {AlreadyClaimedError}
        assert {answer.details["holder"] for answer in losers} == {actors[winner].name}
        handle(ReleaseTask(task.id), actors[winner])

    entries = crowded.entries(task.procurement)
    assert entries.count("TaskClaimed") == entries.count("TaskReleased") == ROUNDS
    assert all(verdict.ok for verdict in crowded.verify())


def test_of_eight_who_complete_a_task_one_does(crowded: Platform) -> None:
    for number in range(5):
        key = drafting(crowded, f"2026/{number + 1}")
        task = crowded.task(key, "draft")
        before = crowded.entries(key)

        answers = at_once(
            [
                partial(crowded.bus.handle, CompleteTask(task.id), crowded.actor(person))
                for person in CROWD
            ]
        )

        refused = [answer for answer in answers if isinstance(answer, EngineError)]
        assert {type(answer) for answer in refused} == {TaskNotOpenError}
        assert len(refused) == len(CROWD) - 1
        after = crowded.entries(key)[len(before) :]
        assert after.count("TaskCompleted") == after.count("SubmissionRecorded") == 1
        assert [each.element for each in crowded.open(key)] == ["approve"]


@pytest.mark.parametrize("kind", ["start", "comment", "complete"])
def test_one_request_from_eight_threads_has_one_effect_and_one_answer(
    any_platform: Platform, kind: str
) -> None:
    key = any_platform.start()
    lead = any_platform.actor("lead")

    for number in range(10):
        command: Any = {
            "start": StartProcurement(KEY, "Badeplass", TOWN, f"2027/{number}", TEAM),
            "comment": AddComment(key, f"Kommentar {number}"),
            "complete": CompleteTask(_next_task(any_platform, kind, number), GOOD_NEED),
        }[kind]
        act = partial(any_platform.bus.handle, command, lead, request=f"request-{number}")
        answers = at_once([act] * 8)
        assert [answer for answer in answers if isinstance(answer, EngineError)] == []
        assert answers == [answers[0]] * 8

    with any_platform.store.reader() as connection:
        started = connection.scalar(sa.select(sa.func.count()).select_from(procurement))
        said = connection.scalar(sa.select(sa.func.count()).select_from(comment))
    assert (started, said) == {"start": (11, 0), "comment": (1, 10), "complete": (11, 0)}[kind]
    assert all(verdict.ok for verdict in any_platform.verify())


def _next_task(platform: Platform, kind: str, number: int) -> str:
    if kind != "complete":
        return ""
    return platform.task(platform.start(reference=f"2027/{number}"), "describe").id


def test_one_request_id_for_two_acts_at_once_is_refused_to_one(any_platform: Platform) -> None:
    key = any_platform.start()
    lead = any_platform.actor("lead")

    for number in range(10):
        answers = at_once(
            [
                partial(
                    any_platform.bus.handle,
                    AddComment(key, f"{number} {text}"),
                    lead,
                    request=f"request-{number}",
                )
                for text in ("Ja.", "Nei.")
            ]
        )
        assert sorted(isinstance(answer, RejectedError) for answer in answers) == [False, True]

    assert any_platform.entries(key).count("CommentAdded") == 10


def test_of_eight_who_take_the_same_reference_one_gets_it(any_platform: Platform) -> None:
    lead = any_platform.actor("lead")
    command = StartProcurement(KEY, "Badeplass", TOWN, "2026/1", TEAM)

    answers = at_once([partial(any_platform.bus.handle, command, lead)] * 8)

    refused = [answer for answer in answers if isinstance(answer, EngineError)]
    assert [type(answer) for answer in refused] == [RejectedError] * 7


def test_the_same_file_and_version_and_role_at_once_cause_no_error(any_platform: Platform) -> None:
    keys = [any_platform.start(reference=f"2026/{number}") for number in range(1, 5)]
    lead = any_platform.actor("lead")
    handle = any_platform.bus.handle

    files = at_once(
        [
            partial(handle, AddAttachment(key, "a.txt", "text/plain", b"samme innhold"), lead)
            for key in keys * 2
        ]
    )
    deployed = at_once(
        [partial(handle, DeployProcess(KEY, small_process(title="Behovet"), TOWN), SYSTEM)] * 4
    )
    granted = at_once([partial(handle, GrantRole("owner", TOWN, "auditor"), SYSTEM)] * 4)

    answers = [*files, *deployed, *granted]
    assert [answer for answer in answers if isinstance(answer, EngineError)] == []
    assert sorted(answer["new"] for answer in deployed if isinstance(answer, dict)) == [
        False,
        False,
        False,
        True,
    ]
    assert all(verdict.ok for verdict in any_platform.verify())


def waiting_for_their_timers(platform: Platform) -> list[str]:
    """Five procurements, each with a timer that is due."""
    keys = [platform.start(reference=f"2026/{number}") for number in range(1, 6)]
    for key in keys:
        platform.to_branches(key)
        for scope in ("910000004", "910000012"):
            platform.complete("owner", key, "score", scope, submission={"points": 7})
    platform.clock.set(platform.clock.now() + timedelta(days=30))
    return keys


def test_workers_that_claim_what_is_due_together_fire_each_timer_once(
    any_platform: Platform,
) -> None:
    keys = waiting_for_their_timers(any_platform)
    claim = partial(any_platform.bus.handle, FireDueTimers(2), SYSTEM)

    fired = [answer for _ in range(3) for answer in at_once([claim] * 8)]

    assert sum(answer["fired"] for answer in fired if isinstance(answer, dict)) == len(keys)
    assert [any_platform.entries(key).count("TimerFired") for key in keys] == [1] * len(keys)
    assert all(verdict.ok for verdict in any_platform.verify())


def test_eight_workers_fire_each_due_timer_once(any_platform: Platform) -> None:
    keys = waiting_for_their_timers(any_platform)

    fired = at_once([any_platform.fire_due] * 8)

    assert sum(each for each in fired if isinstance(each, int)) == len(keys)
    assert [any_platform.entries(key).count("TimerFired") for key in keys] == [1] * len(keys)
    assert all([task.element for task in any_platform.open(key)] == ["sign"] for key in keys)


def test_what_one_has_done_one_sees_at_once_however_busy_it_is(any_platform: Platform) -> None:
    keys = [any_platform.start(reference=f"2026/{number}") for number in range(1, 5)]
    for key in keys:
        any_platform.complete("lead", key, "describe", submission=GOOD_NEED)

    stale = at_once([partial(_rounds, any_platform, key, 25) for key in keys])

    assert stale == [0] * len(keys)  # of 25 rounds with two acts each, in four threads


def _rounds(platform: Platform, key: str, rounds: int) -> int:
    """Draft and send back, again and again; how often a list did not show what was just done."""
    stale = 0
    for _ in range(rounds):
        draft = platform.task(key, "draft").id
        platform.act("owner", CompleteTask(draft))
        gate = platform.task(key, "approve").id
        stale += draft in _free(platform, "owner") or gate not in _free(platform, "lead")
        platform.act("lead", CompleteTask(gate, option="return", reason="Ikke ferdig."))
        stale += gate in _free(platform, "lead") or gate not in _second(platform, "lawyer")
        platform.act("lawyer", ConfirmDecision(gate))
    return stale


def _free(platform: Platform, person: str) -> set[str]:
    return {row.id for row in _lists(platform, person).roles}


def _second(platform: Platform, person: str) -> set[str]:
    return {row.id for row in _lists(platform, person).second}


def _lists(platform: Platform, person: str) -> TaskLists:
    actor, definitions = platform.actor(person), platform.bus.environment.definitions
    with platform.store.reader() as connection:
        return task_lists(View(connection, definitions, actor, platform.clock.now()))
