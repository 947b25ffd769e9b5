"""The page that leads from plain questions to a lawful procedure, and what is started from it."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from engine.bpmn.bundle import collect
from engine.commands.deployments import DeployProcess
from engine.forms.checking import check_form
from engine.model.actor import SYSTEM
from engine.procurement.text import kroner
from service.questions import FOLDER, KEY
from tests.support.platform import TOWN, Platform
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]
PROCESSES = Path(__file__).parents[2] / "processes"
ANSWERS: dict[str, str | list[str]] = {
    "purchase.buyer": "other",
    "purchase.contract_type": "services",
    "value.purchase_est": "3 000 000",
    "value.rd_max": "1 000 000",
    "market.solution_on_market": "no",
    "market.need_clear": "true",
    "market.spec_possible": "true",
    "market.development_and_purchase": "true",
    "special.earlier_failed": "none",
    "special.special_case": "none",
}


def deploy(platform: Platform, key: str) -> Platform:
    files = collect(PROCESSES / key).files
    platform.bus.handle(DeployProcess(key, files, TOWN), SYSTEM)
    return platform


@pytest.fixture
def tables(platform: Platform) -> Platform:
    """With the block that carries the decision tables."""
    return deploy(platform, "procedure-choice")


@pytest.fixture
def partnership(platform: Platform) -> Platform:
    """With a whole process that calls the block and can be started."""
    return deploy(platform, "innovation-partnership")


def test_the_questions_are_a_form_without_faults() -> None:
    files = {file.name: file.read_bytes() for file in FOLDER.glob("*.json")}

    assert check_form(KEY, files) == ()


def test_the_start_page_leads_to_the_questions(platform: Platform, visit: Visit) -> None:
    visitor = visit("lead")

    assert 'href="/choose"' in visitor.get("/procurements/start").text
    assert "Hva kan det koste?" in visitor.get("/choose").text


def test_what_is_missing_is_named(platform: Platform, visit: Visit) -> None:
    answer = visit("lead").press("/choose", "/choose", {"purchase.buyer": "other"})

    assert answer.status_code == 422
    assert "Hva er det mest av i kontrakten?" in answer.text
    assert 'href="#f-purchase-contract_type"' in answer.text


def test_without_tables_the_page_says_what_to_do(platform: Platform, visit: Visit) -> None:
    answer = visit("lead").press("/choose", "/choose", ANSWERS)

    assert answer.status_code == 409
    assert "procedure-choice" in answer.text


def test_a_lot_is_added_without_a_script(platform: Platform, visit: Visit) -> None:
    answer = visit("lead").press("/choose", "/choose", {**ANSWERS, "_action": "add:value.lots"})

    assert answer.status_code == 200
    assert 'name="value.lots.0.name"' in answer.text
    assert 'value="3 000 000"' in answer.text.replace("\u00a0", " ")


def test_every_lawful_procedure_stands_with_ground_law_and_threshold(
    tables: Platform, visit: Visit
) -> None:
    page = unescape(visit("lead").press("/choose", "/choose", ANSWERS).text)

    assert "1. Innovasjonspartnerskap" in page
    assert "FOA § 13-1(3)" in page
    assert kroner(400_000_000, "nb") in page
    assert "løsningen finnes ikke i markedet" in page
    assert "Konkurransepreget dialog" in page.partition("Ikke tillatt, og hvorfor")[2]
    assert "Hvilke prosedyrer er tillatt?" in page


def test_the_result_speaks_english_too(tables: Platform, visit: Visit) -> None:
    visitor = visit("lead")
    visitor.client.cookies.set("language", "en")

    page = unescape(visitor.press("/choose", "/choose", ANSWERS).text)

    assert "1. Innovation partnership" in page
    assert "the solution is not on the market" in page


def fields_of(page: str, action: str) -> dict[str, str]:
    """Names and values of the first form that posts to `action`."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    reason = re.search(r'name="choice.reason"[^>]*>([^<]*)</textarea>', form)
    found = {name: unescape(value) for name, value in hidden}
    return {**found, **({"choice.reason": unescape(reason[1])} if reason else {})}


def test_going_back_keeps_every_answer(tables: Platform, visit: Visit) -> None:
    visitor = visit("lead")
    result = visitor.press("/choose", "/choose", ANSWERS).text
    carried = fields_of(result.partition("Slik ble svaret til")[2], "/choose")

    page = visitor.client.post("/choose", data={**carried, "_action": "edit"}).text

    assert 'value="3 000 000"' in page.replace("\u00a0", " ")
    assert re.search(r'name="market.solution_on_market" value="no" checked', page)


def start(visitor: Visitor, reference: str = "2026/77") -> str:
    result = visitor.press("/choose", "/choose", ANSWERS).text
    carried = fields_of(result, "/procurements/start/from-choice")
    carried["choice.reason"] += " Ingen av ti spurte leverandører har en løsning."
    start_page = visitor.client.post("/procurements/start/from-choice", data=carried)
    assert start_page.status_code == 200
    assert "ligger som utkast" in start_page.text
    fields = fields_of(start_page.text, "/procurements/start")
    told = {"title": "Varm gate", "reference": reference, "organisation": TOWN}
    answer = visitor.client.post(
        "/procurements/start", data={**fields, **told, "role.procurement-lead": "lead"}
    )
    assert answer.status_code == 303
    return str(answer.headers["location"]).partition("?")[0].rpartition("/")[2]


def test_the_choice_becomes_the_draft_of_its_forms(partnership: Platform, visit: Visit) -> None:
    from engine.queries.choice import prepared_content
    from engine.queries.view import View

    procurement = start(visit("lead"))

    with partnership.store.reader() as connection:
        definitions = partnership.bus.environment.definitions
        view = View(connection, definitions, partnership.actor("lead"), partnership.clock.now())
        choice = prepared_content(view, procurement, "procedure-choice")
        estimate = prepared_content(view, procurement, "estimated-value")
    assert choice is not None
    assert estimate is not None
    assert choice["result"] == "innovation-partnership"
    assert choice["ground"] == "13-1-3"
    assert choice["value_vs_eea"] == "part3"
    assert choice["reason"].endswith("Ingen av ti spurte leverandører har en løsning.")
    assert estimate["total"] == 400_000_000
    assert partnership.entries(procurement).count("FormPrepared") == 2
    assert all(verdict.ok for verdict in partnership.verify())


def test_whoever_comes_back_to_a_start_without_the_choice_is_led_to_the_questions(
    platform: Platform, visit: Visit
) -> None:
    answer = visit("lead").get("/procurements/start/from-choice")

    assert answer.headers["location"] == "/choose"


def test_a_choice_that_the_tables_do_not_allow_starts_nothing(
    partnership: Platform, visit: Visit
) -> None:
    visitor = visit("lead")
    fields = {
        **{f"choice.{name}": str(value) for name, value in ANSWERS.items()},
        "choice.market.solution_on_market": "yes",
        "choice.procedure": "innovation-partnership",
        "choice.reason": "Fordi.",
        "process": "innovation-partnership",
        "title": "Varm gate",
        "reference": "2026/78",
        "organisation": TOWN,
    }

    answer = visitor.press("/procurements/start", "/procurements/start", fields)

    assert answer.status_code == 409
    assert "2026/78" not in visitor.get("/procurements").text
    assert 'name="choice.procedure" value="innovation-partnership"' in answer.text


def test_whoever_is_not_signed_in_is_led_to_the_door(parts: object) -> None:
    visitor = Visitor.at(parts)  # type: ignore[arg-type]

    assert visitor.get("/choose").headers["location"].startswith("/sign-in")
    assert visitor.get("/rules").headers["location"].startswith("/sign-in")
