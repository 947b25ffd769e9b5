"""A platform on a database of its own: a municipality, a lead, the processes to measure with."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench import models
from engine.audit.checkpoint import Signer
from engine.bpmn.cache import DefinitionCache
from engine.bpmn.parser import ExecutableProcess
from engine.clock import SetClock
from engine.commands.bus import CommandBus
from engine.commands.deployments import DeployProcess
from engine.commands.environment import Environment
from engine.commands.organisations import AddOrganisation, AddPerson, GrantRole
from engine.commands.procurements import Seat, StartProcurement
from engine.commands.tasks import CompleteTask
from engine.model.actor import SYSTEM, Actor
from engine.model.records import ProcurementRecord, TaskRecord
from engine.store import people, tasks
from engine.store.database import open_database
from engine.store.migrate import upgrade
from engine.store.rows import Selection
from engine.store.schema import procurement
from engine.store.unit_of_work import Store
from service.versions import load_files

TOWN: Final = "town"
LEAD: Final = "lead"
READER: Final = "reader"
"""A person of the town who is in no team."""
BEGIN: Final = datetime(2026, 3, 23, 8, tzinfo=UTC)
TEAM: Final = (Seat(LEAD, "procurement-lead"), *(Seat(f"member-{n}", "legal") for n in range(4)))


@dataclass(slots=True)
class World:
    store: Store
    bus: CommandBus
    clock: SetClock
    lead: Actor
    requests: int = 0

    def start(self, process: str, reference: str) -> str:
        """A new procurement with a team of five; its id."""
        command = StartProcurement(process, "Badeplass", TOWN, reference, TEAM)
        return str(self.bus.handle(command, self.lead)["procurement"])

    def open_task(self, procurement_id: str) -> TaskRecord:
        """The one task that waits there."""
        with self.store.reader() as connection:
            return tasks.open_of(connection, procurement_id)[0]

    def complete(self, task: str) -> None:
        """Hand in the form as a person would: with a request id of its own."""
        self.requests += 1
        command = CompleteTask(task, dict(models.ANSWER))
        self.bus.handle(command, self.lead, request=f"request-{self.requests}")

    def row(self, procurement_id: str) -> ProcurementRecord:
        """The procurement as it stands."""
        chosen = Selection(procurement, ProcurementRecord, procurement.c.id == procurement_id)
        with self.store.reader() as connection:
            return chosen.all(connection)[0]

    def executable(self, procurement_id: str) -> ExecutableProcess:
        """The version that the procurement runs on, as the runtime takes it."""
        row = self.row(procurement_id)
        with self.store.reader() as connection:
            return self.bus.environment.definitions.get(connection, row.definition).process


@contextmanager
def world(url: str, processes: Mapping[str, Mapping[str, bytes]] | None = None) -> Iterator[World]:
    """A platform on the empty database at `url`, open until the block ends."""
    database = open_database(url)
    try:
        upgrade(database)
        store = Store(database, Signer("bench", Ed25519PrivateKey.generate()))
        clock = SetClock(BEGIN)
        bus = CommandBus(store, Environment(clock, DefinitionCache(load_files)))
        _furnish(bus, processes or {"rounds": models.rounds()})
        with store.reader() as connection:
            lead = people.load_actor(connection, LEAD)
        yield World(store, bus, clock, lead)
    finally:
        database.dispose()


def sqlite_url(folder: Path, name: str) -> str:
    """A file of its own in the folder."""
    return f"sqlite:///{folder / name}.sqlite"


def _furnish(bus: CommandBus, processes: Mapping[str, Mapping[str, bytes]]) -> None:
    bus.handle(AddOrganisation(TOWN, "Byen", "municipality", "1"), SYSTEM)
    for person in (*(seat.person for seat in TEAM), READER):
        bus.handle(AddPerson(TOWN, person.title(), person, f"{person}@x.test", person), SYSTEM)
    bus.handle(GrantRole(LEAD, TOWN, "procurement-lead"), SYSTEM)
    for key, files in processes.items():
        bus.handle(DeployProcess(key, dict(files), TOWN), SYSTEM)
