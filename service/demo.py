"""The demonstration municipality: made by real commands on a clock that is set back.

Every person in it is plainly fictional. Nothing here runs unless the demonstration was asked for.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from engine.bpmn.bundle import collect
from engine.clock import OSLO, MovedClock, SetClock, SystemClock
from engine.commands.bus import CommandBus
from engine.commands.deployments import DeployProcess
from engine.commands.environment import Environment
from engine.commands.organisations import AddOrganisation, AddPerson, GrantRole
from engine.errors import EngineError
from engine.model.actor import SYSTEM
from engine.queries.waiting import last_recorded
from engine.scenarios.reading import read_scenario
from engine.scenarios.runner import play
from engine.scenarios.world import World
from engine.store.people import find_organisation
from service.content import content_root, process_folders
from service.demo_guests import Scene, play_guests
from service.settings import Settings
from service.wiring import Parts, build

ROOT_ORGANISATION: Final = "demo-county"
MUNICIPALITY: Final = "demo-municipality"
DEMONSTRATION: Final = "demonstration"

Progress = Callable[[str], None]


class DemonstrationError(EngineError):
    """The demonstration data could not be made; names the course and the step."""

    code = "demonstration-failed"


def furnish(settings: Settings, progress: Progress) -> None:
    """Fill an empty database with the demonstration; leaves a filled one as it is."""
    parts = build(settings)
    try:
        with parts.store.reader() as connection:
            if find_organisation(connection, MUNICIPALITY) is not None:
                return
        progress("Making the demonstration municipality …")
        _furnish(parts, progress)
    finally:
        parts.close()


def open_demonstration(settings: Settings) -> Parts:
    """The parts on a clock that can be moved forward; it goes on where the record ends, so that
    what was done on a moved clock is never in the future."""
    clock = MovedClock(SystemClock())
    parts = build(settings, clock)
    with parts.store.reader() as connection:
        if last := last_recorded(connection):
            clock.forward_to(last)
    return parts


def _furnish(parts: Parts, progress: Progress) -> None:
    root = content_root()
    present = SystemClock().now()
    people = yaml.safe_load((Path(__file__).parent / "demo.yaml").read_text("utf-8"))
    clock = SetClock(present - timedelta(days=people["founded_days_ago"]))
    vaults = parts.bus.environment.vaults
    bus = CommandBus(parts.store, Environment(clock, parts.definitions, vaults=vaults))
    _found(bus, people)
    for folder in process_folders(root):
        bundle = collect(folder)
        answer = bus.handle(
            DeployProcess(bundle.key, bundle.files, ROOT_ORGANISATION, to_all=True), SYSTEM
        )
        progress(f"  {bundle.key} version {answer['number']}")
    world = World(parts.store, bus, clock, MUNICIPALITY)
    courses = sorted(root.glob(f"processes/*/{DEMONSTRATION}/*.yaml"))
    for number, course in enumerate(courses, start=1):
        scenario = read_scenario(course, present.astimezone(OSLO).date())
        run = play(scenario, world, f"{scenario.start.year}/{100 + number}")
        for failure in run.failures:
            raise DemonstrationError(
                f"{course.name}:{failure.line}: {failure.expected}; {failure.found}",
                course=course.name,
                line=failure.line,
            )
        scene = Scene(world, parts.settings, run.procurement, present)
        play_guests(scenario.name, scene)
        if clock.now() >= present:
            raise DemonstrationError(
                f"{course.name} ends after today. Let it begin earlier.", course=course.name
            )
        progress(f"  «{scenario.procurement}» ({run.acts} acts)")


def _found(bus: CommandBus, people: dict[str, Any]) -> None:
    for organisation in people["organisations"]:
        bus.handle(AddOrganisation(**organisation), SYSTEM)
    for person in people["people"]:
        command = AddPerson(
            person["organisation"],
            person["name"],
            person["id"],
            f"{person['id']}@example.org",
            id=person["id"],
        )
        bus.handle(command, SYSTEM)
        for role in person.get("grants", []):
            bus.handle(GrantRole(person["id"], person["organisation"], role), SYSTEM)
