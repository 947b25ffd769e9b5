"""Somebody who has a keyboard and no mouse: what is focused is seen, and everything is reached."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from playwright.sync_api import Page

from engine.forms.encoding import Posted

MOST_STOPS: Final = 400
"""So often one presses Tab before one gives up on a page."""
FIELDS: Final = "input:not([type=hidden]), select, textarea"
LOOK: Final = """() => {
  const stop = document.activeElement
  const rings = [stop, stop.closest(".ds-field")].filter(Boolean).some((each) => {
    const style = getComputedStyle(each)
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
    return outlined || style.boxShadow !== "none"
  })
  const box = stop.getBoundingClientRect()
  return {
    tag: stop.tagName, type: stop.type ?? "", name: stop.name ?? "", value: stop.value ?? "",
    checked: stop.checked ?? false, href: stop.getAttribute("href") ?? "",
    form: stop.form?.getAttribute("action") ?? "", person: stop.form?.elements.person?.value ?? "",
    alters: stop.getAttribute("formaction") ?? "", about: stop.textContent.trim().slice(0, 60),
    seen: rings && box.bottom > 0 && box.top < innerHeight,
  }
}"""
Stop = dict[str, Any]


class Keyboard:
    """Drives a page by Tab, Enter, Space, arrows and letters alone. `unseen` are the places whose
    focus could not be seen, which a test holds to be none."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.unseen: set[str] = set()

    def to(self, wanted: Callable[[Stop], bool]) -> Stop:
        """Tab until the focus is on what is wanted; raises AssertionError where it never is."""
        for _ in range(MOST_STOPS):
            stop = self.tab()
            if wanted(stop):
                return stop
        raise AssertionError(f"The keyboard does not lead there on {self._page.url}.")

    def tab(self) -> Stop:
        self._page.keyboard.press("Tab")
        stop: Stop = self._page.evaluate(LOOK)
        if stop["tag"] != "BODY" and not stop["seen"]:
            self.unseen.add(f"{self._page.url}: {stop['tag']} {stop['name']} {stop['about']}")
        return stop

    def enter(self) -> None:
        """Press what has the focus, and be on the page that comes."""
        with self._page.expect_navigation():
            self._page.keyboard.press("Enter")

    def sign_in(self, person: str) -> None:
        """Leave whoever was here, and come as somebody else. Where the session has ended meanwhile,
        the page that says so leads to the sign-in."""
        if self._page.get_by_role("button", name="Logg ut").count():
            self.to(lambda stop: stop["form"] == "/sign-out")
            self.enter()
            if not self._page.url.endswith("/sign-in"):
                self.to(lambda stop: stop["href"].startswith("/sign-in"))
                self.enter()
        else:
            self._page.goto("/sign-in")
        self.to(lambda stop: stop["person"] == person and stop["tag"] == "BUTTON")
        self.enter()

    def fill(self, values: Posted) -> Stop:
        """Fill in the form, round the page as often as it takes; the focus ends on the button that
        hands it in."""
        self._make_rows(values)
        fields = self._page.locator(FIELDS)
        there = set(fields.evaluate_all("fields => fields.map(field => field.name)"))
        left = {name: list(wanted) for name, wanted in values.items() if name in there}
        while left:
            stop = self.to(lambda each: _is_left(each, left))
            self._answer(stop, left[stop["name"]])
            if stop["type"] == "checkbox":
                left[stop["name"]].remove(stop["value"])
            if stop["type"] != "checkbox" or not left[stop["name"]]:
                del left[stop["name"]]
        return self.to(_hands_in)

    def _make_rows(self, values: Posted) -> None:
        for name in values:
            head, _, number = name.rpartition(".")
            if number.isdecimal() and not self._page.locator(f"[name='{name}']").count():
                self.to(lambda stop, add=f"add:{head}": stop["value"] == add)  # type: ignore[misc]
                self._page.keyboard.press("Enter")
                self._page.locator(f"[name='{name}']").wait_for(state="attached")

    def _answer(self, stop: Stop, wanted: list[str]) -> None:
        press = self._page.keyboard.press
        if stop["type"] == "checkbox":
            if not stop["checked"]:
                press("Space")
        elif stop["type"] == "radio":
            self._turn(wanted[0], "Space", stop)
        elif stop["tag"] == "SELECT":
            self._turn(wanted[0], "Home", stop)
        else:
            press("Control+a")
            self._page.keyboard.type(wanted[0])

    def _turn(self, wanted: str, first: str, stop: Stop) -> None:
        """Choose with the arrows among options or radio buttons."""
        self._page.keyboard.press(first)
        for _ in range(MOST_STOPS):
            if self._page.evaluate(LOOK)["value"] == wanted:
                return
            self._page.keyboard.press("ArrowDown")
        raise AssertionError(f"The arrows do not lead to {wanted} in {stop['name']}.")


def _is_left(stop: Stop, left: Mapping[str, list[str]]) -> bool:
    """Whether the focus is on a field, or on a box among several, that is still to be answered."""
    wanted = left.get(stop["name"], [])
    return bool(wanted) and (stop["type"] != "checkbox" or stop["value"] in wanted)


def _hands_in(stop: Stop) -> bool:
    return stop["name"] == "_action" and stop["value"] == "complete"
