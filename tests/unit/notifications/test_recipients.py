"""Who is told of a fact."""

from datetime import date

import pytest

from engine.model import events as e
from engine.model.actor import Membership
from engine.model.notifications import Occasion
from engine.notifications.recipients import Circumstances, notifications

TODAY = date(2026, 3, 23)
TEAM = (
    Membership("1", "lead", "procurement-lead"),
    Membership("2", "jon", "legal"),
    Membership("3", "kari", "legal", deputy_for="jon"),
    Membership("4", "late", "legal", valid_to=date(2026, 3, 22)),
    Membership("5", "alfa", "evaluator", scope="910000001"),
    Membership("6", "beta", "evaluator", scope="910000002"),
    Membership("7", "eva", "evaluator"),
)


def around(actor: str = "lead") -> Circumstances:
    return Circumstances(actor, TEAM, TODAY, frozenset({"gate"}))


def opened(role: str, *, element: str = "e", scope: str = "", assignee: str = "") -> e.TaskOpened:
    return e.TaskOpened(
        "t", element, "Navn", "user", "p", role, scope, "", "", {}, assignee=assignee
    )


def told(event: e.Event, actor: str = "lead") -> list[tuple[str, Occasion]]:
    return [(each.person, each.kind) for each in notifications(event, around(actor))]


def test_all_who_hold_the_role_today_are_told_of_a_new_task() -> None:
    assert told(opened("legal")) == [
        ("jon", Occasion.TASK_OPENED),
        ("kari", Occasion.TASK_OPENED),
    ]


def test_a_task_for_one_person_is_told_to_that_person_alone() -> None:
    assert told(opened("legal", assignee="kari")) == [("kari", Occasion.TASK_OPENED)]


def test_a_gate_is_told_as_a_gate() -> None:
    assert told(opened("legal", element="gate"))[0] == ("jon", Occasion.GATE_OPENED)


def test_nobody_is_told_of_an_own_act() -> None:
    assert told(opened("legal"), actor="jon") == [("kari", Occasion.TASK_OPENED)]


def test_a_seat_bound_to_one_supplier_hears_nothing_of_another() -> None:
    assert told(opened("evaluator", scope="910000001")) == [
        ("alfa", Occasion.TASK_OPENED),
        ("eva", Occasion.TASK_OPENED),
    ]


def test_a_person_with_two_seats_is_told_once() -> None:
    twice = Circumstances("x", (*TEAM, Membership("8", "jon", "legal")), TODAY, frozenset())

    found = [each.person for each in notifications(opened("legal"), twice)]

    assert found == ["jon", "kari"]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (e.TaskDelegated("t", "lead", "jon"), [("jon", Occasion.TASK_DELEGATED)]),
        (e.TaskAssigned("t", "", "jon"), [("jon", Occasion.TASK_ASSIGNED)]),
        (
            e.TaskAssigned("t", "kari", "jon"),
            [("jon", Occasion.TASK_ASSIGNED), ("kari", Occasion.TASK_TAKEN_AWAY)],
        ),
        (
            e.TaskPutBack("t", "jon", "kari", ""),
            [("kari", Occasion.TASK_ASSIGNED), ("jon", Occasion.TASK_TAKEN_AWAY)],
        ),
        (e.TaskGivenBack("t", "jon", "lead"), [("jon", Occasion.TASK_GIVEN_BACK)]),
        (
            e.TaskDueMoved("t", "", {}, role="legal", holders=["kari", "eva"]),
            [("kari", Occasion.DUE_MOVED), ("eva", Occasion.DUE_MOVED)],
        ),
        (
            e.TaskDueMoved("t", "", {}, role="legal"),
            [("jon", Occasion.DUE_MOVED), ("kari", Occasion.DUE_MOVED)],
        ),
        (e.TimerMoved("w", "e", "", {}, "910000001"), []),
        (
            e.DecisionReturned("t", "gate", "D5", "go", "jon", "legal"),
            [("jon", Occasion.DECISION_RETURNED)],
        ),
        (
            e.DecisionProposed("t", "gate", "D5", "go", [], "legal", "s"),
            [
                ("jon", Occasion.DECISION_PROPOSED),
                ("kari", Occasion.DECISION_PROPOSED),
            ],
        ),
        (
            e.TaskReopened("t", "e", "legal"),
            [("jon", Occasion.TASK_REOPENED), ("kari", Occasion.TASK_REOPENED)],
        ),
        (e.TaskClaimed("t", "jon"), []),
        (e.TaskCompleted("t", "e", ""), []),
    ],
)
def test_other_facts_are_told_to_whom_they_concern(
    event: e.Event, expected: list[tuple[str, Occasion]]
) -> None:
    assert told(event) == expected


def test_the_whole_team_hears_that_a_deadline_of_the_competition_has_moved() -> None:
    found = notifications(e.TimerMoved("w", "e", "", {}), around("lead"))

    assert [each.person for each in found] == ["jon", "kari", "eva"]
    assert {(each.kind, each.subject) for each in found} == {(Occasion.DEADLINE_MOVED, "w")}


def test_what_stopped_by_itself_is_told_to_the_lead() -> None:
    found = notifications(e.IncidentRaised("i", "t", "e", "x", "y"), around("jon"))

    assert [(each.person, each.kind, each.subject) for each in found] == [
        ("lead", Occasion.INCIDENT, "i")
    ]


def test_the_lead_is_told_that_the_law_has_changed() -> None:
    changed = e.RulesChanged("rules-1", ["threshold-eea-other"])

    assert told(changed, actor="") == [("lead", Occasion.RULES_CHANGED)]


def test_whoever_stands_in_for_another_hears_of_it_and_other_members_of_their_tasks() -> None:
    deputy = e.MemberAdded("8", "kari", "legal", "jon", "", "", "")
    member = e.MemberAdded("9", "kari", "legal", "", "", "", "")

    assert told(deputy) == [("kari", Occasion.STANDING_IN)]
    assert told(member) == []


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (e.ProcurementSuspended(), Occasion.SUSPENDED),
        (e.ProcurementResumed(), Occasion.RESUMED),
        (e.ProcurementCancelled(), Occasion.CANCELLED),
        (e.ProcurementRewound(3, []), Occasion.REWOUND),
    ],
)
def test_everybody_in_the_team_today_hears_of_what_the_lead_does_with_the_whole(
    event: e.Event, kind: Occasion
) -> None:
    assert told(event) == [("jon", kind), ("kari", kind), ("eva", kind)]
