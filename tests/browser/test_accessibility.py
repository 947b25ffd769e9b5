"""axe finds nothing on the main pages, in light and in dark colours."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from engine.bpmn.bundle import collect
from engine.commands.deployments import DeployProcess
from engine.model.actor import SYSTEM
from tests.browser.conftest import Visit
from tests.support.platform import TOWN, Platform

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
AXE = ROOT / "service/frontend/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PARTS = (
    "",
    "/team",
    "/suppliers",
    "/documents",
    "/decisions",
    "/timeline",
    "/log",
    "/audit",
    "/plan",
    "/contributions",
    "/trace",
    "/participants",
    "/evaluation",
)
ACCOUNT = ("/account", "/notifications", "/notifications/choices")
OF_ALL = ("/tasks", "/procurements", "/procurements/start?process=small", "/processes", "/rules")
ELSE = ("/choose", "/search?q=badeplass", "/accessibility", "/nowhere", "/api/v1")


def look(page: Page) -> list[str]:
    """What axe finds: rule, where, and what to do."""
    page.wait_for_function("document.readyState === 'complete'")
    page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    assert found["passes"], "axe has looked at nothing"
    return [
        f"{fault['id']}: {node['target']}: {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def faults(page: Page, paths: Iterable[str]) -> dict[str, list[str]]:
    """What axe finds by page; pages without a fault are left out."""
    found = {}
    for path in paths:
        page.goto(path)
        found[path] = look(page)
    return {path: each for path, each in found.items() if each}


@pytest.fixture
def procurement(platform: Platform) -> str:
    """On the small process, at its gate; the tables of the choice are there too."""
    files = collect(ROOT / "processes" / "procedure-choice").files
    platform.bus.handle(DeployProcess("procedure-choice", files, TOWN), SYSTEM)
    started = platform.start()
    platform.to_gate(started)
    return started


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_main_pages(
    procurement: str, platform: Platform, visit: Visit, scheme: str
) -> None:
    page = visit("lead")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto("/processes")
    version = str(page.locator("main table a").first.get_attribute("href"))
    gate = f"/tasks/{platform.task(procurement, 'approve').id}"
    parts = [f"/procurements/{procurement}{part}" for part in PARTS]

    assert faults(page, [*OF_ALL, *ACCOUNT, *ELSE, version, gate, *parts]) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_task_before_and_after_a_refusal(
    platform: Platform, visit: Visit, scheme: str
) -> None:
    task = platform.task(platform.start(), "describe")
    page = visit("lead")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"/tasks/{task.id}")
    before = look(page)

    page.get_by_role("button", name="Fullfør oppgaven").click()
    page.locator("#faults").wait_for()

    assert (before, look(page)) == ([], [])


def test_axe_finds_nothing_on_a_refused_choice(procurement: str, visit: Visit) -> None:
    page = visit("lead")
    page.goto("/choose")

    page.locator("main form button[type=submit]").last.click()

    assert look(page) == []


def test_axe_finds_nothing_before_anybody_has_come_in(visit: Visit) -> None:
    page = visit("lead")
    page.context.clear_cookies()

    assert faults(page, ["/sign-in", "/signed-out", "/join", "/join/nonsense"]) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_portal(procurement: str, visit: Visit, scheme: str) -> None:
    lead = visit("lead")
    lead.goto(f"/procurements/{procurement}/participants")
    lead.locator("select[name=role]").select_option("citizen")
    lead.locator("form[action$='/participants/invite'] button[type=submit]").click()
    invited = look(lead)
    link = str(lead.locator("a[href*='/join/']").first.get_attribute("href"))
    lead.context.clear_cookies()
    lead.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    lead.goto(link)
    door = look(lead)

    lead.locator("main form button[type=submit]").first.click()
    lead.wait_for_url("**/portal?done=joined")

    assert (invited, door, look(lead)) == ([], [], [])
