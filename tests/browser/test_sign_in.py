"""The whole way in and out in a real browser, which holds us to our own rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from engine.clock import SystemClock
from tests.support.openid import Town, town
from tests.support.platform import Platform

pytestmark = pytest.mark.browser


@pytest.fixture
def site(platform: Platform, tmp_path: Path) -> Iterator[Town]:
    platform.clock.set(SystemClock().now())
    with town(platform, tmp_path) as found:
        yield found


@pytest.mark.parametrize("javascript", [True, False])
def test_people_come_in_through_the_provider_and_out_on_both_sides(
    site: Town, chromium: Browser, javascript: bool
) -> None:
    context = chromium.new_context(
        base_url=site.url, locale="nb-NO", java_script_enabled=javascript
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.location['url']} {message.text}"))

    page.goto("/procurements")
    page.get_by_role("link", name="Logg inn med Prøvekommunen").click()
    page.get_by_label("Name").fill("kari")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.url}/procurements")
    page.get_by_role("link", name="Kari Nordmann").click()
    page.get_by_text("Med Prøvekommunen, på sikkerhetsnivå 2 av 3").wait_for()
    assert [each for each in said if each.startswith(site.url)] == []
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_url(f"{site.issuer}/session/end**")
    page.get_by_role("button", name="Yes, sign me out").click()
    page.wait_for_url(f"{site.url}/signed-out**")

    assert page.get_by_role("heading", name="Du er logget ut").is_visible()
    page.goto("/tasks")
    assert "/sign-in" in page.url
    context.close()
