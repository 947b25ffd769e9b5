"""Programs ask which procedure is lawful, and start a procurement from the answer."""

from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.bundle import collect
from engine.commands.deployments import DeployProcess
from engine.model.actor import SYSTEM
from tests.support.api import Program
from tests.support.platform import TOWN, Platform

PROCESSES = Path(__file__).parents[3] / "processes"
ANSWERS: dict[str, Any] = {
    "purchase": {"buyer": "other", "contract_type": "services"},
    "value": {"purchase_est": 300_000_000, "rd_max": 100_000_000},
    "market": {
        "solution_on_market": "no",
        "need_clear": True,
        "spec_possible": True,
        "development_and_purchase": True,
    },
    "special": {"earlier_failed": "none", "special_case": "none"},
}


@pytest.fixture
def partnership(platform: Platform) -> Platform:
    files = collect(PROCESSES / "innovation-partnership").files
    platform.bus.handle(DeployProcess("innovation-partnership", files, TOWN), SYSTEM)
    return platform


def test_the_questions_say_what_can_be_answered(lead: Program) -> None:
    groups = {each["name"]: each for each in lead.get("/choice/questions").json()}

    asked = {each["name"]: each for each in groups["market"]["questions"]}
    assert asked["solution_on_market"]["options"] == ["yes", "adaptable", "no"]
    assert groups["purchase"]["questions"][0]["title"]["en"]


def test_every_lawful_procedure_comes_ranked_with_ground_law_and_trace(
    partnership: Platform, lead: Program
) -> None:
    answer = lead.post("/choice", {"answers": ANSWERS})

    found = answer.json()
    first = found["options"][0]
    assert answer.status_code == 200
    assert found["value"] == 400_000_000
    assert [each["rank"] for each in found["options"]] == list(range(1, len(found["options"]) + 1))
    assert (first["procedure"], first["process"]) == ("innovation-partnership",) * 2
    assert first["grounds"][0]["law"] == "FOA § 13-1(3)"
    assert "competitive-dialogue" in {each["procedure"] for each in found["refused"]}
    assert {each["level"]: each["reached"] for each in found["thresholds"]}["eea"] is True
    assert {step["id"] for step in found["trace"]} >= {"value-regime", "allowed-procedures"}


def test_an_answer_that_is_none_is_refused_with_its_field(lead: Program) -> None:
    answer = lead.post("/choice", {"answers": {**ANSWERS, "purchase": {"buyer": "nobody"}}})

    assert answer.status_code == 422
    assert answer.json()["faults"][0]["path"] == "purchase.buyer"


def test_a_procurement_starts_with_the_choice_as_draft_of_its_forms(
    partnership: Platform, lead: Program
) -> None:
    told = {
        "process": "innovation-partnership",
        "title": "Varm gate",
        "reference": "2026/80",
        "organisation": TOWN,
        "choice": {
            "answers": ANSWERS,
            "procedure": "innovation-partnership",
            "reason": "Ingen av ti spurte har en løsning.",
        },
    }

    answer = lead.post("/procurements", told)

    assert answer.status_code == 201
    entries = partnership.entries(answer.json()["procurement"])
    assert entries.count("FormPrepared") == 2


def test_a_choice_that_the_tables_do_not_allow_starts_nothing(
    partnership: Platform, lead: Program
) -> None:
    market = {**ANSWERS["market"], "solution_on_market": "yes"}
    told = {
        "process": "innovation-partnership",
        "title": "Varm gate",
        "reference": "2026/81",
        "organisation": TOWN,
        "choice": {
            "answers": {**ANSWERS, "market": market},
            "procedure": "innovation-partnership",
            "reason": "Fordi.",
        },
    }

    answer = lead.post("/procurements", told)

    assert answer.status_code == 409
    assert "2026/81" not in {each["reference"] for each in lead.get("/procurements").json()}
