"""A platform to try commands on: two organisations, a few people, the small process deployed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.audit.checkpoint import Signer
from engine.bpmn.cache import DefinitionCache
from engine.clock import SetClock
from engine.commands.bus import Command, CommandBus
from engine.commands.decisions import ConfirmDecision
from engine.commands.deployments import DeployProcess
from engine.commands.environment import Answer, Environment
from engine.commands.organisations import AddOrganisation, AddPerson, GrantRole
from engine.commands.procurements import Seat, StartProcurement
from engine.commands.tasks import CompleteTask
from engine.commands.timers import FireTimer
from engine.model.actor import SYSTEM, Actor
from engine.model.records import TaskRecord
from engine.queries.verification import ChainVerdict, verify_database
from engine.store import people, records, tasks
from engine.store.unit_of_work import Store
from service.versions import load_files
from tests.support.small_process import KEY, small_process

COUNTY = "county"
TOWN = "town"
ELSEWHERE = "elsewhere"
START = datetime(2026, 3, 23, 8, tzinfo=UTC)
PEOPLE = {
    "lead": TOWN,
    "owner": TOWN,
    "owner-2": TOWN,
    "lawyer": TOWN,
    "stranger": TOWN,
    "auditor": TOWN,
    "neighbour": ELSEWHERE,
}
TEAM = (
    Seat("lead", "procurement-lead"),
    Seat("owner", "need-owner"),
    Seat("owner-2", "need-owner"),
    Seat("lawyer", "legal"),
)
GOOD_NEED = {"title": "Trygg badeplass", "need": "Redde liv ved vann", "functional": True}


@dataclass(slots=True)
class Platform:
    """The parts, and short names for what tests do all the time."""

    store: Store
    bus: CommandBus
    clock: SetClock

    def actor(self, person: str) -> Actor:
        with self.store.reader() as connection:
            return people.load_actor(connection, person)

    def act(self, person: str, command: Command, *, request: str = "") -> Answer:
        return self.bus.handle(command, self.actor(person), request=request)

    def start(self, *, reference: str = "2026/1", team: tuple[Seat, ...] = TEAM) -> str:
        command = StartProcurement(KEY, "Badeplass", TOWN, reference, team)
        return str(self.act("lead", command)["procurement"])

    def open(self, procurement: str) -> list[TaskRecord]:
        with self.store.reader() as connection:
            return tasks.open_of(connection, procurement)

    def task(self, procurement: str, element: str, scope: str = "") -> TaskRecord:
        return next(
            task
            for task in self.open(procurement)
            if task.element == element and scope in ("", task.scope)
        )

    def complete(
        self, person: str, procurement: str, element: str, scope: str = "", **values: Any
    ) -> Answer:
        task = self.task(procurement, element, scope)
        return self.act(person, CompleteTask(task.id, **values))

    def to_gate(self, procurement: str, need: dict[str, Any] | None = None) -> TaskRecord:
        """Describe and draft, so that the gate `approve` is open."""
        self.complete("lead", procurement, "describe", submission=need or GOOD_NEED)
        self.complete("owner", procurement, "draft")
        return self.task(procurement, "approve")

    def to_branches(self, procurement: str) -> None:
        """Through the gate, so that each supplier's branch is open."""
        gate = self.to_gate(procurement)
        self.act("lead", CompleteTask(gate.id, option="go"))
        self.act("lawyer", ConfirmDecision(gate.id))

    def fire_due(self) -> int:
        """Fire what is due now, as the scheduler would; how many fired is the answer."""
        with self.store.reader() as connection:
            due = records.due_timers(connection, self.clock.now(), 100)
        fired = [self.bus.handle(FireTimer(each.procurement, each.id), SYSTEM) for each in due]
        return sum(bool(answer["fired"]) for answer in fired)

    def entries(self, procurement: str) -> list[str]:
        """The types of the record's entries, in order."""
        query = sa.text("SELECT type FROM audit_event WHERE chain = :chain ORDER BY seq")
        with self.store.reader() as connection:
            return list(connection.scalars(query, {"chain": procurement}))

    def verify(self) -> list[ChainVerdict]:
        with self.store.reader() as connection:
            return list(verify_database(connection, (self.store.signer.verifier_key,)))


def make_platform(database: sa.Engine, signer: Signer | None = None) -> Platform:
    """An empty database becomes a platform with people and the small process."""
    store = Store(database, signer or Signer("test", Ed25519PrivateKey.generate()))
    clock = SetClock(START)
    platform = Platform(
        store, CommandBus(store, Environment(clock, DefinitionCache(load_files))), clock
    )
    handle = platform.bus.handle
    handle(AddOrganisation(COUNTY, "Fylket", "county", "1"), SYSTEM)
    handle(AddOrganisation(TOWN, "Byen", "municipality", "2", COUNTY), SYSTEM)
    handle(AddOrganisation(ELSEWHERE, "Bygda", "municipality", "3", COUNTY), SYSTEM)
    for person, organisation in PEOPLE.items():
        handle(AddPerson(organisation, person.title(), person, f"{person}@x.test", person), SYSTEM)
    handle(GrantRole("lead", TOWN, "procurement-lead"), SYSTEM)
    handle(GrantRole("auditor", TOWN, "auditor"), SYSTEM)
    handle(GrantRole("neighbour", ELSEWHERE, "procurement-lead"), SYSTEM)
    handle(DeployProcess(KEY, small_process(), TOWN, to_all=True), SYSTEM)
    return platform
