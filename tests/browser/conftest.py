"""A real server and a real Chromium."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.stage import Stage, make_stage
from tests.support.platform import Platform
from tests.support.serving import served
from tests.support.web import make_parts

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, or else the one that Playwright brought."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def stage(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The stage that pages are looked at on; a test that acts on it makes no page look another."""
    with make_stage(tmp_path_factory.mktemp("stage"), chromium) as made:
        yield made


@pytest.fixture
def address(platform: Platform, tmp_path: Path) -> Iterator[str]:
    """Where the application on the small process listens."""
    with served(make_parts(platform, tmp_path)) as url:
        yield url


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visit]:
    """Sign in as a person, on a screen of some width, with or without JavaScript."""
    contexts = []

    def open_page(person: str, *, width: int = 1280, javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=address,
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            locale="nb-NO",
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.locator(f"input[name=person][value={person}] + button").click()
        return page

    yield open_page
    for context in contexts:
        context.close()
