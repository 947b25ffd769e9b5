"""Every page in every state: axe finds nothing in light and dark, and nothing is wider than a
screen of 320 px, which is one of 1280 px at 400 %."""

from pathlib import Path
from typing import Any, Final

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Page

from service.app import create_app
from service.pages.acting import ACTS
from tests.browser.stage import ROOT, Stage
from tests.browser.states import ELSEWHERE, PAGES, State
from tests.support.platform import Platform
from tests.support.web import make_parts

AXE: Final = (ROOT / "service/frontend/node_modules/axe-core/axe.min.js").read_text("utf-8")
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_LOOKS: Final = ["color-contrast", "link-in-text-block", "target-size"]
OF_WIDTH: Final = ["scrollable-region-focusable", "label", "empty-table-header", *OF_LOOKS]
ALL: Final = [
    pytest.param(state, id=f"{route} {state.name}")
    for route, states in (*PAGES.items(), ("elsewhere", ELSEWHERE))
    if not isinstance(states, str)
    for state in states
]


def look(page: Page, only: dict[str, Any]) -> list[str]:
    """What axe finds: rule, where, and what to do."""
    found: dict[str, Any] = page.evaluate("only => axe.run(document, {runOnly: only})", only)
    assert found["passes"], "axe has looked at nothing"
    return [
        f"{fault['id']}: {node['target']}: {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """What sticks out to the right of the screen, when the page can be scrolled sideways."""
    return page.evaluate(
        """() => {
          const wide = document.documentElement
          if (wide.scrollWidth <= wide.clientWidth) return []
          return [...document.querySelectorAll("body *")]
            .filter(each => each.getBoundingClientRect().right > wide.clientWidth + 1)
            .map(each => `${each.tagName} ${each.className}: ${each.textContent.slice(0, 40)}`)
            .slice(0, 8)
        }"""
    )


def doubled(page: Page) -> list[str]:
    """Ids that several elements have, so that labels and links find the wrong one."""
    return page.evaluate(
        """() => {
          const ids = [...document.querySelectorAll("[id]")].map(each => each.id)
          return ids.filter((each, at) => ids.indexOf(each) !== at)
        }"""
    )


@pytest.mark.browser
@pytest.mark.parametrize("state", ALL)
def test_a_page_can_be_used_by_everybody(stage: Stage, state: State) -> None:
    page = stage.go(state.person, state.address)
    state.prepare(page)
    page.wait_for_load_state()
    page.evaluate(AXE)

    light = look(page, {"type": "tag", "values": TAGS})
    page.emulate_media(color_scheme="dark")
    dark = look(page, {"type": "rule", "values": OF_LOOKS})
    page.set_viewport_size({"width": 320, "height": 800})
    narrow = look(page, {"type": "rule", "values": OF_WIDTH})

    if state.hours:
        stage.later(state.hours)
    assert (light, dark, narrow, too_wide(page), doubled(page)) == ([], [], [], [], [])


def test_every_page_is_looked_at_or_says_why_not(platform: Platform, tmp_path: Path) -> None:
    parts = make_parts(platform, tmp_path)
    app = create_app(parts.settings, parts)
    asked = {
        route.path
        for route in app.routes
        if isinstance(route, APIRoute) and "GET" in route.methods and not route.include_in_schema
    }

    assert asked == set(PAGES)


def test_every_act_of_a_lead_is_looked_at() -> None:
    states = PAGES["/procurements/{key}/acts/{act}"]

    assert not isinstance(states, str)
    looked_at = {state.address.split("/acts/")[1].split("?")[0] for state in states}
    assert looked_at == set(ACTS)
