"""What a form lacks is told in one place, and what takes time says that it works."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import Visit
from tests.support.platform import Platform


def test_what_an_act_lacks_is_told_together_in_the_order_of_the_form(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    page = visit("lead")
    page.goto(f"/procurements/{procurement}/acts/add-gathering")

    page.get_by_role("button", name="Se hva som vil skje").click()

    summary = page.locator("#faults")
    expect(summary).to_be_focused()
    assert summary.locator("a").all_inner_texts() == [
        "Fyll ut «Hva er møtet om?».",
        "Fyll ut «Begynner».",
        "Fyll ut «Slutter».",
    ]
    summary.locator("a").first.click()
    expect(page.locator("#f-name")).to_be_focused()
    page.keyboard.type("Avklaring")
    page.keyboard.press("Tab")
    expect(summary.locator("a")).to_have_count(2)
    expect(page.locator("#f-name")).not_to_have_attribute("aria-invalid", "true")


def test_what_a_group_of_choices_lacks_is_said_at_its_question(
    platform: Platform, visit: Visit
) -> None:
    platform.start()
    page = visit("lead")
    page.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("beforeend",
        '<form><fieldset><legend>Brukt?</legend><div><input type=radio name=used id=yes required>'
        + '<label for=yes>Ja</label></div></fieldset><button>Svar</button></form>')"""
    )

    page.get_by_role("button", name="Svar").click()

    expect(page.locator("legend + .faults")).to_have_text("Fyll ut «Brukt?».")
    expect(page.locator("#yes + label")).to_have_text("Ja")


def test_what_is_pressed_after_a_field_is_mended_is_pressed_although_its_fault_goes(
    platform: Platform, visit: Visit
) -> None:
    platform.start()
    page = visit("lead")
    page.goto("/tasks?list=roles&due=late")
    page.get_by_text("Lagre dette filteret").click()
    page.get_by_role("button", name="Lagre filteret").click()
    expect(page.locator("#faults")).to_be_focused()

    page.locator("#filter-name").fill("Sene oppgaver")
    page.get_by_role("button", name="Lagre filteret").click()

    expect(page.get_by_role("link", name="Sene oppgaver")).to_be_visible()


def slowly(page: Page, pattern: str) -> list[Request]:
    """What is posted there, which is let through only when the test says so."""
    held: list[Route] = []
    seen: list[Request] = []

    def hold(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        seen.append(route.request)
        held.append(route)

    page.route(re.compile(pattern), hold)
    page.expose_function("letThrough", lambda: [route.continue_() for route in held])
    return seen


def test_a_large_file_shows_that_it_is_under_way_and_is_sent_once(
    platform: Platform, visit: Visit, tmp_path: Path
) -> None:
    procurement = platform.start()
    file = tmp_path / "notat.txt"
    file.write_text("Notat. " * 200_000)
    page = visit("lead")
    page.goto(f"/procurements/{procurement}/documents")
    sent = slowly(page, "/attach$")

    page.locator("#attach").set_input_files(file)
    button = page.get_by_role("button", name="Last opp")
    button.click()
    expect(page.locator(".working[role=status]")).to_have_text(
        re.compile("Arbeider|Sender filene|Alt er sendt")
    )
    button.click(force=True)

    expect(button).to_have_attribute("aria-disabled", "true")
    assert len(sent) == 1
    page.evaluate("letThrough()")
    page.wait_for_url("**/documents?done=*")
    expect(page.get_by_role("link", name="notat.txt")).to_be_visible()


@pytest.mark.parametrize("content", ["MZ\x90\x00" * 200_000])
def test_a_large_file_that_is_refused_leads_to_the_page_that_says_why(
    platform: Platform, visit: Visit, tmp_path: Path, content: str
) -> None:
    procurement = platform.start()
    file = tmp_path / "program.exe"
    file.write_text(content, encoding="latin-1")
    page = visit("lead")
    page.goto(f"/procurements/{procurement}/documents")

    page.locator("#attach").set_input_files(file)
    page.get_by_role("button", name="Last opp").click()

    expect(page.locator("#problem")).to_be_visible()


def test_a_page_that_is_worked_out_says_that_it_is_under_way(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    page = visit("lead")
    page.goto(f"/procurements/{procurement}")
    page.route(re.compile("/plan$"), lambda route: route.fulfill(status=204))

    page.get_by_role("link", name="Se framdriftsplanen").click()

    expect(page.locator(".working[role=status]")).to_have_text("Arbeider …")


def test_an_export_says_when_it_is_there(platform: Platform, visit: Visit) -> None:
    platform.start()
    page = visit("lead")
    page.goto("/procurements")

    with page.expect_download() as coming:
        page.locator("a[data-makes]", has_text="CSV").click()

    assert coming.value.suggested_filename.endswith(".csv")
    expect(page.locator(".working[role=status]")).to_have_text("Filen er laget og lastet ned.")
