"""Who looks, when and in which language: what every query is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from engine.access.policy import Action, allowed
from engine.access.rules import Target
from engine.bpmn.cache import DefinitionCache
from engine.clock import OSLO
from engine.errors import NotFoundError
from engine.model.actor import Actor, Membership
from engine.model.definition import ProcessDefinition
from engine.model.records import ProcurementRecord, TaskRecord
from engine.store import people
from engine.store.rows import fetch_one
from engine.store.schema import procurement


@dataclass(frozen=True, slots=True)
class View:
    """One reader at one moment, on a connection that sees one state of the database."""

    connection: sa.Connection
    definitions: DefinitionCache
    actor: Actor
    now: datetime
    language: str = "nb"

    @property
    def today(self) -> date:
        """The day in Oslo."""
        return self.now.astimezone(OSLO).date()

    def definition(self, digest: str) -> ProcessDefinition:
        return self.definitions.get(self.connection, digest).definition

    def text(self, digest: str, process: str, key: str, otherwise: str) -> str:
        """A text of the model in the reader's language."""
        if self.language == "nb":
            return otherwise
        return self.definition(digest).text(self.language, process, key, otherwise)


@dataclass(frozen=True, slots=True)
class Seen:
    """A procurement that the reader may see, with what decides on further rights."""

    view: View
    row: ProcurementRecord
    team: tuple[Membership, ...]
    parties: frozenset[str]

    def may(self, action: Action, target: Target) -> bool:
        return allowed(action, self.view.actor, target, self.view.today) is not None

    def target(self, scope: str = "") -> Target:
        return Target(self.row.organisation, self.parties, self.team, scope=scope)

    def task_target(self, task: TaskRecord) -> Target:
        return Target(
            self.row.organisation,
            self.parties,
            self.team,
            scope=task.scope,
            candidate=task.candidate,
            assignee=task.assignee,
            owner=task.owner,
        )

    def sees(self, scope: str) -> bool:
        """Whether the reader may see what is confidential to this supplier."""
        return self.may(Action.READ, self.target(scope))

    @property
    def my_roles(self) -> frozenset[str]:
        """The roles the reader holds in the team today."""
        return frozenset(
            seat.role
            for seat in self.team
            if seat.person == self.view.actor.id and seat.valid_on(self.view.today)
        )


def find_procurement(view: View, key: str) -> Seen:
    """The procurement with this id, whether or not the reader may see it; raises NotFoundError."""
    row = fetch_one(view.connection, procurement, ProcurementRecord, procurement.c.id == key)
    if row is None:
        raise NotFoundError("procurement", key)
    return Seen(view, row, people.team(view.connection, key), people.parties(view.connection, key))


def see_procurement(view: View, key: str) -> Seen:
    """As `find_procurement`; raises NotFoundError also for those who may not see it."""
    seen = find_procurement(view, key)
    if not seen.may(Action.READ, seen.target()):
        raise NotFoundError("procurement", key)
    return seen


def names_of(view: View, ids: set[str]) -> Mapping[str, str]:
    """The names of persons by id; the system has its own."""
    found = people.persons(view.connection, sorted(ids - {""}))
    return {"system": "PIVOTAL", **{key: person.name for key, person in found.items()}}
