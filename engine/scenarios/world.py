"""The world a scenario runs in: a database of its own, its people, its clock."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.audit.checkpoint import Signer
from engine.bpmn.bundle import collect
from engine.bpmn.cache import DefinitionCache
from engine.clock import SetClock
from engine.commands.bus import CommandBus
from engine.commands.deployments import DeployProcess
from engine.commands.environment import Environment
from engine.commands.organisations import AddOrganisation, AddPerson, GrantRole
from engine.commands.procurements import Seat
from engine.model.actor import SYSTEM, Actor
from engine.scenarios.model import Scenario
from engine.store.database import open_database
from engine.store.migrate import upgrade
from engine.store.people import load_actor
from engine.store.unit_of_work import Store

ORGANISATION: Final = "scenario-municipality"
GRANTS: Final = {"procurement-lead": "procurement-lead", "auditor": "auditor"}


@dataclass(slots=True)
class World:
    """Everything a scenario acts on. `clock` is moved by its steps."""

    store: Store
    bus: CommandBus
    clock: SetClock
    organisation: str = ORGANISATION

    def actor(self, person: str) -> Actor:
        """The person as one who acts."""
        with self.store.reader() as connection:
            return load_actor(connection, person)


@contextmanager
def scenario_world(scenario: Scenario, root: Path, versions: DefinitionCache) -> Iterator[World]:
    """A fresh world with the scenario's process deployed and its people in place.

    `root` holds `processes/` and `forms/`. Nothing outlives the block.
    """
    with tempfile.TemporaryDirectory(prefix="pivotal-scenario-") as folder:
        database = open_database(f"sqlite:///{folder}/world.sqlite", durable=False)
        upgrade(database)
        store = Store(database, Signer("scenario", Ed25519PrivateKey.generate()))
        clock = SetClock(scenario.start)
        bus = CommandBus(store, Environment(clock, versions))
        world = World(store, bus, clock)
        try:
            _furnish(world, scenario, root)
            yield world
        finally:
            database.dispose()


def seats(scenario: Scenario) -> tuple[Seat, ...]:
    """The team of a scenario as seats, deputies in the place of those they stand in for."""
    return tuple(
        Seat(person, role, scenario.deputies.get(person, ""))
        for role, people in scenario.team.items()
        for person in people
    )


def _people(scenario: Scenario) -> Iterator[str]:
    """Everybody in the team, and whom a step brings into it."""
    for names in scenario.team.values():
        yield from names
    for step in scenario.steps:
        if step.verb == "replace" and step.subject.get("in"):
            yield step.subject["in"]


def _furnish(world: World, scenario: Scenario, root: Path) -> None:
    organisation = AddOrganisation(ORGANISATION, "Scenario kommune", "municipality", "000000000")
    world.bus.handle(organisation, SYSTEM)
    for person in dict.fromkeys(_people(scenario)):
        command = AddPerson(ORGANISATION, person, person, f"{person}@example.org", id=person)
        world.bus.handle(command, SYSTEM)
    for role, grant in GRANTS.items():
        for person in scenario.team.get(role, ()):
            world.bus.handle(GrantRole(person, ORGANISATION, grant), SYSTEM)
    files = collect(root / "processes" / scenario.process).files
    world.bus.handle(DeployProcess(scenario.process, files, ORGANISATION), SYSTEM)
