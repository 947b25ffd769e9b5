"""What only a real browser can tell: that pages work without scripts, by keyboard, and narrow."""

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Visit
from tests.support.platform import Platform

pytestmark = pytest.mark.browser


def pages_asked_for(page: Page) -> list[str]:
    """Method and path of each document that the page asks for from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.resource_type == "document":
            asked.append(f"{request.method} {request.url.split('/', 3)[3].split('?')[0]}")

    page.on("request", note)
    return asked


def test_a_task_is_done_without_javascript_in_three_requests(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")
    page = visit("lead", javascript=False)
    asked = pages_asked_for(page)

    page.get_by_role("link", name="Describe").click()
    page.get_by_label("Tittel").fill("Trygg badeplass")
    page.get_by_role("button", name="Fullfør oppgaven").click()

    expect(page.get_by_role("status")).to_have_text("Oppgaven er fullført.")
    assert asked == [f"GET tasks/{task.id}", f"POST tasks/{task.id}", "GET tasks"]
    assert [each.element for each in platform.open(procurement)] == ["draft"]


def test_claiming_from_the_list_leads_to_the_task(platform: Platform, visit: Visit) -> None:
    task = platform.task(platform.start(), "describe")
    page = visit("lead", javascript=False)

    page.get_by_role("button", name="Ta oppgaven").click()

    expect(page.get_by_text("Tatt av Lead.")).to_be_visible()
    assert f"/tasks/{task.id}" in page.url


def test_a_refused_form_puts_the_focus_on_what_to_mend(platform: Platform, visit: Visit) -> None:
    task = platform.task(platform.start(), "describe")
    page = visit("lead")
    page.goto(f"/tasks/{task.id}")

    page.get_by_role("button", name="Fullfør oppgaven").click()
    expect(page.locator("#faults")).to_be_focused()
    page.get_by_role("link", name="Fyll ut «Tittel».").click()

    expect(page.locator("#f-title")).to_be_focused()


def test_a_draft_that_is_kept_meanwhile_takes_the_focus_from_nobody(
    platform: Platform, visit: Visit
) -> None:
    task = platform.task(platform.start(), "describe")
    page = visit("lead")
    page.goto(f"/tasks/{task.id}")
    page.get_by_role("button", name="Fullfør oppgaven").click()
    mend = page.get_by_role("link", name="Fyll ut «Tittel».")
    mend.focus()
    said_anew = page.evaluate(
        """() => {
          const seen = [];
          new MutationObserver((changes) => seen.push(...changes)).observe(
            document.getElementById("faults-place"), { childList: true });
          document.getElementById("f-title").form.dispatchEvent(new Event("refreshed"));
          return new Promise((done) => setTimeout(() => done(seen.length)));
        }"""
    )

    expect(mend).to_be_focused()
    assert said_anew == 0


def test_a_task_can_be_done_by_keyboard_alone(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")
    page = visit("lead")
    page.goto(f"/tasks/{task.id}")

    page.locator("#f-title").focus()
    page.keyboard.type("Trygg badeplass")
    while page.evaluate("document.activeElement.value") != "complete":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks?done=completed")

    assert [each.element for each in platform.open(procurement)] == ["draft"]


def test_the_picture_of_a_plan_is_scrolled_with_the_keyboard_alone(
    platform: Platform, visit: Visit
) -> None:
    page = visit("lead", width=320, javascript=False)
    page.goto(f"/procurements/{platform.start()}/plan")
    region = page.get_by_role("region", name="Planen som bilde")

    region.focus()
    for _ in range(50):  # Chromium drops what is pressed before it has drawn the page
        page.keyboard.press("ArrowRight")
        if region.evaluate("region => region.scrollLeft") > 0:
            break
        page.wait_for_timeout(100)

    assert page.evaluate("document.activeElement.scrollLeft") > 0
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert region.locator("svg title").first.text_content() == "Planen som bilde"


@pytest.mark.parametrize("javascript", [True, False])
def test_one_searches_by_keyboard_alone(platform: Platform, visit: Visit, javascript: bool) -> None:
    procurement = platform.start()
    page = visit("lead", javascript=javascript)

    page.get_by_role("searchbox", name="Søk i alt du har tilgang til").focus()
    page.keyboard.type("badeplassen")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Søk").wait_for()
    page.get_by_role("link", name="Badeplass", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/procurements/{procurement}")

    assert page.get_by_role("heading", name="Badeplass").first.is_visible()


def test_no_page_breaks_its_own_content_security_policy(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    gate = platform.to_gate(procurement)
    page = visit("lead")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    for path in ("/tasks", f"/tasks/{gate.id}", f"/procurements/{procurement}", "/processes"):
        page.goto(path)
    page.goto(f"/procurements/{procurement}/plan")

    assert said == []
