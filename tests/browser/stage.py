"""The stage that pages are looked at on: one server, a procurement in the middle of its evaluation,
one that has just begun, guests from outside, and a browser page for each person who looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page

from engine.bpmn.cache import DefinitionCache
from engine.commands.comments import AddComment
from engine.commands.contributions import GiveContribution
from engine.commands.filters import SaveFilter
from engine.commands.intakes import OpenIntake
from engine.commands.knowledge import ShareMatter
from engine.commands.organisations import AddPerson, GrantRole
from engine.commands.participants import Invited, InviteParticipants
from engine.commands.procurements import StartProcurement
from engine.commands.tasks import ClaimTask, DelegateTask
from engine.model.actor import SYSTEM
from engine.queries.record import points_of
from engine.queries.view import View, find_procurement
from engine.scenarios.model import Scenario
from engine.scenarios.reading import read_scenario
from engine.scenarios.runner import play
from engine.scenarios.world import ORGANISATION, Worlds, seats
from engine.store import people, records
from engine.store.migrate import upgrade
from service.security.invitations import digest_of
from service.versions import load_files
from tests.support.platform import Platform
from tests.support.serving import served
from tests.support.web import make_parts

ROOT: Final = Path(__file__).parents[2]
COURSES: Final = ROOT / "processes/innovation-partnership/demonstration"
STEPS_TO_THE_AWARD: Final = 6
"""So many steps of a development lead past the award, whose evaluation can be looked at."""
STEPS_TO_THE_GATE: Final = 4
"""So many steps of the market dialogue lead to where the first gate is open; one more decides."""
TODAY: Final = date(2026, 11, 20)
NOBODY: Final = ""
GUESTS: Final = {"citizen": "KODEN-TIL-INNBYGGER", "supplier": "KODEN-TIL-LEVERANDOER"}
"""The secret that lets each guest in."""
OUTSIDE_THE_TEAM: Final = (
    ("revisor", "auditor"),
    ("designer", "process-designer"),
    ("designer", "administrator"),
    ("virksomhetsleder", "manager"),
    ("fremmed", ""),
)


@dataclass(slots=True)
class Stage:
    """`known` are the ids that addresses are filled in with: `evaluated` and `begun` are the two
    procurements."""

    platform: Platform
    base: str
    browser: Browser
    known: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    def go(self, person: str, address: str) -> Page:
        """The browser page of a person, of a guest by role, or of nobody yet, at an address."""
        page = self._page(person)
        page.set_viewport_size({"width": 1280, "height": 800})
        page.emulate_media(color_scheme="light")
        page.goto(address.format_map(self.known))
        return page

    def _page(self, person: str) -> Page:
        if person not in self.pages:
            page = self.browser.new_context(base_url=self.base, locale="nb-NO").new_page()
            page.set_default_timeout(20_000)
            self.pages[person] = page
            if person in GUESTS:
                page.goto(f"/join/{GUESTS[person]}")
                for name in page.locator("main form input[name=name]").all():
                    name.fill("Noen utenfra")
                page.locator("main form button[type=submit]").first.click()
                page.wait_for_url("**/portal?done=joined")
            elif person != NOBODY:
                page.goto("/sign-in")
                page.locator(f"input[name=person][value={person}] + button").click()
        return self.pages[person]

    def visit(self, person: str, address: str, *, javascript: bool) -> Page:
        """A window of its own for a person, with or without scripts, which the caller closes."""
        context = self.browser.new_context(
            base_url=self.base, locale="nb-NO", java_script_enabled=javascript
        )
        page = context.new_page()
        page.goto("/sign-in")
        page.locator(f"input[name=person][value={person}] + button").click()
        page.goto(address.format_map(self.known))
        return page

    def later(self, hours: int) -> None:
        self.platform.clock.set(self.platform.clock.now() + timedelta(hours=hours))


@contextmanager
def make_stage(folder: Path, browser: Browser) -> Iterator[Stage]:
    """A stage set for looking at pages; one is enough for all tests that change nothing on it."""
    course = read_scenario(COURSES / "evaluation.yaml", TODAY)
    other = read_scenario(COURSES / "market-dialogue.yaml", TODAY)
    with Worlds(DefinitionCache(load_files), folder, upgrade).make(course, ROOT) as world:
        gates = {
            name: play(replace(other, steps=other.steps[:steps]), world, reference).procurement
            for name, steps, reference in (
                ("gate", STEPS_TO_THE_GATE, "2026/103"),
                ("proposal", STEPS_TO_THE_GATE + 1, "2026/104"),
            )
        }
        won = read_scenario(COURSES / "development-phase-two.yaml", TODAY)
        won = replace(won, steps=won.steps[:STEPS_TO_THE_AWARD])
        awarded = play(won, world, "2026/105").procurement
        evaluated = play(course, world, "2026/101").procurement
        platform = Platform(world.store, world.bus, world.clock)
        known = _furnish(platform, course, evaluated)
        known["awarded"] = awarded
        for name, procurement in gates.items():
            known[name] = platform.task(procurement, "decide-start").id
        platform.act("behovseier", ClaimTask(known["gate"]))
        with served(make_parts(platform, folder)) as base:
            stage = Stage(platform, base, browser, known)
            yield stage
            for page in stage.pages.values():
                page.context.close()


def _furnish(platform: Platform, course: Scenario, evaluated: str) -> dict[str, str]:
    """What the course leaves out: people beside the team, another procurement, guests, words."""
    handle = platform.bus.handle
    for person in dict.fromkeys(each for each, _ in OUTSIDE_THE_TEAM):
        handle(AddPerson(ORGANISATION, person, person, f"{person}@x.test", person), SYSTEM)
    for person, role in OUTSIDE_THE_TEAM:
        if role:
            handle(GrantRole(person, ORGANISATION, role), SYSTEM)
    start = StartProcurement(
        "innovation-partnership", "Trygg badeplass", ORGANISATION, "2026/102", seats(course)
    )
    begun = str(platform.act("leder", start)["procurement"])
    _let_in(platform, evaluated)
    words = GiveContribution(evaluated, "need", "Varsle også om natta.", role="citizen")
    platform.act("innbygger", words)
    access = platform.task(evaluated, "assess-access")
    platform.act("jurist", AddComment(evaluated, "Kan du se på vedlegget?", access.id, ("leder",)))
    platform.act("leder", DelegateTask(access.id, "leder2", "Du kjenner saken."))
    deadline = platform.clock.now() + timedelta(days=20)
    platform.act("mottak", OpenIntake(evaluated, "tender", deadline=deadline))
    describe = platform.task(begun, "describe-need")
    platform.act("behovseier", ClaimTask(describe.id))
    platform.act("leder", SaveFilter("Sent", {"list": "to-do", "due": "late"}))
    return {
        "evaluated": evaluated,
        "begun": begun,
        **_records_of(platform, evaluated),
        "access": access.id,
        "score": platform.task(evaluated, "score-second").id,
        "describe": describe.id,
        "item": platform.act("leder", ShareMatter(evaluated, "need"))["item"],
    }


def _records_of(platform: Platform, procurement: str) -> dict[str, str]:
    """One of each kind of record that has a page, and what acts are asked of."""
    with platform.store.reader() as connection:
        handed_in = records.submissions(connection, procurement)
        submission = handed_in[0]
        forms = [(each.form, each.scope) for each in handed_in]
        member = next(each for each in people.team(connection, procurement) if each.deputy_for)
        view = View(
            connection,
            platform.bus.environment.definitions,
            people.load_actor(connection, "leder"),
            platform.clock.now(),
        )
        return {
            "submission": submission.id,
            "again": next(each.id for at, each in enumerate(handed_in) if forms[at] in forms[:at]),
            "done": submission.task,
            **{each.message: each.id for each in records.waits_of(connection, procurement)},
            "version": records.get_procurement(connection, procurement).definition,
            "member": member.id,
            "point": str(points_of(find_procurement(view, procurement))[-1].seq),
        }


def _let_in(platform: Platform, procurement: str) -> None:
    with platform.store.reader() as connection:
        supplier = records.suppliers(connection, procurement)[0].key
    invited = tuple(
        Invited(
            sha256(role.encode()).hexdigest()[:32],
            digest_of(secret),
            role,
            30,
            scope=supplier if role == "supplier" else "",
            name=role.title(),
        )
        for role, secret in GUESTS.items()
    )
    platform.act("leder", InviteParticipants(procurement, invited))
