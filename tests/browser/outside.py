"""A procurement that staff carry by what they do everywhere else, and people from outside who meet
it through the portal alone, each in a browser of their own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Locator, Page

from engine.bpmn.cache import DefinitionCache
from engine.model.records import TaskRecord
from engine.scenarios.model import Act, Step
from engine.scenarios.reading import read_scenario
from engine.scenarios.runner import STEPS, Run, play
from engine.scenarios.world import Worlds
from engine.store import participants, tasks
from service.security.invitations import secret_of
from service.settings import Settings
from service.wiring import load_files
from tests.support.api import Program
from tests.support.platform import Platform
from tests.support.serving import served
from tests.support.web import make_parts

ROOT: Final = Path(__file__).parents[2]


@dataclass(slots=True)
class Guest:
    """Somebody from outside in a browser of his or her own; `seen` is every page that was shown."""

    page: Page
    name: str
    seen: list[str] = field(default_factory=list)

    def come_in(self, code: str) -> None:
        """Type the code from the invitation, read what it is for, and come in."""
        self.go("/join")
        self.page.get_by_label("Kode", exact=True).fill(code)
        self.press("Fortsett", done="")
        called = self.page.get_by_label("Hva vil du kalles?")
        if called.count():
            called.fill(self.name)
        self.press("Bli med", done="Velkommen")

    def go(self, address: str) -> None:
        self.page.goto(address)
        self.seen.append(self.page.content())

    def press(self, button: str, *, done: str, within: Locator | None = None) -> None:
        """Press a button, and read the page that answers; `done` is in what it says was done."""
        place = self.page.locator("main") if within is None else within
        with self.page.expect_navigation():
            place.get_by_role("button", name=button, exact=True).click()
        self.seen.append(self.page.content())
        if done:
            assert done in self.told, f"{button}: {self.page.locator('main').inner_text()}"

    @property
    def told(self) -> str:
        return self.page.locator("main [role=status]").inner_text()

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def follow(self, link: str) -> None:
        """Press a link of the page."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("link", name=link, exact=True).click()
        self.seen.append(self.page.content())

    def section(self, heading: str) -> Locator:
        """The part of the page under a heading that begins so."""
        return self.page.locator("section", has=self.page.get_by_role("heading", name=heading))


@dataclass(slots=True)
class House:
    """Those inside: the driver of scenarios carries the tasks, the API what staff do beside them.

    `guests` are those from outside, by whatever the test calls them."""

    run: Run
    platform: Platform
    program: Program
    browser: Browser
    settings: Settings
    guests: dict[str, Guest] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/procurements/{self.run.procurement}"

    def until(self, element: str) -> None:
        """Do what is usual until the element is open."""
        self._step("carry-on", element)

    def do(self, element: str, branch: str = "", **act: Any) -> None:
        self._step("do", element, branch, Act(**act))

    def confirm(self, element: str) -> None:
        self._step("confirm", element)

    def later(self, **period: int) -> None:
        """Let so much time pass; what falls due on the way happens."""
        self._step("wait-until", "", at=timedelta(**period))

    def refused(self, element: str, check: str, **act: Any) -> None:
        """The gate stays closed, and names the check."""
        options = {"because": "gate-closed", "check": check}
        self._step("refused", {"do": element}, "", Act(**act), options)

    def _step(
        self,
        verb: str,
        subject: Any,
        branch: str = "",
        act: Act | None = None,
        options: Mapping[str, Any] | None = None,
        at: timedelta | None = None,
    ) -> None:
        STEPS[verb](self.run, Step(verb, subject, 0, at, act or Act(), branch, options or {}))
        assert self.run.failures == []

    def post(self, person: str, path: str, content: Any = None) -> Any:
        """An act of one of the staff beside the tasks; what the API answers."""
        self.program.sign_in(person)
        answer = self.program.post(f"{self.path}{path}", content)
        assert answer.is_success, answer.text
        return answer.json()

    def get(self, person: str, path: str) -> Any:
        """What one of the staff reads of the procurement."""
        return self.asked(person, f"{self.path}{path}")

    def asked(self, person: str, path: str) -> Any:
        self.program.sign_in(person)
        answer = self.program.get(path)
        assert answer.is_success, answer.text
        return answer.json()

    def databases(self) -> list[Path]:
        """All files of the database, as somebody who took a copy would have them."""
        file = Path(self.platform.store.database.url.database or "")
        return sorted(file.parent.glob(f"{file.name}*"))

    def task(self, element: str) -> TaskRecord:
        with self.platform.store.reader() as connection:
            found = tasks.open_of(connection, self.run.procurement)
        return next(each for each in found if each.element == element)

    def invite(self, **invited: Any) -> str:
        """The code of a new invitation."""
        asked = {"invitations": [invited]}
        return str(self.post("lead", "/participants", asked)["doors"][0]["code"])

    def let_in(self, key: str, called: str = "", *, width: int = 1280, **invited: Any) -> Guest:
        """Invite somebody, who comes in."""
        context = self.browser.new_context(
            base_url=self.settings.base_url,
            viewport={"width": width, "height": 800},
            locale="nb-NO",
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        guest = self.guests[key] = Guest(page, called)
        guest.come_in(self.invite(**invited))
        return guest

    def let_back(self, key: str) -> Guest:
        """One who comes again. Whose stay has ended is told so, and comes in by a link that is
        mailed or, without an address, given by the lead."""
        guest = self.guests[key]
        guest.go("/portal")
        if not guest.page.url.endswith("/join"):
            return guest
        assert "Du er ikke inne lenger" in guest.text
        people = self.get("lead", "/participants")["participants"]
        place = next(each for each in people if each["name"] == guest.name)
        if place["email"]:
            guest.page.get_by_label("E-posten din").fill(place["email"])
            guest.press("Send ny lenke", done="er en ny lenke på vei")
            guest.come_in(self.mailed(place["email"]))
        else:
            again = {field: place[field] for field in ("role", "scope", "group", "name")}
            guest.come_in(self.invite(participant=place["id"], **again))
        return guest

    def mailed(self, address: str) -> str:
        """The code at the end of the link that was mailed last to the address."""
        with self.platform.store.reader() as connection:
            invited = participants.invitations_of(connection, self.run.procurement)
        key = [each.id for each in invited if each.email == address][-1]
        return secret_of(self.settings, key)


@contextmanager
def house(course: Path, folder: Path, browser: Browser) -> Iterator[House]:
    """A procurement that has begun, of the team and the habits of a scenario."""
    scenario = replace(read_scenario(course), steps=())
    with Worlds(DefinitionCache(load_files), folder).make(scenario, ROOT) as world:
        platform = Platform(world.store, world.bus, world.clock)
        parts = make_parts(platform, folder)
        # The driver alone moves the clock and fires what falls due.
        parts = replace(parts, settings=replace(parts.settings, tick_seconds=86_400))
        with served(parts) as base:
            run = play(scenario, world, "2026/1")
            settings = replace(parts.settings, base_url=base)
            made = House(run, platform, Program.at(parts), browser, settings)
            yield made
            for guest in made.guests.values():
                guest.page.context.close()
