"""Decisions beside the model: made of a comment, told to who raised it, and opening nothing."""

import pytest

from engine.commands.comments import AddComment
from engine.commands.procurements import SuspendProcurement
from engine.commands.recorded_decisions import RecordDecision
from engine.commands.rewind import RewindProcurement
from engine.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    NotRunningError,
    ReasonMissingError,
)
from engine.model.notifications import Occasion
from engine.queries.conversation import CommentView, comments_of
from engine.queries.decisions import DecisionView, decisions_of
from engine.queries.view import see_procurement
from engine.store import records
from tests.engine.commands.test_added_tasks import add, view
from tests.engine.commands.test_notifications import told
from tests.support.platform import GOOD_NEED, Platform

WHY = "Spørsmålet må avklares før vi går videre."


def comment(platform: Platform, procurement: str, person: str = "lawyer", task: str = "") -> str:
    command = AddComment(procurement, "Skal vi møte alle to ganger?", task)
    return str(platform.act(person, command)["comment"])


def decide(platform: Platform, procurement: str, made_of: str = "", person: str = "lead") -> str:
    command = RecordDecision(procurement, "Vi møter alle to ganger", WHY, made_of)
    return str(platform.act(person, command)["decision"])


def decided(platform: Platform, procurement: str, person: str = "owner") -> list[DecisionView]:
    seen = view(platform, person)
    with seen.connection:
        return list(decisions_of(see_procurement(seen, procurement)))


def said(platform: Platform, procurement: str, person: str = "owner") -> list[CommentView]:
    seen = view(platform, person)
    with seen.connection:
        whole = see_procurement(seen, procurement)
        return list(comments_of(whole, "", whole.target()))


def test_a_decision_points_back_to_the_comment_and_the_comment_to_what_came_of_it(
    any_platform: Platform,
) -> None:
    procurement = any_platform.start()
    key = comment(any_platform, procurement)

    add(any_platform, procurement, assignee="owner", comment=key)
    made = decide(any_platform, procurement, key)

    [decision] = decided(any_platform, procurement)
    [shown] = said(any_platform, procurement)
    assert (decision.id, decision.element, decision.reason) == (
        made,
        "Vi møter alle to ganger",
        WHY,
    )
    assert (decision.decision, decision.opens, decision.by) == ("", False, ("Lead",))
    assert decision.comment is not None
    assert decision.comment.id == key
    assert [(each.kind, each.name, each.status) for each in shown.outcomes] == [
        ("task", "Ring kommunen", "open"),
        ("decision", "Vi møter alle to ganger", ""),
    ]
    assert all(verdict.ok for verdict in any_platform.verify())


def test_whoever_raised_it_is_told(any_platform: Platform) -> None:
    procurement = any_platform.start()
    command = AddComment(procurement, "To møter?", mentions=("owner",))
    key = str(any_platform.act("lawyer", command)["comment"])

    decide(any_platform, procurement, key)

    assert told(any_platform, "lawyer") == [(Occasion.DECIDED, False)]
    assert (Occasion.DECIDED, False) in told(any_platform, "owner")


def test_it_opens_no_gate_and_stands_when_the_process_goes_back(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    point = any_platform.entries(procurement).index("SubmissionRecorded") + 1
    decide(any_platform, procurement)

    any_platform.act("lead", RewindProcurement(procurement, point, WHY))

    [decision] = decided(any_platform, procurement)
    assert not decision.undone
    with any_platform.store.reader() as connection:
        assert records.decisions(connection, procurement) == []


def test_only_the_lead_decides_with_a_reason_and_a_name_while_it_runs(platform: Platform) -> None:
    procurement = platform.start()

    with pytest.raises(ForbiddenError):
        decide(platform, procurement, person="owner")
    with pytest.raises(ReasonMissingError):
        platform.act("lead", RecordDecision(procurement, "To møter", " "))
    for name in (" ", "x" * 301):
        with pytest.raises(InvalidInputError):
            platform.act("lead", RecordDecision(procurement, name, WHY))
    platform.act("lead", SuspendProcurement(procurement, WHY))
    with pytest.raises(NotRunningError):
        decide(platform, procurement)


def test_what_was_said_about_one_supplier_or_elsewhere_is_no_ground_for_all_to_read(
    platform: Platform,
) -> None:
    procurement, other = platform.start(), platform.start(reference="2026/2")
    platform.to_branches(procurement)
    task = next(each for each in platform.open(procurement) if each.scope)
    about_one = comment(platform, procurement, "lead", task.id)
    elsewhere = comment(platform, other)

    for key in (about_one, elsewhere, "no-comment"):
        with pytest.raises(NotFoundError):
            decide(platform, procurement, key)
