"""Gates: options, reasons, checks, four eyes and separation of duties, refused on every path."""

import pytest

from engine.commands.decisions import ConfirmDecision, ReturnDecision
from engine.commands.procurements import Seat
from engine.commands.tasks import ClaimTask, CompleteTask, DelegateTask
from engine.errors import (
    ForbiddenError,
    GateClosedError,
    InvalidInputError,
    ReasonMissingError,
    RejectedError,
    SeparationOfDutiesError,
)
from engine.store import records
from tests.support.platform import TEAM, Platform

VAGUE_NEED = {"title": "Vaskemaskin", "need": "Kjøpe modell X200", "functional": False}


def test_an_opening_option_is_refused_while_a_check_fails(any_platform: Platform) -> None:
    procurement = any_platform.start()
    gate = any_platform.to_gate(procurement, VAGUE_NEED)

    with pytest.raises(GateClosedError) as refusal:
        any_platform.act("lead", CompleteTask(gate.id, option="go"))

    [check] = refusal.value.details["checks"]
    assert check["rule"] == "need-is-functional"
    assert check["who_can_mend"]


def test_a_gate_can_be_refused_although_checks_fail(platform: Platform) -> None:
    procurement = platform.start()
    gate = platform.to_gate(procurement, VAGUE_NEED)

    platform.act("lead", CompleteTask(gate.id, option="return", reason="Behovet er for smalt."))
    platform.act("lawyer", ConfirmDecision(gate.id))

    assert [task.element for task in platform.open(procurement)] == ["draft"]


def test_a_missing_reason_is_refused(platform: Platform) -> None:
    procurement = platform.start()
    gate = platform.to_gate(procurement)

    with pytest.raises(ReasonMissingError):
        platform.act("lead", CompleteTask(gate.id, option="return", reason="  "))


def test_an_option_that_is_not_there_is_refused(platform: Platform) -> None:
    procurement = platform.start()
    gate = platform.to_gate(procurement)

    with pytest.raises(InvalidInputError, match="go, return, stop"):
        platform.act("lead", CompleteTask(gate.id, option="buy"))


def test_one_person_is_never_both_pairs_of_eyes(platform: Platform) -> None:
    both = (*TEAM, Seat("lead", "legal"), Seat("lead", "legal", deputy_for="lawyer"))
    procurement = platform.start(team=both)
    gate = platform.to_gate(procurement)
    platform.act("lead", CompleteTask(gate.id, option="go"))

    for command in (ConfirmDecision(gate.id), ReturnDecision(gate.id, "nei"), ClaimTask(gate.id)):
        with pytest.raises(SeparationOfDutiesError):
            platform.act("lead", command)
    with pytest.raises((ForbiddenError, RejectedError)):
        platform.act("lead", CompleteTask(gate.id, option="go"))

    platform.act("lawyer", ConfirmDecision(gate.id))
    with platform.store.reader() as connection:
        [decision] = records.decisions(connection, procurement)
    assert (decision.option, decision.by) == ("go", ("lead", "lawyer"))


def test_a_deputy_of_the_first_pair_of_eyes_is_not_the_second(platform: Platform) -> None:
    team = (
        *TEAM,
        Seat("owner-2", "procurement-lead", deputy_for="lead"),
        Seat("lead", "legal"),
    )
    procurement = platform.start(team=team)
    gate = platform.to_gate(procurement)
    platform.act("owner-2", CompleteTask(gate.id, option="go"))

    with pytest.raises(SeparationOfDutiesError):
        platform.act("lead", ConfirmDecision(gate.id))


def test_whoever_did_the_excluded_step_may_not_do_this_one(platform: Platform) -> None:
    team = (*TEAM, Seat("lead", "need-owner"), Seat("owner", "procurement-lead"))
    procurement = platform.start(team=team)
    gate = platform.to_gate(procurement)

    with pytest.raises(SeparationOfDutiesError, match="Draft"):
        platform.act("owner", CompleteTask(gate.id, option="go"))
    with pytest.raises(SeparationOfDutiesError):
        platform.act("owner", ClaimTask(gate.id))


def test_delegation_does_not_open_a_gate(platform: Platform) -> None:
    procurement = platform.start()
    gate = platform.to_gate(procurement)
    platform.act("lead", DelegateTask(gate.id, "owner-2"))

    with pytest.raises(ForbiddenError):
        platform.act("owner-2", CompleteTask(gate.id, option="go"))
    with pytest.raises(ForbiddenError):
        platform.act("lead", CompleteTask(gate.id, option="go"))


def test_the_second_person_can_send_it_back_with_a_reason(any_platform: Platform) -> None:
    procurement = any_platform.start()
    gate = any_platform.to_gate(procurement)
    any_platform.act("lead", CompleteTask(gate.id, option="go"))

    with pytest.raises(ReasonMissingError):
        any_platform.act("lawyer", ReturnDecision(gate.id, ""))
    any_platform.act("lawyer", ReturnDecision(gate.id, "Mangler vurdering av habilitet."))

    task = any_platform.task(procurement, "approve")
    assert (task.status, task.assignee, task.proposal) == ("open", "lead", None)


def test_checks_must_hold_when_the_second_person_confirms(platform: Platform) -> None:
    procurement = platform.start()
    gate = platform.to_gate(procurement, VAGUE_NEED)
    platform.act("lead", CompleteTask(gate.id, option="stop", reason="Ikke innovasjon."))

    platform.act("lawyer", ConfirmDecision(gate.id, "Enig."))

    with platform.store.reader() as connection:
        [decision] = records.decisions(connection, procurement)
        assert records.live_process(connection, procurement).status == "ended"
    assert decision.reason == "Ikke innovasjon.\nEnig."


@pytest.mark.parametrize("person", ["lead", "lawyer"])
def test_whoever_proposed_or_confirmed_a_gate_does_not_do_what_it_excludes(
    platform: Platform, person: str
) -> None:
    procurement = platform.start(team=(*TEAM, Seat(person, "need-owner")))
    gate = platform.to_gate(procurement)
    platform.act("lead", CompleteTask(gate.id, option="return", reason="Behovet er for smalt."))
    platform.act("lawyer", ConfirmDecision(gate.id))
    draft = platform.task(procurement, "draft")

    with pytest.raises(SeparationOfDutiesError, match="must be another person"):
        platform.act(person, ClaimTask(draft.id))
    with pytest.raises(SeparationOfDutiesError):
        platform.act(person, CompleteTask(draft.id, {"note": "Nytt utkast"}))
    with pytest.raises(SeparationOfDutiesError):
        platform.act("owner", DelegateTask(draft.id, person))
