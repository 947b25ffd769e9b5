"""Draws docs/pictures: each model as SVG, and the main pages as they look in Chromium.

    .venv/bin/python tools/pictures.py [--models]

With `--models` only the models are drawn; that needs no browser and no server.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from engine.bpmn.diagram import PAPER, render_svg

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PORT = 8137
BASE = f"http://127.0.0.1:{PORT}"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 780}
UNREST = 12
"""Seconds after which the letters of the demonstration have left: pages open meanwhile would say
that something has changed."""


def main() -> int:
    draw_models()
    if "--models" not in sys.argv[1:]:
        photograph_pages()
    return 0


def drawn(model: Path) -> str:
    """The model's picture, black on white so that it reads anywhere."""
    return render_svg(model.read_bytes(), title=model.stem, palette=PAPER) + "\n"


def draw_models() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for model in sorted(ROOT.glob("processes/*/*.bpmn")):
        (PICTURES / f"{model.stem}.svg").write_text(drawn(model), "utf-8")


def photograph_pages() -> None:
    """The pages a newcomer sees first, on fresh demonstration data."""
    with tempfile.TemporaryDirectory() as data:
        environment = {**os.environ, "PIVOTAL_DATA": data}
        pivotal = Path(sys.executable).parent / "pivotal"
        command = [pivotal, "serve", "--demo", "--port", str(PORT)]
        server = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            wait_for_server()
            time.sleep(UNREST)
            take_pictures()
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_for_server() -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{BASE}/sign-in", timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The server did not come up within two minutes.")


def take_pictures() -> None:
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        for name, person, go in PAGES:
            for suffix, size in (("", WIDE), ("-narrow", NARROW)):
                context = browser.new_context(viewport=size, locale="nb-NO")
                page = context.new_page()
                sign_in(page, person)
                go(page)
                page.screenshot(path=PICTURES / f"{name}{suffix}.png", full_page=not suffix)
                context.close()
        browser.close()


def sign_in(page: Page, person: str) -> None:
    page.goto(f"{BASE}/sign-in")
    if person:
        page.locator(f'form:has(input[name="person"][value="{person}"]) button').click()
        page.wait_for_load_state()


def at(path: str) -> Callable[[Page], object]:
    return lambda page: page.goto(BASE + path)


def first_of(path: str, links: str) -> Callable[[Page], object]:
    """Follow the first link on `path` that matches the CSS selector."""

    def go(page: Page) -> None:
        page.goto(BASE + path)
        page.locator(links).first.click()
        page.wait_for_load_state()

    return go


# The first row of the list.
PROCUREMENT = "main tbody a[href^='/procurements/']"
NAMES = {"citizen": "Kim Prøve", "supplier": "Rydd Prøve AS"}
BATHING = "Trygg badeplass"
ROUND = "Digitalt tilsyn om natten"
REQUESTS = "Selvgående snøbrøyter"
AWARDED = "Varsling av fall på sykehjem"


def of(title: str, part: str) -> Callable[[Page], object]:
    """A page of the procurement with this title."""

    def go(page: Page) -> None:
        page.goto(BASE + address_of(page, title) + part)

    return go


def address_of(page: Page, title: str) -> str:
    page.goto(f"{BASE}/procurements")
    return str(page.locator(f"main tbody a:has-text('{title}')").first.get_attribute("href"))


def outside(title: str, role: str, path: str, scope: str = "") -> Callable[[Page], object]:
    """A page of the portal, as somebody whom the lead invites."""

    def go(page: Page) -> None:
        token = page.request.get(f"{BASE}/api/v1/me").json()["csrf_token"]
        invited = page.request.post(
            f"{BASE}/api/v1{address_of(page, title)}/participants",
            data={"invitations": [{"role": role, "scope": scope, "name": NAMES[role]}]},
            headers={"X-CSRF-Token": token, "Origin": BASE},
        )
        page.goto(f"{BASE}/join/{invited.json()['doors'][0]['code']}")
        for name in page.locator("main form input[name=name]").all():
            name.fill(NAMES[role])
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/portal?done=joined")
        page.goto(BASE + path)

    return go


def then(part: str) -> Callable[[Page], object]:
    """A page of the first procurement."""

    def go(page: Page) -> None:
        first_of("/procurements", PROCUREMENT)(page)
        page.goto(page.url.split("?")[0] + part)

    return go


PAGES = (
    ("sign-in", "", at("/sign-in")),
    ("tasks", "leder", at("/tasks")),
    ("procurements", "leder", at("/procurements")),
    (
        "procurement",
        "leder",
        first_of("/procurements", PROCUREMENT),
    ),
    ("contributions", "leder", of(BATHING, "/contributions")),
    ("participants", "leder", of(BATHING, "/participants")),
    ("polls", "leder", of(BATHING, "/polls")),
    ("market", "leder", of(BATHING, "/market")),
    ("involvement", "leder", of(BATHING, "/involvement")),
    ("trace", "leder", of(AWARDED, "/trace")),
    ("indicators", "leder", of(BATHING, "/indicators")),
    ("rounds", "leder", of(ROUND, "/rounds")),
    ("receipts", "mottak", of(REQUESTS, "/receipts")),
    ("evaluation-page", "leder", of(AWARDED, "/evaluation")),
    ("portal-citizen", "leder", outside(BATHING, "citizen", "/portal")),
    ("portal-dialogue", "leder", outside(ROUND, "supplier", "/portal/dialogue", "910000001")),
    ("portal-submit", "leder", outside(REQUESTS, "supplier", "/portal/submissions", "910000020")),
    ("plan", "leder", then("/plan")),
    ("choice", "leder", at("/choose")),
    ("task", "leder", first_of("/tasks", "main a[href^='/tasks/']")),
    ("gate", "budsjett", first_of("/tasks", "main a[href^='/tasks/']")),
    ("start", "leder", at("/procurements/start")),
    ("processes", "designer", at("/processes")),
)

if __name__ == "__main__":
    sys.exit(main())
