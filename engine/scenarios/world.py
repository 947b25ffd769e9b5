"""The world a scenario runs in: a database of its own, its people, its clock."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Final
from uuid import uuid4

import sqlalchemy as sa
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
from engine.store.people import load_actor
from engine.store.schema import metadata
from engine.store.unit_of_work import Store

ORGANISATION: Final = "scenario-municipality"
BEFORE: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""When the process was deployed: before any scenario begins."""
GRANTS: Final = {"procurement-lead": "procurement-lead", "auditor": "auditor"}


@dataclass(slots=True)
class World:
    """Everything a scenario acts on. `clock` is moved by its steps."""

    store: Store
    bus: CommandBus
    clock: SetClock
    organisation: str = ORGANISATION
    actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, person: str) -> Actor:
        """The person as one who acts; no step changes what somebody may do in the organisation."""
        if person not in self.actors:
            with self.store.reader() as connection:
                self.actors[person] = load_actor(connection, person)
        return self.actors[person]


class Worlds:
    """Makes the worlds of scenarios in `folder`, which whoever made it throws away.

    What is the same in all of them, the schema and the deployed process, is made once and copied.
    Several processes may share a folder.

    `upgrade` gives a database the schema of an installation, which others may then use beside the
    course. Without it nothing but the course acts on a world, and it is played faster: one
    connection, the tables alone without their triggers, and nothing to search in.
    """

    def __init__(
        self,
        versions: DefinitionCache,
        folder: Path,
        upgrade: Callable[[sa.Engine], None] | None = None,
    ) -> None:
        self._versions = versions
        self._folder = folder
        self._alone = upgrade is None
        self._upgrade = upgrade or _tables
        self._signer = Signer("scenario", Ed25519PrivateKey.generate())

    @contextmanager
    def make(
        self, scenario: Scenario, root: Path, alike: Sequence[Scenario] = ()
    ) -> Iterator[World]:
        """A fresh world with the scenario's process and people, and those of others that begin
        `alike`; `root` holds `processes/` and `forms/`. Raises DeploymentRefusedError."""
        with self.copied(self.prepare(root, scenario.process), scenario.start) as world:
            _populate(world, scenario, alike)
            yield world

    @contextmanager
    def copied(self, path: Path, now: datetime) -> Iterator[World]:
        """A world that goes on from the database at `path`, which stays as it is."""
        own = self._new_file()
        shutil.copyfile(path, own)
        with self._open(own, SetClock(now)) as world:
            yield world
        own.unlink()

    def keep(self, world: World) -> Path:
        """The world's database as it stands, for others to go on from; the world itself ends."""
        kept = self._new_file()
        with closing(world.store.database.raw_connection()) as own:
            own.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")  # all of it is in the one file
        kept.hardlink_to(str(world.store.database.url.database))
        return kept

    def prepare(self, root: Path, process: str) -> Path:
        """A database in which nothing has happened but that the process was deployed."""
        model = root.resolve() / "processes" / process
        path = self._folder / f"{sha256(bytes(model)).hexdigest()}.sqlite"
        if not path.exists():
            made = self._new_file()
            shutil.copyfile(self.schema(), made)
            with self._open(made, SetClock(BEFORE)) as world:
                _deploy(world, model)
            made.rename(path)  # whole, or not there
        return path

    def schema(self) -> Path:
        """A database that holds nothing yet."""
        path = self._folder / "schema.sqlite"
        if not path.exists():
            made = self._new_file()
            with self._open(made, SetClock(BEFORE)) as world:
                self._upgrade(world.store.database)
            made.rename(path)
        return path

    def _new_file(self) -> Path:
        return self._folder / f"world-{uuid4().hex}.sqlite"

    @contextmanager
    def _open(self, path: Path, clock: SetClock) -> Iterator[World]:
        database = open_database(f"sqlite:///{path}", durable=False, alone=self._alone)
        store = Store(database, self._signer, searched=not self._alone)
        try:
            yield World(store, CommandBus(store, Environment(clock, self._versions)), clock)
        finally:
            database.dispose()


def _tables(database: sa.Engine) -> None:
    metadata.create_all(database, checkfirst=False)


def seats(scenario: Scenario) -> tuple[Seat, ...]:
    """The team of a scenario as seats, deputies in the place of those they stand in for."""
    return tuple(
        Seat(person, role, scenario.deputies.get(person, ""))
        for role, people in scenario.team.items()
        for person in people
    )


def _people_of(scenario: Scenario) -> Iterator[str]:
    """Everybody in the team, and whom a step brings into it."""
    for names in scenario.team.values():
        yield from names
    for step in scenario.steps:
        if step.verb == "replace" and step.subject.get("in"):
            yield step.subject["in"]


def _deploy(world: World, process: Path) -> None:
    organisation = AddOrganisation(ORGANISATION, "Scenario kommune", "municipality", "000000000")
    world.bus.handle(organisation, SYSTEM)
    command = DeployProcess(process.name, collect(process).files, ORGANISATION)
    world.bus.handle(command, SYSTEM)


def _populate(world: World, scenario: Scenario, alike: Sequence[Scenario]) -> None:
    """All have one team; whom only some of them bring into it later has no part before that."""
    everybody = chain.from_iterable(_people_of(each) for each in (scenario, *alike))
    for person in dict.fromkeys(everybody):
        command = AddPerson(ORGANISATION, person, person, f"{person}@example.org", id=person)
        world.bus.handle(command, SYSTEM)
    for role, grant in GRANTS.items():
        for person in scenario.team.get(role, ()):
            world.bus.handle(GrantRole(person, ORGANISATION, grant), SYSTEM)
