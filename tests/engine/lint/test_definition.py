"""What a compiled version says, its JSON, and the cache of compiled versions."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from engine.bpmn.bundle import digest
from engine.bpmn.cache import DefinitionCache, StoredFiles
from engine.bpmn.compile import CompiledDefinition, compile_bundle
from engine.errors import NotFoundError
from engine.feel import Scope
from engine.model.definition import (
    AssignmentInfo,
    DueInfo,
    LoopInfo,
    MessageInfo,
    OptionInfo,
    PhaseInfo,
    ProcessDefinition,
)
from tests.support.models import KNOWN, good_files


@pytest.fixture(scope="module")
def compiled() -> CompiledDefinition:
    return compile_bundle("sample", good_files(), KNOWN)


@pytest.fixture(scope="module")
def definition(compiled: CompiledDefinition) -> ProcessDefinition:
    return compiled.definition


def test_the_version_is_named_by_its_files(definition: ProcessDefinition) -> None:
    assert definition.digest == digest(good_files())
    assert definition.key == definition.root.key == "sample"


def test_the_definition_comes_back_from_json_as_it_was(definition: ProcessDefinition) -> None:
    stored = json.loads(json.dumps(definition.as_json()))

    assert ProcessDefinition.from_json(stored) == definition


def test_the_process_tells_its_phases_roles_and_start(definition: ProcessDefinition) -> None:
    root = definition.root

    assert root.startable
    assert root.phases == (PhaseInfo("need", "Behov"), PhaseInfo("dialogue", "Dialog"))
    assert root.roles == ("procurement-lead",)
    assert not definition.processes["document-check"].startable


def test_a_user_task_tells_its_form_role_due_and_outputs(definition: ProcessDefinition) -> None:
    task = definition.root.elements["describe-need"]

    assert (task.form, task.ui, task.role) == ("need", "need.ui.json", "procurement-lead")
    assert task.instructions == "Hva, ikke hvordan."
    assert task.due == DueInfo(value="P14D")
    assert task.outputs == (AssignmentInfo("ambition", "level"),)
    assert task.phase == "need"


def test_a_gate_tells_its_checks_options_and_second_person(definition: ProcessDefinition) -> None:
    element = definition.root.elements["approve"]
    gate = element.gate

    assert gate is not None
    assert (gate.decision, gate.variable, gate.four_eyes) == ("D5", "outcome", "quality-assurer")
    assert gate.checks == ("documents-complete", "participation-answered")
    assert gate.option("go") == OptionInfo("go", "Godkjenn", opens=True)
    assert gate.option("return") == OptionInfo("return", "Send tilbake", reason_required=True)
    assert gate.option("maybe") is None
    assert element.separation == ("describe-need",)
    assert element.due == DueInfo(rule="standstill-electronic", start="sent_at")


def test_inside_a_branch_role_phase_and_confidentiality_are_inherited(
    definition: ProcessDefinition,
) -> None:
    outer = definition.root.elements["with-supplier"]
    inner = definition.root.elements["score-supplier"]

    assert outer.loop == LoopInfo(
        "suppliers", "supplier", "{id: supplier.id, score: score}", "outcomes"
    )
    assert (inner.role, inner.phase) == ("procurement-lead", "dialogue")
    assert inner.confidentiality == "supplier.id"
    assert [each.id for each in definition.root.within("score-supplier")] == [
        "score-supplier",
        "with-supplier",
    ]


def test_a_message_tells_who_may_report_it(definition: ProcessDefinition) -> None:
    assert definition.root.messages["supplier-withdraws"] == MessageInfo(
        id="msg-withdraws",
        name="supplier-withdraws",
        title="Trekker seg",
        form="withdrawal",
        roles=("procurement-lead",),
        correlate="supplier.id",
    )


def test_a_text_falls_back_to_that_of_the_model(definition: ProcessDefinition) -> None:
    assert definition.text("en", "sample", "approve.option.go", "Godkjenn") == "Approve"
    assert definition.text("en", "sample", "nothing.name", "Ingenting") == "Ingenting"
    assert definition.text("nn", "sample", "approve.option.go", "Godkjenn") == "Godkjenn"


def test_a_decision_of_the_version_is_evaluated(compiled: CompiledDefinition) -> None:
    scope = Scope(datetime(2026, 1, 1, tzinfo=UTC))

    result = compiled.decide("size", {"ambition": "new"}, scope)

    assert result.value == "large"


def test_the_runtime_gets_the_process_and_what_it_calls(compiled: CompiledDefinition) -> None:
    assert compiled.process.key == "sample"
    assert {"sample", "document-check"} <= set(compiled.process.specs)


def test_a_version_is_compiled_once_for_all_threads() -> None:
    asked: list[str] = []

    def load(_connection: object, name: str) -> StoredFiles:
        asked.append(name)
        return StoredFiles("sample", good_files())

    cache = DefinitionCache(load)
    first = cache.get(None, "a")
    with ThreadPoolExecutor(4) as pool:
        others = list(pool.map(lambda _: cache.get(None, "a"), range(20)))

    assert all(other is first for other in others)
    assert asked == ["a"]


def test_the_version_that_was_used_least_recently_is_dropped() -> None:
    asked: list[str] = []

    def load(_connection: object, name: str) -> StoredFiles:
        asked.append(name)
        return StoredFiles("sample", good_files())

    cache = DefinitionCache(load, size=2)
    for name in ("a", "b", "a", "c", "a", "b"):
        cache.get(None, name)

    assert asked == ["a", "b", "c", "b"]


def test_a_version_that_is_not_there_is_not_remembered() -> None:
    def load(_connection: object, name: str) -> StoredFiles:
        raise NotFoundError("version", name)

    cache = DefinitionCache(load)

    with pytest.raises(NotFoundError):
        cache.get(None, "a")
