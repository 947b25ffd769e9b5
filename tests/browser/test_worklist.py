"""The list of tasks in a real browser: what is ticked stays ticked, with and without scripts."""

import pytest

from tests.browser.conftest import Visit
from tests.support.platform import GOOD_NEED, Platform

pytestmark = pytest.mark.browser


def drafts(platform: Platform, count: int = 3) -> list[str]:
    procurements = [platform.start(reference=f"2026/{number}") for number in range(count)]
    for procurement in procurements:
        platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    return procurements


def test_what_is_ticked_stays_ticked_while_a_task_is_opened(
    platform: Platform, visit: Visit
) -> None:
    drafts(platform)
    page = visit("owner")
    page.goto("/tasks?list=roles&due=none")
    boxes = page.get_by_role("checkbox")

    boxes.nth(0).check()
    boxes.nth(2).check()
    page.get_by_role("link", name="Draft").nth(1).click()
    page.get_by_role("navigation", name="Hovedmeny").get_by_role("link", name="Mine").click()

    assert [boxes.nth(place).is_checked() for place in range(3)] == [True, False, True]
    assert page.get_by_text("2 oppgaver er valgt.").is_visible()
    assert page.get_by_label("Frist").input_value() == "none"


def test_several_tasks_are_taken_by_keyboard_and_ticked_no_more(
    platform: Platform, visit: Visit
) -> None:
    procurements = drafts(platform)
    page = visit("owner")
    boxes = page.get_by_role("checkbox")

    for place in range(2):
        boxes.nth(place).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Ta", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ta 2 oppgaver").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks?done=bulk-claim&undo=*")

    taken = [platform.task(each, "draft").assignee for each in procurements]
    assert sorted(taken) == ["", "owner", "owner"]
    assert not any(boxes.nth(place).is_checked() for place in range(3))


def test_several_tasks_are_taken_without_scripts(platform: Platform, visit: Visit) -> None:
    procurements = drafts(platform)
    page = visit("owner", javascript=False, width=320)

    for place in range(3):
        page.get_by_role("checkbox").nth(place).check()
    page.get_by_role("button", name="Ta", exact=True).click()
    page.get_by_role("button", name="Ta 3 oppgaver").click()
    page.get_by_text("Oppgavene er dine.").wait_for()

    taken = {platform.task(each, "draft").assignee for each in procurements}
    assert taken == {"owner"}
    assert page.evaluate("document.documentElement.scrollWidth") == 320
