"""API tokens: what they may be, whose they are, and what acts done with them leave behind."""

from dataclasses import replace
from datetime import date, timedelta

import orjson
import pytest
import sqlalchemy as sa

from engine.access.policy import SCOPES, Action, Scope
from engine.commands.comments import AddComment
from engine.commands.procurements import SuspendProcurement
from engine.commands.tasks import ClaimTask, CompleteTask
from engine.commands.tokens import IssueToken, RevokeToken
from engine.errors import (
    InvalidInputError,
    LevelTooLowError,
    NotFoundError,
    RejectedError,
    ScopeMissingError,
)
from engine.model.actor import Actor
from engine.model.records import TokenRecord
from engine.store import tokens
from tests.support.platform import START, TOWN, Platform

TODAY = START.date()
DIGEST = "d" * 64


def issue(platform: Platform, person: str = "lead", **values: object) -> TokenRecord:
    command = replace(IssueToken("Rapport", ("read",), TODAY, TODAY, DIGEST), **values)  # type: ignore[arg-type]
    key = platform.act(person, command)["token"]
    with platform.store.reader() as connection:
        found = tokens.find(connection, key)
    assert found is not None
    return found


def with_token(platform: Platform, *scopes: Scope, person: str = "lead") -> Actor:
    """The person as she or he comes with a token of these scopes."""
    return replace(platform.actor(person), via="token:t1", scopes=frozenset(map(str, scopes)))


def test_a_token_counts_from_midnight_to_midnight_in_oslo(any_platform: Platform) -> None:
    token = issue(any_platform, last_day=TODAY + timedelta(days=1))

    assert token.valid_from.isoformat() == "2026-03-22T23:00:00+00:00"
    assert token.valid_to.isoformat() == "2026-03-24T23:00:00+00:00"
    assert token.valid_at(START)
    assert not token.valid_at(token.valid_to)
    assert all(verdict.ok for verdict in any_platform.verify())


def test_a_revoked_token_counts_no_more_and_stays_revoked(any_platform: Platform) -> None:
    token = issue(any_platform)

    for _ in range(2):
        any_platform.act("lead", RevokeToken(token.id))

    with any_platform.store.reader() as connection:
        found = tokens.find(connection, token.id)
    assert found is not None
    assert not found.valid_at(START)
    assert any_platform.entries(TOWN).count("TokenRevoked") == 1


def test_nobody_revokes_the_token_of_another(platform: Platform) -> None:
    token = issue(platform)

    with pytest.raises(NotFoundError):
        platform.act("owner", RevokeToken(token.id))


@pytest.mark.parametrize(
    "values",
    [
        {"name": " "},
        {"name": "x" * 101},
        {"scopes": ()},
        {"scopes": ("everything",)},
        {"first_day": TODAY + timedelta(days=1)},
        {"first_day": date(2026, 3, 1), "last_day": date(2026, 3, 22)},
        {"last_day": TODAY + timedelta(days=366)},
    ],
)
def test_a_token_that_would_say_too_little_or_last_too_long_is_not_made(
    platform: Platform, values: dict[str, object]
) -> None:
    with pytest.raises(InvalidInputError):
        issue(platform, **values)


def test_a_token_is_never_as_sure_as_a_person(platform: Platform) -> None:
    assert issue(platform).level == 2


def test_an_act_by_token_is_recorded_with_the_token(platform: Platform) -> None:
    procurement = platform.start()

    platform.bus.handle(AddComment(procurement, "Hei"), with_token(platform, Scope.WORK))

    query = sa.text("SELECT body FROM audit_event WHERE type = 'CommentAdded'")
    with platform.store.reader() as connection:
        body = orjson.loads(connection.scalar(query))
    assert body["actor"]["id"] == "lead"
    assert body["actor"]["via"] == "token:t1"


def test_a_token_gives_no_more_than_its_scopes(platform: Platform) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")
    reader = with_token(platform, Scope.READ)

    for command in (ClaimTask(task.id), SuspendProcurement(procurement, "Ferie.")):
        with pytest.raises(ScopeMissingError):
            platform.bus.handle(command, reader)


def test_a_token_gives_no_more_than_its_person_has(platform: Platform) -> None:
    procurement = platform.start()
    everything = with_token(platform, *Scope, person="stranger")

    with pytest.raises(NotFoundError):
        platform.bus.handle(SuspendProcurement(procurement, "Ferie."), everything)


def test_working_by_token_does_not_open_gates(platform: Platform) -> None:
    gate = platform.to_gate(platform.start())
    worker = with_token(platform, Scope.READ, Scope.WORK)

    with pytest.raises(ScopeMissingError):
        platform.bus.handle(CompleteTask(gate.id, option="go"), worker)

    platform.bus.handle(CompleteTask(gate.id, option="go"), with_token(platform, Scope.DECIDE))


def test_no_token_makes_or_revokes_tokens(platform: Platform) -> None:
    token = issue(platform)
    everything = with_token(platform, *Scope)

    for command in (
        IssueToken("Ny", ("read",), TODAY, TODAY, DIGEST),
        RevokeToken(token.id),
    ):
        with pytest.raises(ScopeMissingError):
            platform.bus.handle(command, everything)


def test_every_action_of_people_is_in_one_scope_but_keeping_tokens() -> None:
    of_scopes = [action for actions in SCOPES.values() for action in actions]

    assert len(of_scopes) == len(set(of_scopes))
    assert set(Action) - set(of_scopes) == {
        Action.ADMIT,
        Action.HOLD_TOKENS,
        Action.PARTICIPATE,  # people from outside have no tokens
        Action.DELIVER,
        Action.READ_FILES,  # by the system, to find files by what they say
        Action.FIRE,
    }


def test_an_action_may_ask_for_a_surer_sign_in(platform: Platform) -> None:
    platform.bus.environment.levels[Action.DECIDE] = 3
    gate = platform.to_gate(platform.start())
    unsure = replace(platform.actor("lead"), level=2)

    with pytest.raises(LevelTooLowError) as refusal:
        platform.bus.handle(CompleteTask(gate.id, option="go"), unsure)

    assert refusal.value.details["needed"] == 3
    assert refusal.value.details["level"] == 2
    platform.act("lead", CompleteTask(gate.id, option="go"))


def test_who_may_not_act_at_all_learns_nothing_of_the_level(platform: Platform) -> None:
    platform.bus.environment.levels[Action.STEER] = 3
    procurement = platform.start()
    stranger = replace(platform.actor("stranger"), level=1)

    with pytest.raises(NotFoundError):
        platform.bus.handle(SuspendProcurement(procurement, "Ferie."), stranger)


def test_a_request_that_comes_again_makes_no_second_token(platform: Platform) -> None:
    command = IssueToken("Rapport", ("read",), TODAY, TODAY, DIGEST)
    platform.act("lead", command, request="r1")

    with pytest.raises(RejectedError):
        platform.act("lead", replace(command, digest="e" * 64), request="r1")

    assert platform.entries(TOWN).count("TokenIssued") == 1
