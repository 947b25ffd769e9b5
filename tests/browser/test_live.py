"""What reaches a page while it is open, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from engine.commands.comments import AddComment
from tests.browser.conftest import Visit
from tests.support.platform import GOOD_NEED, Platform

pytestmark = pytest.mark.browser


@pytest.fixture
def procurement(platform: Platform) -> str:
    return platform.start()


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What a page says on its console: nothing, when all is well."""
    lines: list[str] = []
    yield lines
    assert lines == []


def listen(page: Page, said: list[str]) -> Page:
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return page


def test_the_count_in_the_head_changes_while_the_page_is_open(
    platform: Platform, procurement: str, visit: Visit, said: list[str]
) -> None:
    page = listen(visit("owner"), said)
    page.goto("/processes")
    assert page.locator("#bell .badge").count() == 0

    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    page.locator("#bell .badge").wait_for()
    assert page.locator("#bell").inner_text().startswith("Varsler")


def test_a_page_says_that_it_is_out_of_date_and_loads_itself_again(
    platform: Platform, procurement: str, visit: Visit, said: list[str]
) -> None:
    page = listen(visit("lawyer"), said)
    page.goto(f"/procurements/{procurement}")

    platform.act("lead", AddComment(procurement, "Se på behovet."))
    page.get_by_role("status").get_by_role("link", name="Last inn på nytt").click()

    page.get_by_text("Se på behovet.").first.wait_for()
    assert page.url.endswith(f"/procurements/{procurement}")
    assert page.locator("#changed a").count() == 0


def test_the_task_list_says_that_it_is_out_of_date(
    platform: Platform, procurement: str, visit: Visit, said: list[str]
) -> None:
    page = listen(visit("owner"), said)

    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    page.locator("#changed a").wait_for()


def test_one_reads_with_the_keyboard_while_the_count_changes(
    platform: Platform, procurement: str, visit: Visit
) -> None:
    page = visit("owner")
    page.locator("#bell a").focus()

    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    page.locator("#bell .badge").wait_for()

    assert page.evaluate("document.activeElement.getAttribute('href')") == "/notifications"


def test_without_javascript_the_inbox_is_read_and_emptied(
    platform: Platform, procurement: str, visit: Visit
) -> None:
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    page = visit("owner", width=320, javascript=False)

    page.get_by_role("link", name="Varsler").click()
    page.get_by_role("button", name="Marker alle som lest").click()

    expect(page.get_by_role("status").filter(has_text="merket som lest")).to_be_visible()
    assert page.locator("#bell .badge").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 320
