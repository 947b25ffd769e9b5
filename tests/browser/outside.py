"""A procurement that staff carry by what they do everywhere else, and people from outside who meet
it through the portal alone, each in a browser of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from engine.store import participants
from service.security.invitations import secret_of
from service.settings import Settings
from tests.support.api import Program
from tests.support.serving import served
from tests.support.staff import Staff, staffed


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
class House(Staff):
    """Those inside, and those from outside in browsers of their own: `guests`, by whatever the test
    calls them."""

    browser: Browser
    settings: Settings
    guests: dict[str, Guest] = field(default_factory=dict)

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
    with staffed(course, folder) as (run, platform, parts), served(parts) as base:
        settings = replace(parts.settings, base_url=base)
        made = House(run, platform, Program.at(parts), browser, settings)
        yield made
        for guest in made.guests.values():
            guest.page.context.close()
