"""A real server and a real Chromium."""

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from service.app import create_app
from service.settings import Settings
from service.wiring import Parts
from tests.support.platform import Platform

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


@pytest.fixture
def address(platform: Platform, tmp_path: Path) -> Iterator[str]:
    """Where the application on the small process listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = Settings(tmp_path, "sqlite://", url, demo=True)
        definitions = platform.bus.environment.definitions
        parts = Parts(settings, platform.store, platform.bus, platform.clock, definitions)
        server = uvicorn.Server(
            uvicorn.Config(create_app(settings, parts), log_level="error", ws="none")
        )
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield url
        server.should_exit = True
        thread.join()


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
