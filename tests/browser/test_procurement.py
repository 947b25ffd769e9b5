"""The page of a procurement in a real browser: the live drawing, and the same without it."""

import re

import pytest
from playwright.sync_api import expect

from engine.commands.deployments import DeployProcess
from engine.commands.procurements import StartProcurement
from engine.model.actor import SYSTEM
from tests.browser.conftest import Visit
from tests.support.calling import CALLING, calling_process
from tests.support.platform import GOOD_NEED, TEAM, TOWN, Platform

pytestmark = pytest.mark.browser


@pytest.fixture
def calling(platform: Platform) -> str:
    """A procurement whose process is in a block that it calls."""
    platform.bus.handle(DeployProcess(CALLING, calling_process(), TOWN), SYSTEM)
    command = StartProcurement(CALLING, "Badeplass", TOWN, "2026/7", TEAM)
    return str(platform.act("lead", command)["procurement"])


def test_the_live_drawing_shows_where_the_tokens_are(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    page = visit("lead")

    page.goto(f"/procurements/{procurement}")

    expect(page.locator(".viewer [data-element-id=draft].is-active")).to_be_visible()
    expect(page.locator(".viewer [data-element-id=describe].is-done")).to_be_visible()
    expect(page.locator(".viewer .token.is-active")).to_have_text("1")
    expect(page.locator("#plain-drawings")).to_be_hidden()
    expect(page.get_by_role("img", name=re.compile("Draft: pågår"))).to_be_visible()


def test_the_watermark_stays_in_full_view(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    page = visit("lead")
    page.goto(f"/procurements/{procurement}")
    mark = page.locator(".bjs-powered-by")
    expect(mark).to_be_visible()
    mark.scroll_into_view_if_needed()

    on_top = mark.evaluate(
        "mark => { const box = mark.getBoundingClientRect();"
        " const x = box.x + box.width / 2, y = box.y + box.height / 2;"
        " return mark.contains(document.elementFromPoint(x, y)); }"
    )

    assert on_top


def test_a_block_is_opened_and_left_again_with_the_keyboard(calling: str, visit: Visit) -> None:
    page = visit("lead")
    page.goto(f"/procurements/{calling}")
    opens = page.get_by_role("button", name="Åpne «Prosess block»")

    opens.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".viewer [data-element-id=inner].is-active")).to_be_visible()
    trail = page.get_by_role("navigation", name="Hvor i modellen tegningen er")
    trail.get_by_role("button").focus()
    page.keyboard.press("Enter")

    expect(opens).to_be_visible()
    expect(trail.get_by_role("button")).to_have_count(0)


def test_the_list_beside_the_drawing_leads_into_the_block(calling: str, visit: Visit) -> None:
    page = visit("lead")
    page.goto(f"/procurements/{calling}")
    expect(page.locator(".viewer .token").first).to_be_visible()

    page.locator(".places").get_by_role("link", name="Inner").click()

    expect(page.locator(".viewer [data-element-id=inner].selected")).to_be_visible()


def test_without_javascript_the_drawings_and_the_list_tell_the_same(
    calling: str, visit: Visit
) -> None:
    page = visit("lead", javascript=False)
    page.goto(f"/procurements/{calling}")

    expect(page.locator("#plain-drawings svg.bpmn").first).to_be_visible()
    expect(page.locator(".viewer")).to_be_hidden()
    page.locator("#plain-drawings summary", has_text="Prosess block").click()
    expect(page.locator("#plain-drawings [data-element=inner]")).to_be_visible()
    assert page.locator(".places").get_by_role("link", name="Inner").is_visible()


def test_a_narrow_screen_begins_with_the_plain_drawing(platform: Platform, visit: Visit) -> None:
    page = visit("lead", width=340)
    page.goto(f"/procurements/{platform.start()}")

    expect(page.locator("#plain-drawings")).to_be_visible()
    page.get_by_role("button", name="Vis den levende tegningen").click()

    expect(page.locator(".viewer .token.is-active")).to_be_visible()


def test_a_drawing_that_cannot_be_had_leaves_the_plain_ones(
    platform: Platform, visit: Visit
) -> None:
    page = visit("lead")
    page.route("**/model.bpmn*", lambda route: route.abort())

    page.goto(f"/procurements/{platform.start()}")

    expect(page.locator("#plain-drawings svg.bpmn").first).to_be_visible()
    expect(page.locator(".viewer")).to_be_hidden()


def test_names_are_drawn_in_the_readers_language(calling: str, visit: Visit) -> None:
    page = visit("lead")
    page.goto("/tasks")
    page.get_by_role("button", name="English").click()
    page.goto(f"/procurements/{calling}")

    expect(page.locator(".viewer [data-element-id=call] text")).to_have_text("Call the block")
    page.get_by_role("button", name="Open “Block”").click()
    expect(page.get_by_role("img", name=re.compile("Inner work: active"))).to_be_visible()


def test_an_act_is_looked_over_and_done_with_the_keyboard_and_without_javascript(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    page = visit("lead", javascript=False)
    page.goto(f"/procurements/{procurement}")

    page.get_by_role("link", name="Sett anskaffelsen på vent").press("Enter")
    expect(page.get_by_role("heading", name="Dette vil skje")).to_be_visible()
    expect(page.get_by_text("Oppgaver som må vente")).to_be_visible()
    page.get_by_label("Begrunnelse").fill("Venter på vedtak")
    page.get_by_role("button", name="Sett på vent").press("Enter")

    expect(page.get_by_role("status")).to_have_text("Anskaffelsen er satt på vent.")


@pytest.mark.parametrize("javascript", [True, False])
def test_the_links_to_more_pages_fold_on_a_narrow_screen_and_open_with_the_keyboard(
    platform: Platform, visit: Visit, javascript: bool
) -> None:
    procurement = platform.start()
    page = visit("lead", javascript=javascript)
    page.goto(f"/procurements/{procurement}")
    fold, contributions = page.locator(".areas summary"), page.get_by_role("link", name="Innspill")
    expect(contributions.first).to_be_visible()
    expect(fold).to_be_hidden()

    page.set_viewport_size({"width": 320, "height": 800})

    expect(contributions.first).to_be_hidden()
    fold.press("Enter")
    expect(contributions.first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
