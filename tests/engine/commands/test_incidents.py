"""What goes wrong by itself: it is held, loses nothing, is tried again, and stands on record."""

from collections.abc import Sequence
from typing import Any

import pytest

from engine.audit.chain import EntryActor
from engine.commands.deployments import DeployProcess
from engine.commands.incidents import RetryIncident
from engine.commands.procurements import CancelProcurement, StartProcurement
from engine.commands.rewind import RewindProcurement
from engine.errors import ForbiddenError, NotFoundError
from engine.model.actor import SYSTEM
from engine.model.events import SubmissionRecorded
from engine.model.records import IncidentRecord, SubmissionRecord
from engine.store import records
from engine.store.context import ActContext
from tests.support.models import chain, extensions, flow, form_of, node, process
from tests.support.platform import START, TEAM, TOWN, Platform
from tests.support.small_process import form_files

KEY = "fragile"
GOOD = "910000004"


def _ask(key: str, *outputs: str) -> str:
    return node("userTask", key, extensions(form_of("answer"), *outputs))


def _operation(name: str, **inputs: str) -> str:
    given = "".join(
        f'<pivotal:input name="{key}" value="{value}"/>' for key, value in inputs.items()
    )
    parts = f'<pivotal:operation name="{name}">{given}</pivotal:operation>'
    return node("serviceTask", "work", extensions(parts))


def _output(variable: str, value: str) -> str:
    return f'<pivotal:output variable="{variable}" value="{value}"/>'


def start(platform: Platform, body: str, reference: str = "2026/7") -> str:
    """Deploy a process of its own for the test and start it."""
    declared = "".join(
        f'<pivotal:variable name="{name}" type="{kind}"/>'
        for name, kind in (("status", "string"), ("choice", "string"), ("suppliers", "list"))
    )
    files = {
        f"processes/{KEY}/{KEY}.bpmn": process(KEY, body, declared=declared).encode(),
        **form_files("answer", ["text"], text={"type": "string", "title": "Svar", "maxLength": 80}),
    }
    platform.bus.handle(DeployProcess(KEY, files, TOWN), SYSTEM)
    command = StartProcurement(KEY, "Skjør", TOWN, reference, TEAM)
    return str(platform.act("lead", command)["procurement"])


def with_operation(name: str, **inputs: str) -> str:
    """An answer, then the operation, then one more task."""
    return "\n".join(
        (
            node("startEvent", "begin"),
            _ask("answer", _output("status", "text")),
            _operation(name, **inputs),
            _ask("after"),
            node("endEvent", "done"),
            chain("begin", "answer", "work", "after", "done"),
        )
    )


FAILING_OPERATION = with_operation(
    "set-supplier-status", supplier=f"&quot;{GOOD}&quot;", status="status"
)

UNDECIDED_GATEWAY = "\n".join(
    (
        node("startEvent", "begin"),
        _ask("answer", _output("choice", 'if text = "ja" then true else text')),
        node("exclusiveGateway", "which", default="which-to-after"),
        _ask("other"),
        _ask("after"),
        node("endEvent", "done"),
        node("endEvent", "done-too"),
        chain("begin", "answer", "which"),
        flow("which", "other", "choice"),
        chain("which", "after", "done"),
        chain("other", "done-too"),
    )
).replace('"ja"', "&quot;ja&quot;")


def incidents(platform: Platform, key: str) -> Sequence[IncidentRecord]:
    with platform.store.reader() as connection:
        return records.open_incidents(connection, key)


def elements(platform: Platform, key: str) -> list[str]:
    return [task.element for task in platform.open(key)]


def answer(platform: Platform, key: str, text: str) -> None:
    platform.complete("lead", key, "answer", submission={"text": text})


def take_back(platform: Platform, key: str) -> Any:
    """Back to right before the answer was given."""
    with platform.store.reader() as connection:
        seq = records.seq_before(connection, key, "answer")
    return platform.act("lead", RewindProcurement(key, seq, "Svaret var feil."))


@pytest.mark.parametrize(
    ("body", "bad", "good", "element", "then"),
    [
        (FAILING_OPERATION, "tøvete", "qualified", "work", "after"),
        (UNDECIDED_GATEWAY, "kanskje", "ja", "which", "other"),
    ],
    ids=["an operation that fails", "a condition that is not true or false"],
)
def test_a_failure_is_held_loses_nothing_and_is_mended_by_going_back(
    any_platform: Platform, body: str, bad: str, good: str, element: str, then: str
) -> None:
    key = start(any_platform, body)

    answer(any_platform, key, bad)

    [incident] = incidents(any_platform, key)
    assert incident.element == element
    assert incident.explanation
    assert elements(any_platform, key) == []
    assert {"TaskCompleted", "SubmissionRecorded", "IncidentRaised"} <= set(
        any_platform.entries(key)
    )
    take_back(any_platform, key)
    assert incidents(any_platform, key) == []
    assert "IncidentLapsed" in any_platform.entries(key)
    answer(any_platform, key, good)
    assert elements(any_platform, key) == [then]
    assert incidents(any_platform, key) == []
    assert all(verdict.ok for verdict in any_platform.verify())


def test_a_retry_without_a_remedy_stands_on_record_as_a_new_incident(platform: Platform) -> None:
    key = start(platform, FAILING_OPERATION)
    answer(platform, key, "tøvete")
    [first] = incidents(platform, key)

    platform.act("lead", RetryIncident(key, first.id))

    [second] = incidents(platform, key)
    assert (second.element, second.problem) == (first.element, first.problem)
    assert second.id != first.id
    assert platform.entries(key).count("IncidentRaised") == 2
    assert platform.entries(key).count("IncidentRetried") == 1


def test_an_operation_that_gets_what_it_lacked_goes_on_after_a_retry(platform: Platform) -> None:
    body = with_operation("freeze-documents")
    key = start(platform, body)
    answer(platform, key, "hva som helst")
    [incident] = incidents(platform, key)
    assert incident.problem == "not-found"
    _hand_in_documents(platform, key)

    platform.act("lead", RetryIncident(key, incident.id))

    assert incidents(platform, key) == []
    assert elements(platform, key) == ["after"]
    assert platform.entries(key).count("DocumentsFrozen") == 1


def test_an_input_no_operation_can_read_is_an_incident_and_not_a_lost_act(
    platform: Platform,
) -> None:
    body = with_operation("pin-rules", at="status")
    key = start(platform, body)

    answer(platform, key, "ingen dato")

    [incident] = incidents(platform, key)
    assert incident.element == "work"
    assert platform.entries(key).count("TaskCompleted") == 1


def test_a_variable_without_a_value_is_named(platform: Platform) -> None:
    body = with_operation("register-suppliers", suppliers="suppliers")
    key = start(platform, body)

    answer(platform, key, "hva som helst")

    [incident] = incidents(platform, key)
    assert "suppliers" in incident.explanation


def test_only_the_lead_retries_and_only_what_is_held(platform: Platform) -> None:
    key = start(platform, FAILING_OPERATION)
    answer(platform, key, "tøvete")
    [incident] = incidents(platform, key)

    with pytest.raises(ForbiddenError):
        platform.act("owner", RetryIncident(key, incident.id))
    with pytest.raises(NotFoundError, match="procurement"):
        platform.act("stranger", RetryIncident(key, incident.id))
    with pytest.raises(NotFoundError, match="incident"):
        platform.act("lead", RetryIncident(key, "no-incident"))


def _hand_in_documents(platform: Platform, key: str) -> None:
    """By another path than the process: as if they came with a happening."""
    context = ActContext(EntryActor("lead", "Lead"), START, "")
    with platform.store.unit_of_work() as work:
        work.lock_procurement(key)
        seq, form = work.next_seq(key), "procurement-documents"
        digest = records.content_digest(records.content_bytes({}))
        work.record(key, SubmissionRecorded("d", "", "", form, "v", "", digest), context)
        record = SubmissionRecord("d", "", "", form, "", {}, "lead", START, seq)
        records.add_submission(work, key, record, "v")


def test_breaking_off_ends_what_was_held(platform: Platform) -> None:
    for body in (FAILING_OPERATION, UNDECIDED_GATEWAY):
        key = start(platform, body, f"2026/{len(body)}")
        answer(platform, key, "tøvete")
        assert len(incidents(platform, key)) == 1

        platform.act("lead", CancelProcurement(key, "Midlene er borte."))

        assert incidents(platform, key) == []
        assert platform.entries(key).count("IncidentLapsed") == 1
