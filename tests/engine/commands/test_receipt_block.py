"""The block that receives and opens is driven by what suppliers handed in, not by what is typed."""

from datetime import timedelta
from typing import Any

import pytest

from engine.bpmn import looking
from engine.commands.decisions import ConfirmDecision
from engine.commands.deliveries import TooLateError
from engine.commands.deployments import DeployProcess
from engine.commands.intakes import OpenIntake
from engine.commands.messages import ReportMessage
from engine.commands.openings import BeginOpening, OpenDeliveries
from engine.commands.procurements import Seat, StartProcurement
from engine.commands.tasks import CompleteTask
from engine.errors import RejectedError
from engine.model.actor import SYSTEM
from engine.model.delivery import DeliveryState
from engine.queries.task import task_page
from engine.store import deliveries, records
from service.deliveries import Arriving
from tests.engine.commands.test_deliveries import MICROSECOND, SlowFile
from tests.support.delivering import (
    OPENER,
    RECEIVER,
    TEAM_THAT_RECEIVES,
    A,
    B,
    deadline_of,
    deliver,
    open_all,
    send,
    supplier,
    view_of,
)
from tests.support.platform import TOWN, Platform
from tests.support.receiving_process import RECEIVING, receiving_process

LATE = {
    "cause": "late",
    "facts": "Serverloggen er lest.",
    "buyer_fault": True,
    "system_log": "Systemet var nede.",
    "incident": "HEND-1",
    "same_rule": True,
}


@pytest.fixture
def receiving(platform: Platform) -> tuple[Platform, str, str]:
    """A procurement whose deadline is announced and whose receipt is open."""
    platform.bus.handle(DeployProcess(RECEIVING, receiving_process(), TOWN), SYSTEM)
    team = (*TEAM_THAT_RECEIVES, Seat("owner", "quality-assurer"))
    start = StartProcurement(RECEIVING, "Badeplass", TOWN, "2026/9", team)
    procurement = str(platform.act("lead", start)["procurement"])
    deadline = (platform.clock.now() + timedelta(hours=2)).isoformat()
    platform.complete("lead", procurement, "announce", submission={"deadline": deadline})
    with platform.store.reader() as connection:
        (timer,) = records.timers_of(connection, procurement)
    command = OpenIntake(procurement, "request", timer.id)
    return platform, procurement, str(platform.act("lead", command)["intake"])


def forms(platform: Platform, procurement: str, form: str) -> dict[str, Any]:
    with platform.store.reader() as connection:
        return records.submissions_of(connection, procurement, form)[-1].content


def received(platform: Platform, procurement: str) -> list[str]:
    task = platform.task(procurement, "look")
    with platform.store.reader() as connection:
        _, digest, state = records.live_process(connection, procurement)
        version = platform.bus.environment.definitions.get(connection, digest)
    return [
        each["id"] for each in looking.variables_of(version.process, state, task.id)["received"]
    ]


def test_receipt_takes_kind_and_deadline_from_the_process(
    receiving: tuple[Platform, str, str],
) -> None:
    platform, _, intake = receiving

    with platform.store.reader() as connection:
        found = deliveries.find_intake(connection, intake)

    assert found is not None
    assert (found.kind, found.timer) == ("tender", "deadline-passed")
    assert found.deadline == platform.clock.now() + timedelta(hours=2)


def test_forms_are_filled_by_the_records_whatever_is_typed(
    receiving: tuple[Platform, str, str],
) -> None:
    platform, procurement, intake = receiving
    deliver(platform, supplier(platform, procurement, A), intake)
    officer = platform.actor(RECEIVER)
    send(platform, officer, intake, supplier=B, name="Fjell AS", channel="paper")
    platform.clock.set(deadline_of(platform, intake) + MICROSECOND)
    platform.fire_due()
    made_up = [{"id": "999", "name": "Oppdiktet", "received_at": "2026-03-23T08:00:00Z"}]
    task = platform.task(procurement, "register-receipts")

    with platform.store.reader() as connection:
        page = task_page(view_of(platform, officer, connection), task.id)
    platform.act(RECEIVER, CompleteTask(task.id, {"kind": "tender", "submissions": made_up}))
    with pytest.raises(RejectedError, match="has not been opened"):
        platform.complete(RECEIVER, procurement, "open-submissions", submission={})
    open_all(platform, procurement, intake)
    platform.complete(RECEIVER, procurement, "open-submissions", submission={"remarks": "Alt vel."})

    assert page.on_record is not None
    assert page.form is not None
    assert page.form.fields == ()
    listed = forms(platform, procurement, "receipts")["submissions"]
    assert [(each["id"], each["name"]) for each in listed] == [
        (A, f"Firma {A}"),
        (B, "Fjell AS"),
    ]
    record = forms(platform, procurement, "opening-record")
    assert [each["person"] for each in record["opened_by"]] == [RECEIVER, OPENER]
    assert [each["id"] for each in record["submissions"]] == [A, B]
    assert record["remarks"] == "Alt vel."


def test_nothing_is_taken_once_the_receipts_are_registered(
    receiving: tuple[Platform, str, str],
) -> None:
    platform, procurement, intake = receiving
    deliver(platform, supplier(platform, procurement, A), intake)
    platform.clock.set(deadline_of(platform, intake) + MICROSECOND)
    platform.fire_due()
    platform.complete(RECEIVER, procurement, "register-receipts", submission={"kind": "tender"})

    with pytest.raises(RejectedError, match="receipt is closed"):
        send(
            platform,
            platform.actor(RECEIVER),
            intake,
            supplier=B,
            name="Fjell AS",
            channel="paper",
        )


@pytest.mark.parametrize("option", ["accept", "reject"])
def test_what_came_a_microsecond_late_is_dealt_with_and_opened_only_when_accepted(
    receiving: tuple[Platform, str, str], option: str
) -> None:
    platform, procurement, intake = receiving
    deliver(platform, supplier(platform, procurement, A), intake)
    until = deadline_of(platform, intake) + MICROSECOND
    late = SlowFile(b"for sent", platform.clock, until)
    send(platform, supplier(platform, procurement, B), intake, Arriving("b.txt", late))
    platform.fire_due()
    platform.complete(RECEIVER, procurement, "register-receipts", submission={"kind": "tender"})
    open_all(platform, procurement, intake)
    platform.complete(RECEIVER, procurement, "open-submissions", submission={})
    sure = {"present": True, "correct": True}
    platform.complete("owner", procurement, "confirm-opening", submission=sure)

    gate = platform.task(procurement, "decide-irregular-submission", B)
    platform.clock.set(platform.clock.now() + timedelta(minutes=1))
    platform.act("lead", CompleteTask(gate.id, LATE, option, "Systemet var nede."))
    platform.act("lawyer", ConfirmDecision(gate.id))

    accepted = option == "accept"
    assert received(platform, procurement) == ([A, B] if accepted else [A])
    if accepted:
        begun = platform.act(RECEIVER, BeginOpening(procurement, intake))["opening"]
        platform.act(OPENER, OpenDeliveries(procurement, begun))
    with platform.store.reader() as connection:
        states = [each.state for each in deliveries.deliveries_of(connection, procurement)]
    assert states == [
        DeliveryState.OPENED,
        DeliveryState.OPENED if accepted else DeliveryState.LATE,
    ]


def extend(platform: Platform, procurement: str, by: timedelta) -> None:
    """A new deadline, so much later than now."""
    deadline = (platform.clock.now() + by).isoformat()
    platform.act("lead", ReportMessage(procurement, "extend", {"deadline": deadline}))


def test_an_extension_right_before_expiry_moves_the_deadline_of_what_is_received(
    receiving: tuple[Platform, str, str],
) -> None:
    platform, procurement, intake = receiving
    before = deliver(platform, supplier(platform, procurement, A), intake)
    first = deadline_of(platform, intake)
    platform.clock.set(first - MICROSECOND)

    extend(platform, procurement, timedelta(days=1))

    moved = first - MICROSECOND + timedelta(days=1)
    assert deadline_of(platform, intake) == moved
    platform.clock.set(first + timedelta(hours=1))
    assert platform.fire_due() == 0
    with pytest.raises(RejectedError, match="deadline"):
        platform.act(RECEIVER, BeginOpening(procurement, intake))
    with platform.store.reader() as connection:
        found = deliveries.find_delivery(connection, before["delivery"])
    assert found is not None
    assert found.state is DeliveryState.RECEIVED
    assert found.opened_at is None


def test_late_is_what_comes_after_the_new_deadline_alone(
    receiving: tuple[Platform, str, str],
) -> None:
    platform, procurement, intake = receiving
    first = deadline_of(platform, intake)
    extend(platform, procurement, timedelta(days=1))
    moved = deadline_of(platform, intake)
    platform.clock.set(first + MICROSECOND)
    after_the_old = deliver(platform, supplier(platform, procurement, A), intake)
    platform.clock.set(moved)
    at_the_new = deliver(platform, supplier(platform, procurement, B), intake)
    platform.clock.set(moved + MICROSECOND)

    with pytest.raises(TooLateError):
        deliver(platform, supplier(platform, procurement, B), intake)

    assert [after_the_old["late"], at_the_new["late"]] == [False, False]
    platform.fire_due()
    platform.complete(RECEIVER, procurement, "register-receipts", submission={"kind": "tender"})
    open_all(platform, procurement, intake)
    platform.complete(RECEIVER, procurement, "open-submissions", submission={})
    opened = forms(platform, procurement, "opening-record")["submissions"]
    assert [each["id"] for each in opened] == [A, B]


def test_after_the_deadline_nothing_moves_it(receiving: tuple[Platform, str, str]) -> None:
    platform, procurement, intake = receiving
    first = deadline_of(platform, intake)
    platform.clock.set(first + MICROSECOND)

    extend(platform, procurement, timedelta(days=1))

    assert deadline_of(platform, intake) == first
    with pytest.raises(TooLateError):
        deliver(platform, supplier(platform, procurement, A), intake)
